"""A sweep claims no ground that a problem could have lain on unseen."""

import math
from dataclasses import replace
from datetime import timedelta

import h3.api.basic_int as h3
import numpy as np
import pytest

from detect.detections import Detections
from detect.manifest import Calibration, ClassEntry, Input, Manifest, OutputLayout, Recall
from detect.quality import FrameQuality, QualityFault
from dispatch.wire import NotInspected, unpack_cells, unpack_ppm
from edge.coverage.inspected import Coverage
from edge.coverage.outlook import RESOLUTION
from edge.coverage.stretch import Stretch
from edge.frame import Frame
from edge.needs import needs_of
from edge.placing.camera import Camera, CameraError, Mounting, enu_from_camera
from edge.placing.pose import Pose
from tests.edge.geotag_trials import PLANE, START, pose, pose_error

DASH = Camera(
    width=1280,
    height=720,
    fx=900.0,
    fy=900.0,
    cx=640.0,
    cy=360.0,
    mounting=Mounting(height_above_ground_m=1.6, pitch=math.radians(-6.0)),
    error=CameraError(yaw=0.0, pitch=0.0, roll=0.0),
)
HIDERS = ("traffic.vehicle", "traffic.person", "traffic.two_wheeler")
LABELS = ("road.pothole", "sanitation.garbage_pile", "sanitation.bin_overflow", *HIDERS)
CLEAR = FrameQuality(sharpness=0.9, brightness=120.0, contrast=40.0, light="day", reason=None)
NOTHING = np.zeros((0, 4), np.float32)


def _recall(min_px: float, *, light: str = "day", lower: float = 0.6) -> Recall:
    return Recall.model_validate(
        {
            "min_px": min_px,
            "max_px": 640.0,
            "light": light,
            "mean": max(lower, 0.7),
            "lower": lower,
            "concentration": 5.0,
            "objects": 50,
            "measured_on": "real",
        }
    )


def _manifest(**recall: tuple[Recall, ...]) -> Manifest:
    said = {"pothole": (_recall(12.0),), "garbage_pile": (_recall(12.0),), **recall}
    return Manifest(
        name="test",
        version="1.0.0",
        licence="AGPL-3.0-or-later",
        file="model.onnx",
        sha256="0" * 64,
        input=Input(name="images", shapes=((384, 640),)),
        output=OutputLayout.YOLO,
        classes=tuple(
            ClassEntry(
                label=label,
                threshold=0.3,
                calibration=Calibration(measured_on="nothing"),
                recall=said.get(label.partition(".")[2], ()),
            )
            for label in LABELS
        ),
    )


def _standing(boxes: np.ndarray, label: str = "traffic.vehicle") -> Detections:
    n = len(boxes)
    return Detections(
        xyxy=boxes.astype(np.float32),
        score=np.full(n, 0.6, np.float32),
        probability=np.full(n, 0.6, np.float32),
        label=np.full(n, LABELS.index(label)),
        labels=LABELS,
    )


def _poses(*, metres: float = 60.0, step_m: float = 1.5) -> list[Pose]:
    """A drive due north from the origin at 10 m/s, with the errors of a common receiver."""
    error = pose_error(horizontal_m=1.5, pitch=math.radians(0.3), roll=math.radians(0.3))
    return [
        pose(np.array([0.0, north]), error=error, at=START + timedelta(seconds=north / 10.0))
        for north in np.arange(0.0, metres, step_m)
    ]


def _box_around(corners: np.ndarray, at: Pose) -> np.ndarray | None:
    """The box (4,) that a body with these world corners fills in the picture."""
    seen = (corners - [*PLANE.east_north(at.latitude, at.longitude), 1.6]) @ enu_from_camera(
        at, DASH
    )
    if seen[:, 2].min() < 0.5:
        return None
    uv = DASH.project(seen)
    low, high = np.maximum(uv.min(axis=0), 0.0), np.minimum(uv.max(axis=0), [1280.0, 720.0])
    return np.concatenate([low, high]) if (high > low + 1.0).all() else None


