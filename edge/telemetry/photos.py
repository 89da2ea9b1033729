"""Poses from a drone's photos: EXIF position, and attitude and height as their maker writes them.

`edge.placing.makers` says where each maker writes what. A value that is missing, saturated or
impossible gives no pose; it is never guessed. A height above sea level alone gives none without an
elevation tile.
A gimbal past the nadir is written with roll 180 and yaw turned; the rotation as a whole is right.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from edge.errors import EdgeError
from edge.photo import PhotoHeader, number, read_photos
from edge.placing.makers import Layout, layout_of
from edge.placing.pose import NoPose, Pose, PoseError, body_angles, ned_from_body
from edge.telemetry.wording import Explain

_SAME_PHOTO: Final = timedelta(milliseconds=0.5)
_TILT: Final = math.radians(0.5)
_HEIGHTS_M: Final = (1.0, 1500.0)
_ALTITUDES_M: Final = (-450.0, 9_000.0)
"""From the Dead Sea to above the highest mountain."""

SEA_LEVEL_M: Final = 5.0
"""Of a satellite height without RTK, counted from one geoid and met with another's."""
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


class NoDronePose(EdgeError):
    """A photo's own metadata gives no trustworthy pose."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh, en)


class OnlySeaLevel(NoDronePose):
    """A photo states a height above sea level and none above the ground.

    Attributes:
        pose: the rest, which an elevation tile of known datum can still be met with.
    """

    def __init__(self, maker: str, pose: Pose) -> None:
        super().__init__(
            f"{maker} 的照片只写了海拔，没有离地高度；请用 --dem 给出高程瓦片",
            f"photos of {maker} state a height above sea level only, none above the ground: give "
            "an elevation tile with --dem",
        )
        self.pose = pose


class EditedPhoto(NoDronePose):
    """An editor has saved a photo again, and may have turned it against its gimbal angles."""

    def __init__(self, editor: str) -> None:
        super().__init__(
            f"照片被 {editor} 重新保存过，画面可能被旋转，位姿不可信；请用原始照片",
            f"saved again by {editor}: the picture may be turned against its gimbal angles; "
            "use the original",
        )
        self.editor = editor


def photo_pose(photo: PhotoHeader) -> Pose:
    """Give the pose a photo's own metadata state, if the picture is as it was taken.

    Raises:
        EditedPhoto: an editor has saved the picture again and may have turned it.
        OnlySeaLevel: it states no height above the ground.
        NoDronePose: a value is missing, saturated or impossible.
    """
    try:
        pose = stated_pose(photo)
    except OnlySeaLevel as only:
        _refuse_edited(photo, cause=only)
        raise
    _refuse_edited(photo, cause=None)
    return pose


def _refuse_edited(photo: PhotoHeader, *, cause: NoDronePose | None) -> None:
    editor = edited_by(photo)
    if editor is not None:
        raise EditedPhoto(editor) from cause


def stated_pose(photo: PhotoHeader) -> Pose:
    """Give the pose a photo's own metadata state, whoever saved the picture since.

    Raises:
        NoDronePose: a value is missing, saturated or impossible.
    """
    layout = _layout(photo)
    yaw, pitch, roll = _attitude(photo, layout)
    latitude = _coordinate(photo.exif, "Latitude", 90.0)
    longitude = _coordinate(photo.exif, "Longitude", 180.0)
    if latitude == 0.0 and longitude == 0.0:
        raise NoDronePose("定位为 0, 0：没有卫星定位", "its position is 0, 0: there was no fix")
    fixed = layout.fix is not None and number(photo.xmp.get(layout.fix[0])) == layout.fix[1]
    pose = Pose(
        at=photo.at,
        latitude=latitude,
        longitude=longitude,
        height_hae_m=_ellipsoidal(photo, layout) if fixed else None,
        height_above_ground_m=None if layout.height is None else _height(photo, layout.height),
        yaw=yaw,
        pitch=pitch,
        roll=roll,
        speed_m_s=None,
        error=_rtk(photo, layout) if fixed else NON_RTK,
    )
    if layout.height is None:
        raise OnlySeaLevel(layout.maker, _above_sea(photo, pose))
    return pose


def attitude(photo: PhotoHeader) -> tuple[float, float, float]:
    """Give yaw, pitch and roll of the camera in the world, radians.

    Raises:
        NoDronePose: an angle is missing, saturated or impossible, or yaw and pitch were left at 0.
    """
    return _attitude(photo, _layout(photo))


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

    @property
    def count(self) -> int:
        """Give how many photos have a trustworthy pose."""
        return sum(isinstance(pose, Pose) for pose in self._poses.values())

    @property
    def span(self) -> tuple[datetime, datetime]:
        """Give the times of the first and the last photo."""
        return min(self._poses), max(self._poses)

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
            f"无人机照片 {len(photos)} 张，{len(photos) - len(refused)} 张有可信位姿",
            f"{len(photos)} drone photos, {len(photos) - len(refused)} with a trustworthy pose",
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


def _layout(photo: PhotoHeader) -> Layout:
    layout = layout_of(photo)
    if layout is None:
        make = photo.exif.get("Image Make", "").strip() or "?"
        raise NoDronePose(
            f"照片（{make}）没有写相机朝向，不是已知的无人机照片",
            f"the photo ({make}) does not say how its camera was turned: no known drone took it",
        )
    return layout


def _attitude(photo: PhotoHeader, layout: Layout) -> tuple[float, float, float]:
    said = [_angle(photo, key) for key in layout.angles]
    on = [_angle(photo, key) for key in layout.platform or ()]
    if not any(said[:2]) and not any(on[:2]):
        raise NoDronePose(
            "云台偏航和俯仰都是 0，未写入", "yaw and pitch are both 0: they were not written"
        )
    yaw, pitch, roll = (math.radians(angle) for angle in said)
    if layout.pitch_from_nadir:
        pitch -= math.pi / 2.0
    if not on:
        return yaw, pitch, roll
    platform = ned_from_body(*(math.radians(angle) for angle in on))
    return body_angles(platform @ ned_from_body(yaw, pitch, roll))


def _angle(photo: PhotoHeader, key: str) -> float:
    said = photo.xmp.get(key)
    value = number(said)
    if value is None or abs(value) > 360.0:
        raise NoDronePose(
            f"云台角 {key} 为 {said}，不可用", f"gimbal angle {key} of {said} cannot be used"
        )
    return value


def _height(photo: PhotoHeader, key: str) -> float:
    said = photo.xmp.get(key, "-")
    height_m = number(said.removesuffix("m").strip())
    if height_m is None or not _HEIGHTS_M[0] <= height_m <= _HEIGHTS_M[1]:
        raise NoDronePose(f"相对高度 {said} 不可用", f"relative altitude {said} cannot be used")
    return height_m


def _above_sea(photo: PhotoHeader, pose: Pose) -> Pose:
    """Give the pose with EXIF's height, if that is one above mean sea level (GPSAltitudeRef 0)."""
    height_m = number(photo.exif.get("GPS GPSAltitude"))
    counted = photo.exif.get("GPS GPSAltitudeRef", "").strip() == "0"
    if height_m is None or not counted or not _ALTITUDES_M[0] <= height_m <= _ALTITUDES_M[1]:
        return pose
    error = replace(pose.error, vertical_m=SEA_LEVEL_M)
    return replace(pose, height_msl_m=height_m, error=error)


def _ellipsoidal(photo: PhotoHeader, layout: Layout) -> float | None:
    height_m = None if layout.ellipsoidal is None else number(photo.xmp.get(layout.ellipsoidal))
    if height_m is None or _ALTITUDES_M[0] <= height_m <= _ALTITUDES_M[1]:
        return height_m
    raise NoDronePose(
        f"海拔 {height_m:g} 米，不可能", f"an altitude of {height_m:g} m is impossible"
    )


def _rtk(photo: PhotoHeader, layout: Layout) -> PoseError:
    """Give the error of a fix: the receiver's own where it states a larger one than usual."""
    said = [number(photo.xmp.get(key)) for key in layout.spread or ()]
    east, north, up = (said + [None] * 3)[:3]
    return replace(
        RTK,
        horizontal_shared_m=max(RTK.horizontal_shared_m, east or 0.0, north or 0.0),
        vertical_m=max(RTK.vertical_m, up or 0.0),
    )


def _coordinate(exif: Mapping[str, str], name: str, limit: float) -> float:
    parts = re.findall(r"-?\d+(?:/\d+)?", exif.get(f"GPS GPS{name}", ""))
    side = exif.get(f"GPS GPS{name}Ref", "").strip().upper()
    values = [number(part) for part in parts]
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
