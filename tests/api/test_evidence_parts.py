"""A picture that arrives in parts is whole in the end, or is not there."""

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.background.ticker import DRAFT_LASTS, tick
from dispatch.errors import DispatchError
from dispatch.store.drafts import ROOM_BYTES, Drafts
from tests.api import pictures
from tests.api.open_centre import OpenCentre
from tests.dispatch.city import MONDAY

PICTURE = pictures.road(pothole=True)
NAME = hashlib.sha256(PICTURE).hexdigest()
THIRD = len(PICTURE) // 3


def _part(opened: OpenCentre, begin: int, end: int, *, content: bytes = PICTURE) -> httpx.Response:
    path = f"/device/evidence/{NAME}?offset={begin}&length={len(PICTURE)}"
    return opened.signed("PATCH", path, content[begin:end])


def _kept(opened: OpenCentre) -> Any:
    answer = opened.signed("GET", f"/device/evidence/{NAME}/part")
    assert answer.status_code == 200
    return answer.json()


def test_a_picture_in_parts_is_kept_once_the_last_one_came(opened: OpenCentre) -> None:
    nothing = _kept(opened)
    first = _part(opened, 0, THIRD).json()
    between = list(opened.centre.evidence.names())
    last = _part(opened, THIRD, len(PICTURE)).json()

    assert (nothing["offset"], nothing["complete"]) == (0, False)
    assert (first["offset"], first["complete"]) == (THIRD, False)
    assert between == []
    assert last["complete"]
    assert opened.centre.evidence.get(NAME) == PICTURE
    assert _kept(opened) == {"sha256": NAME, "offset": 0, "complete": True}


def test_a_part_whose_answer_was_lost_is_not_kept_twice(opened: OpenCentre) -> None:
    _part(opened, 0, THIRD)

    again = _part(opened, 0, THIRD)

    assert (again.status_code, again.json()["code"]) == (409, "UploadOutOfStep")
    assert _kept(opened)["offset"] == THIRD


def test_parts_that_do_not_make_the_picture_are_forgotten_and_it_begins_anew(
    opened: OpenCentre,
) -> None:
    _part(opened, 0, THIRD, content=bytes(len(PICTURE)))

    spoilt = _part(opened, THIRD, len(PICTURE))
    kept = _kept(opened)
    _part(opened, 0, len(PICTURE))

    assert (spoilt.status_code, kept["offset"]) == (409, 0)
    assert opened.centre.evidence.get(NAME) == PICTURE


def test_a_centre_that_died_before_its_last_answer_ends_what_is_all_there(
    opened: OpenCentre,
) -> None:
    size, name = len(PICTURE), opened.device.name
    opened.centre.drafts.append(name, NAME, PICTURE, offset=0, length=size, at=MONDAY)

    ended = _part(opened, size, size)

    assert ended.json()["complete"]
    assert opened.centre.evidence.get(NAME) == PICTURE


def test_what_is_no_picture_is_refused_with_its_last_part(opened: OpenCentre) -> None:
    text = b"<html>" * 10
    name = hashlib.sha256(text).hexdigest()
    path = f"/device/evidence/{name}?offset=0&length={len(text)}"

    answer = opened.signed("PATCH", path, text)

    assert (answer.status_code, answer.json()["code"]) == (422, "EvidenceRefused")


def test_a_picture_whose_rest_never_comes_is_forgotten(opened: OpenCentre) -> None:
    _part(opened, 0, THIRD)

    tick(opened.centre)
    before = _kept(opened)["offset"]
    opened.door.now += DRAFT_LASTS + timedelta(minutes=1)
    tick(opened.centre)

    assert (before, _kept(opened)["offset"]) == (THIRD, 0)


def test_a_device_fills_no_more_than_its_room_and_no_room_of_others(tmp_path: Path) -> None:
    drafts, part = Drafts(tmp_path), bytes(9_000_000)
    names = [f"{number:064x}" for number in range(8)]
    drafts.append("car-2", names[0], b"mine", offset=0, length=10, at=MONDAY)

    for minute, name in enumerate(names):
        at = MONDAY + timedelta(minutes=minute)
        drafts.append("car-1", name, part, offset=0, length=20_000_000, at=at)

    kept = [drafts.kept("car-1", name) for name in names]
    assert sum(kept) <= ROOM_BYTES
    assert kept[0] == 0 < kept[-1]
    assert drafts.kept("car-2", names[0]) == 4


@pytest.mark.parametrize(
    ("device", "name"), [("..", "a" * 64), ("car-1", "../" + "a" * 61), ("car-1", "A" * 64)]
)
def test_no_name_leads_out_of_the_folder(tmp_path: Path, device: str, name: str) -> None:
    with pytest.raises(DispatchError):
        Drafts(tmp_path).append(device, name, b"x", offset=0, length=1, at=MONDAY)
