"""The rendered frames are the same on every replay and show the truth."""

from itertools import islice, pairwise
from pathlib import Path

import numpy as np
import pytest

from dispatch.wire import Platform
from edge.frame import Frame
from edge.sources.street.damage import Hollow
from edge.sources.street.layout import plan_street
from edge.sources.street.motion import true_view
from edge.sources.street.passes import PassPlan, StreetPass
from edge.sources.street.photos import PHONE, render_photo
from edge.sources.street.plan import StreetPlan
from edge.sources.street.scene import Scene, scene_of
from edge.sources.street.schedule import plan_passes
from edge.sources.street.source import RenderedStreet
from edge.sources.street.truth import TrueBox, Truth
from edge.sources.street.writing import pass_file


@pytest.fixture(scope="module")
def plan() -> StreetPlan:
    return plan_street(11)


@pytest.fixture(scope="module")
def drive(plan: StreetPlan) -> PassPlan:
    return plan_passes(plan)[0]


@pytest.fixture(scope="module")
def scene(plan: StreetPlan, drive: PassPlan) -> Scene:
    return scene_of(plan, drive)


def _written(folder: Path, plan: StreetPlan, patrol: PassPlan) -> Path:
    path = folder / pass_file(patrol.number)
    path.write_text(StreetPass(plan=plan, patrol=patrol).model_dump_json(), encoding="utf-8")
    return path


def _patch(image: np.ndarray, box: TrueBox) -> np.ndarray:
    left, top, right, bottom = (round(value) for value in box.xyxy)
    return image[top:bottom, left:right].astype(np.float32)


def test_a_replay_gives_the_same_bytes(tmp_path: Path, plan: StreetPlan, drive: PassPlan) -> None:
    path = _written(tmp_path, plan, drive)

    first, again = (list(islice(RenderedStreet(path).frames(), 3)) for _ in range(2))

    assert RenderedStreet(path).digest == RenderedStreet(path).digest
    for one, other in zip(first, again, strict=True):
        assert one.at == other.at
        assert one.image.tobytes() == other.image.tobytes()


def test_frames_come_in_order_of_time_and_say_that_they_are_drawn(
    tmp_path: Path, plan: StreetPlan, drive: PassPlan
) -> None:
    source = RenderedStreet(_written(tmp_path, plan, drive))

    frames: list[Frame] = list(islice(source.frames(), 4))

    assert source.rendered
    assert source.platform is Platform.VEHICLE
    assert [frame.index for frame in frames] == [0, 1, 2, 3]
    assert all(a.at < b.at for a, b in pairwise(frames))
    assert frames[0].image.shape == (720, 1280, 3)
    assert frames[0].at == drive.starts_at


def test_two_passes_have_digests_of_their_own(tmp_path: Path, plan: StreetPlan) -> None:
    digests = {
        RenderedStreet(_written(tmp_path, plan, patrol)).digest for patrol in plan_passes(plan)
    }

    assert len(digests) == 6


def test_a_pothole_is_darker_than_the_road_around_it_and_its_repair_is_not(
    plan: StreetPlan, drive: PassPlan, scene: Scene
) -> None:
    hole = next(p for p in plan.problems if p.label == "road.pothole")
    index = round((hole.along_m - 8.0) / drive.speed_m_s * drive.frames_per_s)
    view = true_view(drive, index / drive.frames_per_s)
    truth = Truth(StreetPass(plan=plan, patrol=drive))
    box = next(b for b in truth.frame(index) if b.key == hole.id)
    mended = scene_of(plan, drive.model_copy(update={"repaired": (hole.id,)}))

    broken, whole = _patch(scene.paint(view), box), _patch(mended.paint(view), box)

    assert broken.min() < 45.0 < whole.mean() - whole.std()
    assert broken.std() > 2.0 * whole.std()


def test_a_standing_problem_changes_the_picture_within_its_true_box_only(
    plan: StreetPlan, drive: PassPlan, scene: Scene
) -> None:
    heap = next(p for p in plan.problems if p.label == "sanitation.garbage_pile")
    index = round((heap.along_m - 11.0) / drive.speed_m_s * drive.frames_per_s)
    view = true_view(drive, index / drive.frames_per_s)
    truth = Truth(StreetPass(plan=plan, patrol=drive))
    box = next(b for b in truth.frame(index) if b.key == heap.id)
    cleared = scene_of(plan, drive.model_copy(update={"repaired": (heap.id,)}))

    changed = np.abs(scene.paint(view).astype(int) - cleared.paint(view)).max(axis=2) > 40
    rows, columns = np.nonzero(changed)

    inside = (
        (columns > box.xyxy[0] - 4) & (columns < box.xyxy[2] + 4)
        & (rows > box.xyxy[1] - 4) & (rows < box.xyxy[3] + 4)
    )  # fmt: skip
    assert changed.sum() > 400
    # Loose paper around the foot and the shadow lie outside the heap itself.
    assert inside.mean() > 0.75


def test_the_same_phone_shows_the_spot_before_and_after(plan: StreetPlan) -> None:
    before = render_photo(plan, "p6", repaired=False, seed=3)
    after = render_photo(plan, "p6", repaired=True, seed=3)

    moved = np.abs(before.astype(int) - after).max(axis=2) > 60
    assert before.shape == (PHONE.height, PHONE.width, 3)
    assert moved[300:700, 300:1000].mean() > 0.15
    assert moved[:200].mean() < 0.02


def test_a_problem_that_is_not_planned_has_no_photo(plan: StreetPlan) -> None:
    with pytest.raises(KeyError):
        render_photo(plan, "p99", repaired=True, seed=1)


def test_a_holes_edge_and_area_do_not_depend_on_where_it_lies() -> None:
    from edge.sources.street.damage import area_m2

    here = Hollow(middle=(0.0, 0.0), half_m=(0.5, 0.4), seed=5)
    there = Hollow(middle=(90.0, 2.0), half_m=(0.5, 0.4), seed=5)

    assert area_m2(here) == pytest.approx(area_m2(there), rel=1e-3)
    assert 0.3 < area_m2(here) < 1.0
