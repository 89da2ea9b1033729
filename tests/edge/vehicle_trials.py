"""Simulated placings from a vehicle, with the inputs of the error budget."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edge.placing.camera import Camera, CameraError, Mounting
from edge.placing.geotag import place_track
from edge.placing.lens import Fisheye
from edge.placing.pose import PoseError
from edge.placing.sight import Sighting
from edge.placing.terrain import OwnPlane
from tests.edge.geotag_trials import (
    PLANE,
    SEED,
    START,
    Trial,
    degrees,
    enu_from_cameras,
    normals,
    pose_error,
    pose_over,
)

Array = NDArray[np.float64]

ASIDE_M: Final = 1.75
SPEED_M_S: Final = 10.0
TIME_S: Final = 0.05
SURE: Final = CameraError(pixel_px=3.0, height_m=0.05, yaw=0.0, pitch=0.0, roll=0.0)
DASH: Final = Camera(
    width=1280,
    height=1200,
    fx=1000.0,
    fy=1000.0,
    cx=640.0,
    cy=400.0,
    mounting=Mounting(height_above_ground_m=1.6),
    error=SURE,
)
WIDE: Final = Camera(
    width=1920,
    height=1080,
    fx=600.0,
    fy=600.0,
    cx=960.0,
    cy=540.0,
    distortion=Fisheye(k1=-0.02, k2=0.003),
    mounting=Mounting(height_above_ground_m=1.6),
    error=SURE,
)
"""A fisheye of some 180 degrees."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleCell:
    """A camera at 1.6 m; the object 1.75 m to the side."""

    gnss_m: float
    heading_deg: float
    pitch_deg: float
    camera: Camera = field(default=DASH, compare=False)

    @property
    def error(self) -> PoseError:
        return pose_error(
            horizontal_m=self.gnss_m,
            yaw=degrees(self.heading_deg),
            pitch=degrees(self.pitch_deg),
            roll=degrees(0.5),
            time_s=TIME_S,
        )

    def drives(self, ahead_m: Array, n: int, *, seed: int = SEED) -> list[list[Sighting]]:
        """Draw n drives past an object from distances ahead (K,); what a drive shares, once.

        The object lies at 1.75 m east, 0 m north of `PLANE`.
        """
        rng, error = np.random.default_rng(seed), self.error
        each = (n, len(ahead_m))
        bias = normals(rng, self.gnss_m, (n, 2))
        bias[:, 1] += SPEED_M_S * normals(rng, TIME_S, (n,))
        turned = enu_from_cameras(
            np.broadcast_to(normals(rng, error.yaw_shared, (n, 1)), each).ravel(),
            normals(rng, error.pitch, each).ravel(),
            normals(rng, error.roll, each).ravel(),
        )
        height = 1.6 + normals(rng, 0.05, (n, 1))
        slope = normals(rng, degrees(0.5), (n, 1))
        drop = height + slope * np.hypot(ASIDE_M, ahead_m)
        away = np.stack([np.full(each, ASIDE_M), np.broadcast_to(ahead_m, each), -drop], axis=-1)
        seen = (away.reshape(-1, 1, 3) @ turned)[:, 0]
        uv = self.camera.project(seen) + normals(rng, 3.0, (n, len(ahead_m), 2)).reshape(-1, 2)
        stated = (
            np.stack([np.zeros(each), np.broadcast_to(-ahead_m, each)], axis=-1) + bias[:, None]
        )
        degrees_at = PLANE.latitude_longitude(stated)
        return [
            [
                self._sighting(pixel, place, float(ahead))
                for pixel, place, ahead in zip(pixels, places, ahead_m, strict=True)
            ]
            for pixels, places in zip(uv.reshape(*each, 2), degrees_at, strict=True)
        ]

    def _sighting(self, uv: Array, place: Array, ahead_m: float) -> Sighting:
        at = START - timedelta(seconds=ahead_m / SPEED_M_S)
        taken = pose_over(place, error=self.error, speed_m_s=SPEED_M_S, at=at)
        return Sighting(uv=(float(uv[0]), float(uv[1])), pose=taken)

    def trial(self, ahead_m: Array, n: int) -> Trial:
        """Place n objects, each by the sightings of one drive."""
        ground = OwnPlane()
        points = [
            place_track(sightings, camera=self.camera, ground=ground, max_range_m=1e3)
            for sightings in self.drives(ahead_m, n)
        ]
        truth = PLANE.latitude_longitude(np.array([ASIDE_M, 0.0]))
        return Trial.of(points, np.broadcast_to(truth, (n, 2)))
