"""Simulated errors of placing, by the inputs of the error budget: known truth, noisy devices."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from edge.placing.camera import Camera, CameraError, Mounting
from edge.placing.geodesy import LocalPlane
from edge.placing.geotag import GroundPoint, place_pixel, place_track
from edge.placing.pose import Pose, PoseError
from edge.placing.sight import Sighting
from edge.placing.terrain import Ground, LevelGround, OwnPlane

Array = NDArray[np.float64]

START = datetime(2026, 5, 1, tzinfo=UTC)
PLANE = LocalPlane(latitude=30.0, longitude=110.0)


def degrees(value: float) -> float:
    return math.radians(value)


def pose_error(
    *,
    horizontal_m: float = 0.0,
    vertical_m: float = 0.0,
    yaw: float = 0.0,
    pitch: float = 0.0,
    roll: float = 0.0,
    time_s: float = 0.0,
) -> PoseError:
    return PoseError(
        horizontal_shared_m=horizontal_m,
        horizontal_own_m=0.0,
        vertical_m=vertical_m,
        yaw_shared=yaw,
        yaw_own=0.0,
        pitch=pitch,
        roll=roll,
        time_s=time_s,
    )


def pose(
    east_north: Array,
    *,
    error: PoseError,
    yaw: float = 0.0,
    pitch: float = 0.0,
    roll: float = 0.0,
    agl_m: float | None = None,
    speed_m_s: float = 10.0,
    at: datetime = START,
) -> Pose:
    latitude, longitude = PLANE.latitude_longitude(np.asarray(east_north, float))
    return Pose(
        at=at,
        latitude=float(latitude),
        longitude=float(longitude),
        height_hae_m=None,
        height_above_ground_m=agl_m,
        yaw=yaw,
        pitch=pitch,
        roll=roll,
        speed_m_s=speed_m_s,
        error=error,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Errors of one cell: (n, 2) placed minus true, each with the covariance it stated."""

    off: Array
    covariance: Array

    @property
    def ce90_m(self) -> float:
        return float(np.quantile(np.hypot(self.off[:, 0], self.off[:, 1]), 0.9))

    @property
    def covered(self) -> float:
        """Share of the truths inside the 95 % ellipse."""
        square = np.einsum("ni,nij,nj->n", self.off, np.linalg.inv(self.covariance), self.off)
        return float((square < 5.991).mean())


