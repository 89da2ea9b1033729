"""Check a drive: whether the road moves through the frames as the poses say.

Pairs of frames some metres apart are taken from the first minutes. On a straight road at constant
speed a wrong clock moves every place alike along the road and no pair can show it.
"""

import math
from collections.abc import Iterator
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
from edge.geocheck.matching import Small, followed, small_frame
from edge.geocheck.verdict import Outcome, PairSaid, Verdict, undecided
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
STRAIN: Final = 3.0
CAUSES: Final = (ZOOM, replace(HEIGHT, tolerance=0.07), PITCH, CLOCK)
"""A vehicle's camera hangs at a height that a tape measures."""
_NEAR: Final = math.radians(7.0)
"""Depression below which the road is followed: with a common mounting, up to some 13 m away."""
_LEVEL: Final = 0.2
"""Sine of the angle from the nadir within which a camera looks straight down."""


@dataclass(slots=True)
class DriveCheck:
    """Collects pairs of frames of a drive as they pass, and judges them at the end."""

    footage: Footage
    _views: list[View] = field(default_factory=list)
    _overlaps: list[Overlap] = field(default_factory=list)
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
        return len(self._overlaps)

    def verdict(self) -> Verdict:
        """Judge what was collected."""
        if len(self._overlaps) < FEWEST_PAIRS:
            return undecided()
        return _judge(self._views, self._overlaps, self.footage)

    def _pair(self, one: tuple[View, Small], other: tuple[View, Small]) -> None:
        guess = _moved(one[0], other[0])
        found = followed(one[1], other[1], guess=guess, below=_road_row(other[0]))
        if not len(found):
            return
        if not self._views or self._views[-1] is not one[0]:
            self._views.append(one[0])
        self._views.append(other[0])
        number = len(self._views) - 2
        self._overlaps.append(overlap_of((number, number + 1), found, self._views))


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


def _judge(views: list[View], overlaps: list[Overlap], footage: Footage) -> Verdict:
    ground = lay_out(views)
    pairs = tuple(
        PairSaid(
            first=views[overlap.first].name,
            second=views[overlap.second].name,
            matches=len(overlap.seen),
            stated_m=disagreement_m(ground, overlap),
            mended_m=disagreement_m(ground, overlap),
            expected_m=expected_m(views, overlap, ground),
        )
        for overlap in overlaps
    )
    later = later_on(footage.telemetry, views, most_s=float(CLOCK.values.max()))
    trials = try_causes(views, overlaps, causes=CAUSES, later=later)
    faults = faults_among(trials)
    strain = median(pair.stated_m / pair.expected_m for pair in pairs)
    usual_m = median(pair.stated_m for pair in pairs)
    return Verdict(
        outcome=Outcome.FAILED if faults or strain > STRAIN else Outcome.PASSED,
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
