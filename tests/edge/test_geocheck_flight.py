"""A real flight checks itself: photos an editor turned are found, turned back, and used."""

from functools import lru_cache
from pathlib import Path

import pytest

from edge.footage import Footage
from edge.geocheck.flight import check_flight
from edge.geocheck.turning import Turn
from edge.geocheck.verdict import Outcome, Verdict
from edge.opening import open_footage
from edge.placing.pose import NoPose, Telemetry
from edge.sources.photos import PhotoFolder


@lru_cache(maxsize=1)
def checked(folder: Path) -> tuple[Footage, Verdict, Telemetry]:
    footage = open_footage(
        folder, telemetry=None, camera=None, starts_at=None, explain=lambda zh, en: None
    )
    verdict, mended = check_flight(footage)
    return footage, verdict, mended.telemetry


def test_the_real_flight_finds_its_turned_photos_by_itself(samples: Path) -> None:
    _, verdict, _ = checked(samples / "flights/brighton")

    assert verdict.outcome is Outcome.MENDED
    assert {photo.name for photo in verdict.photos if photo.turn is Turn.PICTURE} == {
        f"DJI_00{number}.JPG" for number in range(24, 30)
    }
    assert verdict.stated_m is not None and verdict.stated_m > 20.0
    assert verdict.mended_m is not None and verdict.mended_m <= 2.0
    assert len(verdict.pairs) >= 15
    assert verdict.straightened
    assert all(pair.matches >= 30 for pair in verdict.pairs)


def test_photos_an_editor_saved_are_used_once_neighbours_mend_them(samples: Path) -> None:
    footage, _, telemetry = checked(samples / "flights/brighton")
    assert isinstance(footage.source, PhotoFolder)
    (edited,) = [p for p in footage.source.photos if p.path.name == "DJI_0026.JPG"]

    with pytest.raises(NoPose):
        footage.telemetry.pose_at(edited.at)
    mended = telemetry.pose_at(edited.at)

    assert mended.note is not None
    assert "180" in mended.note


def test_edited_photos_alone_stay_refused(samples: Path, tmp_path: Path) -> None:
    for number in (24, 25, 26, 27):
        name = f"DJI_00{number}.JPG"
        (tmp_path / name).symlink_to(samples / "flights/brighton" / name)
    footage = open_footage(
        tmp_path, telemetry=None, camera=None, starts_at=None, explain=lambda zh, en: None
    )

    verdict, after = check_flight(footage)

    assert not any(photo.usable for photo in verdict.photos)
    assert isinstance(footage.source, PhotoFolder)
    for photo in footage.source.photos:
        with pytest.raises(NoPose):
            after.telemetry.pose_at(photo.at)
