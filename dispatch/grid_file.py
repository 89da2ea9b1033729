"""Read unit grids from GeoJSON, and name every malformed feature, overlap and hole."""

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

import shapely
from pydantic import JsonValue, ValidationError

from dispatch.datafile import DataFolder
from dispatch.grid import Grid, holes, overlaps, valid_together
from dispatch.ids import GridId
from dispatch.profile_settings import GridProperties

GRIDS: Final = "grids.geojson"
MAX_NAMED: Final = 20
"""Faults of one kind that are listed; a layer that is shifted would list thousands."""


def read_grids(data: DataFolder, *, name: str = GRIDS) -> list[Grid]:
    """Read a GeoJSON file of unit grids; what is wrong with it is noted in the folder's faults."""
    text = data.text(name)
    grids = list(_grids(data, name, text))
    for grid, other in _twice(grids):
        zh = f"网格 {grid.id} 与另一条同编号网格的有效期重叠"
        en = f"grid {grid.id} is valid at the same time as another of its id ({other.valid_from})"
        data.fault(name, _line_of(text, grid.id), zh, en)
    for a, b, area in islice(overlaps(grids), MAX_NAMED):
        zh, en = f"网格 {a.id} 与 {b.id} 重叠", f"grids {a.id} and {b.id} overlap"
        data.fault(name, _line_of(text, b.id), f"{zh} {area:.0f} 平方米", f"{en} by {area:.0f} m²")
    for day in sorted({grid.valid_from for grid in grids}):
        for latitude, longitude, area in islice(holes(grids, day=day), MAX_NAMED):
            where = f"{latitude:.6f}, {longitude:.6f}"
            zh = f"{day} 起 {where} 处有 {area:.0f} 平方米不属于任何网格"
            en = f"from {day} {area:.0f} m² at {where} lie in no grid"
            data.fault(name, 0, zh, en)
    return grids


def _grids(data: DataFolder, name: str, text: str) -> Iterator[Grid]:
    try:
        parsed: JsonValue = json.loads(text) if text else {"features": []}
    except json.JSONDecodeError as error:
        data.fault(name, error.lineno, "不是 JSON", f"no JSON: {error.msg}")
        return
    features = parsed.get("features") if isinstance(parsed, dict) else None
    if not isinstance(features, list):
        data.fault(name, 1, "不是 GeoJSON 要素集合", "no GeoJSON FeatureCollection")
        return
    for number, feature in enumerate(features, start=1):
        grid = _grid(data, name, text, number, feature)
        if grid is not None:
            yield grid


def _grid(data: DataFolder, name: str, text: str, number: int, feature: JsonValue) -> Grid | None:
    stated = feature.get("properties") if isinstance(feature, dict) else None
    try:
        properties = GridProperties.model_validate(stated)
    except ValidationError as error:
        id_ = stated.get("id") if isinstance(stated, dict) else None
        data.fault(
            name,
            _line_of(text, str(id_)) if id_ else 0,
            f"第 {number} 个要素的属性有误",
            f"feature {number}: {error.errors()[0]['loc']} {error.errors()[0]['msg']}",
        )
        return None
    polygon, why_zh, why_en = _polygon(feature)
    if polygon is None:
        line = _line_of(text, properties.id)
        data.fault(name, line, f"网格 {properties.id} {why_zh}", f"grid {properties.id} {why_en}")
        return None
    return Grid(
        id=GridId(properties.id),
        owner=properties.owner,
        polygon=polygon,
        valid_from=properties.valid_from,
        valid_until=properties.valid_until,
    )


def _polygon(feature: JsonValue) -> tuple[shapely.Polygon | None, str, str]:
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    shape = shapely.from_geojson(json.dumps(geometry), on_invalid="ignore")
    if not isinstance(shape, shapely.Polygon) or shape.is_empty:
        return None, "不是单个多边形，请拆成单个多边形", "is no single polygon: split it"
    west, south, east, north = shape.bounds
    if not (-180.0 <= west <= east <= 180.0 and -90.0 <= south <= north <= 90.0):
        zh = "的坐标不是经纬度，请转换为 WGS 84 经纬度"
        return None, zh, "has coordinates that are no degrees: convert to WGS 84"
    if not shape.is_valid:
        reason = shapely.is_valid_reason(shape)
        return None, f"的边界有误({reason})", f"has an invalid outline: {reason}"
    return shape, "", ""


def _twice(grids: Sequence[Grid]) -> Iterator[tuple[Grid, Grid]]:
    seen: dict[GridId, list[Grid]] = {}
    for grid in grids:
        for other in seen.setdefault(grid.id, []):
            if valid_together(grid, other):
                yield grid, other
        seen[grid.id].append(grid)


def _line_of(text: str, id_: str) -> int:
    position = text.find(f'"{id_}"')
    return text.count("\n", 0, position) + 1 if position >= 0 else 0
