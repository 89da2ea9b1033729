"""Place what a camera sees on the ground, with its error split into shared and own.

A finding's place is where its contact with the ground lies. Errors of the whole pass (receiver
bias, boresight, clock) are *shared*; pixel, springs, slope and receiver wander are its *own*.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dispatch.wire import Covariance, Position, accuracy_class
from edge.errors import EdgeError
from edge.placing.accuracy import ce90
from edge.placing.camera import Camera
from edge.placing.estimate import Estimate, estimate
from edge.placing.geodesy import LocalPlane
from edge.placing.pose import Pose
from edge.placing.shutter import at_row
from edge.placing.sight import Sighting, lines_of
from edge.placing.terrain import Ground, GroundNotMet, NoHeight, Stance, ground_of
from edge.subjects import Footing, subject

Array = NDArray[np.float64]

VEHICLE_RANGE_M: Final = 15.0
"""Half a degree of pitch moves a point by 1.2 m at 15 m, by 3.4 m at 25 m (camera at 1.6 m)."""
DRONE_RANGE_M: Final = 400.0
TRACK_REACH: Final = 2.0
"""Sightings up to this many times the single-frame range still help a track."""
_FLOOR_M2: Final = 1e-4
_DEPTH_SHARE: Final = 0.25


class BeyondRange(EdgeError):
    """A point lies farther away than its place can be told from one frame."""

    def __init__(self, range_m: float, limit_m: float) -> None:
        super().__init__(
            f"目标距离 {range_m:.1f} m，超过 {limit_m:g} m，误差过大，不定位；等靠近后再拍",
            f"the point is {range_m:.1f} m away, over the limit of {limit_m:g} m: too uncertain to "
            "place; take it from nearer",
        )
        self.range_m, self.limit_m = range_m, limit_m


class OutsidePicture(EdgeError):
    """A pixel does not lie in the picture."""

    def __init__(self, uv: tuple[float, float], size: tuple[int, int]) -> None:
        super().__init__(
            f"像素 ({uv[0]:g}, {uv[1]:g}) 不在 {size[0]}×{size[1]} 的画面内",
            f"pixel ({uv[0]:g}, {uv[1]:g}) is not in the picture of {size[0]}x{size[1]}",
        )
        self.uv, self.size = uv, size


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundPoint:
    """A point on the ground.

    Attributes:
        shared, own: (2, 2) covariances in the east-north plane, m²; their sum is the error.
        east_m, north_m: from the reference point of the nearest sighting's pose, at its row's time.
        range_m: slant distance from the camera at the nearest sighting.
        pixels_per_metre: of the frame, across the view, at the nearest sighting.
        foreshortening: sine of the angle at which that view meets the ground, 0 to 1.
        sightings: lines of sight that took part.
    """

    latitude: float
    longitude: float
    height_hae_m: float | None
    shared: Array
    own: Array
    east_m: float
    north_m: float
    range_m: float
    pixels_per_metre: float
    foreshortening: float
    sightings: int

    @property
    def covariance(self) -> Array:
        """Give the whole error, (2, 2), m²."""
        total: Array = self.shared + self.own
        return total

    @property
    def ce90_m(self) -> float:
        """Give the radius that holds the true place in 90 of 100 cases."""
        return ce90(self.covariance)

    @property
    def accuracy(self) -> str | None:
        """Give the best class of accuracy that CE90 reaches; None where it reaches none."""
        return accuracy_class(self.ce90_m)

    def scale_for(self, label: str) -> float:
        """Give frame pixels per metre of a class: side of its box over side of the thing."""
        flat = subject(label).footing is Footing.FLAT
        return self.pixels_per_metre * (math.sqrt(self.foreshortening) if flat else 1.0)

    def as_wide_as(self, width_m: float) -> "GroundPoint":
        """Give the place of a standing thing, whose depth is only guessed from its width."""
        return replace(self, own=self.own + (_DEPTH_SHARE * width_m) ** 2 * np.eye(2))

    def position(self) -> Position:
        """Give the place as the centre reads it."""
        return Position(
            latitude=self.latitude,
            longitude=self.longitude,
            height_hae_m=self.height_hae_m,
            shared=_on_wire(self.shared),
            own=_on_wire(self.own),
        )


def place_pixel(
    uv: tuple[float, float],
    *,
    pose: Pose,
    camera: Camera,
    ground: Ground | None = None,
    max_range_m: float | None = None,
) -> GroundPoint:
    """Place one pixel of one frame on the ground.

    Raises:
        OutsidePicture: the pixel is not in the picture.
        PixelBeyondLens: the lens model does not hold there.
        GroundNotMet: the ray does not meet the ground well.
        BeyondRange: it meets it too far away.
        NoHeight: nothing says how high the camera is.
    """
    return place_track(
        [Sighting(uv=uv, pose=pose)], camera=camera, ground=ground, max_range_m=max_range_m
    )


def place_track(
    sightings: Sequence[Sighting],
    *,
    camera: Camera,
    ground: Ground | None = None,
    max_range_m: float | None = None,
) -> GroundPoint:
    """Place a thing that stands still from all the frames that show it, each at its row's time.

    Args:
        sightings: at least one.

    Raises:
        OutsidePicture, PixelBeyondLens, GroundNotMet, BeyondRange, NoHeight: of the nearest frame,
            if no frame is near enough; as `place_pixel`.
    """
    ground = ground or ground_of(camera)
    sightings = [replace(one, pose=at_row(one.pose, one.uv[1], camera)) for one in sightings]
    limit_m = max_range_m or _range_limit(camera)
    fixes, refused = _fixes(sightings, camera=camera, ground=ground, reach_m=TRACK_REACH * limit_m)
    if not fixes:
        raise refused
    nearest = min(fixes, key=lambda fix: fix.range_m)
    if nearest.range_m > limit_m:
        raise BeyondRange(nearest.range_m, limit_m)
    found, used = _solve(fixes, nearest, camera=camera, ground=ground)
    return _ground_point(found, nearest, used=used, camera=camera, ground=ground)


@dataclass(frozen=True, slots=True)
class _Fix:
    sighting: Sighting
    stance: Stance
    foot: Array
    range_m: float


def _fixes(
    sightings: Sequence[Sighting], *, camera: Camera, ground: Ground, reach_m: float
) -> tuple[list[_Fix], EdgeError]:
    """Cut every ray with the ground; give those that meet it, and why the last one did not."""
    fixes: list[_Fix] = []
    refused: EdgeError = NoHeight()
    for sighting in sightings:
        _check_inside(sighting.uv, camera)
    rays = camera.rays(np.array([sighting.uv for sighting in sightings]))
    for sighting, seen in zip(sightings, rays, strict=True):
        stance = ground.stance(sighting.pose, camera)
        ray = stance.rotation @ seen
        try:
            range_m = ground.meet(stance, ray)
        except GroundNotMet as error:
            refused = error
            continue
        if range_m > reach_m:
            refused = BeyondRange(range_m, reach_m)
            continue
        fixes.append(_Fix(sighting, stance, stance.position + range_m * ray, range_m))
    return fixes, refused


def _solve(
    fixes: Sequence[_Fix], nearest: _Fix, *, camera: Camera, ground: Ground
) -> tuple[Estimate, int]:
    plane = LocalPlane(
        latitude=nearest.sighting.pose.latitude, longitude=nearest.sighting.pose.longitude
    )
    for chosen in (fixes, [nearest]):
        poses = [fix.sighting.pose for fix in chosen]
        origins = plane.east_north(
            np.array([pose.latitude for pose in poses]),
            np.array([pose.longitude for pose in poses]),
        )
        lines = lines_of(
            [fix.sighting for fix in chosen],
            [fix.stance for fix in chosen],
            origins,
            foot=nearest.foot,
            rise=ground.gradient(nearest.stance, nearest.foot),
            camera=camera,
            ground=ground,
        )
        found = estimate(lines, start=nearest.foot)
        if found.settled:
            break
    return found, len(chosen)


def _ground_point(
    found: Estimate,
    nearest: _Fix,
    *,
    used: int,
    camera: Camera,
    ground: Ground,
) -> GroundPoint:
    pose, stance = nearest.sighting.pose, nearest.stance
    latitude, longitude = LocalPlane(
        latitude=pose.latitude, longitude=pose.longitude
    ).latitude_longitude(found.place[:2])
    away = found.place - stance.position
    slant_m = float(np.linalg.norm(away))
    seen = camera.undistort(np.array([nearest.sighting.uv]))
    east_rise, north_rise = ground.gradient(stance, nearest.foot)
    normal = np.array([-east_rise, -north_rise, 1.0])
    sine = -float(away @ normal) / (slant_m * float(np.linalg.norm(normal)))
    return GroundPoint(
        latitude=float(latitude),
        longitude=float(longitude),
        height_hae_m=ground.height_hae(stance, float(found.place[2])),
        shared=found.shared + _FLOOR_M2 * np.eye(2),
        own=found.own + _FLOOR_M2 * np.eye(2),
        east_m=float(found.place[0]),
        north_m=float(found.place[1]),
        range_m=slant_m,
        pixels_per_metre=float(camera.pixels_per_radian(seen)[0]) / slant_m,
        foreshortening=min(1.0, max(0.0, sine)),
        sightings=used,
    )


def _check_inside(uv: tuple[float, float], camera: Camera) -> None:
    if not (0.0 <= uv[0] <= camera.width and 0.0 <= uv[1] <= camera.height):
        raise OutsidePicture(uv, (camera.width, camera.height))


def _range_limit(camera: Camera) -> float:
    on_vehicle = camera.mounting.height_above_ground_m is not None
    return VEHICLE_RANGE_M if on_vehicle else DRONE_RANGE_M


def _on_wire(covariance: Array) -> Covariance:
    return Covariance(
        ee=float(covariance[0, 0]), en=float(covariance[0, 1]), nn=float(covariance[1, 1])
    )
