"""What a photo file says of itself, read without decoding its pixels.

EXIF by exifread, given only what cannot keep it busy (`detect.exif`); XMP by defusedxml. Sizes and
completeness are read from the JPEG's own markers (ITU-T T.81): EXIF may state the size of another
crop.
"""

import hashlib
import math
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path, PurePath
from typing import Final
from xml.etree.ElementTree import Element

import exifread
from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException
from exifread.core.exceptions import ExifError

from detect.exif import exif_block
from edge.errors import EdgeError

MAX_BYTES: Final = 25 << 20
MAX_PIXELS: Final = 50_000_000
MOST_SCANS: Final = 100
"""Cameras write one, progressive encoders some ten; each goes over all pixels, however short."""
PHOTO_SUFFIXES: Final = frozenset({".jpg", ".jpeg"})
OTHER_SUFFIXES: Final = frozenset({".png", ".webp", ".tif", ".tiff", ".dng", ".heic", ".bmp"})
_XMP: Final = re.compile(rb"<x:xmpmeta.*?</x:xmpmeta>", re.DOTALL)
_XMP_FRAME: Final = frozenset({"adobe:ns:meta/", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"})
_EXPOSED_AT: Final = "UTCAtExposure"
_ANY_ZONE: Final = timedelta(hours=15)
"""A receiver's time that is farther than any zone from the camera's clock was never set."""
_SATURATED: Final = 4_294_900_000.0
_FRAME_MARKERS: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_EXIF_FAULTS: Final = (
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AssertionError,
    ZeroDivisionError,
    struct.error,
    ExifError,
)


class PhotoRefused(EdgeError):
    """A photo cannot be used, and why."""

    def __init__(self, path: PurePath, zh: str, en: str) -> None:
        super().__init__(
            f"照片 {path.name} 不能用：{zh}", f"photo {path.name} cannot be used: {en}"
        )
        self.path = path


class NoPhotos(EdgeError):
    """A folder holds no usable photo."""

    def __init__(self, folder: Path, refused: tuple[PhotoRefused, ...]) -> None:
        first_zh = f"；例如：{refused[0].zh}" if refused else ""
        first_en = f"; for example: {refused[0].en}" if refused else ""
        super().__init__(
            f"{folder} 里没有可用的照片（{len(refused)} 张不能用{first_zh}）",
            f"{folder} holds no usable photo ({len(refused)} refused{first_en})",
        )
        self.folder, self.refused = folder, refused


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoHeader:
    """A photo as its markers, EXIF and XMP describe it.

    Attributes:
        width, height: of the stored picture, pixels, EXIF rotation not applied.
        at: when it was taken; unique among the photos of its folder.
        zone_known: False where nothing says the time zone, and `at` takes the clock for UTC.
        exif: values as printed by exifread, by its names ("Image Make").
        xmp: what the XMP packet says, by local name ("GimbalYawDegree"), members of a struct by
            both ("CameraOrientationNED/Yaw").
    """

    path: Path
    width: int
    height: int
    at: datetime
    zone_known: bool
    sha256: str
    exif: Mapping[str, str]
    xmp: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoSet:
    """The photos of a folder in order of time, and those that cannot be used."""

    photos: tuple[PhotoHeader, ...]
    refused: tuple[PhotoRefused, ...]

    @property
    def digest(self) -> str:
        """Give one hash (hex) of all the photos."""
        return hashlib.sha256("\n".join(photo.sha256 for photo in self.photos).encode()).hexdigest()


def read_photos(folder: Path) -> PhotoSet:
    """Read the headers of the photos in a folder.

    Raises:
        NoPhotos: there is none, or none can be used.
    """
    photos: list[PhotoHeader] = []
    refused: list[PhotoRefused] = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.suffix.lower() in OTHER_SUFFIXES:
            refused.append(PhotoRefused(path, "只支持 JPEG", "only JPEG is supported"))
        if path.suffix.lower() not in PHOTO_SUFFIXES or not path.is_file():
            continue
        try:
            photos.append(read_header(path))
        except PhotoRefused as error:
            refused.append(error)
    if not photos:
        raise NoPhotos(folder, tuple(refused))
    photos.sort(key=lambda photo: (photo.at, photo.path.name))
    return PhotoSet(photos=_apart(photos), refused=tuple(refused))


def read_header(path: Path) -> PhotoHeader:
    """Read one photo's header.

    Raises:
        PhotoRefused: it is too large, no JPEG, cut off, or does not say when it was taken.
    """
    content = read_bytes(path)
    width, height = check_picture(path, content)
    exif = _exif(content)
    xmp = _xmp(content)
    at, zone_known = _taken_at(path, exif, xmp)
    return PhotoHeader(
        path=path,
        width=width,
        height=height,
        at=at,
        zone_known=zone_known,
        sha256=hashlib.sha256(content).hexdigest(),
        exif=exif,
        xmp=xmp,
    )


def read_bytes(path: Path) -> bytes:
    """Read a photo's bytes, unless there are too many.

    Raises:
        PhotoRefused: it cannot be read or is too large.
    """
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise PhotoRefused(
                path,
                f"{size / 1e6:.0f} MB，超过上限 {MAX_BYTES >> 20} MiB",
                f"{size / 1e6:.0f} MB is more than {MAX_BYTES >> 20} MiB",
            )
        return path.read_bytes()
    except OSError as error:
        raise PhotoRefused(path, "读不到文件", "it cannot be read") from error


def check_picture(path: PurePath, content: bytes) -> tuple[int, int]:
    """Give width and height of a photo held in memory, before anything decodes it.

    Raises:
        PhotoRefused: it is too large, no JPEG, or cut off.
    """
    if len(content) > MAX_BYTES:
        raise PhotoRefused(
            path,
            f"{len(content) / 1e6:.0f} MB，超过上限 {MAX_BYTES >> 20} MiB",
            f"{len(content) / 1e6:.0f} MB is more than {MAX_BYTES >> 20} MiB",
        )
    width, height = _size(path, content)
    if width * height > MAX_PIXELS:
        raise PhotoRefused(
            path,
            f"{width}×{height} 像素，超过上限 {MAX_PIXELS // 10**6} Mpx",
            f"{width}x{height} is more than {MAX_PIXELS // 10**6} Mpx",
        )
    return width, height


def _apart(photos: list[PhotoHeader]) -> tuple[PhotoHeader, ...]:
    """Keep photos of one second apart by a millisecond, in order of name."""
    apart: list[PhotoHeader] = []
    for photo in photos:
        before = apart[-1].at if apart else None
        late = before is not None and photo.at <= before
        moved = before + timedelta(milliseconds=1) if late and before else photo.at
        apart.append(replace(photo, at=moved))
    return tuple(apart)


def _size(path: PurePath, content: bytes) -> tuple[int, int]:
    """Walk the markers up to the scan; refuse what does not end after it."""
    if content[:2] != b"\xff\xd8":
        raise PhotoRefused(path, "不是 JPEG 文件", "it is no JPEG file")
    size, at = None, 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4])
        if marker in _FRAME_MARKERS and at + 9 <= len(content):
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            size = (width, height)
        at += 2 + length
        if marker == 0xDA:
            break
    if size is None or 0 in size or content.rfind(b"\xff\xd9", at) < 0:
        raise PhotoRefused(path, "文件不完整（被截断），请重新拷贝", "it is cut off: copy it again")
    if content.count(b"\xff\xda", at, content.find(b"\xff\xd9", at)) > MOST_SCANS:
        raise PhotoRefused(
            path,
            "扫描次数异常多，会占满处理器；请用相机原图",
            "it has more scans than any camera writes and would only keep the processor busy: use "
            "the camera's own file",
        )
    return size


