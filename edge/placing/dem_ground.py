"""Ground as an elevation tile knows it, met by marching along a ray.

Frame of a stance: east and north of the pose's reference point, up as the tile counts heights.
A drone's height comes from its ellipsoidal height where the tile can be counted from the ellipsoid,
or else from the height of the ground it took off from; the two are never mixed. One that states
nothing but a height above mean sea level is met where the tile counts from there, or its geoid is
stated.
"""

import hashlib
import math
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edge.errors import EdgeError
from edge.placing.camera import Camera, enu_from_camera, lever_enu
from edge.placing.dem import ElevationTile, tile_bytes
from edge.placing.geodesy import LocalPlane, degrees_per_metre
from edge.placing.pose import Pose
from edge.placing.terrain import GroundNotMet, NoHeight, Stance, height_hae_by_pose

Array = NDArray[np.float64]

REACH_M: Final = 800.0
MIN_GRAZING: Final = math.radians(3.0)
_CLOSE_M: Final = 0.01
_LONGEST_STEP_M: Final = 1.0


class NoTakeOff(EdgeError):
    """A drone's height above take-off cannot be brought to an elevation tile's heights."""

    def __init__(self) -> None:
        super().__init__(
            "不知道起飞点，相对高度不能换算到高程瓦片；请用 --take-off 纬度,经度 说明起飞点",
            "the take-off point is unknown, so the height above it cannot be set against the "
            "elevation tile: state it with --take-off LATITUDE,LONGITUDE",
        )


class OutsideElevation(GroundNotMet):
    """A ray leaves the elevation tile, or crosses a hole in it, before it meets the ground."""

    def __init__(self, latitude: float, longitude: float) -> None:
        super().__init__(
            f"高程瓦片在 {latitude:.6f}, {longitude:.6f} 没有数据，不能定位；请换覆盖这里的瓦片",
            f"the elevation tile knows no height at {latitude:.6f}, {longitude:.6f}: no place can "
            "be said; use a tile that covers it",
        )
        self.latitude, self.longitude = latitude, longitude


class BelowElevation(GroundNotMet):
    """A camera is stated to be at or below the ground under it."""

    def __init__(self, below_m: float) -> None:
        super().__init__(
            f"相机高度比地面还低 {below_m:.1f} m；请检查高程基准和起飞点",
            f"the camera is stated {below_m:.1f} m below the ground: check the datum of the "
            "heights and the take-off point",
        )
        self.below_m = below_m


class RayGrazes(GroundNotMet):
    """A ray meets the ground at too small an angle to say where."""

    def __init__(self, angle: float) -> None:
        super().__init__(
            f"视线与地面夹角只有 {math.degrees(angle):.1f}°，不能定位；请换俯角更大的照片",
            f"the line of sight meets the ground at {math.degrees(angle):.1f}° only: no place can "
            "be said; take it from a steeper angle",
        )
        self.angle = angle


