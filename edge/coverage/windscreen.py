"""What one pass learns of what hides the street from its camera: dirt, drops, the bonnet.

A camera on a vehicle is judged by the frames between which it moved; before enough of them nothing
is said either way: ground waits to be claimed until it is known through what it was seen.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from detect.detections import Detections
from detect.pixels import Image
from detect.quality import FrameQuality
from detect.track import Track
from detect.veil import Veil, VeilSearch
from edge.placing.camera import STRAIGHT, Camera, body_from_camera
from edge.placing.geodesy import LocalPlane
from edge.placing.pose import Pose
from edge.subjects import OCCLUDERS

Floats = NDArray[np.float64]

LEAST_MOVE_M: Final = 1.0
"""Way between two frames that tell something new of the street."""
MOST_VEILED: Final = 0.5
"""Share of a box on the veil from which what it shows is not the street."""
_SURE: Final = 0.25


class Windscreen:
    """What a pass looks through."""

    def __init__(self, camera: Camera) -> None:
        """Begin a pass with a vehicle's camera that looks ahead or back; others are not judged."""
        towards = towards_of(camera)
        self._search = None if towards is None else VeilSearch(towards, lens=_bend_of(camera))
        self._plane: LocalPlane | None = None
        self._last: tuple[float, float] | None = None

    @property
    def is_judged(self) -> bool:
        """Whether anything will ever be known of this camera's veil."""
        return self._search is not None

    @property
    def veil(self) -> Veil | None:
        """What hides the street; None while nothing is known."""
        return None if self._search is None else self._search.veil

    def take(
        self,
        small: Image,
        *,
        pose: Pose | None,
        quality: FrameQuality,
        detections: Detections,
        frame: tuple[int, int],
    ) -> None:
        """Learn from a frame, if the carrier moved and there is light to see by.

        Args:
            small: the frame made small and grey.
            detections: of the frame, in its own pixels.
            frame: (height, width) of the frame.
        """
        if self._search is None or pose is None or not self._tells(pose, quality):
            return
        before = detections.only(tuple(OCCLUDERS))
        before = before.take(before.score >= _SURE)
        self._search.take(small, before=before.xyxy * np.float32(small.shape[1] / frame[1]))

    def shown(self, track: Track, frame: tuple[int, int]) -> Track | None:
        """Give a track without the sights that lie on the veil; None if nothing is left.

        Args:
            frame: (height, width) of the frames it was seen in.
        """
        if self.veil is None:
            return track
        hidden = self.veil.over(np.array([point.xyxy for point in track.points]), frame)
        kept = tuple(
            point for point, share in zip(track.points, hidden, strict=True) if share <= MOST_VEILED
        )
        if len(kept) == len(track.points):
            return track
        views = {point.view for point in kept}
        dropped = {point.view for point in track.points} - views
        offered = tuple(view for view in track.offered if view not in dropped)
        return replace(track, points=kept, offered=offered) if kept else None

    def _tells(self, pose: Pose, quality: FrameQuality) -> bool:
        if not quality.usable or quality.light == "night":
            return False
        self._plane = self._plane or LocalPlane(latitude=pose.latitude, longitude=pose.longitude)
        east, north = self._plane.east_north(pose.latitude, pose.longitude).tolist()
        if self._last is not None:
            way = float(np.hypot(east - self._last[0], north - self._last[1]))
            if way < LEAST_MOVE_M:
                return False
        self._last = (east, north)
        return True


@dataclass(frozen=True, slots=True)
class _Bend:
    """A camera's lens, between places in widths and heights of the picture."""

    camera: Camera

    def straight(self, places: Floats) -> Floats:
        """Give where a lens that bends nothing would show them (n, 2); NaN beyond the lens."""
        seen = (places * self._size - self._middle) / self._focal
        straight = self.camera.distortion.straighten(seen)
        return np.asarray((straight * self._focal + self._middle) / self._size, np.float64)

    def bent(self, places: Floats) -> Floats:
        """Give where the camera shows them (n, 2); NaN beyond the lens."""
        straight = (places * self._size - self._middle) / self._focal
        ahead = np.column_stack([straight, np.ones(len(straight))])
        return np.asarray(self.camera.project(ahead) / self._size, np.float64)

    @property
    def _size(self) -> Floats:
        return np.array([self.camera.width, self.camera.height], np.float64)

    @property
    def _middle(self) -> Floats:
        return np.array([self.camera.cx, self.camera.cy])

    @property
    def _focal(self) -> Floats:
        return np.array([self.camera.fx, self.camera.fy])


def _bend_of(camera: Camera) -> _Bend | None:
    return None if camera.distortion == STRAIGHT else _Bend(camera)


def towards_of(camera: Camera) -> tuple[float, float] | None:
    """Give where the picture shows the point a vehicle drives towards, in widths and heights.

    A camera that looks back shows the point driven from, out of which the street passes inwards
    along the same lines; None where neither is in the picture, and for a drone.
    """
    if camera.mounting.height_above_ground_m is None:
        return None
    ahead = body_from_camera(camera).T[:, 0]
    if ahead[2] < 0.0:
        ahead = -ahead
    across, down = (camera.project(ahead[None])[0] / (camera.width, camera.height)).tolist()
    # Not so near to a border that no ground is left to judge; NaN is near to none.
    return (across, down) if 0.05 < across < 0.95 and 0.05 < down < 0.85 else None
