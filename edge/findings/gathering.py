"""Join what overlapping photos show into tracks by where it lies on the ground.

Between two photos of a flight the picture jumps by half its width, so boxes are compared on the
ground: two placed detections of one class are one thing if they agree within their own errors
(Mahalanobis distance; errors that the whole flight shares cancel) and within a hard cap.
"""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detect.detections import Detections
from detect.track import NESTED, Track, TrackPoint, TrackPolicy, nested_share, votes_of
from edge.errors import EdgeError
from edge.frame import Frame
from edge.placing.camera import Camera
from edge.placing.contact import box_sighting
from edge.placing.geodesy import LocalPlane
from edge.placing.geotag import GroundPoint, place_pixel, place_track
from edge.placing.pose import Pose
from edge.placing.terrain import Ground
from edge.subjects import OCCLUDERS

GATE: Final = 9.21
"""99 % of a chi-squared variable with two degrees of freedom."""
CAP_M: Final = 4.0
SEEN: Final = 2
WINDOW: Final = 3
"""Photos of a flight are few: two of three that had a thing in view; the only one, if only one."""
ALONE: Final = 2.0
"""What no second photo could confirm files only at this many times its class's threshold."""

Array = NDArray[np.float64]


@dataclass(slots=True)
class _Group:
    """Sights of one thing, and the information-weighted mean of their places."""

    label: str
    points: list[TrackPoint] = field(default_factory=list)
    information: Array = field(default_factory=lambda: np.zeros((2, 2), np.float64))
    moment: Array = field(default_factory=lambda: np.zeros(2))

    def place(self) -> Array:
        """Give (2,) metres east and north."""
        return np.asarray(np.linalg.solve(self.information, self.moment), np.float64)

    def take(self, point: TrackPoint, place: Array, own: Array) -> None:
        """Add a sight."""
        information = np.linalg.inv(own)
        self.points.append(point)
        self.information = np.asarray(self.information + information, np.float64)
        self.moment = np.asarray(self.moment + information @ place, np.float64)

    def distance(self, place: Array, own: Array) -> float:
        """Give the squared Mahalanobis distance of a place; infinite beyond the cap."""
        away = place - self.place()
        if math.hypot(float(away[0]), float(away[1])) > CAP_M:
            return math.inf
        return float(away @ np.linalg.solve(own + np.linalg.inv(self.information), away))


