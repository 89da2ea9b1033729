"""Findings reach the centre exactly once over a way that fails in every manner it can."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dispatch.wire import Asked, AskedZone
from edge.delivery.asked import asked_ground, fetch_asked
from edge.delivery.away import CentreAway
from edge.delivery.centre import Centre, enrol
from edge.delivery.exchange import CentreRefuses
from edge.delivery.keys import (
    KEY_FILE,
    NEXT_KEY_FILE,
    Enrolment,
    Identity,
    NotEnrolled,
    UnusableKey,
    adopt_next_key,
    ensure_key,
    read_identity,
    write_enrolment,
)
from edge.delivery.outbox import Outbox
from edge.delivery.uplink import Flushed, Uplink
from tests.edge.fake_centre import CODE, FakeCentre, fake_centre
from tests.edge.messages import AT, finding_of, picture_of


@pytest.fixture
def centre() -> Iterator[FakeCentre]:
    with fake_centre() as running:
        yield running


def now() -> datetime:
    return datetime.now(UTC)


def enrolled(folder: Path, centre: FakeCentre) -> Identity:
    enrolment = enrol(centre.address, code=CODE, key=ensure_key(folder), name=None, now=now())
    write_enrolment(folder, enrolment)
    return read_identity(folder)


def flush(folder: Path, centre: FakeCentre, *, attempts: int = 3) -> Flushed:
    identity = enrolled(folder, centre)
    link = Centre(identity, now=now)
    outbox = Outbox(folder)
    try:
        uplink = Uplink(link, outbox, sleep=lambda seconds: None, rng=random.Random(1))
        return uplink.flush(attempts=attempts)
    finally:
        link.close()
        outbox.close()


def record(folder: Path, count: int) -> None:
    outbox = Outbox(folder)
    for number in range(count):
        picture = picture_of(number)
        outbox.record(finding_of(number, pictures=(picture,)), [picture], at=AT)
    outbox.close()


def test_everything_waiting_reaches_the_centre_with_its_pictures(
    tmp_path: Path, centre: FakeCentre
) -> None:
    record(tmp_path, 3)

    done = flush(tmp_path, centre)

    assert done == Flushed(sent=3, evidence_sent=3)
    assert len(centre.messages) == 3
    assert set(centre.evidence.values()) == {picture_of(n).jpeg for n in range(3)}
    assert Outbox(tmp_path).depth().waiting == 0


def test_a_lost_receipt_doubles_nothing(tmp_path: Path, centre: FakeCentre) -> None:
    record(tmp_path, 3)
    centre.lose_receipts = 2

    done = flush(tmp_path, centre)

    assert done.away is None
    assert len(centre.posted) == 9
    assert len(centre.messages) == 3


@pytest.mark.parametrize(
    "answer",
    [
        (200, {"Content-Type": "text/html"}, b"<html>please log in to the hotel's network"),
        (302, {"Location": "http://portal.example/"}, b""),
        (403, {"Content-Type": "text/html"}, b"blocked"),
        (200, {}, b'{"receipts": [], "evidence_wanted": []}'),
        (503, {"Retry-After": "7"}, b""),
        (0, {}, b""),
    ],
)
def test_what_is_not_the_centres_word_settles_nothing(
    tmp_path: Path, centre: FakeCentre, answer: tuple[int, dict[str, str], bytes]
) -> None:
    record(tmp_path, 1)
    enrolled(tmp_path, centre)
    centre.answers = []
    identity = read_identity(tmp_path)
    link = Centre(identity, now=now)
    centre.answers = [answer]
    outbox = Outbox(tmp_path)

    done = Uplink(link, outbox, sleep=lambda s: None, rng=random.Random(1)).flush(attempts=1)

    assert done.away
    assert outbox.depth().waiting == 1
    link.close()
    outbox.close()


def test_a_centre_that_is_away_leaves_findings_waiting(tmp_path: Path) -> None:
    record(tmp_path, 2)
    key = ensure_key(tmp_path)
    identity = Identity(enrolment=Enrolment(device="car-7", centre="http://127.0.0.1:9"), key=key)
    pauses: list[float] = []
    outbox = Outbox(tmp_path)
    link = Centre(identity, now=now)

    done = Uplink(link, outbox, sleep=pauses.append, rng=random.Random(1)).flush(attempts=4)

    assert done.away
    assert outbox.depth().waiting == 2
    assert len(pauses) == 3
    link.close()
    outbox.close()


def test_the_pause_jitters_fully_and_follows_the_centres_wish(tmp_path: Path) -> None:
    identity = Identity(
        enrolment=Enrolment(device="car-7", centre="http://127.0.0.1:9"), key=ensure_key(tmp_path)
    )
    link, outbox = Centre(identity, now=now), Outbox(tmp_path)
    uplink = Uplink(link, outbox, sleep=lambda s: None, rng=random.Random(1))

    pauses = [uplink.pause_s(3, None) for _ in range(200)]

    assert max(pauses) <= 4.0 < max(pauses) + 0.5
    assert min(pauses) < 0.5
    assert 60.0 <= uplink.pause_s(1, 60.0) <= 75.0
    assert uplink.pause_s(400, 1e9) <= 375.0
    link.close()
    outbox.close()


def test_a_refused_message_does_not_block_the_others(tmp_path: Path, centre: FakeCentre) -> None:
    record(tmp_path, 2)
    centre.refuse = {"finding": "quarantined"}

    done = flush(tmp_path, centre)

    assert (done.sent, done.refused, done.away) == (0, 2, None)
    assert Outbox(tmp_path).depth().refused == 2


def test_a_message_the_centre_puts_off_stays_and_ends_the_flush(
    tmp_path: Path, centre: FakeCentre
) -> None:
    record(tmp_path, 2)
    centre.refuse = {"finding": "retry"}

    done = flush(tmp_path, centre)

    assert done.away
    assert len(centre.posted) == 2
    assert Outbox(tmp_path).depth().waiting == 2


def test_a_picture_the_centre_lost_is_sent_again(tmp_path: Path, centre: FakeCentre) -> None:
    record(tmp_path, 1)
    flush(tmp_path, centre)
    centre.evidence.clear()
    again = finding_of(1, pictures=(picture_of(0),), score=0.9)
    Outbox(tmp_path).record(again, at=AT)

    flush(tmp_path, centre)

    assert list(centre.evidence.values()) == [picture_of(0).jpeg]


def test_a_device_with_a_wrong_clock_signs_with_the_centres_time(
    tmp_path: Path, centre: FakeCentre
) -> None:
    record(tmp_path, 1)
    identity = enrolled(tmp_path, centre)
    centre.strict_clock = True
    wrong = Centre(identity, now=lambda: datetime(1970, 1, 1, 0, 5, tzinfo=UTC))
    outbox = Outbox(tmp_path)

    done = Uplink(wrong, outbox, sleep=lambda s: None, rng=random.Random(1)).flush(attempts=1)

    assert done.sent == 1
    assert wrong.clock_offset_s > timedelta(days=365 * 50).total_seconds()
    wrong.close()
    outbox.close()


def test_a_revoked_device_is_told_so_and_loses_nothing(tmp_path: Path, centre: FakeCentre) -> None:
    record(tmp_path, 1)
    identity = enrolled(tmp_path, centre)
    problem = {"Content-Type": "application/problem+json"}
    centre.answers = [(403, problem, b'{"detail": "revoked"}')]
    link, outbox = Centre(identity, now=now), Outbox(tmp_path)

    with pytest.raises(CentreRefuses, match="revoked"):
        Uplink(link, outbox, sleep=lambda s: None, rng=random.Random(1)).flush(attempts=1)

    assert outbox.depth().waiting == 1
    link.close()
    outbox.close()


def test_a_wrong_enrolment_code_is_refused(tmp_path: Path, centre: FakeCentre) -> None:
    with pytest.raises(CentreRefuses, match="wrong code"):
        enrol(centre.address, code="1", key=ensure_key(tmp_path), name=None, now=now())


def test_something_that_is_no_centre_cannot_enrol(tmp_path: Path, centre: FakeCentre) -> None:
    centre.answers = [(200, {"Content-Type": "text/html"}, b"<html>")]

    with pytest.raises(CentreAway):
        enrol(centre.address, code=CODE, key=ensure_key(tmp_path), name=None, now=now())


def test_the_key_stays_with_its_owner(tmp_path: Path) -> None:
    ensure_key(tmp_path)
    path = tmp_path / KEY_FILE
    assert path.stat().st_mode & 0o777 == 0o600

    path.chmod(0o644)

    with pytest.raises(UnusableKey):
        ensure_key(tmp_path)


def test_a_new_key_takes_the_old_ones_place_only_once_the_centre_knows_it(tmp_path: Path) -> None:
    old, new = ensure_key(tmp_path), ensure_key(tmp_path, file=NEXT_KEY_FILE)
    asked_again = ensure_key(tmp_path, file=NEXT_KEY_FILE)
    before = ensure_key(tmp_path)

    adopt_next_key(tmp_path)

    now_used = ensure_key(tmp_path)
    assert before.private_bytes_raw() == old.private_bytes_raw()
    assert asked_again.private_bytes_raw() == new.private_bytes_raw()
    assert now_used.private_bytes_raw() == new.private_bytes_raw() != old.private_bytes_raw()
    assert not (tmp_path / NEXT_KEY_FILE).exists()


def test_a_device_that_never_enrolled_says_how_to(tmp_path: Path) -> None:
    with pytest.raises(NotEnrolled, match="xunhuan-edge enrol"):
        read_identity(tmp_path)


def test_a_device_learns_where_cars_are_asked_for_and_keeps_it_without_network(
    centre: FakeCentre, tmp_path: Path
) -> None:
    identity = enrolled(tmp_path, centre)
    corners = ((110.0, 30.0), (110.001, 30.0), (110.001, 30.001), (110.0, 30.0))
    zone = AskedZone(zone="NS1", labels=("traffic.vehicle",), rings=(corners,))
    link = Centre(identity, now=now)

    fetch_asked(link, tmp_path)
    of_an_old_centre = asked_ground(tmp_path).labels
    centre.photos["asked"] = Asked(zones=(zone,)).model_dump_json().encode()
    fetch_asked(link, tmp_path)
    centre.answers.append((503, {}, b""))
    with pytest.raises(CentreAway):
        fetch_asked(link, tmp_path)
    link.close()

    assert of_an_old_centre == frozenset()
    assert asked_ground(tmp_path).labels == {"traffic.vehicle"}
