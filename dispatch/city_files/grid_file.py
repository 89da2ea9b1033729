"""Read unit grids from GeoJSON, and name every malformed feature, overlap and gap."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

import shapely

from dispatch.city_files.profile_settings import GridProperties
from dispatch.files.datafile import DataFolder
from dispatch.files.feature_file import Feature, read_features
from dispatch.ground.grid import Grid
from dispatch.ground.tiles import days_of_change, gaps, overlaps, uncovered, valid_together
from dispatch.ids import GridId

GRIDS: Final = "grids.geojson"
MAX_NAMED: Final = 20
"""Faults of one kind that are listed; a layer that is shifted would list thousands."""

Located = tuple[int, Grid]
"""A grid and the line on which it is stated."""


def read_grids(data: DataFolder, *, county: str | None, tolerance_m2: float) -> list[Located]:
    """Read the unit grids with their lines; what is wrong with them is noted as faults.

    Args:
        county: leading digits of every id; None where it is not known.
        tolerance_m2: overlaps and gaps up to this are rounding of coordinates.
    """
    found = [(each.line, _grid(each)) for each in read_features(data, GRIDS, GridProperties)]
    if not found:
        if GRIDS not in data.incomplete:
            zh, en = "没有任何单元网格，请补上", "there is no unit grid: add some"
            data.fault(GRIDS, 1, zh, en)
        return found
    for line, grid in found:
        if county is not None and not grid.id.startswith(county):
            zh = f"网格 {grid.id} 不属于 {county}，请核对编号或 profile.toml 的 county"
            en = f"grid {grid.id} lies outside {county}: correct the id, or county in profile.toml"
            data.fault(GRIDS, line, zh, en, column="properties.id")
    _note_doubles(data, found)
    _note_overlaps(data, found, tolerance_m2)
    if GRIDS not in data.incomplete:  # else every refused grid is a gap
        _note_gaps(data, found, tolerance_m2)
        _note_abandoned(data, found, tolerance_m2)
    return found


def _grid(feature: Feature[GridProperties]) -> Grid:
    said = feature.said
    return Grid(
        id=GridId(said.id),
        owner=said.owner,
        polygon=feature.polygon,
        valid_from=said.valid_from,
        valid_until=said.valid_until,
    )


def _note_doubles(data: DataFolder, found: Sequence[Located]) -> None:
    for line, grid, other_line in _doubles(found):
        zh = f"网格 {grid.id} 与第 {other_line} 行同编号网格的有效期重叠，请改正起止日期"
        en = f"grid {grid.id} is valid at the same time as that of line {other_line}: correct dates"
        data.fault(GRIDS, line, zh, en, column="properties.valid_from")


def _doubles(found: Sequence[Located]) -> Iterator[tuple[int, Grid, int]]:
    seen: dict[GridId, list[Located]] = {}
    for line, grid in found:
        for other_line, other in seen.setdefault(grid.id, []):
            if valid_together(grid, other):
                yield line, grid, other_line
        seen[grid.id].append((line, grid))


def _note_overlaps(data: DataFolder, found: Sequence[Located], tolerance_m2: float) -> None:
    grids = [grid for _, grid in found]
    for i, j, patch in islice(overlaps(grids, tolerance_m2=tolerance_m2), MAX_NAMED):
        line, other_line, size = found[j][0], found[i][0], f"{patch.area_m2:.0f}"
        zh = f"网格 {grids[j].id} 与第 {other_line} 行的 {grids[i].id} 重叠 {size} 平方米"
        en = f"grid {grids[j].id} overlaps {grids[i].id} of line {other_line} by {size} m²"
        zh, en = f"{zh}，在 {patch.at}，请修正边界", f"{en} at {patch.at}: correct the border"
        data.fault(GRIDS, line, zh, en, column="geometry")


def _note_gaps(data: DataFolder, found: Sequence[Located], tolerance_m2: float) -> None:
    grids = [grid for _, grid in found]
    for day in days_of_change(grids):
        holes = gaps(grids, day=day, tolerance_m2=tolerance_m2)
        for number, patch in islice(holes, MAX_NAMED):
            beside, size = grids[number].id, f"{patch.area_m2:.0f}"
            zh = f"{day} 起 {patch.at} 处有 {size} 平方米不属于任何网格（在 {beside} 旁），请补上"
            en = f"from {day} {size} m² at {patch.at} beside {beside} lie in no grid: fill the gap"
            data.fault(GRIDS, found[number][0], zh, en, column="geometry")


def _note_abandoned(data: DataFolder, found: Sequence[Located], tolerance_m2: float) -> None:
    """Warn of ground whose grid ends and that no grid takes over: it may be meant."""
    tree = shapely.STRtree([grid.polygon for _, grid in found])
    for line, grid in found:
        if grid.valid_until is None:
            continue
        after = days_of_change([grid])[-1]
        about = tree.query(grid.polygon, predicate="intersects").tolist()
        near = [other for _, other in (found[i] for i in about) if other.valid_on(after)]
        for patch in islice(uncovered(grid.polygon, near, tolerance_m2=tolerance_m2), 1):
            size = f"{patch.area_m2:.0f}"
            zh = f"网格 {grid.id} 于 {grid.valid_until} 止，此后 {patch.at} 处 {size} 平方米无网格"
            en = (
                f"grid {grid.id} ends on {grid.valid_until}; then {size} m² at {patch.at} have none"
            )
            data.warn(GRIDS, line, zh, en, column="properties.valid_until")
