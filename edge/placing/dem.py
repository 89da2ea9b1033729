"""An elevation tile: heights of the ground on a plain grid that a device reads with numpy alone.

File: a line `XUNHUAN-DEM 1 ` with the SHA-256 of all that follows, a line of JSON (`TileHeader`),
then rows x columns little-endian float32 heights in metres, row by row from the north-west post;
not-a-number where nothing is known.
Posts lie on parallels and meridians of WGS 84. Heights are of one datum, named in the header:
`hae` above the ellipsoid, `msl` above mean sea level, with h_HAE = h_MSL + geoid_m.
"""

import hashlib
import math
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from edge.errors import EdgeError

Array = NDArray[np.float64]

MAGIC: Final = b"XUNHUAN-DEM 1 "
MOST_POSTS: Final = 64_000_000
METRES_PER_DEGREE: Final = 111_320.0
_LONGEST_HEADER: Final = 4096


class UnusableElevation(EdgeError):
    """An elevation file cannot be used, and why."""

    def __init__(self, path: Path, zh: str, en: str) -> None:
        super().__init__(
            f"高程文件 {path} 不能用：{zh}", f"elevation file {path} cannot be used: {en}"
        )
        self.path = path


class Datum(StrEnum):
    """What heights are counted from."""

    HAE = "hae"
    """The WGS 84 ellipsoid."""
    MSL = "msl"
    """Mean sea level."""


_Step = Annotated[float, Field(gt=1e-8, le=0.1, allow_inf_nan=False)]


class TileHeader(BaseModel):
    """What an elevation tile says of itself.

    Attributes:
        north, west: degrees of the first post.
        step_north, step_east: degrees between posts.
        geoid_m: the geoid above the ellipsoid here; None where nobody stated it.
        sigma_m: stated standard error of a height.
        source: name of the file it was made from.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: Annotated[int, Field(ge=2, le=100_000)]
    columns: Annotated[int, Field(ge=2, le=100_000)]
    north: Annotated[float, Field(ge=-90.0, le=90.0, allow_inf_nan=False)]
    west: Annotated[float, Field(ge=-180.0, le=180.0, allow_inf_nan=False)]
    step_north: _Step
    step_east: _Step
    datum: Datum
    geoid_m: Annotated[float, Field(ge=-120.0, le=120.0, allow_inf_nan=False)] | None = None
    sigma_m: Annotated[float, Field(gt=0.0, le=100.0, allow_inf_nan=False)]
    source: Annotated[str, Field(max_length=200)]

    @model_validator(mode="after")
    def _is_of_the_earth(self) -> Self:
        if self.rows * self.columns > MOST_POSTS:
            raise ValueError(f"more than {MOST_POSTS} posts")
        if self.south < -90.0 or self.east > 180.0:
            raise ValueError("the grid leaves the globe")
        return self

    @property
    def south(self) -> float:
        """Latitude of the last row."""
        return self.north - (self.rows - 1) * self.step_north

    @property
    def east(self) -> float:
        """Longitude of the last column."""
        return self.west + (self.columns - 1) * self.step_east

    @property
    def post_m(self) -> float:
        """Shortest distance between posts."""
        middle = math.radians((self.north + self.south) / 2.0)
        across = self.step_east * max(math.cos(middle), 0.01)
        return METRES_PER_DEGREE * min(self.step_north, across)


@dataclass(frozen=True, slots=True, kw_only=True)
class ElevationTile:
    """Heights of the ground with what is said of them; `heights` is (rows, columns) float32."""

    header: TileHeader
    heights: NDArray[np.float32]

    def height(self, latitude: Array, longitude: Array) -> Array:
        """Give heights (n,) by bilinear interpolation; NaN outside and where a post is unknown."""
        said = self.header
        row = (said.north - np.asarray(latitude, np.float64)) / said.step_north
        column = (np.asarray(longitude, np.float64) - said.west) / said.step_east
        return bilinear(self.heights, row, column)

    def holds(self, latitude: Array, longitude: Array) -> NDArray[np.bool_]:
        """Say (n,) which points lie within the grid."""
        said = self.header
        inside: NDArray[np.bool_] = (
            (latitude <= said.north)
            & (latitude >= said.south)
            & (longitude >= said.west)
            & (longitude <= said.east)
        )
        return inside

    def from_hae(self, height_m: float) -> float | None:
        """Give an ellipsoidal height in the tile's datum; None if the geoid is not stated."""
        said = self.header
        if said.datum is Datum.HAE:
            return height_m
        return None if said.geoid_m is None else height_m - said.geoid_m

    def from_msl(self, height_m: float) -> float | None:
        """Give a height above mean sea level in the tile's datum; None without the geoid."""
        said = self.header
        if said.datum is Datum.MSL:
            return height_m
        return None if said.geoid_m is None else height_m + said.geoid_m

    def to_hae(self, height_m: float) -> float | None:
        """Give a height of the tile as an ellipsoidal one; None if the geoid is not stated."""
        said = self.header
        if said.datum is Datum.HAE:
            return height_m
        return None if said.geoid_m is None else height_m + said.geoid_m


