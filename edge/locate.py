"""Place one pixel of one photo on the ground by the photo's own metadata."""

from pathlib import Path

from edge.photo import read_header
from edge.placing.camera_file import read_camera
from edge.placing.dem import read_tile
from edge.placing.dem_ground import ElevationGround
from edge.placing.geotag import GroundPoint, place_pixel
from edge.placing.photo_camera import drone_camera
from edge.telemetry.photos import photo_pose


def locate(
    photo: Path,
    uv: tuple[float, float],
    *,
    camera: Path | None,
    dem: Path | None = None,
    take_off: tuple[float, float] | None = None,
) -> GroundPoint:
    """Place a pixel.

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
    pose = photo_pose(header)
    ground = None if dem is None else ElevationGround(tile=read_tile(dem), take_off=take_off)
    return place_pixel(
        uv, pose=pose, camera=seen_by.scaled_to(header.width, header.height), ground=ground
    )
