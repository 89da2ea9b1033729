"""Which camera took a drone's photo: from its own calibration, the table, or its angle of view.

In this order: what the maker calibrated and wrote into the photo; the table of known cameras with
the photo's focal length; the focal length as on 35 mm film (CIPA DCG-001: by the diagonal), which
is rounded and so carries a larger error. A digital zoom or an unknown crop is refused.
"""

import math
import re
from collections.abc import Sequence
from typing import Final

from edge.errors import EdgeError
from edge.photo import PhotoHeader, number
from edge.placing.camera import STRAIGHT, Camera, CameraError
from edge.placing.cameras import DroneCamera, find_camera
from edge.placing.lens import Distortion, Lens
from edge.placing.makers import Layout, layout_of

FILM_DIAGONAL_MM: Final = math.hypot(36.0, 24.0)
EQUIVALENT_ERROR: Final = 0.04
"""A focal length as on film is rounded to 1 mm in some 24, and takes no account of distortion."""
_FULL_SHAPES: Final = (4.0 / 3.0, 3.0 / 2.0, 5.0 / 4.0)
_SHAPE_SLACK: Final = 0.02
_OFF_CENTRE: Final = 0.05
_SAME_FOCAL: Final = 0.01
_PIXEL_PX: Final = 3.0
_PIXEL_SHARE: Final = 1e-3


class NoIntrinsics(EdgeError):
    """Nothing says how a drone's camera maps angles to pixels."""

    def __init__(self, photo: PhotoHeader, why_zh: str, why_en: str) -> None:
        model = photo.exif.get("Image Model", "").strip()
        super().__init__(
            f"不知道相机 {model or '(未写明)'} 的内参（{photo.path.name}）：{why_zh}；"
            "请用 --camera 指定相机文件",
            f"the intrinsics of camera {model or '(unnamed)'} are unknown ({photo.path.name}): "
            f"{why_en}; give a camera file with --camera",
        )
        self.model = model


class MixedCameras(EdgeError):
    """Photos of one folder were taken by several cameras, or at several zooms."""

    def __init__(self, first: PhotoHeader, other: PhotoHeader) -> None:
        super().__init__(
            f"{first.path.name} 和 {other.path.name} 不是同一台相机（或焦距不同）拍的，"
            "请按相机分到不同文件夹",
            f"{first.path.name} and {other.path.name} were taken by different cameras or zooms: "
            "put each camera's photos into a folder of its own",
        )
        self.first, self.other = first.path, other.path


def flight_camera(photos: Sequence[PhotoHeader]) -> Camera:
    """Give the one camera that took the photos of a flight.

    Args:
        photos: at least one.

    Raises:
        MixedCameras: another camera took some of them, or the same at another zoom.
        NoIntrinsics, CroppedPicture: as for a single photo.
    """
    first = drone_camera(photos[0])
    for photo in photos[1:]:
        other = drone_camera(photo)
        alike = abs(other.fx * first.width / (first.fx * other.width) - 1.0) < _SAME_FOCAL
        same_shape = abs(other.width * first.height / (first.width * other.height) - 1.0) < 0.01
        if not (alike and same_shape and other.distortion == first.distortion):
            raise MixedCameras(photos[0], photo)
    return first


def drone_camera(photo: PhotoHeader) -> Camera:
    """Give the camera that took a drone's photo.

    Raises:
        NoIntrinsics: neither the photo nor the table knows its focal length, or it is zoomed.
        CroppedPicture: the picture is cut from the camera's full one in a way nothing states.
    """
    zoom = number(photo.exif.get("EXIF DigitalZoomRatio"))
    if zoom is not None and zoom > 1.01:
        raise NoIntrinsics(photo, f"数码变焦 {zoom:g} 倍", f"digital zoom of {zoom:g}")
    layout = layout_of(photo)
    known = find_camera(
        photo.exif.get("Image Make", ""),
        photo.exif.get("Image Model", ""),
        width=photo.width,
        height=photo.height,
    )
    calibrated = None if layout is None else _calibrated(photo, layout, known)
    if calibrated is not None:
        return calibrated
    return _equivalent(photo) if known is None else _tabled(photo, known)


def may_be_straightened(photo: PhotoHeader, camera: Camera) -> bool:
    """Say whether the maker may have taken the lens's distortion out of a photo without saying so.

    Only a calibration in the photo itself says it; a table's distortion is of the bare lens.
    """
    layout = layout_of(photo)
    stated = None if layout is None or layout.dewarp is None else _dewarp(photo, *layout.dewarp)
    return stated is None and camera.distortion != STRAIGHT