def _body(*, east: float, north: float, metres: tuple[float, float, float]) -> np.ndarray:
    """Corners of a body, so wide, long and high, whose near left corner stands there."""
    wide, long, high = metres
    return np.array(
        [(east + e, north + n, u) for e in (0.0, wide) for n in (0.0, long) for u in (0.0, high)]
    )


def _van(*, east: float, north: float) -> np.ndarray:
    return _body(east=east, north=north, metres=(2.0, 5.0, 2.2))


def _drive(
    poses: list[Pose],
    *,
    manifest: Manifest | None = None,
    van: np.ndarray | None = None,
    missed: frozenset[int] = frozenset(),
    quality: FrameQuality = CLEAR,
) -> list[Stretch]:
    coverage = Coverage(DASH, manifest=manifest or _manifest())
    stretches: list[Stretch | None] = []
    for index, at in enumerate(poses):
        frame = Frame(index=index, at=at.at, image=np.zeros((720, 1280, 3), np.uint8), name="")
        box = None if van is None or index in missed else _box_around(van, at)
        boxes = NOTHING if box is None else box[None]
        stretches.append(coverage.add(frame, at, quality, _standing(boxes), input_scale=0.5))
    stretches.append(coverage.finish())
    return [stretch for stretch in stretches if stretch is not None]


def _cell(east: float, north: float) -> int:
    latitude, longitude = PLANE.latitude_longitude(np.array([east, north]))
    return h3.latlng_to_cell(float(latitude), float(longitude), RESOLUTION)


def _inspected(stretches: list[Stretch], label: str = "road.pothole") -> dict[int, float]:
    best: dict[int, float] = {}
    for part in (part for stretch in stretches for part in stretch.inspected):
        if label in part.labels:
            scales = unpack_ppm(part.pixels_per_metre)
            best.update(zip(unpack_cells(part.cells), scales, strict=True))
    return best


def _hidden(stretches: list[Stretch], cell: int) -> set[NotInspected]:
    parts = (part for stretch in stretches for part in stretch.hidden)
    return {part.reason for part in parts if cell in unpack_cells(part.cells)}


def test_a_pass_without_a_frame_has_no_stretch() -> None:
    assert Coverage(DASH, manifest=_manifest()).finish() is None


def test_the_free_lane_ahead_is_inspected_and_the_ground_behind_the_start_is_not() -> None:
    stretches = _drive(_poses())

    seen = _inspected(stretches)

    assert all(_cell(0.0, north) in seen for north in (15.0, 30.0, 45.0))
    assert _cell(0.0, -5.0) not in seen
    assert _cell(0.0, 90.0) not in seen
    assert seen[_cell(0.0, 30.0)] * 0.7 > 12.0


def test_ground_beside_the_street_is_not_claimed() -> None:
    seen = _inspected(_drive(_poses()), "sanitation.garbage_pile")

    assert _cell(9.0, 30.0) not in seen


def test_ground_behind_and_under_a_parked_van_is_never_inspected() -> None:
    stretches = _drive(_poses(), van=_van(east=2.0, north=28.0))

    seen = _inspected(stretches, "sanitation.garbage_pile")

    assert _cell(3.0, 30.5) not in seen
    assert _cell(5.0, 32.0) not in seen
    assert NotInspected.OCCLUDED in _hidden(stretches, _cell(3.0, 30.5))
    assert _cell(-1.0, 30.5) in seen


@pytest.mark.parametrize("label", HIDERS)
def test_ground_behind_whatever_stands_there_throughout_is_not_inspected(label: str) -> None:
    coverage = Coverage(DASH, manifest=_manifest())
    for index, at in enumerate(_poses()):
        frame = Frame(index=index, at=at.at, image=np.zeros((720, 1280, 3), np.uint8), name="")
        box = _box_around(_body(east=1.0, north=28.0, metres=(0.6, 0.6, 1.7)), at)
        boxes = NOTHING if box is None else box[None]
        coverage.add(frame, at, CLEAR, _standing(boxes, label), input_scale=0.5)
    stretch = coverage.finish()

    assert stretch is not None
    seen = _inspected([stretch], "sanitation.garbage_pile")
    assert _cell(1.3, 28.3) not in seen
    assert NotInspected.OCCLUDED in _hidden([stretch], _cell(1.3, 28.3))
    assert _cell(-2.0, 28.3) in seen


