"""The truth that sweeps are held against: what a rendered drive showed, and what lorries hid."""

from pathlib import Path

import h3.api.basic_int as h3
import numpy as np
import pytest

from edge.coverage.outlook import RESOLUTION
from edge.sources.street.layout import plan_street
from edge.sources.street.passes import StreetPass
from edge.sources.street.plan import Story
from edge.sources.street.schedule import plan_passes
from edge.telemetry.simulated import SimulatedTelemetry
from tests.benchmarks.shown_ground import ShownGround, shown_ground

PLAN = plan_street(31)


def truth(number: int, folder: Path) -> ShownGround:
    """The truth of a drive that knows its place to the centimetre."""
    patrol = plan_passes(PLAN)[number - 1]
    noise = patrol.noise.model_copy(update={"horizontal_shared_m": 0.0, "horizontal_own_m": 0.0})
    street = StreetPass(plan=PLAN, patrol=patrol.model_copy(update={"noise": noise}))
    path = folder / f"pass-{number}.street.json"
    path.write_text(street.model_dump_json(), encoding="utf-8")
    return shown_ground(street, SimulatedTelemetry(path))


def cell(latitude: float, longitude: float) -> int:
    return h3.latlng_to_cell(latitude, longitude, RESOLUTION)


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> ShownGround:
    return truth(4, tmp_path_factory.mktemp("later"))


def test_ground_behind_a_row_of_lorries_is_hidden_and_was_shown_before_they_came(
    later: ShownGround, tmp_path: Path
) -> None:
    (problem,) = [each for each in PLAN.problems if each.story is Story.HIDDEN_LATER]
    place = cell(problem.latitude, problem.longitude)

    assert place in later.hidden
    assert place in truth(1, tmp_path).shown


def test_the_places_of_potholes_in_the_lane_are_shown(later: ShownGround) -> None:
    potholes = [each for each in PLAN.problems if each.height_m == 0.0]

    shown = [cell(each.latitude, each.longitude) in later.shown for each in potholes]

    assert np.mean(shown) == 1.0
    assert not later.shown & later.hidden
