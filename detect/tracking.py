"""Detections of a moving camera joined into tracks, in two stages as ByteTrack does.

Strong detections are paired first, weak ones only carry on what strong ones began. Expected places
follow the camera's motion, not the picture: a road at 10 m/s and 5 frames a second leaves no
overlap without it. Source of the two stages: Zhang et al., ByteTrack (ECCV 2022).
"""

from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from detect.association import Boxed, affinity, first_of_each, pairs, warp
from detect.box import area, clip
from detect.detections import Detections, MalformedDetections
from detect.errors import DetectError
from detect.motion import CameraMotion
from detect.track import Track, TrackPoint, TrackPolicy, votes_of

NEW_VIEW: Final = 0.02
"""Share of the frame's diagonal that some ground must move before a frame is another view."""

IN_VIEW: Final = 0.5
"""Share of a box that must lie within the frame for the thing to be in view."""

_DRIFT: Final = np.float32(0.2)
_SECOND_STAGE: Final = np.float32(0.3)


class FrameOutOfOrder(DetectError):
    """Frames must come in order."""

    def __init__(self, *, index: int, last: int) -> None:
        super().__init__(
            f"第 {index} 帧在第 {last} 帧之后到达；请按时间顺序送入画面",
            f"frame {index} came after frame {last}; give frames in order of time",
        )
        self.index, self.last = index, last


class _Shot:
    """One frame's detections, kept by the tracks that were seen in it."""

    __slots__ = ("at", "detections", "index", "view")

    def __init__(self, index: int, at: datetime, view: int, detections: Detections) -> None:
        self.index, self.at, self.view, self.detections = index, at, view, detections

    def point(self, row: int) -> TrackPoint:
        """Give one of its detections as a sight."""
        left, top, right, bottom = self.detections.xyxy[row].tolist()
        return TrackPoint(
            frame_index=self.index,
            at=self.at,
            view=self.view,
            xyxy=(left, top, right, bottom),
            score=float(self.detections.score[row]),
            probability=float(self.detections.probability[row]),
            label=self.detections.name_of(row),
        )


class _Live:
    """A track that may go on; its box and drift lie in the tracker's arrays."""

    __slots__ = ("number", "offered", "sights")

    def __init__(self, number: int) -> None:
        self.number = number
        self.sights: list[tuple[_Shot, int]] = []
        self.offered: list[int] = []


