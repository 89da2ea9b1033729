"""A device takes no word for the centre's that the centre did not sign for this very request."""

import base64
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from api.centre.centre_key import KEY_FILE, UnusableCentreKey, centre_key, public_half
from api.doors.accounts import invite_device
from dispatch.wire import ANSWER_CREATED, ANSWER_SIGNATURE
from edge.delivery.away import Away, CentreAway
from edge.delivery.centre import Centre, check_signed, enrol
from edge.delivery.exchange import Answer
from edge.delivery.keys import (
    Identity,
    ensure_key,
    keep_clock_offset,
    read_identity,
    write_enrolment,
)
from tests.api.open_centre import OpenCentre

NONCE = "n" * 24
ASKED = "/api/v1/device/asked"


@pytest.fixture
def identity(opened: OpenCentre, tmp_path: Path) -> Identity:
    """Let a device in."""
    code, _ = invite_device("car-7", "七号车", centre=opened.centre)
    folder = tmp_path / "device"
    key = ensure_key(folder)
    told = enrol(opened.server.address, code=code, key=key, name=None, now=opened.door.now)
    write_enrolment(folder, told)
    return read_identity(folder)


def _answer(opened: OpenCentre) -> Answer:
    headers = opened.device.headers("GET", ASKED, b"", at=opened.door.now, nonce=NONCE)
    given = opened.stranger().get(ASKED, headers=headers)
    return Answer(status=given.status_code, content=given.content, headers=given.headers)


def test_an_answer_of_yesterday_or_with_another_word_is_no_answer(opened: OpenCentre) -> None:
    key = public_half(opened.centre.key)
    answer = _answer(opened)
    check_signed(answer, nonce=NONCE, key=key)
    early = {**answer.headers, ANSWER_CREATED.lower(): "1"}
    false = [
        (answer, "m" * 24),
        (replace(answer, content=answer.content + b" "), NONCE),
        (replace(answer, status=201), NONCE),
        (replace(answer, headers={}), NONCE),
        (replace(answer, headers=early), NONCE),
        (replace(answer, headers={ANSWER_CREATED: "1", ANSWER_SIGNATURE: "?"}), NONCE),
    ]

    for each, nonce in false:
        with pytest.raises(CentreAway) as away:
            check_signed(each, nonce=nonce, key=key)
        assert away.value.kind is Away.FORGED


def test_a_device_learns_the_centres_key_when_it_is_let_in(
    identity: Identity, opened: OpenCentre
) -> None:
    assert identity.enrolment.centre_key == public_half(opened.centre.key)


def test_a_device_of_another_centre_takes_no_word(identity: Identity, opened: OpenCentre) -> None:
    other = base64.b64encode(b"\x01" * 32).decode()
    pinned = identity.enrolment.model_copy(update={"centre_key": other})
    link = Centre(replace(identity, enrolment=pinned), now=opened.door)

    with pytest.raises(CentreAway) as away:
        link.send("GET", ASKED)

    assert away.value.kind is Away.FORGED
    link.close()


def test_a_device_without_a_clock_is_right_by_the_signed_time_and_stays_so_after_a_start(
    identity: Identity, opened: OpenCentre, tmp_path: Path
) -> None:
    folder, tries = tmp_path / "device", list[float]()

    def keep(offset_s: float) -> None:
        tries.append(offset_s)
        keep_clock_offset(folder, offset_s)

    def in_1970() -> datetime:
        return opened.door.now - timedelta(days=20_000)

    first = Centre(identity, now=in_1970, keep_offset=keep)
    first.send("GET", ASKED)
    first.close()
    second = Centre(read_identity(folder), now=in_1970, keep_offset=keep)
    second.send("GET", ASKED)
    second.close()

    assert tries == [pytest.approx(20_000 * 86_400.0)]


def test_the_centres_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    first, again = centre_key(tmp_path), centre_key(tmp_path)
    file = tmp_path / KEY_FILE

    assert public_half(first) == public_half(again)
    assert [each.name for each in tmp_path.iterdir()] == [KEY_FILE]
    assert file.stat().st_mode & 0o077 == 0
    file.chmod(0o644)
    with pytest.raises(UnusableCentreKey):
        centre_key(tmp_path)