def _exif(content: bytes) -> Mapping[str, str]:
    block = exif_block(content)
    if block is None:
        return {}
    try:
        tags = exifread.process_file(BytesIO(block), details=False, extract_thumbnail=False)
    except _EXIF_FAULTS:
        return {}
    return {name: str(tag) for name, tag in tags.items()}


def _xmp(content: bytes) -> Mapping[str, str]:
    packet = _XMP.search(content)
    if packet is None:
        return {}
    try:
        root = ElementTree.fromstring(packet.group())
    except (ElementTree.ParseError, DefusedXmlException, ValueError):
        return {}
    said: dict[str, str] = {}
    _say(root, "", said)
    return said


def _say(element: Element, within: str, said: dict[str, str]) -> None:
    """Note an element's text, attributes and children, a struct's members by "Struct/Member"."""
    frame, local = _named(element.tag)
    inside = within if frame else f"{within}{local}/"
    if element.text and element.text.strip():
        said[inside.rstrip("/")] = element.text.strip()
    for name, value in element.attrib.items():
        frame, local = _named(name)
        if not frame:
            said[inside + local] = value
    for child in element:
        _say(child, inside, said)


def _named(name: str) -> tuple[bool, str]:
    """Tell a name that only frames a packet from one that says something; give it short."""
    space, _, local = name.rpartition("}")
    return space.lstrip("{") in _XMP_FRAME, local


