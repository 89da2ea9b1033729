"""Poses from DJI photos: EXIF position, XMP gimbal angles and height above take-off.

Gimbal angles refer to the world (pitch 0 horizon, -90 nadir). AbsoluteAltitude mixes datums over
the models and is read only from RTK photos, where it is ellipsoidal. A value that is missing,
saturated or impossible gives no pose; it is never guessed.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from edge.camera import Camera, CameraError
from edge.lens import Distortion
from edge.errors import EdgeError
from edge.photo import PhotoHeader, read_photos
from edge.pose import NoPose, Pose, PoseError
from edge.telemetry.wording import Explain

_SAME_PHOTO: Final = timedelta(milliseconds=0.5)
_RTK_FIXED: Final = 50
_TILT: Final = math.radians(0.5)

NON_RTK: Final = PoseError(
    horizontal_shared_m=1.2,
    horizontal_own_m=0.9,
    vertical_m=1.0,
    yaw_shared=math.radians(1.5),
    yaw_own=math.radians(1.3),
    pitch=_TILT,
    roll=_TILT,
    time_s=0.0,
    tilt=_TILT,
)
"""1.5 m and 2 degrees in all: a single-frequency receiver and a compass."""
RTK: Final = PoseError(
    horizontal_shared_m=0.03,
    horizontal_own_m=0.02,
    vertical_m=0.5,
    yaw_shared=math.radians(0.5),
    yaw_own=math.radians(0.5),
    pitch=_TILT,
    roll=_TILT,
    time_s=0.0,
    tilt=_TILT,
)


class NoIntrinsics(EdgeError):
    """Nothing says how a drone's camera maps angles to pixels."""

    def __init__(self, photo: PhotoHeader, model: str) -> None:
        super().__init__(
            f"不知道相机 {model or '(未写明)'} 的内参（{photo.path.name}），"
            "请用 --camera 指定相机文件",
            f"the intrinsics of camera {model or '(unnamed)'} are unknown ({photo.path.name}): "
            "give a camera file with --camera",
        )
        self.model = model


class NoDronePose(EdgeError):
    """A photo's own metadata gives no trustworthy pose."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh, en)


class EditedPhoto(NoDronePose):
    """An editor has saved a photo again, and may have turned it against its gimbal angles."""

    def __init__(self, editor: str) -> None:
        super().__init__(
            f"照片被 {editor} 重新保存过，画面可能被旋转，位姿不可信；请用原始照片",
            f"saved again by {editor}: the picture may be turned against its gimbal angles; "
            "use the original",
        )
        self.editor = editor


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sensor:
    """A drone camera: focal length and full width of its sensor, with the lens's distortion."""

    focal_mm: float
    width_mm: float
    distortion: Distortion


# From Theta-Limited/DroneModels (Apache-2.0), which lists cameras by maker and model.
_SENSORS: Final[Mapping[str, _Sensor]] = {
    "FC300S": _Sensor(
        focal_mm=3.61,
        width_mm=6.3175,
        distortion=Distortion(
            k1=-0.132438, k2=0.111056, p1=0.00011023, p2=0.000114239, k3=-0.0158256
        ),
    ),
}


def drone_camera(photo: PhotoHeader) -> Camera:
    """Give the camera that took a drone's photo.

    Raises:
        NoIntrinsics: neither the photo nor the table knows its focal length.
    """
    model = photo.exif.get("Image Model", "").strip()
    sensor = _SENSORS.get(model)
    calibrated = _number(photo.xmp.get("CalibratedFocalLength"))
    if calibrated is not None and calibrated > 0.0:
        focal, distortion = calibrated, Distortion()
    elif sensor is not None:
        focal, distortion = sensor.focal_mm / sensor.width_mm * photo.width, sensor.distortion
    else:
        raise NoIntrinsics(photo, model)
    return Camera(
        width=photo.width,
        height=photo.height,
        fx=focal,
        fy=focal,
        cx=photo.width / 2.0,
        cy=photo.height / 2.0,
        distortion=distortion,
        error=CameraError(pixel_px=max(3.0, 1e-3 * focal)),
    )


def photo_pose(photo: PhotoHeader) -> Pose:
    """Give the pose a photo's own metadata state, if the picture is as it was taken.

    Raises:
        EditedPhoto: an editor has saved the picture again and may have turned it.
        NoDronePose: a value is missing, saturated or impossible.
    """
    pose = stated_pose(photo)
    editor = edited_by(photo)
    if editor is not None:
        raise EditedPhoto(editor)
    return pose


