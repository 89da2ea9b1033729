"""A pinhole camera over the street.

Frames: the street frame S is (along, right, up), metres, left-handed on purpose (distances to the
right of the centre line are positive, heights are positive); the camera frame is x right, y down,
z forward. Pixel (0, 0) is the centre of the top-left pixel.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
Matrix = NDArray[np.float64]

NEAR_M: Final = 0.12
_CAMERA_FROM_BODY: Final = np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]])
_DOWN_FROM_UP: Final = np.diag([1.0, 1.0, -1.0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Lens:
    """Size of the picture and focal length, pixels; the principal point is the middle."""

    width: int
    height: int
    focal_px: float

    @property
    def matrix(self) -> Matrix:
        """The (3, 3) intrinsic matrix."""
        cx, cy = (self.width - 1) / 2, (self.height - 1) / 2
        return np.array([[self.focal_px, 0.0, cx], [0.0, self.focal_px, cy], [0.0, 0.0, 1.0]])


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A lens at a place in the street.

    Attributes:
        place: (3,) metres, street frame.
        camera_from_street: (3, 3), offsets of the street frame to the camera frame.
    """

    lens: Lens
    place: Points
    camera_from_street: Matrix

    def in_camera(self, points: Points) -> Points:
        """Express (n, 3) points of the street in the camera frame."""
        turned: Points = (points - self.place) @ self.camera_from_street.T
        return turned

    def project(self, points: Points) -> Points:
        """Give the (n, 2) pixels of (n, 3) points that lie before the camera."""
        return self.pixels(self.in_camera(points))

    def pixels(self, in_camera: Points) -> Points:
        """Give the (n, 2) pixels of (n, 3) points of the camera frame, z > 0."""
        lens = self.lens
        middle = np.array([(lens.width - 1) / 2, (lens.height - 1) / 2])
        pixels: Points = in_camera[:, :2] / in_camera[:, 2:] * lens.focal_px + middle
        return pixels

    def outline(self, polygon: Points) -> Points | None:
        """Project a convex (n, 3) polygon, cut at the near plane; None if it lies behind."""
        corners = self.in_camera(polygon)
        if bool((corners[:, 2] > NEAR_M).all()):
            return self.pixels(corners)
        kept = _cut(corners)
        return self.pixels(kept) if len(kept) >= 3 else None

    def pixel_from_plane(self, origin: Points, first: Points, second: Points) -> Matrix:
        """Give the homography from plane coordinates to pixels.

        Args:
            origin: (3,) a point of the plane, street frame.
            first: (3,) what one unit of the first plane coordinate is.
            second: (3,) what one unit of the second plane coordinate is.
        """
        turn = self.camera_from_street
        columns = np.column_stack([turn @ first, turn @ second, turn @ (origin - self.place)])
        homography: Matrix = self.lens.matrix @ columns
        return homography


def view_from(place: Points, *, yaw: float, pitch: float, roll: float, lens: Lens) -> View:
    """Point a lens; the angles are intrinsic yaw (from along to right), pitch (up), roll."""
    cy, sy, cp, sp = np.cos(yaw), np.sin(yaw), np.cos(pitch), np.sin(pitch)
    cr, sr = np.cos(roll), np.sin(roll)
    yawed = np.array([[cy, -sy, 0.0], [sy, cy, 0.0], [0.0, 0.0, 1.0]])
    pitched = np.array([[cp, 0.0, sp], [0.0, 1.0, 0.0], [-sp, 0.0, cp]])
    rolled = np.array([[1.0, 0.0, 0.0], [0.0, cr, -sr], [0.0, sr, cr]])
    street_from_body = yawed @ pitched @ rolled
    turn = _CAMERA_FROM_BODY @ street_from_body.T @ _DOWN_FROM_UP
    return View(lens=lens, place=np.asarray(place, dtype=np.float64), camera_from_street=turn)


def _cut(corners: Points) -> Points:
    kept: list[Points] = []
    for here, after in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        if here[2] > NEAR_M:
            kept.append(here)
        if (here[2] > NEAR_M) != (after[2] > NEAR_M):
            share = (NEAR_M - here[2]) / (after[2] - here[2])
            crossing = here + share * (after - here)
            crossing[2] = NEAR_M + 1e-9
            kept.append(crossing)
    return np.array(kept).reshape(-1, 3)
