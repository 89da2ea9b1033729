"""What a camera saw of a drive, step by step, beside what the track tells of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edge.calibrate.clock_offset import WIDEST_S, Course, TimeOffset, Turning, estimate_offset
from edge.calibrate.flow import follow, follow_road, small_grey
from edge.calibrate.motion import Motion, motion_between, road_below, road_moves
from edge.errors import EdgeError
from edge.footage import Footage
from edge.placing.camera import Camera, body_from_camera
from edge.placing.geodesy import LocalPlane
from edge.placing.pose import NoPose, Pose, Telemetry
from edge.sources.video import CutOffVideo

Array = NDArray[np.float64]
Image = NDArray[np.uint8]

LONGEST: Final = timedelta(minutes=10)
"""Of a drive are looked at; more tells little more."""
SLOWEST_M_S: Final = 3.0
"""Slower, a course is mostly noise and a step too short to tell a direction."""
CAMERA_AHEAD_M: Final = 1.7
"""How far a camera behind the windscreen usually sits ahead of the rear axle."""
_GRID_S: Final = 0.1
_LONGEST_STEP_S: Final = 0.5
_ROAD_AHEAD: Final = (2.0, 12.0)
"""Where the road is looked for, in heights of the camera."""
_ROAD_ASIDE: Final = 2.0


class NotAVehicleCamera(EdgeError):
    """Only a camera that looks ahead from a vehicle can be told from a drive."""

    def __init__(self) -> None:
        super().__init__(
            "这里需要车上朝前的相机：请在相机文件 [mounting] 写明 height_above_ground_m",
            "this needs a camera that looks ahead from a vehicle: state height_above_ground_m in "
            "[mounting] of the camera file",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a drive, from one frame to the next.

    Attributes:
        seconds: middle of the step, camera time after the first frame.
        span_s: how long it took.
        turn_rate: radians a second, clockwise from above.
        direction: (3,) unit vector of the way, optical frame.
        agreeing: share of what was followed that stood still.
        road: (3,) normal of the road (downwards, optical frame) over the camera's height, times
            the way; None where no road was made out.
    """

    seconds: float
    span_s: float
    turn_rate: float
    direction: Array
    agreeing: float
    road: Array | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drive:
    """The steps of a drive, and its track by the telemetry's clock."""

    steps: tuple[Step, ...]
    course: Course
    antenna_ahead_m: float

    def offset(self) -> TimeOffset:
        """Estimate how far the clocks are apart.

        Raises:
            UnknownOffset: the drive does not tell.
        """
        turning = Turning(
            seconds=np.array([step.seconds for step in self.steps]),
            rate=np.array([step.turn_rate for step in self.steps]),
        )
        return estimate_offset(turning, self.course, antenna_ahead_m=self.antenna_ahead_m)


def watch_drive(footage: Footage) -> Drive:
    """Look at the first minutes of a drive; a file that breaks off is used as far as it goes.

    Raises:
        NotAVehicleCamera: photos, or a camera that is not mounted to look ahead.
        EdgeError: the footage cannot be read.
    """
    mounting = footage.camera.mounting
    ahead = body_from_camera(footage.camera).T[:, 0]
    if footage.photos or mounting.height_above_ground_m is None or ahead[2] < 0.5:
        raise NotAVehicleCamera
    watched = _Watched(footage.camera, footage.telemetry)
    try:
        for frame in footage.source.frames():
            if watched.start is not None and frame.at - watched.start > LONGEST:
                break
            watched.take(frame.image, frame.at)
    except CutOffVideo:
        if not watched.steps:
            raise
    return Drive(
        steps=tuple(watched.steps),
        course=course_of(footage.telemetry, watched.start, watched.last),
        antenna_ahead_m=CAMERA_AHEAD_M - mounting.lever_m[0],
    )


def course_of(telemetry: Telemetry, first: datetime | None, last: datetime | None) -> Course:
    """Sample the course of a track around a stretch of time; seconds count from its start."""
    if first is None or last is None:
        none = np.zeros(0)
        return Course(seconds=none, angle=none, speed_m_s=none)
    stretch_s = (last - first).total_seconds()
    seconds = np.arange(-WIDEST_S - 1.0, stretch_s + WIDEST_S + 1.0, _GRID_S)
    poses = [_pose(telemetry, first + timedelta(seconds=float(second))) for second in seconds]
    speed = _speeds(poses)
    angle = np.array([np.nan if pose is None else _heading(pose) for pose in poses])
    angle[~(speed >= SLOWEST_M_S)] = np.nan
    known = np.isfinite(angle)
    angle[known] = np.unwrap(angle[known])
    return Course(seconds=seconds, angle=angle, speed_m_s=np.where(known, speed, SLOWEST_M_S))