def trial(place: Callable[[np.random.Generator], tuple[Array, GroundPoint]], n: int) -> Trial:
    """Run n placings, each of which gives the true east, north and the point found."""
    rng = np.random.default_rng(20260501)
    offs, covariances = [], []
    for _ in range(n):
        truth, point = place(rng)
        found = PLANE.east_north(point.latitude, point.longitude)
        offs.append(found - truth)
        covariances.append(point.covariance)
    return Trial(off=np.array(offs), covariance=np.array(covariances))


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleCell:
    """A dash camera at 1.6 m; the object 1.75 m to the side."""

    gnss_m: float
    heading_deg: float
    pitch_deg: float

    @property
    def camera(self) -> Camera:
        return Camera(
            width=1280,
            height=1200,
            fx=1000.0,
            fy=1000.0,
            cx=640.0,
            cy=400.0,
            mounting=Mounting(height_above_ground_m=1.6),
            error=CameraError(pixel_px=3.0, height_m=0.05, yaw=0.0, pitch=0.0, roll=0.0),
        )

    @property
    def error(self) -> PoseError:
        return pose_error(
            horizontal_m=self.gnss_m,
            yaw=degrees(self.heading_deg),
            pitch=degrees(self.pitch_deg),
            roll=degrees(0.5),
            time_s=0.05,
        )

    def frames(self, forward_m: Array, rng: np.random.Generator) -> tuple[Array, list[Sighting]]:
        """Draw the sightings of an object from distances ahead; shared errors are drawn once."""
        truth = np.array([1.75, 0.0])
        bias = rng.normal(0.0, self.gnss_m, 2) + np.array([0.0, 10.0 * rng.normal(0.0, 0.05)])
        yaw = rng.normal(0.0, degrees(self.heading_deg))
        height = 1.6 + rng.normal(0.0, 0.05)
        slope = rng.normal(0.0, degrees(0.5))
        sightings = []
        for ahead in forward_m:
            lean = rng.normal(0.0, degrees(self.pitch_deg))
            roll = rng.normal(0.0, degrees(0.5))
            at = truth - (1.75, ahead)
            uv = self._pixel(truth - at, yaw=yaw, pitch=lean, roll=roll, height=height, slope=slope)
            uv = uv + rng.normal(0.0, 3.0, 2)
            when = START - timedelta(seconds=float(ahead) / 10.0)
            taken = pose(at + bias, error=self.error, at=when)
            sightings.append(Sighting(uv=(float(uv[0]), float(uv[1])), pose=taken))
        return truth, sightings

    def _pixel(
        self, away: Array, *, yaw: float, pitch: float, roll: float, height: float, slope: float
    ) -> Array:
        from edge.placing.camera import enu_from_camera

        true = pose(away * 0.0, error=self.error, yaw=yaw, pitch=pitch, roll=roll)
        drop = height + slope * float(np.hypot(away[0], away[1]))
        seen = enu_from_camera(true, self.camera).T @ np.array([away[0], away[1], -drop])
        return self.camera.project(seen[None])[0]

    def place_once(
        self, forward_m: float
    ) -> Callable[[np.random.Generator], tuple[Array, GroundPoint]]:
        def place(rng: np.random.Generator) -> tuple[Array, GroundPoint]:
            truth, (only,) = self.frames(np.array([forward_m]), rng)
            point = place_pixel(
                only.uv, pose=only.pose, camera=self.camera, ground=OwnPlane(), max_range_m=1e3
            )
            return truth, point

        return place

    def place_drive(self) -> Callable[[np.random.Generator], tuple[Array, GroundPoint]]:
        def place(rng: np.random.Generator) -> tuple[Array, GroundPoint]:
            truth, sightings = self.frames(np.arange(25.0, 4.9, -2.0), rng)
            return truth, place_track(sightings, camera=self.camera, ground=OwnPlane())

        return place


@dataclass(frozen=True, slots=True, kw_only=True)
class DroneCell:
    """A gimbal camera at 10 m/s, one frame, a quarter off its axis."""

    pitch_deg: float
    agl_m: float
    gnss_m: float
    yaw_deg: float
    vertical_m: float
    ground_m: float

    @property
    def camera(self) -> Camera:
        focal = 2000.0 / math.tan(degrees(37.0))
        return Camera(
            width=4000,
            height=3000,
            fx=focal,
            fy=focal,
            cx=2000.0,
            cy=1500.0,
            error=CameraError(pixel_px=1e-3 * focal, height_m=0.0, yaw=0.0, pitch=0.0, roll=0.0),
        )

    @property
    def ground(self) -> Ground:
        return LevelGround(sigma_m=self.ground_m)

    def place_once(self) -> Callable[[np.random.Generator], tuple[Array, GroundPoint]]:
        from edge.placing.camera import enu_from_camera

        camera = self.camera
        error = pose_error(
            horizontal_m=self.gnss_m,
            vertical_m=self.vertical_m,
            yaw=degrees(self.yaw_deg),
            pitch=degrees(0.5),
            roll=degrees(0.5),
            time_s=0.03,
        )
        said = pose(np.zeros(2), error=error, pitch=degrees(self.pitch_deg), agl_m=self.agl_m)
        ideal = np.array([0.1875, 0.14, 1.0])
        ray = enu_from_camera(said, camera) @ ideal
        spot = ray[:2] * (self.agl_m / -ray[2])

        def place(rng: np.random.Generator) -> tuple[Array, GroundPoint]:
            true = replace(
                said,
                yaw=said.yaw + rng.normal(0.0, error.yaw_shared),
                pitch=said.pitch + rng.normal(0.0, error.pitch),
                roll=said.roll + rng.normal(0.0, error.roll),
            )
            bias = rng.normal(0.0, self.gnss_m, 2) + np.array([0.0, 10.0 * rng.normal(0.0, 0.03)])
            up = self.agl_m + rng.normal(0.0, self.vertical_m) - rng.normal(0.0, self.ground_m)
            seen = enu_from_camera(true, camera).T @ np.array([*(spot - 0.0), -up])
            uv = camera.project(seen[None])[0] + rng.normal(0.0, camera.error.pixel_px, 2)
            taken = pose(bias, error=error, pitch=said.pitch, agl_m=self.agl_m)
            point = place_pixel(
                (float(uv[0]), float(uv[1])), pose=taken, camera=camera, ground=self.ground
            )
            return spot, point

        return place


