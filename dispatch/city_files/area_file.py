"""Read streets and communities, by name and by outline, and check how areas and grids nest.

Names are in `areas.csv`, outlines with names in `areas.geojson`; an area stands in one of them.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

from dispatch.city_files.grid_file import GRIDS, MAX_NAMED, Located
from dispatch.city_files.profile_settings import AreaRow
from dispatch.files.datafile import DataFolder
from dispatch.files.feature_file import read_features
from dispatch.ground.area import Area, Level
from dispatch.ground.tiles import (
    Tile,
    days_of_change,
    outside,
    overlaps,
    uncovered,
    valid_together,
)

AREAS: Final = "areas.csv"
OUTLINES: Final = "areas.geojson"
_PARENTS: Final = {
    Level.GRID: Level.COMMUNITY,
    Level.COMMUNITY: Level.STREET,
    Level.STREET: Level.DISTRICT,
}


Stated = tuple[str, int, Area]
"""An area with the file and line that state it."""


def read_areas(
    data: DataFolder, grids: Sequence[Located], *, county: str | None, tolerance_m2: float
) -> list[Area]:
    """Read the areas of a city; what is wrong with them is noted as faults.

    Args:
        grids: the unit grids with their lines; each has a named street and community.
        county: leading digits of every id; None where it is not known.
        tolerance_m2: what may overlap, be left over or stick out.
    """
    stated = [*_named(data), *_outlined(data)]
    if not stated:
        return []
    _note_doubles(data, stated)
    for file, line, area in stated:
        if county is not None and not area.id.startswith(county):
            zh = f"{area.id} 不属于 {county}，请核对编号"
            data.fault(file, line, zh, f"{area.id} lies outside {county}: correct it", column="id")
    _note_orphans(data, stated, grids, county)
    _note_ground(data, stated, grids, tolerance_m2)
    return [area for _, _, area in stated]


def _named(data: DataFolder) -> Iterator[Stated]:
    if data.has(AREAS):
        for line, row in data.rows(AREAS, AreaRow):
            yield AREAS, line, Area(**row.model_dump())


def _outlined(data: DataFolder) -> Iterator[Stated]:
    if data.has(OUTLINES):
        for each in read_features(data, OUTLINES, AreaRow):
            yield OUTLINES, each.line, Area(**each.said.model_dump(), polygon=each.polygon)


def _note_doubles(data: DataFolder, stated: Sequence[Stated]) -> None:
    seen: dict[str, list[Stated]] = {}
    for file, line, area in stated:
        for other_file, other_line, other in seen.setdefault(area.id, []):
            if valid_together(area, other):
                where = f"{other_file}:{other_line}"
                zh = f"{area.id} 在 {where} 已有，且有效期重叠，请只留一处或改正日期"
                en = f"{area.id} stands in {where} for the same days: keep one, or correct dates"
                data.fault(file, line, zh, en, column="id")
        seen[area.id].append((file, line, area))


def _note_orphans(
    data: DataFolder,
    stated: Sequence[Stated],
    grids: Sequence[Located],
    county: str | None,
) -> None:
    """Note areas and grids whose street or community is not stated for every day they count."""
    areas = [area for _, _, area in stated]
    days = days_of_change([*areas, *(grid for _, grid in grids)])
    by_id: dict[str, list[Area]] = {}
    for area in areas:
        by_id.setdefault(area.id, []).append(area)
    children: list[tuple[str, int, Tile]] = [*stated, *((GRIDS, line, g) for line, g in grids)]
    told: set[str] = set()
    for file, line, child in children:
        parent = _PARENTS.get(Level(len(child.id)))
        above = child.id[:parent] if parent else ""
        if parent is None or above in told or (parent is Level.DISTRICT and above == county):
            continue
        named = by_id.get(above, [])
        counts = [day for day in days if child.valid_on(day)]
        lacking = [day for day in counts if not any(area.valid_on(day) for area in named)]
        if lacking:
            told.add(above)
            zh = f"{child.id} 的{parent.zh} {above} 自 {lacking[0]} 起没有名称，请补入 {AREAS}"
            en = f"the {parent.en} {above} of {child.id} has no name from {lacking[0]} on"
            data.fault(file, line, zh, f"{en}: add it to {AREAS}")


def _note_ground(
    data: DataFolder,
    stated: Sequence[Stated],
    grids: Sequence[Located],
    tolerance_m2: float,
) -> None:
    """Note what outlines share with their siblings, and what they and those below do not share."""
    for level in (Level.DISTRICT, Level.STREET, Level.COMMUNITY):
        outlined = [each for each in stated if each[2].level is level and each[2].polygon]
        _note_overlaps(data, outlined, tolerance_m2)
        for parent in outlined:
            below = _below(parent[2], stated, grids)
            _note_outside(data, parent, below, tolerance_m2)
            if below and GRIDS not in data.incomplete:  # else every refused grid is a gap
                _note_uncovered(data, parent, [tile for _, _, tile in below], tolerance_m2)


def _below(
    parent: Area, stated: Sequence[Stated], grids: Sequence[Located]
) -> list[tuple[str, int, Tile]]:
    """Give the areas next below one if all have outlines, and else its unit grids."""
    next_ = {above: level for level, above in _PARENTS.items()}[parent.level]
    areas = [each for each in stated if each[2].level is next_ and each[2].id.startswith(parent.id)]
    if areas and all(area.polygon for _, _, area in areas):
        return [*areas]
    return [(GRIDS, line, grid) for line, grid in grids if grid.id.startswith(parent.id)]


def _note_overlaps(data: DataFolder, siblings: Sequence[Stated], tolerance_m2: float) -> None:
    areas = [area for _, _, area in siblings]
    for i, j, patch in islice(overlaps(areas, tolerance_m2=tolerance_m2), MAX_NAMED):
        file, line, area = siblings[j]
        size, other = f"{patch.area_m2:.0f}", siblings[i][1]
        zh = f"{area.id} 与第 {other} 行的 {areas[i].id} 重叠 {size} 平方米，在 {patch.at}，请修正"
        en = f"{area.id} overlaps {areas[i].id} of line {other} by {size} m²"
        data.fault(file, line, zh, f"{en} at {patch.at}: correct the border", column="geometry")


def _note_outside(
    data: DataFolder,
    parent: Stated,
    children: Iterable[tuple[str, int, Tile]],
    tolerance_m2: float,
) -> None:
    area = parent[2]
    assert area.polygon is not None
    named = 0
    for file, line, child in children:
        if named >= MAX_NAMED or not valid_together(child, area):
            continue
        for patch in islice(outside(child, area.polygon, tolerance_m2=tolerance_m2), 1):
            named += 1
            size = f"{patch.area_m2:.0f}"
            zh = f"{child.id} 有 {size} 平方米在{area.level.zh} {area.id} 之外，在 {patch.at}"
            en = f"{size} m² of {child.id} lie outside the {area.level.en} {area.id} at {patch.at}"
            zh, en = f"{zh}，请修正边界或编号", f"{en}: correct the border or the id"
            data.fault(file, line, zh, en, column="geometry")


def _note_uncovered(
    data: DataFolder,
    parent: Stated,
    children: Sequence[Tile],
    tolerance_m2: float,
) -> None:
    file, line, area = parent
    assert area.polygon is not None
    for day in days_of_change([area, *children]):
        valid = [child for child in children if child.valid_on(day)]
        if not area.valid_on(day):
            continue
        for patch in islice(uncovered(area.polygon, valid, tolerance_m2=tolerance_m2), MAX_NAMED):
            size = f"{patch.area_m2:.0f}"
            zh = f"{day} 起{area.level.zh} {area.id} 在 {patch.at} 处有 {size} 平方米没有下级区域"
            en = f"from {day} {size} m² of the {area.level.en} {area.id} at {patch.at} hold no area"
            data.fault(
                file, line, f"{zh}，请补上", f"{en} below it: fill the gap", column="geometry"
            )
