"""Poses between the fixes of a recorded track, with their errors.

Position by cubic Hermite curves, attitude along the shortest turn. Fixes more than `MAX_GAP_S`
apart are not bridged (a turn in between would go unseen), so a track must be logged at 1 Hz or
faster; nothing is extrapolated over more than `MAX_REACH_S`. A carrier without a heading sensor
heads where it travels; standing, it keeps the heading it arrived with.
"""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edge.errors import EdgeError
from edge.placing.geodesy import LocalPlane
from edge.placing.pose import NoPose, Pose, PoseError, body_angles, ned_from_body, turn_between

Array = NDArray[np.float64]

MAX_GAP_S: Final = 1.5
MAX_REACH_S: Final = 0.2
MOVING_M_S: Final = 1.5
"""Slower than this the course of a receiver is mostly its noise."""
_STANDING_YAW: Final = math.radians(5.0)
_LEAST_YAW: Final = math.radians(1.0)
_HARD_TURN_M_S2: Final = 1.0

RECEIVER: Final = PoseError(
    horizontal_shared_m=2.0,
    horizontal_own_m=0.5,
    vertical_m=3.0,
    yaw_shared=math.radians(1.0),
    yaw_own=math.radians(0.5),
    pitch=math.radians(0.5),
    roll=math.radians(0.5),
    time_s=0.05,
)
"""A navigation receiver under open sky, a body on springs, two clocks set apart."""


class UnusableTelemetry(EdgeError):
    """A telemetry file cannot be used, and why."""

    def __init__(self, path: Path, zh: str, en: str) -> None:
        super().__init__(
            f"遥测文件 {path} 不能用：{zh}", f"telemetry file {path} cannot be used: {en}"
        )
        self.path = path


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """One line of a track; None where it does not say.

    Attributes:
        yaw, pitch, roll: radians, as in `Pose`.
        sigma_m: standard error of the place, horizontal, per axis.
        velocity: metres a second east and north over ground, if the receiver measures it.
    """

    at: datetime
    latitude: float
    longitude: float
    height_hae_m: float | None = None
    height_above_ground_m: float | None = None
    yaw: float | None = None
    pitch: float | None = None
    roll: float | None = None
    sigma_m: float | None = None
    velocity: tuple[float, float] | None = None

    @property
    def is_possible(self) -> bool:
        """Say whether the place is one: in range, finite and not within a decimetre of 0, 0."""
        inside = abs(self.latitude) <= 90.0 and abs(self.longitude) <= 180.0
        return inside and max(abs(self.latitude), abs(self.longitude)) > 1e-6


def velocity(speed_m_s: float, course_deg: float) -> tuple[float, float]:
    """Give metres a second east and north of a speed over ground and its course from north."""
    course = math.radians(course_deg)
    return speed_m_s * math.sin(course), speed_m_s * math.cos(course)


