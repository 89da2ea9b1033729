"""A find goes from the camera of a moving vehicle to a phone, by shipped commands alone."""

import hashlib
from pathlib import Path

from edge.sources.live.twin import CameraTwin
from tests.edge import toy
from tests.journeys.live import until
from tests.journeys.live_city import live_city
from tests.journeys.live_kills import RoundRoad


def test_what_a_moving_vehicle_sees_is_on_a_workers_phone_once_while_it_drives_on(
    tmp_path: Path,
) -> None:
    model = toy.write_model(tmp_path / "model")
    car = RoundRoad()
    twin = CameraTwin(car.film_round, fps=15)

    try:
        with live_city(tmp_path, model, car, twin, standing_s=1.0) as city:
            car.go()
            until(lambda: bool(city.worker.tasks("confirm")))
            moving = car.speed()
            car.park()
            until(city.is_told)
            entries = city.worker.tasks("confirm")
            stories = [city.worker.get(f"/cases/{entry['line']['id']}") for entry in entries]
            depth, sweeps = city.depth(), city.sweeps()
            kept, cases = city.patrol.kept(), city.patrol.cases()
            pictures = city.pictures(stories)
    finally:
        twin.close()
        car.close()

    assert moving > 0.0
    assert {entry["line"]["category"]["code"] for entry in entries} == {"06013"}
    assert len(entries) == len(cases) == len(kept) >= 1
    assert set(cases.values()) == set(kept.values()) == {1}
    assert {sight["id"] for story in stories for sight in story["sights"]} == set(kept)
    assert pictures
    assert {hashlib.sha256(content).hexdigest() for content in pictures.values()} == set(pictures)
    assert (depth.refused, depth.evidence_refused, depth.evidence_dropped) == (0, 0, 0)
    ended = [sweep.pass_id for sweep in sweeps if sweep.last]
    assert len(ended) == len(set(ended)) >= 1