def stated_pose(photo: PhotoHeader) -> Pose:
    """Give the pose a photo's own metadata state, whoever saved the picture since.

    Raises:
        NoDronePose: a value is missing, saturated or impossible.
    """
    yaw, pitch, roll = (_angle(photo, name) for name in ("Yaw", "Pitch", "Roll"))
    latitude = _coordinate(photo.exif, "Latitude", 90.0)
    longitude = _coordinate(photo.exif, "Longitude", 180.0)
    if latitude == 0.0 and longitude == 0.0:
        raise NoDronePose("定位为 0, 0：没有卫星定位", "its position is 0, 0: there was no fix")
    if yaw == pitch == roll == 0.0:
        raise NoDronePose("云台角全为 0，未写入", "all gimbal angles are 0: they were not written")
    height_m = _number(photo.xmp.get("RelativeAltitude"))
    if height_m is None or not 1.0 <= height_m <= 1500.0:
        said = photo.xmp.get("RelativeAltitude", "-")
        raise NoDronePose(f"相对高度 {said} 不可用", f"relative altitude {said} cannot be used")
    fixed = _number(photo.xmp.get("RtkFlag")) == _RTK_FIXED
    return Pose(
        at=photo.at,
        latitude=latitude,
        longitude=longitude,
        height_hae_m=_number(photo.xmp.get("AbsoluteAltitude")) if fixed else None,
        height_above_ground_m=height_m,
        yaw=math.radians(yaw),
        pitch=math.radians(pitch),
        roll=math.radians(roll),
        speed_m_s=None,
        error=RTK if fixed else NON_RTK,
    )


class PhotoTelemetry:
    """A set of drone photos as its own telemetry: each photo knows its pose, between them none."""

    def __init__(self, folder: Path, *, explain: Explain | None = None) -> None:
        """Read every photo's metadata.

        Raises:
            NoPhotos: there is none, or none can be used.
        """
        said = read_photos(folder)
        self._digest = said.digest
        self._poses: dict[datetime, Pose | NoDronePose] = {}
        for photo in said.photos:
            try:
                self._poses[photo.at] = photo_pose(photo)
            except NoDronePose as error:
                self._poses[photo.at] = error
        if explain is not None:
            self._explain(explain, said.photos)

    @property
    def digest(self) -> str:
        """Hash of all the photos."""
        return self._digest

    def pose_at(self, at: datetime) -> Pose:
        """Give the pose of the photo taken at a time.

        Raises:
            NoPose: no photo was taken then, or its metadata cannot be trusted.
        """
        nearest = min(self._poses, key=lambda taken: abs(taken - at))
        if abs(nearest - at) > _SAME_PHOTO:
            raise NoPose(at, "这一刻没有照片", "no photo was taken then")
        pose = self._poses[nearest]
        if isinstance(pose, NoDronePose):
            raise NoPose(at, pose.zh, pose.en)
        return pose

    def _explain(self, explain: Explain, photos: tuple[PhotoHeader, ...]) -> None:
        refused = [pose for pose in self._poses.values() if isinstance(pose, NoDronePose)]
        explain(
            f"DJI 照片 {len(photos)} 张，{len(photos) - len(refused)} 张有可信位姿",
            f"{len(photos)} DJI photos, {len(photos) - len(refused)} with a trustworthy pose",
        )
        for reason in dict.fromkeys((error.zh, error.en) for error in refused):
            explain(*reason)
        if not all(photo.zone_known for photo in photos):
            explain("照片没有写时区，按 UTC 处理", "no time zone is stated: clocks are read as UTC")


def edited_by(photo: PhotoHeader) -> str | None:
    """Name the editor that saved a picture again, which may have turned it; None for none."""
    software = photo.exif.get("Image Software", "").strip()
    firmware = re.fullmatch(r"[vV]?\d+(?:\.\d+)+\w*", software) or "DJI" in software
    return None if not software or firmware else software


def _angle(photo: PhotoHeader, axis: str) -> float:
    said = photo.xmp.get(f"Gimbal{axis}Degree")
    value = _number(said)
    if value is None or abs(value) > 360.0:
        raise NoDronePose(
            f"云台角 {axis} 为 {said}，不可用", f"gimbal {axis} of {said} cannot be used"
        )
    return value


def _coordinate(exif: Mapping[str, str], name: str, limit: float) -> float:
    parts = re.findall(r"-?\d+(?:/\d+)?", exif.get(f"GPS GPS{name}", ""))
    side = exif.get(f"GPS GPS{name}Ref", "").strip().upper()
    values = [_number(part) for part in parts]
    numbers = [value for value in values if value is not None]
    if len(numbers) != 3 or side not in {"N", "S", "E", "W"}:
        raise NoDronePose(f"EXIF 没有可用的 {name}", f"its EXIF has no usable {name}")
    degrees = numbers[0] + numbers[1] / 60.0 + numbers[2] / 3600.0
    if not (0.0 <= degrees <= limit and numbers[1] < 60.0 and numbers[2] < 60.0):
        raise NoDronePose(
            f"EXIF 的 {name} 为 {degrees:g}，不可能",
            f"its EXIF {name} of {degrees:g} is impossible",
        )
    return -degrees if side in {"S", "W"} else degrees


def _number(said: str | None) -> float | None:
    above, _, below = (said or "").partition("/")
    try:
        value = float(above) / float(below) if below else float(above)
    except (ValueError, ZeroDivisionError):
        return None
    return value if math.isfinite(value) else None
