"""Where the pixels of a GeoTIFF lie: its tags, read without a geographic library.

OGC GeoTIFF 1.1; heights in one band, axes along x and y. The pixels are decoded by OpenCV.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.placing.dem import MOST_POSTS, Datum, UnusableElevation
from edge.placing.projection import Projection, projection_of

_SCALE, _TIEPOINT, _KEYS, _NODATA = 33550, 33922, 34735, 42113
_WIDTH, _HEIGHT = 256, 257
_MODEL, _RASTER, _GEOGRAPHIC, _PROJECTED, _VERTICAL, _UNITS = 1024, 1025, 2048, 3072, 4096, 4099
_METRE: Final = 9001
_SIZES: Final = {1: "B", 2: "s", 3: "H", 4: "I", 12: "d"}
_VERTICAL_DATUM: Final[Mapping[int, Datum]] = {
    3855: Datum.MSL,  # EGM2008
    5773: Datum.MSL,  # EGM96
    5737: Datum.MSL,  # Yellow Sea 1985
    4979: Datum.HAE,
    5030: Datum.HAE,  # the code GDAL writes for WGS 84 ellipsoidal heights
}

Said = dict[int, tuple[float, ...] | bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Raster:
    """Heights as a GeoTIFF gives them.

    Attributes:
        heights: (rows, columns), NaN where unknown.
        x, y: of the first height, in the projection's coordinates.
        step_x, step_y: > 0; y falls with the rows.
        datum: of the heights, where the file states it.
    """

    heights: NDArray[np.float32]
    projection: Projection
    x: float
    y: float
    step_x: float
    step_y: float
    datum: Datum | None


def read_geotiff(path: Path) -> Raster:
    """Read heights and where they lie.

    Raises:
        UnusableElevation: it is no GeoTIFF of heights that can be read here, and why.
    """
    try:
        content = path.read_bytes()
        said = _tags(content)
        keys = _geo_keys(said)
        scale, tie = _numbers(said, _SCALE, 2), _numbers(said, _TIEPOINT, 5)
        size = int(_numbers(said, _HEIGHT, 1)[0]), int(_numbers(said, _WIDTH, 1)[0])
    except OSError as error:
        raise UnusableElevation(path, "读不到这个文件", "it cannot be read") from error
    except (struct.error, KeyError, ValueError, IndexError) as error:
        raise UnusableElevation(
            path,
            "不是带坐标的 GeoTIFF，或文件被截断",
            "it is no GeoTIFF with coordinates, or it is cut off",
        ) from error
    if not 4 <= size[0] * size[1] <= MOST_POSTS or not (scale[0] > 0.0 and scale[1] > 0.0):
        raise UnusableElevation(
            path,
            f"网格大小不能用（最多 {MOST_POSTS} 点）",
            f"its grid cannot be used (at most {MOST_POSTS} posts)",
        )
    projection = _projection(path, keys)
    # A pixel that is an area states its corner; its height belongs to its middle.
    middle = 0.0 if keys.get(_RASTER) == 2 else 0.5
    return Raster(
        heights=_heights(path, content, size, said.get(_NODATA)),
        projection=projection,
        x=tie[3] + (middle - tie[0]) * scale[0],
        y=tie[4] - (middle - tie[1]) * scale[1],
        step_x=scale[0],
        step_y=scale[1],
        datum=_VERTICAL_DATUM.get(keys.get(_VERTICAL, 0)),
    )


def _tags(content: bytes) -> Said:
    order = {b"II": "<", b"MM": ">"}[content[:2]]
    magic, first = struct.unpack_from(order + "HI", content, 2)
    if magic != 42:
        raise ValueError("no classic TIFF")
    (count,) = struct.unpack_from(order + "H", content, first)
    said: Said = {}
    for number in range(count):
        at = first + 2 + 12 * number
        tag, kind, length = struct.unpack_from(order + "HHI", content, at)
        if kind not in _SIZES or length > 4096:
            continue
        shape = f"{order}{length}{_SIZES[kind]}"
        inside = struct.calcsize(shape) <= 4
        (where,) = (at + 8,) if inside else struct.unpack_from(order + "I", content, at + 8)
        values = struct.unpack_from(shape, content, where)
        said[tag] = values[0] if kind == 2 else values
    return said


def _numbers(said: Said, tag: int, least: int) -> tuple[float, ...]:
    values = said[tag]
    if isinstance(values, bytes) or len(values) < least or not np.isfinite(values).all():
        raise ValueError(f"tag {tag}")
    return tuple(float(value) for value in values)


def _geo_keys(said: Said) -> dict[int, int]:
    keys = [int(value) for value in _numbers(said, _KEYS, 4)]
    entries = [keys[at : at + 4] for at in range(4, len(keys), 4)]
    return {entry[0]: entry[3] for entry in entries if len(entry) == 4 and entry[1] == 0}


def _projection(path: Path, keys: Mapping[int, int]) -> Projection:
    code = keys.get(_PROJECTED, 0) if keys.get(_MODEL) == 1 else keys.get(_GEOGRAPHIC, 0)
    projection = projection_of(code)
    if projection is None:
        raise UnusableElevation(
            path,
            f"坐标系 EPSG:{code} 不支持；请转成 EPSG:4326、3857、UTM 或 CGCS2000 三度带",
            f"its coordinates (EPSG:{code}) are not known; bring it to EPSG:4326, 3857, UTM or "
            "CGCS2000 in three-degree zones",
        )
    if keys.get(_UNITS, _METRE) != _METRE:
        raise UnusableElevation(path, "高程单位不是米", "its heights are not in metres")
    return projection


def _heights(
    path: Path, content: bytes, size: tuple[int, int], nodata: object
) -> NDArray[np.float32]:
    try:
        raw = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error as error:
        raise UnusableElevation(path, "像素解不开", "its pixels cannot be decoded") from error
    if raw is None or raw.ndim != 2 or raw.shape != size:
        raise UnusableElevation(
            path,
            "像素解不开，或不是单波段",
            "its pixels cannot be decoded, or it has more than one band",
        )
    heights = raw.astype(np.float32)
    unknown = ~np.isfinite(heights) | (heights < -500.0) | (heights > 9000.0)
    if isinstance(nodata, bytes):
        try:
            unknown |= heights == np.float32(nodata.decode("ascii").strip("\0 "))
        except (ValueError, UnicodeDecodeError) as error:
            raise UnusableElevation(
                path, "无效值标记读不懂", "its mark for unknown heights cannot be read"
            ) from error
    heights[unknown] = np.nan
    if unknown.all():
        raise UnusableElevation(path, "没有任何高程", "it holds no height at all")
    return heights
