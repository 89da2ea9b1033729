"""Which frames of a stream are looked at: one a step of the way, the sharpest about there.

A step is ground driven, so a parked car looks at nothing new and a fast one misses nothing that
the camera caught. Frames within a quarter of a step about the next step compete by sharpness;
where the camera is too slow for that, every frame is taken. A turn on the spot counts as way, for
it shows new ground. Without positions the step is time. The same stream gives the same choice.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Generic, Protocol, TypeVar

from detect.quality import judge
from edge.errors import EdgeError
from edge.frame import Frame, FrameSource
from edge.placing.pose import NoPose, Telemetry
from edge.sources.video import VideoFile
from edge.state import Passed

CHOICE: Final = "step-1"
"""Names this rule where results are told apart by how they were got; a changed rule is renamed."""
STEP_M: Final = 1.0
"""At 10 m a thing on the road is then shown ten times over before it leaves the picture below."""
UNTRACKED_S: Final = 0.2
"""Without positions: at 10 m/s two metres between frames."""
FLOWN_SHARE: Final = 0.05
"""A drone's step as a share of its height: a twentieth of what it sees, or less."""
TURN: Final = math.radians(15.0)
"""So far turned on the spot is one step."""
STANDING_M_S: Final = 0.5
STANDING_STEPS: Final = 3.0
"""Slower than that, this many steps are one: a receiver wanders about as far while it stands."""
_EARLIEST: Final = 0.75
_LATEST: Final = 1.25
_STOOD: Final = 0.1
"""A share of a step below which the carrier is said to have stood: receivers wander as far."""
_M_PER_DEGREE: Final = 111_195.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where a frame was taken.

    Attributes:
        latitude, longitude: degrees.
        yaw: of the carrier, radians from north.
        speed_m_s: over ground; None where that is not known.
        height_m: above ground, of what flies; None for what drives.
    """

    latitude: float
    longitude: float
    yaw: float
    speed_m_s: float | None = None
    height_m: float | None = None


class Candidate(Protocol):
    """A frame that may be looked at, before it is made ready for that."""

    @property
    def at(self) -> datetime:
        """When it was exposed."""

    def sharpness(self) -> float:
        """Give how sharp it is, 0 to 1; asked only where frames compete."""

    def develop(self) -> Frame:
        """Give the frame itself."""


C = TypeVar("C", bound=Candidate)


class Choice(Generic[C]):
    """Chooses among the frames of one stream, in order of time."""

    def __init__(
        self,
        *,
        step_m: float = STEP_M,
        untracked_s: float = UNTRACKED_S,
        passed: Callable[[Passed], None] | None = None,
    ) -> None:
        """Begin with the next frame.

        Args:
            step_m: way between frames of what drives, > 0.
            untracked_s: time between frames whose place is not known, > 0.
            passed: is told of each frame that is not chosen.
        """
        self._step_m, self._untracked_s = step_m, untracked_s
        self._passed = passed or (lambda _: None)
        self._from: tuple[datetime, Spot | None] | None = None
        self._best: tuple[C, Spot | None, float] | None = None

    def offer(self, candidate: C, spot: Spot | None) -> tuple[C, ...]:
        """Take one frame; give those that are chosen by now, in order of time: none, one or two.

        Args:
            spot: where it was taken, as far as known.
        """
        if self._from is None:
            return (self._take(candidate, spot),)
        steps = self._steps(candidate.at, spot)
        if steps < _EARLIEST:
            self._passed(Passed.STANDING if steps < _STOOD else Passed.NEAR)
            return ()
        if steps <= _LATEST:
            self._compete(candidate, spot, off=abs(steps - 1.0))
            return ()
        if self._best is None:
            return (self._take(candidate, spot),)
        chosen = self._take(*self._best[:2])
        return (chosen, *self.offer(candidate, spot))

    def finish(self) -> tuple[C, ...]:
        """End the stream; give the frame that was the best of an open step, if there is one."""
        return () if self._best is None else (self._take(*self._best[:2]),)

    def _take(self, candidate: C, spot: Spot | None) -> C:
        self._from, self._best = (candidate.at, spot), None
        return candidate

    def _compete(self, candidate: C, spot: Spot | None, *, off: float) -> None:
        """Keep the sharper frame; of two as sharp, the one nearer to the step."""
        if self._best is None:
            self._best = candidate, spot, off
            return
        best, _, best_off = self._best
        if (candidate.sharpness(), -off) > (best.sharpness(), -best_off):
            self._best = candidate, spot, off
        self._passed(Passed.NEAR)

    def _steps(self, at: datetime, spot: Spot | None) -> float:
        """Give the way since the last chosen frame, in steps."""
        assert self._from is not None, "the first frame is always chosen"
        then, before = self._from
        if spot is None or before is None:
            return (at - then).total_seconds() / self._untracked_s
        step_m = self._step_m
        if spot.height_m is not None:
            step_m = max(step_m, FLOWN_SHARE * spot.height_m)
        if spot.speed_m_s is not None and spot.speed_m_s < STANDING_M_S:
            step_m *= STANDING_STEPS
        turned = abs(math.remainder(spot.yaw - before.yaw, math.tau))
        return max(apart_m(before, spot) / step_m, turned / TURN)


def spot_by(telemetry: Telemetry, at: datetime) -> Spot | None:
    """Give where a frame was taken by recorded telemetry; None where that does not say."""
    try:
        pose = telemetry.pose_at(at)
    except NoPose:
        return None
    return Spot(
        latitude=pose.latitude,
        longitude=pose.longitude,
        yaw=pose.yaw,
        speed_m_s=pose.speed_m_s,
        height_m=pose.height_above_ground_m,
    )


@dataclass(frozen=True, slots=True)
class _Ready:
    """A frame that its source gives whole."""

    frame: Frame

    @property
    def at(self) -> datetime:
        return self.frame.at

    def sharpness(self) -> float:
        return judge(self.frame.image).sharpness

    def develop(self) -> Frame:
        return self.frame


def looked_at(
    source: FrameSource, telemetry: Telemetry, *, step_m: float = STEP_M
) -> Iterator[Frame]:
    """Give the frames of a recorded stream that are looked at, by its telemetry.

    Raises:
        EdgeError: what reading the stream raises, after the frames before it.
    """
    choice = Choice[Candidate](step_m=step_m)
    try:
        for candidate in _candidates(source):
            for picked in choice.offer(candidate, spot_by(telemetry, candidate.at)):
                yield picked.develop()
    except EdgeError:
        yield from (picked.develop() for picked in choice.finish())
        raise
    yield from (picked.develop() for picked in choice.finish())


def _candidates(source: FrameSource) -> Iterator[Candidate]:
    return source.recorded() if isinstance(source, VideoFile) else map(_Ready, source.frames())


def apart_m(one: Spot, other: Spot) -> float:
    """Give the way between two spots, metres."""
    north = (other.latitude - one.latitude) * _M_PER_DEGREE
    narrow = math.cos(math.radians(one.latitude))
    east = math.remainder(other.longitude - one.longitude, 360.0) * _M_PER_DEGREE * narrow
    return math.hypot(north, east)