def test_ground_that_most_frames_saw_from_afar_is_still_called_occluded_behind_a_van() -> None:
    beyond_reach, behind_the_van = _poses(metres=12.0, step_m=0.5), _poses(metres=60.0)[8:]
    stretches = _drive([*beyond_reach, *behind_the_van], van=_van(east=2.0, north=34.0))

    assert _hidden(stretches, _cell(3.0, 36.5)) == {NotInspected.OCCLUDED}


def test_a_passer_by_in_one_frame_is_not_why_small_things_could_not_be_seen() -> None:
    demanding = _manifest(pothole=(_recall(90.0),), garbage_pile=())
    once = frozenset(range(len(_poses()))) - {12}
    stretches = _drive(_poses(), manifest=demanding, van=_van(east=2.0, north=28.0), missed=once)

    assert NotInspected.OCCLUDED not in _hidden(stretches, _cell(6.0, 30.0))


def test_ground_that_passed_while_no_frame_was_looked_at_is_not_claimed() -> None:
    poses = _poses(metres=120.0)
    before, after = poses[:20], poses[60:]

    (stretch,) = _drive([*before, *after])

    seen = _inspected([stretch], "sanitation.garbage_pile")
    assert all(_cell(0.0, north) in seen for north in (15.0, 25.0, 100.0, 115.0))
    assert not any(_cell(0.0, north) in seen for north in np.arange(50.0, 92.0, 2.0))
    assert stretch.gap_median_m == pytest.approx(1.5, abs=0.01)
    assert stretch.gap_most_m == pytest.approx(61.5, abs=0.1)


def test_frames_too_dark_to_use_widen_the_gap_and_frames_left_out_are_counted() -> None:
    coverage = Coverage(DASH, manifest=_manifest())
    for number, at in enumerate(_poses(metres=30.0)):
        quality = replace(CLEAR, reason=QualityFault.DARK) if 5 <= number < 9 else CLEAR
        image = np.zeros((720, 1280, 3), np.uint8)
        frame = Frame(index=3 * number, at=at.at, image=image, name="")
        coverage.add(frame, at, quality, _standing(NOTHING), input_scale=0.5)
    stretch = coverage.finish()

    assert stretch is not None
    assert stretch.gap_most_m == pytest.approx(7.5, abs=0.01)
    assert stretch.frames_left_out == 2 * (stretch.frames - 1)


def test_a_van_that_the_detector_loses_from_nearby_still_hides_the_ground() -> None:
    poses = _poses()
    lost = frozenset(range(10, len(poses)))

    seen = _inspected(
        _drive(poses, van=_van(east=2.0, north=28.0), missed=lost), "sanitation.garbage_pile"
    )

    assert _cell(3.0, 30.5) not in seen


def test_a_car_that_drives_ahead_leaves_no_trail_of_hidden_ground() -> None:
    poses = _poses()
    coverage = Coverage(DASH, manifest=_manifest())
    stretches = []
    for index, at in enumerate(poses):
        frame = Frame(index=index, at=at.at, image=np.zeros((720, 1280, 3), np.uint8), name="")
        north = float(PLANE.east_north(at.latitude, at.longitude)[1])
        box = _box_around(_van(east=-1.0, north=north + 18.0), at)
        assert box is not None
        coverage.add(frame, at, CLEAR, _standing(box[None]), input_scale=0.5)
    stretches.append(coverage.finish())

    seen = _inspected([stretch for stretch in stretches if stretch is not None])

    assert _cell(0.0, 30.0) in seen


def test_what_would_be_too_small_for_the_model_is_not_inspected() -> None:
    demanding = _manifest(pothole=(_recall(60.0),))

    stretches = _drive(_poses(), manifest=demanding)

    assert not _inspected(stretches, "road.pothole")
    assert _inspected(stretches, "sanitation.garbage_pile")