class TrackTelemetry:
    """A recorded track of a vehicle or drone."""

    def __init__(
        self,
        path: Path,
        fixes: Sequence[Fix],
        *,
        digest: str,
        error: PoseError = RECEIVER,
        heading: float | None = None,
    ) -> None:
        """Take over cleaned fixes.

        Args:
            error: of a pose whose fix does not say how good it is.
            heading: radians, with which the carrier came to the first fix; None where unknown.

        Raises:
            UnusableTelemetry: fewer than two fixes, or none that follow each other closely enough.
        """
        if len(fixes) < 2:
            raise UnusableTelemetry(path, "定位点不足两个", "it holds fewer than two fixes")
        self._fixes = tuple(fixes)
        self._digest = digest
        self._stated = error
        start = fixes[0].at
        self._start = start
        self._seconds = [(fix.at - start).total_seconds() for fix in fixes]
        steps = np.diff(self._seconds)
        if float(steps.min()) > MAX_GAP_S:
            raise UnusableTelemetry(
                path,
                f"定位点间隔至少 {steps.min():.1f} 秒，须不超过 {MAX_GAP_S} 秒；"
                "请按每秒一次或更密记录",
                f"its fixes lie {steps.min():.1f} s apart or more, over {MAX_GAP_S} s: "
                "log once a second or more often",
            )
        self._plane = LocalPlane(latitude=fixes[0].latitude, longitude=fixes[0].longitude)
        self._places = self._plane.east_north(
            np.array([fix.latitude for fix in fixes]), np.array([fix.longitude for fix in fixes])
        )
        self._velocities = _velocities(self._fixes, np.array(self._seconds), self._places)
        self._yaws = _yaws(self._fixes, self._velocities, heading)

    @property
    def digest(self) -> str:
        """Hash of the file."""
        return self._digest

    @property
    def count(self) -> int:
        """Give how many fixes it has."""
        return len(self._fixes)

    @property
    def span(self) -> tuple[datetime, datetime]:
        """Give the times of the first and the last fix."""
        return self._fixes[0].at, self._fixes[-1].at

    def heading_at(self, at: datetime) -> float | None:
        """Give the heading, radians, known at the last fix up to a time; None where unknown."""
        number = bisect_right(self._seconds, (at - self._start).total_seconds()) - 1
        return self._yaws[max(number, 0)]

    def pose_at(self, at: datetime) -> Pose:
        """Give the pose at a time.

        Raises:
            NoPose: outside the track, inside a gap, or standing with a heading never known.
        """
        first, share = self._locate(at)
        last = min(first + 1, len(self._fixes) - 1)
        step_s = self._seconds[last] - self._seconds[first]
        place, velocity = self._move(first, last, share * step_s)
        one, other = self._fixes[first], self._fixes[last]
        attitude = turn_between(self._attitude(first, at), self._attitude(last, at), share)
        yaw, pitch, roll = body_angles(attitude)
        latitude, longitude = self._plane.latitude_longitude(place)
        speed_m_s = float(np.hypot(velocity[0], velocity[1]))
        course = math.atan2(velocity[0], velocity[1]) if speed_m_s > MOVING_M_S else None
        wide_s = max(0.0, share * (1.0 - share)) * step_s**2
        return Pose(
            at=at,
            latitude=float(latitude),
            longitude=float(longitude),
            height_hae_m=_between(one.height_hae_m, other.height_hae_m, share),
            height_above_ground_m=_between(
                one.height_above_ground_m, other.height_above_ground_m, share
            ),
            yaw=yaw,
            pitch=pitch,
            roll=roll,
            speed_m_s=speed_m_s,
            course=course,
            error=self._error(one, speed_m_s=speed_m_s, bridged_m=_HARD_TURN_M_S2 * wide_s / 2.0),
        )

    def _locate(self, at: datetime) -> tuple[int, float]:
        """Give the fix before a time and how much of the way to the next has passed."""
        seconds = (at - self._start).total_seconds()
        number = min(max(bisect_right(self._seconds, seconds) - 1, 0), len(self._seconds) - 2)
        before, after = self._seconds[number], self._seconds[number + 1]
        if not before - MAX_REACH_S <= seconds <= after + MAX_REACH_S:
            raise NoPose(at, "不在遥测记录的时间之内", "it lies outside the recorded track")
        if after - before <= MAX_GAP_S:
            return number, (seconds - before) / (after - before)
        near = number if seconds - before <= MAX_REACH_S else number + 1
        if abs(seconds - self._seconds[near]) > MAX_REACH_S:
            raise NoPose(
                at,
                f"遥测中断 {after - before:.1f} 秒",
                f"the telemetry is interrupted for {after - before:.1f} s",
            )
        return near, 0.0

    def _move(self, first: int, last: int, passed_s: float) -> tuple[Array, Array]:
        """Give place and velocity (2,) on the cubic between two fixes; straight on outside."""
        step_s = self._seconds[last] - self._seconds[first]
        p, q = self._places[first], self._places[last]
        v, w = self._velocities[first], self._velocities[last]
        if step_s <= 0.0 or step_s > MAX_GAP_S or passed_s <= 0.0:
            return p + v * passed_s, v
        if passed_s >= step_s:
            return q + w * (passed_s - step_s), w
        s = passed_s / step_s
        place = (
            (1.0 + 2.0 * s) * (1.0 - s) ** 2 * p
            + s * (1.0 - s) ** 2 * step_s * v
            + s**2 * (3.0 - 2.0 * s) * q
            + s**2 * (s - 1.0) * step_s * w
        )
        velocity = (
            6.0 * s * (s - 1.0) * (p - q) / step_s
            + (1.0 - s) * (1.0 - 3.0 * s) * v
            + s * (3.0 * s - 2.0) * w
        )
        return place, velocity

    def _attitude(self, number: int, at: datetime) -> Array:
        fix, yaw = self._fixes[number], self._yaws[number]
        if yaw is None:
            raise NoPose(at, "一直静止，不知道朝向", "it never moved, so its heading is unknown")
        return ned_from_body(yaw, fix.pitch or 0.0, fix.roll or 0.0)

    def _error(self, fix: Fix, *, speed_m_s: float, bridged_m: float) -> PoseError:
        stated = self._stated
        shared_m = stated.horizontal_shared_m if fix.sigma_m is None else fix.sigma_m
        own_m = math.hypot(min(stated.horizontal_own_m, shared_m), bridged_m)
        error = replace(stated, horizontal_shared_m=shared_m, horizontal_own_m=own_m)
        if fix.yaw is not None:
            return error
        if speed_m_s <= MOVING_M_S:
            return replace(error, yaw_own=_STANDING_YAW)
        # Two fixes a second either side, each off by its own error, give the course.
        course = math.atan2(stated.horizontal_own_m / 4.0, speed_m_s)
        return replace(error, yaw_own=max(_LEAST_YAW, course))


def _velocities(fixes: Sequence[Fix], seconds: Array, places: Array) -> Array:
    """Give (n, 2) metres a second: measured, else centred where both neighbours are near."""
    near = np.diff(seconds) <= MAX_GAP_S
    slopes = np.diff(places, axis=0) / np.diff(seconds)[:, None]
    velocities = np.zeros_like(places)
    for number, fix in enumerate(fixes):
        if fix.velocity is not None:
            velocities[number] = fix.velocity
            continue
        before = number > 0 and bool(near[number - 1])
        after = number < len(near) and bool(near[number])
        if before and after:
            step = seconds[number + 1] - seconds[number - 1]
            velocities[number] = (places[number + 1] - places[number - 1]) / step
        elif before or after:
            velocities[number] = slopes[number - 1] if before else slopes[number]
    return velocities


def _yaws(
    fixes: Sequence[Fix], velocities: Array, before: float | None
) -> tuple[float | None, ...]:
    """Give each fix's heading: stated, else its course, else the last course, else the next."""
    courses = [
        fix.yaw
        if fix.yaw is not None
        else (math.atan2(east, north) if math.hypot(east, north) > MOVING_M_S else None)
        for fix, (east, north) in zip(fixes, velocities, strict=True)
    ]
    known = before
    if known is None:
        known = next((course for course in courses if course is not None), None)
    yaws: list[float | None] = []
    for course in courses:
        known = known if course is None else course
        yaws.append(known)
    return tuple(yaws)


def _between(one: float | None, other: float | None, share: float) -> float | None:
    return None if one is None or other is None else one + (other - one) * share