def _calibrated(photo: PhotoHeader, layout: Layout, known: DroneCamera | None) -> Camera | None:
    """Give the camera as the maker calibrated it; None where the photo does not say that."""
    dewarp = None if layout.dewarp is None else _dewarp(photo, *layout.dewarp)
    if dewarp is not None:
        return dewarp
    if layout.focal is None:
        return None
    fx, fy = (number(photo.xmp.get(key)) for key in layout.focal)
    if not fx or not fy or not (0.0 < fx < 1e6 and 0.0 < fy < 1e6):
        return None
    centre = [number(photo.xmp.get(key)) for key in layout.centre or ()]
    middle = (photo.width / 2.0, photo.height / 2.0)
    cx, cy = (middle[i] if i >= len(centre) else centre[i] or middle[i] for i in (0, 1))
    off = max(abs(cx - middle[0]) / photo.width, abs(cy - middle[1]) / photo.height)
    if off > _OFF_CENTRE:
        raise NoIntrinsics(
            photo,
            f"照片里的标定属于另一种画面（主点 {cx:g}, {cy:g}）",
            f"the calibration in the photo is of another picture (centre {cx:g}, {cy:g})",
        )
    return _camera(photo, (fx, fy), (cx, cy), STRAIGHT if known is None else known.distortion)


def _dewarp(photo: PhotoHeader, key: str, flag: str) -> Camera | None:
    """Give the lens's calibration of this very drone: focal lengths, centre and distortion."""
    said = photo.xmp.get(key, "").partition(";")[2]
    values = [number(part) for part in re.split(r"[,\s]+", said.strip())]
    numbers = [value for value in values if value is not None]
    if len(numbers) != 9 or len(values) != 9 or min(numbers[:2]) <= 0.0:
        return None
    fx, fy, cx, cy, k1, k2, p1, p2, k3 = numbers
    if max(abs(cx) / photo.width, abs(cy) / photo.height) > _OFF_CENTRE:
        return None
    corrected = number(photo.xmp.get(flag)) == 1.0
    lens = STRAIGHT if corrected else Distortion(k1=k1, k2=k2, p1=p1, p2=p2, k3=k3)
    return _camera(photo, (fx, fy), (photo.width / 2.0 + cx, photo.height / 2.0 + cy), lens)


def _tabled(photo: PhotoHeader, known: DroneCamera) -> Camera:
    focal_mm = number(photo.exif.get("EXIF FocalLength")) or known.focal_mm
    if focal_mm is None or not 0.5 < focal_mm < 1000.0:
        raise NoIntrinsics(photo, "照片没有写焦距", "the photo does not state its focal length")
    focal = focal_mm * known.pixels_per_mm
    full = Camera(
        width=known.width,
        height=known.height,
        fx=focal,
        fy=focal,
        cx=known.width / 2.0,
        cy=known.height / 2.0,
        distortion=known.distortion,
        error=CameraError(
            pixel_px=max(
                _PIXEL_PX,
                _PIXEL_SHARE * focal,
                _off_axis_px(known.width, known.height) * known.scale_error,
            )
        ),
        # A still as wide as the sensor can only be cut above and below.
        centre_crop=photo.width == known.width and photo.height < known.height,
    )
    return full.scaled_to(photo.width, photo.height)


def _equivalent(photo: PhotoHeader) -> Camera:
    """Give the camera by its focal length as on 35 mm film, of an uncropped picture only."""
    film_mm = number(photo.exif.get("EXIF FocalLengthIn35mmFilm"))
    if film_mm is None or not 4.0 <= film_mm <= 2000.0:
        raise NoIntrinsics(photo, "相机表里没有，也没有写焦距", "not in the table, no focal length")
    shape = photo.width / photo.height
    if min(abs(shape / full - 1.0) for full in _FULL_SHAPES) > _SHAPE_SLACK:
        raise NoIntrinsics(
            photo,
            "相机表里没有，画面又是裁剪过的",
            "not in the table, and the picture is a crop of unknown size",
        )
    focal = film_mm / FILM_DIAGONAL_MM * math.hypot(photo.width, photo.height)
    off_px = _off_axis_px(photo.width, photo.height) * EQUIVALENT_ERROR
    middle = (photo.width / 2.0, photo.height / 2.0)
    return _camera(photo, (focal, focal), middle, STRAIGHT, pixel_px=max(_PIXEL_PX, off_px))


def _camera(
    photo: PhotoHeader,
    focal: tuple[float, float],
    centre: tuple[float, float],
    lens: Lens,
    *,
    pixel_px: float | None = None,
) -> Camera:
    return Camera(
        width=photo.width,
        height=photo.height,
        fx=focal[0],
        fy=focal[1],
        cx=centre[0],
        cy=centre[1],
        distortion=lens,
        error=CameraError(
            pixel_px=max(_PIXEL_PX, _PIXEL_SHARE * focal[0]) if pixel_px is None else pixel_px
        ),
    )


def _off_axis_px(width: int, height: int) -> float:
    """Give how far off the axis a picture's pixels usually lie: half of half its diagonal."""
    return math.hypot(width, height) / 4.0
