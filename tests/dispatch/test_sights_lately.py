"""What was written or read lately is not read anew; only so much of it is kept."""

from dispatch.store.sights_lately import SightsLately
from dispatch.wire import canonical_bytes
from tests.dispatch import making


def test_what_was_just_written_is_not_read_anew() -> None:
    sight = making.finding("1")
    written = canonical_bytes(sight).decode()
    lately = SightsLately()

    lately.keep(written, sight)

    assert lately.of(written) is sight


def test_what_is_forgotten_is_read_to_the_same() -> None:
    sights = [making.finding(str(track)) for track in range(3)]
    written = [canonical_bytes(each).decode() for each in sights]
    lately = SightsLately(most=2)

    for text, sight in zip(written, sights, strict=True):
        lately.keep(text, sight)

    assert lately.of(written[0]) is not sights[0]
    assert lately.of(written[0]) == sights[0]
    assert lately.of(written[2]) is sights[2]
