"""A real drone flight, from its photos and their own metadata into a real centre."""

import json
import shutil
from pathlib import Path
from typing import Final

import pytest

from api.centre.wiring import open_centre
from dispatch.city_files.profile_folder import PROFILES
from tests.journeys.patrol import open_patrol

pytestmark = pytest.mark.samples

PLACE: Final = (46.8428, -91.9943)
"""Where the sample flight was flown."""
DEMO: Final = (30.0, 110.0)
FOUNDED: Final = "2026-01-01"
EARLIER: Final = "2010-01-01"
PHOTOS: Final = ("DJI_0020.JPG", "DJI_0021.JPG", "DJI_0024.JPG", "DJI_0030.JPG", "DJI_0031.JPG")
TURNED: Final = 1
"""How many of them were saved again by an editor, so that their attitude cannot be trusted."""


def city_at(folder: Path, *, place: tuple[float, float]) -> Path:
    """Move the demonstration district to another place: a city is data."""
    shutil.copytree(PROFILES / "demo", folder)
    for file in folder.glob("*.geojson"):
        ground = json.loads(file.read_text(encoding="utf-8"))
        for feature in ground["features"]:
            # The flight is older than the demonstration district.
            if "valid_from" in feature["properties"]:
                feature["properties"]["valid_from"] = EARLIER
            for ring in feature["geometry"]["coordinates"]:
                for point in ring:
                    point[0] += place[1] - DEMO[1]
                    point[1] += place[0] - DEMO[0]
        file.write_text(json.dumps(ground), encoding="utf-8")
    names = folder / "areas.csv"
    names.write_text(names.read_text(encoding="utf-8").replace(FOUNDED, EARLIER), encoding="utf-8")
    return folder


def test_a_real_flight_becomes_sweeps_and_findings_with_their_errors(
    tmp_path: Path, samples: Path
) -> None:
    flight = tmp_path / "flight"
    flight.mkdir()
    for name in PHOTOS:
        shutil.copy(samples / "flights" / "brighton" / name, flight / name)
    city = city_at(tmp_path / "city", place=PLACE)
    patrol = open_patrol(tmp_path, flight, environment={"XUNHUAN_PROFILE": str(city)})

    status = patrol.replay()
    again = patrol.replay()
    patrol.centre.stop()

    assert (status, again) == (0, 0)
    assert patrol.kept() == dict.fromkeys(patrol.found(), 1)
    centre = open_centre(patrol.settings)
    with centre.read() as uow:
        sweeps = uow.sweeps.latest(limit=10)
        held = uow.quarantine.latest(limit=10)
        kept = [each for s in sweeps[:1] for each in uow.observations.of_pass(s.pass_id)]
    centre.engine.dispose()
    assert [each.reason_en for each in held] == []
    assert sum(sweep.frames for sweep in sweeps) == len(PHOTOS) - TURNED
    assert any(sweep.inspected for sweep in sweeps)
    placed = [each for each in kept if each.finding.position is not None]
    unplaced = [each for each in kept if each.finding.position is None]
    for each in placed:
        position = each.finding.position
        assert position is not None
        assert abs(position.latitude - PLACE[0]) < 0.002
        assert abs(position.longitude - PLACE[1]) < 0.003
        assert 1.0 < position.shared.ee + position.own.ee < 25.0
        assert not each.finding.rendered
    assert all("Photo Viewer" in str(each.finding.position_refused) for each in unplaced)
