"""Read unit grids from GeoJSON, and name every malformed feature, overlap and hole."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from dispatch.datafile import DataFolder
from dispatch.feature_file import line_of, read_features
from dispatch.grid import Grid, holes, overlaps, valid_together
from dispatch.ids import GridId
from dispatch.profile_settings import GridProperties

GRIDS: Final = "grids.geojson"
MAX_NAMED: Final = 20
"""Faults of one kind that are listed; a layer that is shifted would list thousands."""


def read_grids(data: DataFolder, *, name: str = GRIDS) -> list[Grid]:
    """Read a GeoJSON file of unit grids; what is wrong with it is noted in the folder's faults."""
    grids = list(_grids(data, name))
    text = data.text(name) if grids else ""
    for grid, other in _twice(grids):
        zh = f"网格 {grid.id} 与另一条同编号网格的有效期重叠"
        en = f"grid {grid.id} is valid at the same time as another of its id ({other.valid_from})"
        data.fault(name, line_of(text, grid.id), zh, en)
    for a, b, area in islice(overlaps(grids), MAX_NAMED):
        zh, en = f"网格 {a.id} 与 {b.id} 重叠", f"grids {a.id} and {b.id} overlap"
        data.fault(name, line_of(text, b.id), f"{zh} {area:.0f} 平方米", f"{en} by {area:.0f} m²")
    for day in sorted({grid.valid_from for grid in grids}):
        for latitude, longitude, area in islice(holes(grids, day=day), MAX_NAMED):
            where = f"{latitude:.6f}, {longitude:.6f}"
            zh = f"{day} 起 {where} 处有 {area:.0f} 平方米不属于任何网格"
            en = f"from {day} {area:.0f} m² at {where} lie in no grid"
            data.fault(name, 0, zh, en)
    return grids


def _grids(data: DataFolder, name: str) -> Iterator[Grid]:
    for _, properties, polygon in read_features(data, name, GridProperties):
        yield Grid(
            id=GridId(properties.id),
            owner=properties.owner,
            polygon=polygon,
            valid_from=properties.valid_from,
            valid_until=properties.valid_until,
        )


def _twice(grids: Sequence[Grid]) -> Iterator[tuple[Grid, Grid]]:
    seen: dict[GridId, list[Grid]] = {}
    for grid in grids:
        for other in seen.setdefault(grid.id, []):
            if valid_together(grid, other):
                yield grid, other
        seen[grid.id].append(grid)
