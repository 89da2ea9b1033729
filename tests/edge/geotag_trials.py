"""Simulated errors of placing, by the inputs of the error budget: known truth, noisy devices."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from statistics import NormalDist
from typing import Final

import numpy as np
import pymap3d
from numpy.typing import NDArray

from edge.placing.accuracy import ce90
from edge.placing.camera import BODY_FROM_CAMERA, ENU_FROM_NED
from edge.placing.geodesy import LocalPlane
from edge.placing.geotag import GroundPoint
from edge.placing.pose import Pose, PoseError

Array = NDArray[np.float64]

START = datetime(2026, 5, 1, tzinfo=UTC)
PLANE = LocalPlane(latitude=30.0, longitude=110.0)
SEED: Final = 20260501
_95: Final = 5.991464547107979


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
    return pose_over(
        PLANE.latitude_longitude(np.asarray(east_north, float)),
        error=error,
        yaw=yaw,
        pitch=pitch,
        roll=roll,
        agl_m=agl_m,
        speed_m_s=speed_m_s,
        at=at,
    )


def pose_over(
    place: Array,
    *,
    error: PoseError,
    yaw: float = 0.0,
    pitch: float = 0.0,
    roll: float = 0.0,
    agl_m: float | None = None,
    hae_m: float | None = None,
    speed_m_s: float = 10.0,
    at: datetime = START,
) -> Pose:
    """Give a pose at a place (2,): latitude and longitude."""
    return Pose(
        at=at,
        latitude=float(place[0]),
        longitude=float(place[1]),
        height_hae_m=hae_m,
        height_above_ground_m=agl_m,
        yaw=yaw,
        pitch=pitch,
        roll=roll,
        speed_m_s=speed_m_s,
        error=error,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Errors of one cell: (n, 2) placed minus true, each with the covariance (n, 2, 2) it stated.

    Attributes:
        refused: how many more had no place.
    """

    off: Array
    covariance: Array
    refused: int = 0

    @classmethod
    def of(cls, points: Sequence[GroundPoint | None], truth: Array) -> "Trial":
        """Compare points with true places (n, 2): latitude and longitude; None had no place."""
        placed = [(point, true) for point, true in zip(points, truth, strict=True) if point]
        found = np.array([(point.latitude, point.longitude) for point, _ in placed])
        true = np.array([true for _, true in placed])
        east, north, _ = pymap3d.geodetic2enu(
            found[:, 0], found[:, 1], 0.0, true[:, 0], true[:, 1], 0.0
        )
        return cls(
            off=np.column_stack([east, north]),
            covariance=np.array([point.covariance for point, _ in placed]),
            refused=len(points) - len(placed),
        )

    @property
    def ce90_m(self) -> float:
        return float(np.quantile(np.hypot(self.off[:, 0], self.off[:, 1]), 0.9))

    @property
    def stated_m(self) -> float:
        """Median of the CE90 that the places state."""
        return float(np.median([ce90(covariance) for covariance in self.covariance]))

    @property
    def covered(self) -> float:
        """Share of the truths inside the 95 % ellipse."""
        weighed = np.linalg.solve(self.covariance, self.off[:, :, None])[:, :, 0]
        return float(((self.off * weighed).sum(axis=1) < _95).mean())


def normals(rng: np.random.Generator, sigma: float, shape: tuple[int, ...]) -> Array:
    """Draw normal errors, one from each of n strata of equal chance along the first axis.

    It is a Latin hypercube (M. D. McKay and others, 1979): as many trials tell a quantile better.
    """
    n, rest = shape[0], math.prod(shape[1:])
    shuffled = rng.permuted(np.tile(_strata(n)[:, None], (1, rest)), axis=0)
    return sigma * shuffled.reshape(shape)


@cache
def _strata(n: int) -> Array:
    normal = NormalDist()
    return np.array([normal.inv_cdf((number + 0.5) / n) for number in range(n)])


def enu_from_cameras(yaw: Array, pitch: Array, roll: Array) -> Array:
    """Give rotations (n, 3, 3) of cameras that look along the body's forward axis."""
    cy, sy, cp, sp = np.cos(yaw), np.sin(yaw), np.cos(pitch), np.sin(pitch)
    cr, sr = np.cos(roll), np.sin(roll)
    ned = np.array(
        [
            [cy * cp, cy * sp * sr - sy * cr, cy * sp * cr + sy * sr],
            [sy * cp, sy * sp * sr + cy * cr, sy * sp * cr - cy * sr],
            [-sp, cp * sr, cp * cr],
        ]
    )
    turned: Array = ENU_FROM_NED @ ned.transpose(2, 0, 1) @ BODY_FROM_CAMERA
    return turned