class RayMisses(GroundNotMet):
    """A ray meets no ground within reach."""

    def __init__(self) -> None:
        super().__init__(
            f"视线在 {REACH_M:g} m 内没有碰到地面，不能定位；请选画面更靠下的点",
            f"the line of sight meets no ground within {REACH_M:g} m: no place can be said; "
            "choose a point lower in the picture",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ElevationGround:
    """The ground of a drone by an elevation tile.

    Attributes:
        take_off: latitude and longitude where it took off; None where nobody stated it.
    """

    tile: ElevationTile
    take_off: tuple[float, float] | None = None
    slope: float = 0.0

    @property
    def digest(self) -> str:
        """Hash of the tile, with the take-off point."""
        return f"{hashlib.sha256(tile_bytes(self.tile)).hexdigest()} {self.take_off}"

    @property
    def sigma_m(self) -> float:
        """Standard error of a height of the tile."""
        return self.tile.header.sigma_m

    @property
    def post_m(self) -> float:
        """Way between two heights of the tile."""
        return self.tile.header.post_m

    def stance(self, pose: Pose, camera: Camera) -> Stance:
        """Give where the camera is in the tile's heights.

        Raises:
            NoTakeOff: only its height above take-off is known, and not where that was.
            OutsideElevation: the tile does not hold the take-off point.
            NoHeight: it has no height at all.
        """
        up_m, known = self._up(pose)
        return Stance(
            rotation=enu_from_camera(known, camera),
            position=lever_enu(known, camera) + np.array([0.0, 0.0, up_m]),
            reference_up_m=up_m,
            pose=known,
        )

    def meet(self, stance: Stance, ray: Array) -> float:
        """Give the distance along a unit ray (3,), metres: marched, then halved to a centimetre.

        Raises:
            OutsideElevation, BelowElevation, RayGrazes, RayMisses: it has no sure place.
        """
        step = min(self.tile.header.post_m / 4.0, _LONGEST_STEP_M)
        along = np.arange(0.0, REACH_M + step, step)
        clear = self._clearance(stance, ray, along)
        # The first step that is not above known ground ends the march, for good or ill.
        ended = ~(clear > 0.0)
        if not ended.any():
            raise RayMisses
        last = int(np.argmax(ended))
        if math.isnan(clear[last]):
            raise OutsideElevation(*self._degrees(stance, ray, along[last]))
        if last == 0:
            raise BelowElevation(-float(clear[0]))
        near, far = float(along[last - 1]), float(along[last])
        while far - near > _CLOSE_M / 2.0:
            middle = (near + far) / 2.0
            above = float(self._clearance(stance, ray, np.array([middle]))[0]) > 0.0
            near, far = (middle, far) if above else (near, middle)
        met = (near + far) / 2.0
        self._check_grazing(stance, ray, met)
        return met

    def gradient(self, stance: Stance, foot: Array) -> Array:
        """Give how the ground rises (2,) to the east and north at a place (3,), over one post."""
        half = self.tile.header.post_m / 2.0
        ends = foot[:2] + half * np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, -1.0]])
        east, west, north, south = self.heights(stance, ends)
        rise = np.array([east - west, north - south]) / (2.0 * half)
        known: Array = np.nan_to_num(rise)
        return known

    def height_hae(self, stance: Stance, up_m: float) -> float | None:
        """Give a height of this ground above the ellipsoid, where its datum allows."""
        height_m = self.tile.to_hae(up_m)
        return height_hae_by_pose(stance, up_m) if height_m is None else height_m

    def _up(self, pose: Pose) -> tuple[float, Pose]:
        if pose.height_hae_m is not None:
            up_m = self.tile.from_hae(pose.height_hae_m)
            if up_m is not None:
                return up_m, pose
        if pose.height_above_ground_m is None:
            return self._above_sea(pose), pose
        if self.take_off is None:
            raise NoTakeOff
        latitude, longitude = self.take_off
        start_m = float(self.tile.height(np.array([latitude]), np.array([longitude]))[0])
        if math.isnan(start_m):
            raise OutsideElevation(latitude, longitude)
        vertical_m = math.hypot(pose.error.vertical_m, self.sigma_m)
        known = replace(pose, error=replace(pose.error, vertical_m=vertical_m))
        return start_m + pose.height_above_ground_m, known

    def _above_sea(self, pose: Pose) -> float:
        up_m = None if pose.height_msl_m is None else self.tile.from_msl(pose.height_msl_m)
        if up_m is None:
            raise NoHeight
        return up_m

    def _clearance(self, stance: Stance, ray: Array, along: Array) -> Array:
        points = stance.position + along[:, None] * ray
        return points[:, 2] - self.heights(stance, points[:, :2])

    def heights(self, stance: Stance, east_north: Array) -> Array:
        """Give the tile's heights (n,) at places (n, 2); NaN outside it and in its holes."""
        # Degrees grow evenly with metres here: a centimetre off 400 m away, a fraction of a post.
        pose = stance.pose
        north, east = degrees_per_metre(pose.latitude)
        return self.tile.height(
            pose.latitude + north * east_north[:, 1], pose.longitude + east * east_north[:, 0]
        )

    def _degrees(self, stance: Stance, ray: Array, along: float) -> tuple[float, float]:
        plane = LocalPlane(latitude=stance.pose.latitude, longitude=stance.pose.longitude)
        latitude, longitude = plane.latitude_longitude((stance.position + along * ray)[:2])
        return float(latitude), float(longitude)

    def _check_grazing(self, stance: Stance, ray: Array, met: float) -> None:
        rise = self.gradient(stance, stance.position + met * ray)
        normal = np.array([-rise[0], -rise[1], 1.0])
        sine = -float(ray @ normal) / float(np.linalg.norm(normal))
        if sine < math.sin(MIN_GRAZING):
            raise RayGrazes(math.asin(max(-1.0, min(1.0, sine))))
