"""A pinhole camera above flat ground.

World frame: x right across the street, y forward along it, z up, metres; the camera stands at
(0, 0, height). Camera frame: x right, y down, z forward. Pixels: (0, 0) is the top-left corner.
"""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

NEAR_M: Final = 0.25

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera:
    """Where the camera stands and what it sees; `camera_from_world` is a (3, 3) rotation."""

    height_m: float
    width_px: int
    height_px: int
    focal_px: float
    camera_from_world: Floats

    @classmethod
    def looking(
        cls,
        *,
        height_m: float,
        pitch: float,
        yaw: float,
        roll: float,
        width_px: int,
        height_px: int,
        fov: float,
    ) -> Self:
        """Build a camera from angles: pitch below the horizon, yaw to the right, roll clockwise."""
        level = np.array([[1.0, 0, 0], [0, 0, -1.0], [0, 1.0, 0]])
        cos, sin = np.cos(yaw), np.sin(yaw)
        turned = np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1.0]])
        cos, sin = np.cos(pitch), np.sin(pitch)
        tilted = np.array([[1.0, 0, 0], [0, cos, -sin], [0, sin, cos]])
        cos, sin = np.cos(roll), np.sin(roll)
        rolled = np.array([[cos, sin, 0], [-sin, cos, 0], [0, 0, 1.0]])
        return cls(
            height_m=height_m,
            width_px=width_px,
            height_px=height_px,
            focal_px=width_px / 2 / np.tan(fov / 2),
            camera_from_world=rolled @ tilted @ level @ turned,
        )

    def camera_points(self, world: Floats) -> Floats:
        """Return (n, 3) camera coordinates of (n, 3) world points."""
        origin = np.array([0.0, 0.0, self.height_m])
        return np.asarray((world - origin) @ self.camera_from_world.T)

    def pixels(self, points: Floats) -> Floats:
        """Return (n, 2) pixels of (n, 3) camera coordinates, each at least `NEAR_M` ahead."""
        centre = np.array([self.width_px, self.height_px]) / 2
        return np.asarray(points[:, :2] / points[:, 2:] * self.focal_px + centre)

    def ground_pixels(self, ground: Floats) -> Floats:
        """Return (n, 2) pixels of (n, 2) ground points; those behind the camera become NaN."""
        points = self.camera_points(np.column_stack((ground, np.zeros(len(ground)))))
        return self.pixels(np.where(points[:, 2:] < NEAR_M, np.nan, points))

    def ground_map(self) -> tuple[Floats, Floats]:
        """Return ground x and y under every pixel, (rows, columns); NaN above the horizon."""
        column = (np.arange(self.width_px) + 0.5 - self.width_px / 2) / self.focal_px
        row = (np.arange(self.height_px) + 0.5 - self.height_px / 2) / self.focal_px
        right, down = np.meshgrid(column, row)
        rays = np.stack((right, down, np.ones_like(right)), -1) @ self.camera_from_world
        falling = rays[..., 2] < -1e-3
        reach = np.where(falling, self.height_m / np.where(falling, -rays[..., 2], 1.0), np.nan)
        return rays[..., 0] * reach, rays[..., 1] * reach
