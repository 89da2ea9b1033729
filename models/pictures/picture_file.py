"""What a picture file says of itself before its pixels are decoded: size and EXIF orientation.

Sizes are read from the formats' own headers: ITU-T T.81 (JPEG), PNG (W3C), WebP container
(RFC 9649), BMP. Values of the orientation: Exif 2.32, tag 0x0112.
"""

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final

import cv2
import exifread
import numpy as np
from exifread.core.exceptions import ExifError

from detect.exif import exif_block
from detect.pixels import MAX_PIXELS, Image
from models.errors import ModelsError

MOST_BYTES: Final = 256 << 20
UPRIGHT: Final = 1
_FRAME_MARKERS: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}

_FAULTS: Final = (
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AssertionError,
    ZeroDivisionError,
    struct.error,
    ExifError,
)


class UnreadablePicture(ModelsError):
    """A file is no picture, not whole, or larger than detection takes."""

    def __init__(self, path: Path, zh: str, en: str) -> None:
        super().__init__(f"图片 {path} 读不出来：{zh}", f"picture {path} cannot be read: {en}")
        self.path, self.reason = path, (zh, en)


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """A picture's size in pixels as stored, and how a viewer turns it (EXIF, 1 to 8)."""

    stored: tuple[int, int]
    orientation: int

    @property
    def upright(self) -> tuple[int, int]:
        """Give (width, height) as a viewer shows it, and as OpenCV decodes it."""
        width, height = self.stored
        return (height, width) if self.orientation >= 5 else (width, height)


def read_header(path: Path) -> Header:
    """Read size and orientation.

    Raises:
        UnreadablePicture: it is no JPEG, PNG, WebP or BMP, is cut off, or is too large.
    """
    return _header(path, _content(path))


def decode_grey(path: Path) -> tuple[Header, Image]:
    """Decode a picture upright and grey.

    Raises:
        UnreadablePicture: as `read_header`, or its pixels do not decode.
    """
    content = _content(path)
    header = _header(path, content)
    image = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_GRAYSCALE)
    if image is None:
        raise UnreadablePicture(path, "像素解不出来，文件不完整", "its pixels do not decode")
    return header, np.asarray(image, np.uint8)


def _content(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise UnreadablePicture(path, f"{size:,} 字节，太大", f"{size:,} bytes is too large")
        return path.read_bytes()
    except OSError as error:
        raise UnreadablePicture(path, "打不开", str(error.strerror)) from error


def _header(path: Path, content: bytes) -> Header:
    read = next((each for start, each in _READERS.items() if content.startswith(start)), None)
    try:
        width, height = read(content) if read else (0, 0)
    except (struct.error, IndexError):
        width, height = 0, 0
    if width < 1 or height < 1 or not _whole(content):
        raise UnreadablePicture(
            path,
            "不是 JPEG、PNG、WebP 或 BMP，或不完整；请转换",
            "no whole JPEG, PNG, WebP or BMP; convert it",
        )
    if width * height > MAX_PIXELS:
        raise UnreadablePicture(
            path,
            f"{width}×{height} 像素，上限是 {MAX_PIXELS:,}",
            f"{width}x{height} pixels, the most is {MAX_PIXELS:,}",
        )
    return Header(stored=(width, height), orientation=_orientation(content))


def _whole(content: bytes) -> bool:
    if content.startswith(b"\xff\xd8"):  # the last scan is followed by an end of image
        return content.rfind(b"\xff\xd9") > content.rfind(b"\xff\xda")
    if content.startswith(b"RIFF"):
        return int.from_bytes(content[4:8], "little") + 8 <= len(content)
    return content.startswith(b"BM") or b"IEND" in content[-1024:]


def _orientation(content: bytes) -> int:
    block = exif_block(content)
    if block is None:
        return UPRIGHT
    try:
        tags = exifread.process_file(BytesIO(block), details=False, extract_thumbnail=False)
        value = int(tags["Image Orientation"].values[0])
    except _FAULTS:
        return UPRIGHT
    return value if 1 <= value <= 8 else UPRIGHT


def _jpeg(content: bytes) -> tuple[int, int]:
    at = 2
    while True:
        marker, length = struct.unpack_from(">HH", content, at)
        if marker & 0xFF in _FRAME_MARKERS:
            height, width = struct.unpack_from(">HH", content, at + 5)
            return width, height
        if marker >> 8 != 0xFF or length < 2:
            return 0, 0
        at += 1 if marker == 0xFFFF else length + 2


def _png(content: bytes) -> tuple[int, int]:
    width, height = struct.unpack_from(">II", content, 16)
    return width, height


def _bmp(content: bytes) -> tuple[int, int]:
    width, height = struct.unpack_from("<ii", content, 18)
    return width, abs(height)


def _webp(content: bytes) -> tuple[int, int]:
    kind = content[12:16]
    if kind == b"VP8X":
        return (
            1 + int.from_bytes(content[24:27], "little"),
            1 + int.from_bytes(content[27:30], "little"),
        )
    if kind == b"VP8L":
        (bits,) = struct.unpack_from("<I", content, 21)
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", content, 26)
        return width & 0x3FFF, height & 0x3FFF
    return 0, 0


_READERS: Final[Mapping[bytes, Callable[[bytes], tuple[int, int]]]] = {
    b"\xff\xd8\xff": _jpeg,
    b"\x89PNG\r\n\x1a\n": _png,
    b"RIFF": _webp,
    b"BM": _bmp,
}
