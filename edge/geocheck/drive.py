"""Check a drive: whether the road moves through the frames as the poses say.

Pairs of frames some metres apart are taken from the first minutes. On a straight road at constant
speed a wrong clock moves every place alike along the road and no pair can show it.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from statistics import median
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edge.footage import Footage
from edge.frame import Frame
from edge.geocheck.agreement import (
    Overlap,
    View,
    disagreement_m,
    expected_m,
    lay_out,
    overlap_of,
)
from edge.geocheck.causes import CLOCK, HEIGHT, PITCH, ZOOM
from edge.geocheck.faults import faults_among, try_causes
from edge.geocheck.matching import Small, followed, small_frame, turned
from edge.geocheck.verdict import Outcome, PairSaid, Verdict, undecided, upside_down
from edge.geocheck.way import later_on
from edge.placing.geodesy import LocalPlane
from edge.placing.pose import NoPose
from edge.placing.terrain import ground_of
from edge.sources.video import CutOffVideo

Array = NDArray[np.float64]

STEP_M: Final = 1.5
"""Way between the two frames of a pair."""
LONGEST: Final = timedelta(minutes=3)
MOST_PAIRS: Final = 50
FEWEST_PAIRS: Final = 8
TURNED_PAIRS: Final = 16
"""So many pairs are also compared as if the picture were upside down."""
STRAIN: Final = 3.0
TURNED_STRAIN: Final = 1.5
"""What hangs over the road moves much like a road that is upside down, but not quite."""
CAUSES: Final = (ZOOM, replace(HEIGHT, tolerance=0.07), PITCH, CLOCK)
"""A vehicle's camera hangs at a height that a tape measures."""
_NEAR: Final = math.radians(7.0)
"""Depression below which the road is followed: with a common mounting, up to some 13 m away."""
_LEVEL: Final = 0.2
"""Sine of the angle from the nadir within which a camera looks straight down."""


@dataclass(slots=True)
class _Compared:
    """Pairs of frames in which the same road was found."""

    views: list[View] = field(default_factory=list)
    overlaps: list[Overlap] = field(default_factory=list)

    def add(self, one: View, other: View, found: Array) -> None:
        if not len(found):
            return
        if not self.views or self.views[-1] is not one:
            self.views.append(one)
        self.views.append(other)
        number = len(self.views) - 2
        self.overlaps.append(overlap_of((number, number + 1), found, self.views))

    def said(self) -> tuple[PairSaid, ...]:
        ground = lay_out(self.views)
        return tuple(
            PairSaid(
                first=self.views[overlap.first].name,
                second=self.views[overlap.second].name,
                matches=len(overlap.seen),
                stated_m=disagreement_m(ground, overlap),
                mended_m=disagreement_m(ground, overlap),
                expected_m=expected_m(self.views, overlap, ground),
            )
            for overlap in self.overlaps
        )


@dataclass(slots=True)
class DriveCheck:
    """Collects pairs of frames of a drive as they pass, and judges them at the end."""

    footage: Footage
    _upright: _Compared = field(default_factory=_Compared)
    _turned: _Compared = field(default_factory=_Compared)
    _tried: int = 0
    _last: tuple[View, Small] | None = None

    def take(self, frame: Frame) -> None:
        """Look at a frame: it makes a pair with the last one it has moved away from."""
        if self.pairs >= MOST_PAIRS:
            return
        try:
            pose = self.footage.telemetry.pose_at(frame.at)
        except NoPose:
            self._last = None
            return
        height, width = frame.image.shape[:2]
        camera = self.footage.camera.scaled_to(width, height)
        view = View(name=frame.name, at=frame.at, pose=pose, camera=camera)
        last = self._last
        if last is not None and _apart_m(last[0], view) < STEP_M:
            return
        small = small_frame(frame.image)
        if last is not None and _apart_m(last[0], view) < 3.0 * STEP_M:
            self._pair(last, (view, small))
        self._last = (view, small)

    @property
    def pairs(self) -> int:
        """How many pairs of frames were compared."""
        return len(self._upright.overlaps)

    def verdict(self) -> Verdict:
        """Judge what was collected."""
        verdict = undecided()
        if self.pairs >= FEWEST_PAIRS:
            verdict = _judge(self._upright, self.footage)
        if verdict.outcome is not Outcome.PASSED and len(self._turned.overlaps) >= FEWEST_PAIRS:
            pairs = self._turned.said()
            if _strain(pairs) <= TURNED_STRAIN:
                return upside_down(pairs)
        return verdict

    def _pair(self, one: tuple[View, Small], other: tuple[View, Small]) -> None:
        guess, below = _moved(one[0], other[0]), _road_row(other[0])
        found = followed(one[1], other[1], guess=guess, below=below)
        self._upright.add(one[0], other[0], found)
        self._tried += 1
        if self._tried <= TURNED_PAIRS:
            found = followed(turned(one[1]), turned(other[1]), guess=guess, below=below)
            self._turned.add(one[0], other[0], found)


