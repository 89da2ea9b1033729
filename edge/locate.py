"""Place one pixel of one photo on the ground by the photo's own metadata."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from edge.photo import read_header
from edge.placing.camera import STRAIGHT
from edge.placing.camera_file import read_camera
from edge.placing.dem import read_tile
from edge.placing.dem_ground import ElevationGround
from edge.placing.geodesy import LocalPlane
from edge.placing.geotag import GroundPoint, place_pixel
from edge.placing.photo_camera import drone_camera, may_be_straightened
from edge.telemetry.photos import OnlySeaLevel, photo_pose


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """Where a pixel is.

    Attributes:
        lens_doubt_m: standard error, part of the point's, of not knowing whether the camera had
            taken its lens's distortion out of the photo.
    """

    point: GroundPoint
    lens_doubt_m: float


def locate(
    photo: Path,
    uv: tuple[float, float],
    *,
    camera: Path | None,
    dem: Path | None = None,
    take_off: tuple[float, float] | None = None,
) -> Located:
    """Place a pixel.

    A photo of a camera known by the table alone may have been straightened before it was written
    (an FC300S's are), which one photo cannot tell: the place is then the middle of both.

    Args:
        uv: pixel of the stored picture, EXIF rotation not applied; (0, 0) is its top-left corner.
        camera: camera file, if the photo's own camera is not known.
        dem: elevation tile; None takes level ground at the height of the take-off.
        take_off: latitude and longitude of the take-off.

    Raises:
        PhotoRefused: the photo cannot be used.
        NoDronePose: its metadata gives no trustworthy pose.
        UnusableElevation: the tile cannot be read.
        NoIntrinsics: its camera is not known, and no file is given.
        EdgeError: the pixel has no place on the ground, and why.
    """
    header = read_header(photo)
    seen_by = drone_camera(header) if camera is None else read_camera(camera)
    try:
        pose = photo_pose(header)
    except OnlySeaLevel as only:
        if dem is None:
            raise
        pose = only.pose
    ground = None if dem is None else ElevationGround(tile=read_tile(dem), take_off=take_off)
    seen_by = seen_by.scaled_to(header.width, header.height)
    found = place_pixel(uv, pose=pose, camera=seen_by, ground=ground)
    if camera is not None or not may_be_straightened(header, seen_by):
        return Located(point=found, lens_doubt_m=0.0)
    straight = replace(seen_by, distortion=STRAIGHT)
    return _either(found, place_pixel(uv, pose=pose, camera=straight, ground=ground))


def _either(bent: GroundPoint, straight: GroundPoint) -> Located:
    """Give the middle of two places that are as likely, with half their distance as an error.

    Of two equally likely values the mean is off by half their difference either way.
    """
    plane = LocalPlane(latitude=bent.latitude, longitude=bent.longitude)
    half = plane.east_north(straight.latitude, straight.longitude) / 2.0
    latitude, longitude = plane.latitude_longitude(half)
    point = replace(
        bent,
        latitude=float(latitude),
        longitude=float(longitude),
        east_m=bent.east_m + float(half[0]),
        north_m=bent.north_m + float(half[1]),
        shared=bent.shared + np.outer(half, half),
    )
    return Located(point=point, lens_doubt_m=float(np.hypot(half[0], half[1])))
