"""Read polygons with their properties from GeoJSON, and name the line of every malformed one."""

import json
from collections.abc import Iterator
from typing import TypeVar

import shapely
from pydantic import BaseModel, JsonValue, ValidationError

from dispatch.datafile import DataFolder

Properties = TypeVar("Properties", bound=BaseModel)


def read_features(
    data: DataFolder, name: str, properties: type[Properties]
) -> Iterator[tuple[int, Properties, shapely.Polygon]]:
    """Give the line, properties and polygon (longitude, latitude) of each sound feature of a file.

    What is wrong with the others is noted in the folder's faults. Every feature has an `id` among
    its properties, by which its line is found.
    """
    text = data.text(name)
    for number, feature in enumerate(_features(data, name, text), start=1):
        stated = feature.get("properties") if isinstance(feature, dict) else None
        id_ = stated.get("id") if isinstance(stated, dict) else None
        line = line_of(text, str(id_)) if id_ else 0
        try:
            said = properties.model_validate(stated)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            zh = f"第 {number} 个要素的属性有误（{where}）"
            data.fault(name, line, zh, f"feature {number}: {where} {first['msg']}")
            continue
        polygon, why_zh, why_en = _polygon(feature)
        if polygon is None:
            data.fault(name, line, f"要素 {id_} {why_zh}", f"feature {id_} {why_en}")
        else:
            yield line, said, polygon


def line_of(text: str, id_: str) -> int:
    """Find the line on which a feature's id stands; 0 where it does not."""
    position = text.find(f'"{id_}"')
    return text.count("\n", 0, position) + 1 if position >= 0 else 0


def _features(data: DataFolder, name: str, text: str) -> list[JsonValue]:
    try:
        parsed: JsonValue = json.loads(text) if text else {"features": []}
    except json.JSONDecodeError as error:
        data.fault(name, error.lineno, "不是 JSON", f"no JSON: {error.msg}")
        return []
    features = parsed.get("features") if isinstance(parsed, dict) else None
    if not isinstance(features, list):
        data.fault(name, 1, "不是 GeoJSON 要素集合", "no GeoJSON FeatureCollection")
        return []
    return features


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
