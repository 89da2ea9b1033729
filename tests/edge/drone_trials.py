"""Simulated placings from a drone, with the inputs of the error budget.

Over an elevation model the device marches a tile that is off by a random field of 3 m (one sigma,
correlated over 100 m) from the ground the picture truly shows; each trial has a spot of its own.
"""

import math
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Final

import numpy as np
import pymap3d
from numpy.typing import NDArray

from edge.errors import EdgeError
from edge.placing.camera import STRAIGHT, Camera, CameraError
from edge.placing.dem import Datum, ElevationTile, TileHeader
from edge.placing.dem_ground import ElevationGround
from edge.placing.geodesy import degrees_per_metre
from edge.placing.geotag import GroundPoint, place_pixel
from edge.placing.lens import Fisheye, Lens
from edge.placing.pose import Pose, PoseError
from edge.placing.terrain import Ground, LevelGround
from tests.edge.geotag_trials import (
    PLANE,
    SEED,
    Trial,
    degrees,
    enu_from_cameras,
    normals,
    pose_error,
    pose_over,
)

Array = NDArray[np.float64]

DEM_M: Final = 3.0
POST_M: Final = 30.0
POSTS: Final = 701
CORRELATED_M: Final = 100.0
SPEED_M_S: Final = 10.0
TIME_S: Final = 0.03
_MARGIN_M: Final = 900.0


def gimbal(focal_px: float, *, lens: Lens) -> Camera:
    """Give a camera of 4000 x 3000 whose pixels are off by a thousandth of its focal length."""
    return Camera(
        width=4000,
        height=3000,
        fx=focal_px,
        fy=focal_px,
        cx=2000.0,
        cy=1500.0,
        distortion=lens,
        error=CameraError(pixel_px=1e-3 * focal_px, height_m=0.0, yaw=0.0, pitch=0.0, roll=0.0),
    )


WIDE_GIMBAL: Final = gimbal(1500.0, lens=Fisheye(k1=-0.02, k2=0.003))

NARROW_GIMBAL: Final = gimbal(2000.0 / math.tan(degrees(37.0)), lens=STRAIGHT)