def _taken_at(path: Path, exif: Mapping[str, str], xmp: Mapping[str, str]) -> tuple[datetime, bool]:
    """Give the time of exposure, with what says its zone: an offset, or the receiver's UTC."""
    said = exif.get("EXIF DateTimeOriginal") or exif.get("Image DateTime") or ""
    part = re.sub(r"\D", "", exif.get("EXIF SubSecTimeOriginal", ""))[:6]
    try:
        clock = datetime.strptime(said.strip(), "%Y:%m:%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError as error:
        raise PhotoRefused(
            path, "没有可读的拍摄时间（EXIF）", "its EXIF does not say when it was taken"
        ) from error
    clock += timedelta(seconds=int(part) / 10 ** len(part) if part else 0.0)
    exposed = _exposed_at(xmp)
    if exposed is not None and abs(exposed - clock) < _ANY_ZONE:
        return exposed, True
    offset = _offset(exif, clock)
    return (clock, False) if offset is None else (clock - offset, True)


def _exposed_at(xmp: Mapping[str, str]) -> datetime | None:
    """Give the receiver's own time of the exposure, "2026-05-01T08:00:00.123456" or with colons."""
    said = re.fullmatch(
        r"(\d{4})[-:](\d\d)[-:](\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d{1,6})?)Z?",
        xmp.get(_EXPOSED_AT, "").strip(),
    )
    if said is None:
        return None
    try:
        return datetime.fromisoformat("{}-{}-{}T{}+00:00".format(*said.groups()))
    except ValueError:
        return None


def _offset(exif: Mapping[str, str], clock: datetime) -> timedelta | None:
    stated = re.fullmatch(r"([+-])(\d\d):?(\d\d)", exif.get("EXIF OffsetTimeOriginal", "").strip())
    if stated:
        sign, hours, minutes = stated.groups()
        size = timedelta(hours=int(hours), minutes=int(minutes))
        return size if sign == "+" else -size
    date = re.findall(r"\d+", exif.get("GPS GPSDate", ""))
    time = re.findall(r"\d+(?:/\d+)?", exif.get("GPS GPSTimeStamp", ""))
    if len(date) != 3 or len(time) != 3:
        return None
    since = [number(part) for part in time]
    try:
        day = datetime(int(date[0]), int(date[1]), int(date[2]), tzinfo=UTC)
    except ValueError:
        return None
    hour, minute, second = (part if part is not None else math.inf for part in since)
    if not (hour < 24.0 and minute < 60.0 and second < 61.0):
        return None
    apart = clock - (day + timedelta(hours=hour, minutes=minute, seconds=second))
    quarters = round(apart / timedelta(minutes=15))
    whole = quarters * timedelta(minutes=15)
    near = abs(apart - whole) < timedelta(minutes=2) and abs(whole) <= timedelta(hours=14)
    return whole if near else None


def number(said: str | None) -> float | None:
    """Read a number or a ratio; None where it is none, infinite, or a counter's end (2³²)."""
    above, _, below = (said or "").partition("/")
    try:
        parts = [float(above)] + ([float(below)] if below else [])
        value = parts[0] / parts[1] if below else parts[0]
    except (ValueError, ZeroDivisionError):
        return None
    saturated = any(abs(part) >= _SATURATED for part in parts)
    return None if saturated or not math.isfinite(value) else value
