"""Problems of known size on rendered streets, each as single frames of a vehicle or drone show it.

Sizes, headings and distances are drawn wider than the demo's streets have them; the boxes are those
that the shipped model finds. A rendered street is level and its camera stands as it is told: what a
real one is off by (slope, mounting, relief under a drone) is drawn as the device states it.
"""

import math
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from detect.box import iou_matrix
from detect.detections import Detections
from detect.detector import Detector
from dispatch.wire import Platform
from edge.placing.camera import Camera
from edge.placing.pose import Pose
from edge.placing.terrain import ground_of
from edge.sources.street.damage import area_m2, outline
from edge.sources.street.layout import plan_street
from edge.sources.street.motion import true_view
from edge.sources.street.passes import PassPlan, StreetPass
from edge.sources.street.plan import PlantedProblem, StreetPlan, hollow_of
from edge.sources.street.rubbish import HEAP_DEPTH
from edge.sources.street.scene import scene_of
from edge.sources.street.schedule import DRONE_PASS, plan_passes
from edge.sources.street.source import camera_of, sensor_of
from edge.sources.street.truth import TrueBox, Truth
from edge.telemetry.simulated import SimulatedTelemetry
from edge.weights import default_model

POTHOLE: Final = "road.pothole"
HEAP: Final = "sanitation.garbage_pile"
VIEWS: Final = 3
NEAR_M: Final = (4.5, 13.0)
FOUND_IOU: Final = 0.4
WHOLE: Final = 0.98
"""Share of it in view, from which a thing is shown whole."""

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """What a thing truly measures on the ground: area, longer and shorter side of its outline."""

    area_m2: float
    length_m: float
    width_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One problem in one frame.

    Attributes:
        xyxy: the model's box.
        true_xyxy: the box of its outline.
        range_m: from the camera along the ground.
        pose, camera: as the device is told them.
        input_scale: model-input pixels per pixel of the frame.
    """

    seed: int
    label: str
    platform: Platform
    truth: Size
    xyxy: Box
    true_xyxy: Box
    range_m: float
    pose: Pose
    camera: Camera
    input_scale: float


def shown(seeds: Sequence[int], *, platform: Platform = Platform.VEHICLE) -> Iterator[Shown]:
    """Look at each planted pothole and heap of the seeds' streets from several places."""
    detector = Detector(default_model(), threads=1)
    for seed in seeds:
        yield from _street(seed, platform, detector)


def _street(seed: int, platform: Platform, detector: Detector) -> Iterator[Shown]:
    rng = np.random.default_rng((seed, 77))
    plan = _resized(plan_street(seed), rng)
    first = plan_passes(plan)[DRONE_PASS - 1 if platform is Platform.DRONE else 0]
    patrol = first.model_copy(update={"parked": (), "repaired": ()})
    scene, sensor = scene_of(plan, patrol), sensor_of(patrol)
    wanted = [each for each in plan.problems if each.label in (POTHOLE, HEAP)]
    for index, problem in enumerate(each for each in wanted for _ in range(VIEWS)):
        look = StreetPass(plan=plan, patrol=_standing_before(problem, patrol, rng))
        true = {each.key: each for each in Truth(look).frame(0)}.get(problem.id)
        if true is None or true.seen < WHOLE:
            continue
        image = sensor.develop(scene.paint(true_view(look.patrol, 0.0)), index=index)
        box = _found(detector.detect(image), true.xyxy, problem.label)
        if box is not None:
            yield _shown(problem, look, true, box, scale=detector.input_scale(image), rng=rng)


def _shown(
    problem: PlantedProblem,
    look: StreetPass,
    true: TrueBox,
    box: Box,
    *,
    scale: float,
    rng: np.random.Generator,
) -> Shown:
    camera = camera_of(look.patrol)
    return Shown(
        seed=look.plan.seed,
        label=problem.label,
        platform=look.patrol.platform,
        truth=_size_of(problem),
        xyxy=box,
        true_xyxy=true.xyxy,
        range_m=true.range_m,
        pose=_over_relief(_told(look), camera, rng),
        camera=_as_mounted(camera, rng),
        input_scale=scale,
    )


def _as_mounted(camera: Camera, rng: np.random.Generator) -> Camera:
    """Be off in height and against the road's slope as a vehicle's camera may be."""
    height_m = camera.mounting.height_above_ground_m
    if height_m is None:
        return camera
    mounting = replace(
        camera.mounting,
        height_above_ground_m=height_m + float(rng.normal(0.0, camera.error.height_m)),
        pitch=camera.mounting.pitch + float(rng.normal(0.0, ground_of(camera).slope)),
    )
    return replace(camera, mounting=mounting)


def _over_relief(pose: Pose, camera: Camera, rng: np.random.Generator) -> Pose:
    """Be off in height over the ground as a drone without an elevation tile may be."""
    height_m = pose.height_above_ground_m
    if height_m is None:
        return pose
    off_m = float(rng.normal(0.0, ground_of(camera).sigma_m))
    return replace(pose, height_above_ground_m=height_m + off_m)


def _resized(plan: StreetPlan, rng: np.random.Generator) -> StreetPlan:
    problems = []
    for problem in plan.problems:
        if problem.label == POTHOLE:
            length, width = float(rng.uniform(0.5, 1.7)), float(rng.uniform(0.45, 1.4))
        elif problem.label == HEAP:
            length = float(rng.uniform(1.2, 3.2))
            width = length * HEAP_DEPTH
        else:
            length, width = problem.length_m, problem.width_m
        problems.append(problem.model_copy(update={"length_m": length, "width_m": width}))
    return plan.model_copy(update={"problems": tuple(problems)})


def _standing_before(
    problem: PlantedProblem, patrol: PassPlan, rng: np.random.Generator
) -> PassPlan:
    """Put the carrier so far before a problem, turned a little, with its springs as they may be."""
    drone = patrol.platform is Platform.DRONE
    away = rng.uniform(5.0, 16.0) if drone else rng.uniform(*NEAR_M)
    right = rng.uniform(-3.0, 6.0) if drone else rng.uniform(0.8, 2.2)
    at = problem.along_m - float(away)
    return patrol.model_copy(
        update={
            "from_m": at,
            "to_m": at + 10.0,
            "right_m": float(right),
            "yaw": math.radians(float(rng.uniform(-8.0, 8.0))),
            "seed": int(rng.integers(1 << 30)),
        }
    )


def _told(look: StreetPass) -> Pose:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "look.street.json"
        file.write_text(look.model_dump_json(), encoding="utf-8")
        return SimulatedTelemetry(file).pose_at(look.patrol.starts_at)


def _found(seen: Detections, true: Box, label: str) -> Box | None:
    number = seen.labels.index(label)
    mine = seen.xyxy[seen.label == number]
    if not len(mine):
        return None
    fit = iou_matrix(mine, np.array([true], np.float32))[:, 0]
    best = int(fit.argmax())
    if fit[best] < FOUND_IOU:
        return None
    left, top, right, bottom = (float(v) for v in mine[best])
    return left, top, right, bottom


def _size_of(problem: PlantedProblem) -> Size:
    if problem.label == POTHOLE:
        edge = outline(hollow_of(problem)).astype(np.float32)
        _, sides, _ = cv2.minAreaRect(edge)
        return Size(area_m2=area_m2(hollow_of(problem)), length_m=max(sides), width_m=min(sides))
    return Size(
        area_m2=math.pi / 4.0 * problem.length_m * problem.width_m,
        length_m=problem.length_m,
        width_m=problem.width_m,
    )