class Tracker:
    """Joins the detections of one pass into tracks."""

    def __init__(self, labels: tuple[str, ...], *, policy: TrackPolicy) -> None:
        self._labels, self._policy = labels, policy
        self._thresholds = np.array([policy.thresholds[name] for name in labels], np.float32)
        self._live: list[_Live] = []
        self._xyxy = np.empty((0, 4), np.float32)
        self._drift = np.empty((0, 2), np.float32)
        self._label = np.empty(0, np.int64)
        self._missed = np.empty(0, np.int64)
        self._begun = 0
        self._view = 0
        self._since_view = np.eye(3)
        self._motion = np.eye(3)
        self._last_index: int | None = None

    def update(
        self, frame_index: int, at: datetime, detections: Detections, motion: CameraMotion
    ) -> tuple[Track, ...]:
        """Take one frame and give the tracks that ended with it, in the order they began.

        Args:
            frame_index: position in the source, ascending.
            at: exposure time.
            detections: what the frame shows.
            motion: of the picture since the frame before; also says how large frames are.

        Raises:
            FrameOutOfOrder: the frame is not later than the one before.
            MalformedDetections: the detections are another model's.
        """
        self._accept(frame_index, detections)
        self._look(motion)
        shot = _Shot(frame_index, at, self._view, detections)
        expected = self._expected(motion)
        seen = self._pair(expected, detections, motion)
        self._carry_on(seen, shot, expected)
        ended = self._settle(motion.frame)
        self._begin(seen, shot)
        return ended

    def live(self) -> tuple[Track, ...]:
        """Give the tracks that go on, as far as they were seen often enough to be evidence."""
        often = (each for each in self._live if len(each.sights) >= self._policy.seen)
        return tuple(self._track(each) for each in often)

    def followed(self) -> tuple[Track, ...]:
        """Give all tracks that go on, however rarely they were seen."""
        return tuple(self._track(each) for each in self._live)

    def finish(self) -> tuple[Track, ...]:
        """End the pass and give the tracks that were still live, in the order they began."""
        return self._end(np.ones(len(self._live), np.bool_))

    def _accept(self, frame_index: int, detections: Detections) -> None:
        if self._last_index is not None and frame_index <= self._last_index:
            raise FrameOutOfOrder(index=frame_index, last=self._last_index)
        if detections.labels != self._labels:
            raise MalformedDetections("the labels of another model")
        self._last_index = frame_index

    def _look(self, motion: CameraMotion) -> None:
        """Count viewpoints: frames of a standing or repeated picture are one."""
        self._since_view = motion.matrix @ self._since_view
        if not motion.known or _moved(self._since_view, motion.frame) >= NEW_VIEW:
            self._view += 1
            self._since_view = np.eye(3)

    def _expected(self, motion: CameraMotion) -> NDArray[np.float32]:
        """Give where the tracks should be; a camera lost from sight goes on as it went before."""
        if motion.known:
            self._motion = motion.matrix
        return warp(self._xyxy, self._motion) + np.tile(self._drift, 2)

    def _pair(
        self, expected: NDArray[np.float32], detections: Detections, motion: CameraMotion
    ) -> NDArray[np.int64]:
        """Give for each detection the row of its track, -1 if it may begin one, -2 if neither."""
        boxed = Boxed(xyxy=detections.xyxy, label=detections.label)
        strong = detections.score >= self._thresholds[detections.label]
        usable = first_of_each(boxed) & (detections.score >= self._policy.floor)
        found = np.where(usable & strong, -1, -2)
        height, width = motion.frame
        # What is seen ends at the border, so what is expected has to.
        awaited = Boxed(xyxy=clip(expected, width=width, height=height), label=self._label)
        close = affinity(awaited, boxed, height=height, known=motion.known)
        close[:, ~usable] = 0
        for stage, least in ((strong, np.float32(0)), (~strong, _SECOND_STAGE)):
            tracks, sights = pairs(np.where(stage & (close > least), close, np.float32(0)))
            found[sights] = tracks
            close[tracks] = 0
        return found

    def _carry_on(
        self, seen: NDArray[np.int64], shot: _Shot, expected: NDArray[np.float32]
    ) -> None:
        """Move the tracks on: to what was seen of them, or to where they are expected."""
        sights = np.flatnonzero(seen >= 0)
        tracks = seen[sights]
        boxes = shot.detections.xyxy[sights]
        off = (boxes - expected[tracks]).reshape(-1, 2, 2).mean(axis=1)
        self._missed += 1
        self._missed[tracks] = 0
        self._xyxy = expected.copy()
        self._xyxy[tracks] = boxes
        self._drift[tracks] += _DRIFT * off
        self._label[tracks] = shot.detections.label[sights]
        for track, sight in zip(tracks.tolist(), sights.tolist(), strict=True):
            self._live[track].sights.append((shot, sight))

    def _settle(self, frame: tuple[int, int]) -> tuple[Track, ...]:
        """Count who was in view, and end the tracks that left it or were missed too often."""
        height, width = frame
        whole = area(self._xyxy)
        inside = area(clip(self._xyxy, width=width, height=height))
        share = np.where(whole > 0, inside / np.maximum(whole, 1e-6), 0)
        present = (share >= IN_VIEW) | (self._missed == 0)
        for track in np.flatnonzero(present).tolist():
            offered = self._live[track].offered
            if not offered or offered[-1] != self._view:
                offered.append(self._view)
        gone = (share <= 0) | (self._missed > self._policy.patience)
        return self._end(gone & (self._missed > 0))

    def _begin(self, seen: NDArray[np.int64], shot: _Shot) -> None:
        sights = np.flatnonzero(seen == -1)
        for sight in sights.tolist():
            self._begun += 1
            live = _Live(self._begun)
            live.sights.append((shot, sight))
            live.offered.append(self._view)
            self._live.append(live)
        fresh = np.zeros((len(sights), 2), np.float32)
        self._xyxy = np.concatenate((self._xyxy, shot.detections.xyxy[sights]))
        self._drift = np.concatenate((self._drift, fresh))
        self._label = np.concatenate((self._label, shot.detections.label[sights]))
        self._missed = np.concatenate((self._missed, np.zeros(len(sights), np.int64)))

    def _end(self, gone: NDArray[np.bool_]) -> tuple[Track, ...]:
        ended = tuple(self._track(self._live[i]) for i in np.flatnonzero(gone).tolist())
        self._live = [self._live[i] for i in np.flatnonzero(~gone).tolist()]
        self._xyxy, self._drift = self._xyxy[~gone], self._drift[~gone]
        self._label, self._missed = self._label[~gone], self._missed[~gone]
        return ended

    def _track(self, live: _Live) -> Track:
        points = tuple(shot.point(row) for shot, row in live.sights)
        label = next(iter(votes_of(points)))
        return Track(
            number=live.number,
            label=label,
            points=points,
            offered=tuple(live.offered),
            threshold=self._policy.thresholds[label],
            policy=self._policy,
        )


def _moved(matrix: NDArray[np.float64], frame: tuple[int, int]) -> float:
    """Give how far a motion takes the frame's points, the farthest, in frame diagonals."""
    height, width = frame
    y, x = np.mgrid[0 : height : height / 4, 0 : width : width / 4].reshape(2, -1)
    there = matrix @ np.stack((x, y, np.ones_like(x)))
    safe = np.maximum(there[2], 1e-6)
    return float(np.hypot(there[0] / safe - x, there[1] / safe - y).max() / np.hypot(width, height))