def test_a_class_without_stated_recall_is_inspected_nowhere() -> None:
    needs = needs_of(
        _manifest(pothole=(), garbage_pile=(_recall(12.0, lower=0.02),)), rendered=False
    )

    assert needs == ()


def test_recall_on_drawn_frames_says_nothing_of_real_ones() -> None:
    drawn = _recall(12.0).model_copy(update={"measured_on": "rendered"})

    needs = needs_of(_manifest(pothole=(drawn,)), rendered=False)

    assert [need.labels for need in needs] == [("sanitation.garbage_pile",)]


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (QualityFault.DARK, NotInspected.DARK),
        (QualityFault.BLURRED, NotInspected.BLURRED),
        (QualityFault.GLARING, NotInspected.BLURRED),
    ],
)
def test_spoilt_frames_inspect_nothing_and_say_why(
    fault: QualityFault, reason: NotInspected
) -> None:
    stretches = _drive(_poses(), quality=replace(CLEAR, reason=fault))

    assert not _inspected(stretches)
    assert reason in _hidden(stretches, _cell(0.0, 30.0))


def test_a_light_in_which_the_model_was_never_measured_inspects_nothing() -> None:
    stretches = _drive(_poses(), quality=replace(CLEAR, light="night"))

    assert not _inspected(stretches)
    assert NotInspected.DARK in _hidden(stretches, _cell(0.0, 30.0))


def test_frames_of_a_standing_vehicle_count_once() -> None:
    standing = [
        replace(_poses()[0], at=START + timedelta(seconds=0.2 * number)) for number in range(30)
    ]

    assert not _inspected(_drive(standing))


def test_a_long_drive_is_told_minute_by_minute_and_no_ground_is_lost_between() -> None:
    slow = [
        replace(at, at=START + timedelta(seconds=2.0 * number))
        for number, at in enumerate(_poses(metres=150.0))
    ]

    stretches = _drive(slow)

    assert len(stretches) == 4
    assert [stretch.number for stretch in stretches] == [0, 1, 2, 3]
    assert all(s.ended_at - s.started_at <= timedelta(seconds=60) for s in stretches)
    seen = _inspected(stretches, "sanitation.garbage_pile")
    assert all(_cell(0.0, north) in seen for north in np.arange(12.0, 145.0, 4.0))


def test_a_sweep_is_small_on_the_wire() -> None:
    (stretch,) = _drive(_poses(metres=300.0))

    parts = (*stretch.inspected, *stretch.hidden)

    assert stretch.distance_m == pytest.approx(298.5, abs=0.5)
    assert sum(len(part.model_dump_json()) for part in parts) / stretch.distance_m * 100.0 < 2000.0
    assert stretch.position_sigma_m >= 1.5


def test_classes_that_saw_the_same_ground_as_well_are_told_once() -> None:
    (stretch,) = _drive(_poses(), manifest=_manifest(bin_overflow=(_recall(12.0),)))

    standing = [part for part in stretch.inspected if "sanitation.bin_overflow" in part.labels]
    assert [part.labels for part in standing] == [
        ("sanitation.garbage_pile", "sanitation.bin_overflow")
    ]
    labels = [label for part in stretch.inspected for label in part.labels]
    assert sorted(labels) == sorted({"road.pothole", *standing[0].labels})


def test_a_nadir_photo_inspects_what_lies_under_the_drone() -> None:
    gimbal = replace(DASH, mounting=Mounting())
    error = pose_error(horizontal_m=0.5, vertical_m=0.5)
    coverage = Coverage(gimbal, manifest=_manifest(), seen=2)

    for number in range(3):
        above = pose(
            np.array([0.0, 3.0 * number]),
            error=error,
            pitch=-math.pi / 2,
            agl_m=15.0,
            at=START + timedelta(seconds=number),
        )
        frame = Frame(index=number, at=above.at, image=np.zeros((720, 1280, 3), np.uint8), name="")
        coverage.add(frame, above, CLEAR, _standing(NOTHING), input_scale=1.0)
    stretch = coverage.finish()

    assert stretch is not None
    seen = _inspected([stretch])
    assert _cell(0.0, 3.0) in seen
    assert _cell(14.0, 3.0) not in seen
