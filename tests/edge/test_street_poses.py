"""The rendered street's carrier errs as much as it says, and its truth fits the geometry."""

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from edge.placing.geodesy import LocalPlane
from edge.placing.geotag import place_pixel
from edge.placing.pose import NoPose, Pose
from edge.sources.street.layout import plan_street
from edge.sources.street.passes import StreetPass
from edge.sources.street.schedule import plan_passes
from edge.sources.street.source import camera_of
from edge.sources.street.truth import Truth
from edge.sources.street.writing import pass_file
from edge.telemetry.simulated import SimulatedTelemetry, true_pose


def _street_pass(seed: int, number: int) -> StreetPass:
    plan = plan_street(seed)
    return StreetPass(plan=plan, patrol=plan_passes(plan)[number - 1])


def _telemetry(folder: Path, street_pass: StreetPass) -> SimulatedTelemetry:
    path = folder / pass_file(street_pass.patrol.number)
    path.write_text(street_pass.model_dump_json(), encoding="utf-8")
    return SimulatedTelemetry(path)


def _time(street_pass: StreetPass, seconds: float) -> datetime:
    return street_pass.patrol.starts_at + timedelta(seconds=seconds)


def _off(street_pass: StreetPass, told: Pose, at: datetime) -> np.ndarray:
    plan = street_pass.plan
    plane = LocalPlane(latitude=plan.latitude, longitude=plan.longitude)
    true = true_pose(street_pass, at)
    return plane.east_north(told.latitude, told.longitude) - plane.east_north(
        true.latitude, true.longitude
    )


@pytest.mark.parametrize(("number", "every"), [(1, 2), (2, 1)])
def test_a_pothole_placed_with_the_true_pose_lies_where_the_plan_says(
    number: int, every: int
) -> None:
    street_pass = _street_pass(8, number)
    plan, patrol = street_pass.plan, street_pass.patrol
    truth, camera = Truth(street_pass), camera_of(patrol)
    plane = LocalPlane(latitude=plan.latitude, longitude=plan.longitude)
    misses: list[float] = []

    for index in range(0, patrol.frame_count, every):
        pose = true_pose(street_pass, _time(street_pass, index / patrol.frames_per_s))
        for box in truth.frame(index):
            whole = box.xyxy[3] < patrol.optics.height - 1 and box.range_m < 14.0
            if box.label == "road.pothole" and whole and box.seen > 0.9:
                middle = (box.xyxy[0] + box.xyxy[2]) / 2, (box.xyxy[1] + box.xyxy[3]) / 2
                spot = place_pixel(middle, pose=pose, camera=camera)
                known = plan.problem(box.key)
                placed = plane.east_north(spot.latitude, spot.longitude)
                misses.append(float(np.hypot(*(placed - [known.east_m, known.north_m]))))

    assert len(misses) > 1
    assert max(misses) < 0.45


def test_a_carrier_errs_as_much_as_it_says(tmp_path: Path) -> None:
    shared, own = [], []

    for seed in range(60):
        street_pass = _street_pass(seed, 3)
        telemetry = _telemetry(tmp_path, street_pass)
        times = [_time(street_pass, float(seconds)) for seconds in np.arange(0.0, 20.0, 2.5)]
        off = np.array([_off(street_pass, telemetry.pose_at(at), at) for at in times])
        shared.append(off.mean(axis=0))
        own.append(off - off.mean(axis=0))

    error = telemetry.pose_at(times[0]).error
    assert np.std(shared) == pytest.approx(error.horizontal_shared_m, rel=0.25)
    assert np.std(own) == pytest.approx(error.horizontal_own_m, rel=0.2)


def test_the_bias_of_one_pass_is_not_the_bias_of_the_next(tmp_path: Path) -> None:
    biases = []

    for number in (1, 3, 4, 5, 6):
        street_pass = _street_pass(9, number)
        at = _time(street_pass, 3.0)
        biases.append(_off(street_pass, _telemetry(tmp_path, street_pass).pose_at(at), at))

    assert np.std(biases, axis=0).min() > 0.1


def test_a_carrier_does_not_know_the_bumps_of_the_road(tmp_path: Path) -> None:
    street_pass = _street_pass(9, 1)
    telemetry = _telemetry(tmp_path, street_pass)
    times = [_time(street_pass, seconds) for seconds in np.arange(0.0, 19.0, 0.2)]

    hidden = [true_pose(street_pass, at).pitch - telemetry.pose_at(at).pitch for at in times]

    stated = telemetry.pose_at(times[0]).error.pitch
    assert 0.4 * stated < np.std(hidden) < 1.8 * stated


def test_outside_the_pass_there_is_no_pose(tmp_path: Path) -> None:
    street_pass = _street_pass(9, 1)
    telemetry = _telemetry(tmp_path, street_pass)

    with pytest.raises(NoPose):
        telemetry.pose_at(_time(street_pass, -1.0))
    with pytest.raises(NoPose):
        telemetry.pose_at(_time(street_pass, 3600.0))


def test_a_drone_knows_its_height_and_looks_down_ahead(tmp_path: Path) -> None:
    street_pass = _street_pass(9, 2)

    pose = _telemetry(tmp_path, street_pass).pose_at(_time(street_pass, 4.0))

    assert pose.height_above_ground_m == pytest.approx(14.0, abs=2.5)
    assert np.degrees(pose.pitch) == pytest.approx(-52.0)
