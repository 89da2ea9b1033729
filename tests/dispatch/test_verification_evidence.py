"""From sweeps and observations to the looks of passes."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from h3.api import basic_int as h3

from dispatch.sights.observation import Observation
from dispatch.simulation.sighting import MODEL, ORIGIN, Errors, sighting
from dispatch.verification.detectability import RecallBand
from dispatch.verification.evidence import looks_of
from dispatch.wire import (
    Hidden,
    Inspected,
    Light,
    ModelRef,
    NotInspected,
    Platform,
    Sweep,
    message_id,
    pack_cells,
    pack_ppm,
)

START = datetime(2026, 11, 1, 1, tzinfo=UTC)
HERE = int(h3.latlng_to_cell(*ORIGIN, 13))
NEAR, FAR = sorted(h3.grid_ring(HERE, 1))[:2]
BAND = RecallBand(min_px=8.0, max_px=640.0, light=Light.DAY, lower=0.7, concentration=4.0)


RENDERED = replace(BAND, lower=0.95, rendered=True)


def recalls(model: ModelRef, label: str) -> tuple[RecallBand, ...]:
    assert model == MODEL
    return (BAND, RENDERED) if label == "road.pothole" else ()


def part(
    cells: Iterable[int],
    *,
    view: float = 60.0,
    label: str = "road.pothole",
    light: Light = Light.DAY,
) -> Inspected:
    packed = sorted(cells)
    return Inspected(
        labels=(label,),
        resolution=13,
        cells=pack_cells(packed),
        pixels_per_metre=pack_ppm([view] * len(packed)),
        quality=0.9,
        light=light,
    )


def sweep(
    *parts: Inspected, pass_id: str = "monday", stretch: int = 0, hidden: Iterable[int] = ()
) -> Sweep:
    at = START + timedelta(minutes=stretch)
    ground = Hidden(reason=NotInspected.OCCLUDED, resolution=13, cells=pack_cells(hidden))
    return Sweep(
        id=message_id(at, pass_id, str(stretch)),
        device="simulated",
        pass_id=pass_id,
        platform=Platform.VEHICLE,
        stretch=stretch,
        started_at=at,
        ended_at=at + timedelta(seconds=50),
        distance_m=300.0,
        frames=100,
        frame_distance_m=1.0,
        position_sigma_m=1.5 + stretch,
        model=MODEL,
        inspected=parts,
        hidden=(ground,),
    )


def seen(pass_id: str) -> Observation:
    return sighting(pass_id=pass_id, name="a", at=START, east_m=0.0, north_m=0.0, errors=Errors())


def test_where_no_pass_went_there_is_no_look() -> None:
    assert looks_of([], [], label="road.pothole", recalls=recalls) == ()


def test_the_stretches_of_a_pass_make_one_look_with_the_best_view_of_each_cell() -> None:
    sweeps = [sweep(part([HERE]), stretch=0), sweep(part([HERE, NEAR], view=90.0), stretch=1)]

    (look,) = looks_of(sweeps, [seen("monday")], label="road.pothole", recalls=recalls)

    assert set(look.inspected) == {HERE, NEAR}
    assert look.inspected[HERE] == pytest.approx(90.0, rel=0.2)
    assert look.sigma_m == 2.5
    assert look.at == START + timedelta(minutes=1, seconds=50)
    assert [each.finding.pass_id for each in look.seen] == ["monday"]
    assert look.bands == (BAND,)


def test_ground_swept_for_rubbish_is_not_inspected_for_potholes() -> None:
    rubbish = part([HERE], label="sanitation.garbage_pile")

    (look,) = looks_of([sweep(rubbish)], [], label="road.pothole", recalls=recalls)

    assert look.inspected == {}


def test_a_cell_seen_on_one_stretch_and_hidden_on_another_was_seen() -> None:
    sweeps = [sweep(part([HERE])), sweep(stretch=1, hidden=[HERE, FAR])]

    (look,) = looks_of(sweeps, [], label="road.pothole", recalls=recalls)

    assert set(look.inspected) == {HERE}
    assert look.hidden == {FAR: NotInspected.OCCLUDED}


def test_of_several_stretches_the_darkest_light_counts() -> None:
    sweeps = [
        sweep(part([HERE], light=Light.DIM)),
        sweep(part([NEAR]), stretch=1),
    ]

    (look,) = looks_of(sweeps, [], label="road.pothole", recalls=recalls)

    assert set(look.inspected) == {HERE, NEAR}
    assert look.light is Light.DIM


@pytest.mark.parametrize(("rendered", "band"), [(False, BAND), (True, RENDERED)])
def test_recall_on_rendered_frames_never_judges_a_real_street(
    rendered: bool, band: RecallBand
) -> None:
    swept = sweep(part([HERE])).model_copy(update={"rendered": rendered})

    (look,) = looks_of([swept], [], label="road.pothole", recalls=recalls)

    assert look.bands == (band,)


def test_a_sight_without_a_sweep_is_a_look_that_inspected_nothing() -> None:
    looks = looks_of(
        [sweep(part([HERE]))], [seen("tuesday")], label="road.pothole", recalls=recalls
    )

    assert [(each.pass_id, bool(each.inspected), len(each.seen)) for each in looks] == [
        ("tuesday", False, 1),
        ("monday", True, 0),
    ]