VEHICLE_BUDGET = {
    (VehicleCell(gnss_m=1.0, heading_deg=1.0, pitch_deg=0.5), 5.0): 2.3,
    (VehicleCell(gnss_m=1.0, heading_deg=1.0, pitch_deg=0.5), 10.0): 2.7,
    (VehicleCell(gnss_m=1.0, heading_deg=1.0, pitch_deg=0.5), 15.0): 3.9,
    (VehicleCell(gnss_m=2.0, heading_deg=1.5, pitch_deg=0.5), 5.0): 4.4,
    (VehicleCell(gnss_m=2.0, heading_deg=1.5, pitch_deg=0.5), 10.0): 4.6,
    (VehicleCell(gnss_m=2.0, heading_deg=1.5, pitch_deg=0.5), 15.0): 5.3,
    (VehicleCell(gnss_m=3.0, heading_deg=2.0, pitch_deg=0.5), 5.0): 6.5,
    (VehicleCell(gnss_m=3.0, heading_deg=2.0, pitch_deg=0.5), 10.0): 6.7,
    (VehicleCell(gnss_m=3.0, heading_deg=2.0, pitch_deg=0.5), 15.0): 7.2,
    (VehicleCell(gnss_m=0.03, heading_deg=0.3, pitch_deg=0.2), 5.0): 0.9,
    (VehicleCell(gnss_m=0.03, heading_deg=0.3, pitch_deg=0.2), 10.0): 1.5,
    (VehicleCell(gnss_m=0.03, heading_deg=0.3, pitch_deg=0.2), 15.0): 2.7,
}
"""CE90 in metres of one frame from a vehicle, by (cell, distance ahead)."""

TRACK_BUDGET = {
    VehicleCell(gnss_m=2.0, heading_deg=1.5, pitch_deg=0.5): 4.5,
    VehicleCell(gnss_m=0.03, heading_deg=0.3, pitch_deg=0.2): 0.96,
}
"""CE90 in metres of a track from 25 m to 5 m."""

_DRONE_ROWS = {
    (0.03, 0.7, 0.05, 0.0): (
        (1.1, 1.4, 1.6, 1.9),
        (1.2, 1.6, 1.9, 2.3),
        (1.7, 2.2, 2.7, 3.2),
        (2.7, 3.6, 4.4, 5.3),
    ),
    (0.03, 0.7, 0.05, 3.0): (
        (1.5, 1.7, 1.9, 2.2),
        (2.5, 2.7, 2.9, 3.1),
        (4.2, 4.4, 4.6, 5.0),
        (7.0, 7.3, 7.8, 8.3),
    ),
    (1.5, 2.0, 3.0, 3.0): (
        (3.7, 3.9, 4.1, 4.2),
        (4.7, 5.0, 5.2, 5.6),
        (6.8, 7.2, 7.7, 8.3),
        (10.5, 11.2, 12.1, 13.1),
    ),
    (1.5, 2.0, 1.0, 10.0): (
        (5.0, 5.1, 5.2, 5.3),
        (8.2, 8.3, 8.5, 8.6),
        (13.6, 13.8, 14.0, 14.2),
        (22.0, 22.3, 22.7, 23.0),
    ),
}
DRONE_BUDGET = {
    DroneCell(
        pitch_deg=pitch, agl_m=agl, gnss_m=gnss, yaw_deg=yaw, vertical_m=vertical, ground_m=ground
    ): by_height[number]
    for (gnss, yaw, vertical, ground), rows in _DRONE_ROWS.items()
    for pitch, by_height in zip((-90.0, -60.0, -45.0, -30.0), rows, strict=True)
    for number, agl in enumerate((60.0, 80.0, 100.0, 120.0))
}
"""CE90 in metres of one frame from a drone."""