def bilinear(grid: NDArray[np.float32], row: Array, column: Array) -> Array:
    """Give values (n,) of a grid (rows, columns) at fractional rows and columns; NaN outside."""
    rows, columns = grid.shape
    with np.errstate(invalid="ignore"):
        inside = (row >= 0.0) & (row <= rows - 1.0) & (column >= 0.0) & (column <= columns - 1.0)
    row, column = np.where(inside, row, 0.0), np.where(inside, column, 0.0)
    top = np.minimum(row.astype(np.intp), rows - 2)
    left = np.minimum(column.astype(np.intp), columns - 2)
    down, across = row - top, column - left
    value = (
        grid[top, left] * (1.0 - down) * (1.0 - across)
        + grid[top, left + 1] * (1.0 - down) * across
        + grid[top + 1, left] * down * (1.0 - across)
        + grid[top + 1, left + 1] * down * across
    )
    return np.where(inside, value, np.nan).astype(np.float64)


def tile_bytes(tile: ElevationTile) -> bytes:
    """Give a tile as its file; the same tile always gives the same bytes."""
    grid = np.ascontiguousarray(tile.heights, dtype="<f4").tobytes()
    content = tile.header.model_dump_json().encode() + b"\n" + grid
    return MAGIC + hashlib.sha256(content).hexdigest().encode() + b"\n" + content


def read_tile(path: Path) -> ElevationTile:
    """Read an elevation tile.

    Raises:
        UnusableElevation: it is missing, no tile, cut off, changed since, or says the impossible.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnusableElevation(path, "读不到这个文件", "it cannot be read") from error
    if not content.startswith(MAGIC):
        raise UnusableElevation(
            path,
            "不是高程瓦片；GeoTIFF 请先用 xunhuan-edge dem import 转换",
            "it is no elevation tile; convert a GeoTIFF with xunhuan-edge dem import first",
        )
    start = len(MAGIC) + 65
    if content[len(MAGIC) : start] != hashlib.sha256(content[start:]).hexdigest().encode() + b"\n":
        raise UnusableElevation(
            path, "被截断或改动过，请重新转换", "it is cut off or changed: import it again"
        )
    end = content.find(b"\n", start, start + _LONGEST_HEADER)
    try:
        header = TileHeader.model_validate_json(content[start : max(end, start)])
    except ValidationError as error:
        said = error.errors()[0]["msg"]
        raise UnusableElevation(path, f"文件头有误：{said}", f"its header: {said}") from error
    grid = content[end + 1 :]
    if len(grid) != 4 * header.rows * header.columns:
        raise UnusableElevation(path, "行列数与数据不符", "its grid is not rows x columns")
    heights = np.frombuffer(grid, dtype="<f4").reshape(header.rows, header.columns)
    return ElevationTile(header=header, heights=heights.astype(np.float32))