class Land(StrEnum):
    """What lies below."""

    LEVEL = "level"
    """Level ground, off by one draw; no tile."""
    ROLLING = "rolling"
    """Gentle hills: 8 m high (one sigma), 400 m long."""
    RISING = "rising"
    """A hillside that rises by 15 degrees ahead."""
    FALLING = "falling"
    """One that falls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DroneCell:
    """A gimbal camera at 10 m/s, looking north, one frame, a quarter off its axis."""

    pitch_deg: float
    agl_m: float
    gnss_m: float
    yaw_deg: float
    vertical_m: float
    ground_m: float
    land: Land = Land.LEVEL
    ray: tuple[float, float] = (0.1875, 0.14)
    camera: Camera = field(default=NARROW_GIMBAL, compare=False)

    @property
    def error(self) -> PoseError:
        return pose_error(
            horizontal_m=self.gnss_m,
            vertical_m=self.vertical_m,
            yaw=degrees(self.yaw_deg),
            pitch=degrees(0.5),
            roll=degrees(0.5),
            time_s=TIME_S,
        )

    def trial(self, n: int) -> Trial:
        """Place n spots, each by one frame."""
        rng = np.random.default_rng(SEED)
        spots, ground, height_m = self._spots(n, rng)
        eye = self._away(spots)
        uv = self._pixels(eye, rng)
        stated = eye + self._bias(n, rng)
        latitude, longitude, _ = pymap3d.enu2geodetic(
            stated[:, 0], stated[:, 1], 0.0, spots[:, 0], spots[:, 1], 0.0
        )
        points = [
            self._placed(pixel, self._pose(np.array(place), up, base), ground)
            for pixel, place, up, base in zip(
                uv, zip(latitude, longitude, strict=True), stated[:, 2], height_m, strict=True
            )
        ]
        return Trial.of(points, spots)

    def _spots(self, n: int, rng: np.random.Generator) -> tuple[Array, Ground, Array]:
        """Give spots (n, 2) in degrees, the ground as the device knows it, and true heights."""
        if self.land is Land.LEVEL:
            here = np.array([PLANE.latitude, PLANE.longitude])
            return np.tile(here, (n, 1)), LevelGround(sigma_m=self.ground_m), np.zeros(n)
        known, true = tile_of(self.land)
        half = (POSTS - 1) / 2.0 * POST_M - _MARGIN_M
        east_north = rng.uniform(-half, half, (n, 2))
        north, east = degrees_per_metre(PLANE.latitude)
        spots = np.column_stack(
            [PLANE.latitude + north * east_north[:, 1], PLANE.longitude + east * east_north[:, 0]]
        )
        return spots, ElevationGround(tile=known), true.height(spots[:, 0], spots[:, 1])

    def _away(self, spots: Array) -> Array:
        """Give the true optical centres (n, 3) from their spots."""
        still = enu_from_cameras(np.zeros(1), np.array([degrees(self.pitch_deg)]), np.zeros(1))[0]
        ray = still @ np.array([*self.ray, 1.0])
        return np.tile(ray * (self.agl_m / ray[2]), (len(spots), 1))

    def _pixels(self, eye: Array, rng: np.random.Generator) -> Array:
        """Give where the spots are seen (n, 2) by cameras that are turned a little otherwise."""
        error, n = self.error, len(eye)
        turned = enu_from_cameras(
            normals(rng, error.yaw_shared, (n,)),
            degrees(self.pitch_deg) + normals(rng, error.pitch, (n,)),
            normals(rng, error.roll, (n,)),
        )
        seen = (-eye[:, None, :] @ turned)[:, 0]
        return self.camera.project(seen) + normals(rng, self.camera.error.pixel_px, (n, 2))

    def _bias(self, n: int, rng: np.random.Generator) -> Array:
        off = normals(rng, 1.0, (n, 3)) * (self.gnss_m, self.gnss_m, self.vertical_m)
        off[:, 1] += SPEED_M_S * normals(rng, TIME_S, (n,))
        if self.land is Land.LEVEL:
            off[:, 2] += normals(rng, self.ground_m, (n,))
        return off

    def _pose(self, place: Array, up_m: float, ground_hae_m: float) -> Pose:
        on_tile = self.land is not Land.LEVEL
        return pose_over(
            place,
            error=self.error,
            pitch=degrees(self.pitch_deg),
            agl_m=None if on_tile else up_m,
            hae_m=ground_hae_m + up_m if on_tile else None,
            speed_m_s=SPEED_M_S,
        )

    def _placed(self, uv: Array, taken: Pose, ground: Ground) -> GroundPoint | None:
        try:
            return place_pixel(
                (float(uv[0]), float(uv[1])), pose=taken, camera=self.camera, ground=ground
            )
        except EdgeError:
            return None


@cache
def tile_of(land: Land) -> tuple[ElevationTile, ElevationTile]:
    """Give the tile as the device has it, and the ground as it truly is."""
    rng = np.random.default_rng(SEED)
    north_m = (np.arange(POSTS)[::-1] - (POSTS - 1) / 2.0) * POST_M
    true = {
        Land.ROLLING: 300.0 + random_field(rng, sigma_m=8.0, correlated_m=400.0),
        Land.RISING: np.tile(3000.0 + math.tan(degrees(15.0)) * north_m, (POSTS, 1)).T,
        Land.FALLING: np.tile(3000.0 - math.tan(degrees(15.0)) * north_m, (POSTS, 1)).T,
    }[land]
    known = true + random_field(rng, sigma_m=DEM_M, correlated_m=CORRELATED_M)
    return _tile(known), _tile(true)


def random_field(rng: np.random.Generator, *, sigma_m: float, correlated_m: float) -> Array:
    """Give heights (POSTS, POSTS) around 0 whose correlation falls as a bell over a distance."""
    waves = np.fft.fftfreq(POSTS, d=POST_M)
    square = waves[:, None] ** 2 + waves**2
    smooth = np.exp(-((math.pi * correlated_m) ** 2) * square)
    noise = np.fft.fft2(rng.normal(0.0, 1.0, (POSTS, POSTS)))
    heights = np.fft.ifft2(noise * smooth).real
    scaled: Array = heights * (sigma_m / heights.std())
    return scaled


def _tile(heights: Array) -> ElevationTile:
    north, east = degrees_per_metre(PLANE.latitude)
    half = (POSTS - 1) / 2.0 * POST_M
    header = TileHeader(
        rows=POSTS,
        columns=POSTS,
        north=PLANE.latitude + north * half,
        west=PLANE.longitude - east * half,
        step_north=north * POST_M,
        step_east=east * POST_M,
        datum=Datum.HAE,
        sigma_m=DEM_M,
        source="random field",
    )
    return ElevationTile(header=header, heights=heights.astype(np.float32))