class Gathering:
    """Joins the photos of one flight."""

    def __init__(
        self, *, policy: TrackPolicy, asked: Collection[str] = (), ground: Ground | None = None
    ) -> None:
        """Begin a flight.

        Args:
            asked: labels of vehicles that the centre asks for.
            ground: what rays meet, if not level ground.
        """
        self._asked, self._ground = frozenset(asked), ground
        self._policy = replace(policy, seen=SEEN, window=WINDOW)
        self._groups: list[_Group] = []
        self._outlines: list[Array | None] = []
        self._plane: LocalPlane | None = None
        self._unplaced: list[TrackPoint] = []

    def take(
        self, frame: Frame, detections: Detections, *, pose: Pose | None, camera: Camera
    ) -> None:
        """Take one photo.

        Args:
            camera: of this photo's size.
        """
        view = len(self._outlines)
        if pose is not None and self._plane is None:
            self._plane = LocalPlane(latitude=pose.latitude, longitude=pose.longitude)
        self._outlines.append(None if pose is None else self._outline(pose, camera))
        free = list(self._groups)
        shown: list[TrackPoint] = []
        for row in range(len(detections)):
            if not self._may_file(detections, row):
                continue
            point = _point(detections, row, frame=frame, view=view)
            if _is_part_of(point, shown):
                continue
            shown.append(point)
            placed = None if pose is None else _placed(point, pose, camera, self._ground)
            if placed is None and point.label not in OCCLUDERS:
                self._unplaced.append(point)
            elif placed is not None:
                self._assign(point, placed, free)

    def finish(self) -> tuple[Track, ...]:
        """End the flight and give its tracks, in the order they were first seen."""
        # Vehicles last: whether they are asked for changes nobody else's number.
        groups = sorted(self._groups, key=lambda group: group.label in OCCLUDERS)
        seen = [(group.points, self._offered(group)) for group in groups]
        seen += [([point], [point.view]) for point in self._unplaced]
        return tuple(
            self._track(number, points, offered)
            for number, (points, offered) in enumerate(seen, start=1)
        )

    def _may_file(self, detections: Detections, row: int) -> bool:
        label = detections.name_of(row)
        enough = float(detections.score[row]) >= self._policy.thresholds[label]
        return enough and (label not in OCCLUDERS or label in self._asked)

    def _assign(self, point: TrackPoint, placed: GroundPoint, free: list[_Group]) -> None:
        """Give a sight to the nearest thing that this photo has not shown yet, or to a new one."""
        place = self._east_north(placed)
        near = [(g.distance(place, placed.own), g) for g in free if g.label == point.label]
        distance, group = min(near, key=lambda one: one[0], default=(math.inf, None))
        if group is None or distance > GATE:
            group = _Group(label=point.label)
            self._groups.append(group)
        else:
            free.remove(group)
        group.take(point, place, placed.own)

    def _east_north(self, placed: GroundPoint) -> Array:
        assert self._plane is not None, "a placed detection has a pose, and a pose makes the plane"
        return self._plane.east_north(placed.latitude, placed.longitude)

    def _outline(self, pose: Pose, camera: Camera) -> Array | None:
        """Give the ground that a photo shows, (4, 2) metres, or None where it shows the horizon."""
        width, height = float(camera.width), float(camera.height)
        corners = ((0.0, 0.0), (width, 0.0), (width, height), (0.0, height))
        try:
            placed = [
                place_pixel(uv, pose=pose, camera=camera, ground=self._ground) for uv in corners
            ]
        except EdgeError:
            return None
        return np.array([self._east_north(point) for point in placed])

    def _offered(self, group: _Group) -> list[int]:
        """Give the photos that had a thing in view: it lies in their outline, or they show it."""
        place = group.place()
        shown = {point.view for point in group.points}
        return [
            view
            for view, outline in enumerate(self._outlines)
            if view in shown or (outline is not None and _inside(outline, place))
        ]

    def _track(self, number: int, points: Sequence[TrackPoint], offered: Sequence[int]) -> Track:
        label = next(iter(votes_of(tuple(points))))
        return Track(
            number=number,
            label=label,
            points=tuple(points),
            offered=tuple(offered),
            threshold=self._policy.thresholds[label] * (ALONE if len(offered) == 1 else 1.0),
            policy=replace(self._policy, seen=min(SEEN, len(offered))),
        )


def _is_part_of(point: TrackPoint, shown: Sequence[TrackPoint]) -> bool:
    """Say whether a surer box of the same photo and class is of the same thing."""
    return any(
        other.label == point.label and nested_share(other.xyxy, point.xyxy) >= NESTED
        for other in shown
    )


def _point(detections: Detections, row: int, *, frame: Frame, view: int) -> TrackPoint:
    left, top, right, bottom = (float(value) for value in detections.xyxy[row])
    return TrackPoint(
        frame_index=frame.index,
        at=frame.at,
        view=view,
        xyxy=(left, top, right, bottom),
        score=float(detections.score[row]),
        probability=float(detections.probability[row]),
        label=detections.name_of(row),
    )


def _placed(
    point: TrackPoint, pose: Pose, camera: Camera, ground: Ground | None
) -> GroundPoint | None:
    """Place one sight; None where its ray meets no ground: it stays a thing without a place."""
    try:
        sighting = box_sighting(
            point.xyxy, label=point.label, pose=pose, camera=camera, ground=ground
        )
        return place_track([sighting], camera=camera, ground=ground)
    except EdgeError:
        return None


def _inside(outline: Array, place: Array) -> bool:
    ring = outline.astype(np.float32).reshape(-1, 1, 2)
    return cv2.pointPolygonTest(ring, (float(place[0]), float(place[1])), measureDist=False) >= 0