class _Watched:
    """The frames of a drive as they pass."""

    def __init__(self, camera: Camera, telemetry: Telemetry) -> None:
        self._camera, self._telemetry = camera, telemetry
        self.steps: list[Step] = []
        self.start: datetime | None = None
        self.last: datetime | None = None
        self._before: Image | None = None
        self._turn: Array = np.zeros(3)

    def take(self, image: Image, at: datetime) -> None:
        """Compare a frame with the one before."""
        small = small_grey(image)
        self.start = self.start or at
        if self._before is not None and self.last is not None:
            span_s = (at - self.last).total_seconds()
            if 0.0 < span_s <= _LONGEST_STEP_S:
                self._step(self._before, small, at, span_s)
        self._before, self.last = small, at

    def _step(self, before: Image, after: Image, at: datetime, span_s: float) -> None:
        camera = self._camera.scaled_to(after.shape[1], after.shape[0])
        one, other = follow(before, after, camera=camera)
        body = body_from_camera(camera).T
        motion = motion_between(one, other, ahead=body[:, 0], turn=self._turn, focal_px=camera.fx)
        if motion is None:
            self._turn = np.zeros(3)
            return
        self._turn = motion.turn
        self.steps.append(
            Step(
                seconds=self._seconds(at) - span_s / 2.0,
                span_s=span_s,
                turn_rate=float(-(motion.turn @ body[:, 2]) / span_s),
                direction=motion.direction,
                agreeing=motion.agreeing,
                road=self._road(before, after, motion, camera=camera, at=at, span_s=span_s),
            )
        )

    def _seconds(self, at: datetime) -> float:
        return 0.0 if self.start is None else (at - self.start).total_seconds()

    def _road(
        self,
        before: Image,
        after: Image,
        motion: Motion,
        *,
        camera: Camera,
        at: datetime,
        span_s: float,
    ) -> Array | None:
        pose, height_m = _pose(self._telemetry, at), camera.mounting.height_above_ground_m
        if pose is None or not pose.speed_m_s or height_m is None:
            return None
        down = body_from_camera(camera).T[:, 2]
        expected = road_moves(motion, down=down, way_per_height=pose.speed_m_s * span_s / height_m)
        one, other = follow_road(before, after, expected=expected, camera=camera)
        chosen = _on_road(one, motion, down=down)
        return road_below(one[chosen], other[chosen], motion, focal_px=camera.fx)


def _on_road(rays: Array, motion: Motion, *, down: Array) -> NDArray[np.bool_]:
    """Choose rays that meet the road if it lies along the way of the camera."""
    ahead = motion.start
    below = down - (down @ ahead) * ahead
    below = below / np.linalg.norm(below)
    depth = rays @ below
    safe = np.maximum(depth, 1e-6)
    far, aside = (rays @ ahead) / safe, (rays @ np.cross(below, ahead)) / safe
    chosen: NDArray[np.bool_] = (depth > 0.0) & (far > _ROAD_AHEAD[0]) & (far < _ROAD_AHEAD[1])
    return chosen & (np.abs(aside) < _ROAD_ASIDE)


def _pose(telemetry: Telemetry, at: datetime) -> Pose | None:
    try:
        return telemetry.pose_at(at)
    except NoPose:
        return None


def _heading(pose: Pose) -> float:
    return pose.yaw if pose.course is None else pose.course


def _speeds(poses: list[Pose | None]) -> Array:
    """Give metres a second: stated, else from one place to the next; NaN where unknown."""
    speeds = np.full(len(poses), np.nan)
    for number, (pose, after) in enumerate(zip(poses, [*poses[1:], None], strict=True)):
        if pose is not None and pose.speed_m_s is not None:
            speeds[number] = pose.speed_m_s
        elif pose is not None and after is not None:
            plane = LocalPlane(latitude=pose.latitude, longitude=pose.longitude)
            way = plane.east_north(after.latitude, after.longitude)
            speeds[number] = float(np.hypot(way[0], way[1])) / _GRID_S
    return speeds
