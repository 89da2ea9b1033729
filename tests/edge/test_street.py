"""A rendered street has the problems its plan says, seen as its story says."""

from pathlib import Path

import numpy as np
import pytest

from dispatch.wire import Platform
from edge.placing.geodesy import LocalPlane
from edge.sources.street.layout import plan_street
from edge.sources.street.passes import StreetPass, UnusableStreetFile, read_pass
from edge.sources.street.plan import Story
from edge.sources.street.schedule import DRONE_PASS, FIRST_LATER_PASS, PASSES, plan_passes
from edge.sources.street.truth import TrueBox, Truth
from edge.sources.street.writing import PLAN_FILE, pass_file

SEEDS = (1, 21)


def _street_pass(seed: int, number: int) -> StreetPass:
    plan = plan_street(seed)
    return StreetPass(plan=plan, patrol=plan_passes(plan)[number - 1])


def _sightings(seed: int, number: int, *, every: int = 1) -> list[TrueBox]:
    street_pass = _street_pass(seed, number)
    truth = Truth(street_pass)
    return [box for n in range(0, street_pass.patrol.frame_count, every) for box in truth.frame(n)]


@pytest.mark.parametrize("seed", range(40))
def test_problems_lie_apart_within_the_bounds_and_where_their_metres_say(seed: int) -> None:
    plan = plan_street(seed)

    plane = LocalPlane(latitude=plan.latitude, longitude=plan.longitude)
    along = [problem.along_m for problem in plan.problems]
    assert min(np.diff(along)) >= 12.0
    for problem in plan.problems:
        placed = plane.east_north(problem.latitude, problem.longitude)
        assert np.allclose(placed, [problem.east_m, problem.north_m], atol=0.01)
        assert plan.bounds.south < problem.latitude < plan.bounds.north
        assert plan.bounds.west < problem.longitude < plan.bounds.east


@pytest.mark.parametrize("seed", range(40))
def test_every_street_has_each_kind_of_problem_and_each_story(seed: int) -> None:
    plan = plan_street(seed)

    labels = [problem.label for problem in plan.problems]
    stories = [problem.story for problem in plan.problems]
    assert labels.count("road.pothole") == 3
    assert labels.count("sanitation.garbage_pile") == 2
    assert labels.count("sanitation.bin_overflow") == 1
    assert stories.count(Story.REPAIR) >= 3
    assert stories.count(Story.NOT_REPAIRED) == 1
    assert stories.count(Story.HIDDEN_LATER) == 1


def test_only_later_passes_find_problems_repaired_and_only_those_whose_story_is_repair() -> None:
    plan = plan_street(4)

    patrols = plan_passes(plan)

    repaired = {problem.id for problem in plan.problems if problem.story is Story.REPAIR}
    assert len(patrols) == PASSES
    for patrol in patrols:
        expected = repaired if patrol.number >= FIRST_LATER_PASS else set()
        assert set(patrol.repaired) == expected
        assert (patrol.platform is Platform.DRONE) == (patrol.number == DRONE_PASS)
    assert len({patrol.seed for patrol in patrols}) == PASSES


@pytest.mark.parametrize("seed", SEEDS)
def test_the_first_drive_passes_every_problem_in_plain_sight(seed: int) -> None:
    sightings = _sightings(seed, 1, every=2)

    for problem in plan_street(seed).problems:
        near = [b for b in sightings if b.key == problem.id and b.range_m < 15 and b.seen > 0.9]
        assert len(near) >= 2, problem


@pytest.mark.parametrize("seed", SEEDS)
def test_the_flight_shows_every_problem(seed: int) -> None:
    sightings = _sightings(seed, DRONE_PASS)

    for problem in plan_street(seed).problems:
        assert any(b.key == problem.id and b.seen > 0.9 for b in sightings), problem


@pytest.mark.parametrize("number", range(FIRST_LATER_PASS, PASSES + 1))
def test_a_problem_behind_the_row_of_trucks_is_never_seen_in_a_later_drive(number: int) -> None:
    hidden = [p.id for p in plan_street(5).problems if p.story is Story.HIDDEN_LATER]

    sightings = [box for box in _sightings(5, number, every=4) if box.key in hidden]

    assert sightings, "its outline must lie in the picture for the test to mean something"
    assert max(box.seen for box in sightings) == 0.0


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_left_unrepaired_is_seen_in_every_later_drive(seed: int) -> None:
    stays = next(p.id for p in plan_street(seed).problems if p.story is Story.NOT_REPAIRED)

    sightings = _sightings(seed, 3 + seed % 4, every=2)

    near = [b for b in sightings if b.key == stays and b.range_m < 15 and b.seen > 0.9]
    assert len(near) >= 2


def test_a_repaired_problem_is_no_longer_in_the_truth() -> None:
    repaired = {p.id for p in plan_street(6).problems if p.story is Story.REPAIR}

    shown = {box.key for box in _sightings(6, FIRST_LATER_PASS, every=10)}

    assert not shown & repaired


def test_a_pass_file_comes_back_as_it_was_written(tmp_path: Path) -> None:
    street_pass = _street_pass(7, 3)
    path = tmp_path / pass_file(3)
    path.write_text(street_pass.model_dump_json(), encoding="utf-8")

    again = read_pass(path)

    assert again == street_pass


@pytest.mark.parametrize("text", ["", "{}", '{"format": 2}', "not json"])
def test_a_file_that_is_no_pass_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / PLAN_FILE
    path.write_text(text, encoding="utf-8")

    with pytest.raises(UnusableStreetFile, match="simulate"):
        read_pass(path)


def test_a_missing_pass_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusableStreetFile):
        read_pass(tmp_path / pass_file(1))