def check_drive(footage: Footage) -> Verdict:
    """Check a drive by its first minutes.

    Raises:
        EdgeError: the footage or its telemetry cannot be read.
    """
    check = DriveCheck(footage)
    try:
        for frame in _first(footage.source.frames()):
            check.take(frame)
    except CutOffVideo:
        pass
    return check.verdict()


def _first(frames: Iterator[Frame]) -> Iterator[Frame]:
    until = None
    for frame in frames:
        until = until or frame.at + LONGEST
        if frame.at > until:
            return
        yield frame


def _strain(pairs: Sequence[PairSaid]) -> float:
    return median(pair.stated_m / pair.expected_m for pair in pairs)


def _judge(compared: _Compared, footage: Footage) -> Verdict:
    views, overlaps, pairs = compared.views, compared.overlaps, compared.said()
    later = later_on(footage.telemetry, views, most_s=float(CLOCK.values.max()))
    trials = try_causes(views, overlaps, causes=CAUSES, later=later)
    faults = faults_among(trials)
    usual_m = median(pair.stated_m for pair in pairs)
    return Verdict(
        outcome=Outcome.FAILED if faults or _strain(pairs) > STRAIN else Outcome.PASSED,
        pairs=pairs,
        photos=(),
        faults=faults,
        trials=trials,
        stated_m=usual_m,
        mended_m=usual_m,
    )


def _apart_m(one: View, other: View) -> float:
    plane = LocalPlane(latitude=one.pose.latitude, longitude=one.pose.longitude)
    return float(np.hypot(*plane.east_north(other.pose.latitude, other.pose.longitude)))


def _moved(one: View, other: View) -> Array:
    """Give the homography (3, 3) of the ground from pixels of a view to those of the next."""
    ground = lay_out((one, other))
    over = []
    for number, view in enumerate((one, other)):
        stance, camera = ground.stances[number], view.camera
        assert stance is not None, "every view has the pose it was made with"
        lens = np.array([[camera.fx, 0.0, camera.cx], [0.0, camera.fy, camera.cy], [0.0, 0.0, 1.0]])
        turned = stance.rotation.T
        eye = stance.position + np.array([*ground.origins[number], 0.0])
        over.append(lens @ np.column_stack([turned[:, 0], turned[:, 1], -turned @ eye]))
    moved: Array = over[1] @ np.linalg.inv(over[0])
    return moved


def _road_row(view: View) -> float:
    """Give the row of a view under which near road lies; 0 for a camera that looks straight down.

    Raises:
        NoHeight: nothing says how high the camera is.
    """
    rotation = ground_of(view.camera).stance(view.pose, view.camera).rotation
    ahead = rotation[:2, 2]
    if float(np.hypot(*ahead)) < _LEVEL:
        return 0.0
    ahead = ahead / np.hypot(*ahead)
    far = np.array([*(math.cos(_NEAR) * ahead), -math.sin(_NEAR)])
    row = float(view.camera.project((rotation.T @ far)[None])[0, 1])
    return max(0.0, row) if math.isfinite(row) else 0.0
