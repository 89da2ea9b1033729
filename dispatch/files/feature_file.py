"""Read polygons with their properties from GeoJSON, and name the line of every malformed one."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

import shapely
from pydantic import BaseModel, JsonValue, ValidationError

from dispatch.files.datafile import DataFolder
from dispatch.files.fault_words import named, refusals

Properties = TypeVar("Properties", bound=BaseModel)
_DECODER: Final = json.JSONDecoder()
_SPACE: Final = re.compile(r"[ \t\r\n]*")
_SAME_CRS: Final = ("CRS84", "4326")


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature(Generic[Properties]):
    """A sound feature: the line on which it begins, its properties, longitude and latitude."""

    line: int
    said: Properties
    polygon: shapely.Polygon


@dataclass(frozen=True, slots=True, kw_only=True)
class PointFeature(Generic[Properties]):
    """A sound feature at a point: the line on which it begins, x is longitude and y latitude."""

    line: int
    said: Properties
    at: shapely.Point


def read_features(
    data: DataFolder, name: str, properties: type[Properties]
) -> Iterator[Feature[Properties]]:
    """Give each sound polygon of a file; what is wrong with the others is noted as faults."""
    for line, said, geometry in _sound(data, name, properties):
        polygon, why_zh, why_en = _polygon(geometry)
        if polygon is None:
            _refuse_shape(data, name, line, why_zh, why_en)
        else:
            yield Feature(line=line, said=said, polygon=polygon)


def read_points(
    data: DataFolder, name: str, properties: type[Properties]
) -> Iterator[PointFeature[Properties]]:
    """Give each sound point of a file; what is wrong with the others is noted as faults."""
    for line, said, geometry in _sound(data, name, properties):
        shape = shapely.from_geojson(json.dumps(geometry), on_invalid="ignore")
        if not isinstance(shape, shapely.Point) or shape.is_empty:
            _refuse_shape(data, name, line, "不是点，请导出为点", "is no point: export points")
        elif not _is_in_degrees(shape):
            _refuse_shape(data, name, line, *_NO_DEGREES)
        else:
            yield PointFeature(line=line, said=said, at=shape)


def _sound(
    data: DataFolder, name: str, properties: type[Properties]
) -> Iterator[tuple[int, Properties, JsonValue]]:
    """Give the line, properties and geometry of each feature whose properties are right."""
    for line, feature in _features(data, name, data.text(name)):
        stated = feature.get("properties") if isinstance(feature, dict) else None
        try:
            said = properties.model_validate(stated)
        except ValidationError as error:
            for place, zh, en in refusals(error):
                what = named(("properties", *place))
                data.fault(name, line, f"{what}：{zh}", f"{what}: {en}", column=what)
            data.incomplete.add(name)
            continue
        yield line, said, feature.get("geometry") if isinstance(feature, dict) else None


def _refuse_shape(data: DataFolder, name: str, line: int, zh: str, en: str) -> None:
    data.fault(name, line, f"要素{zh}", f"the feature {en}", column="geometry")
    data.incomplete.add(name)


class _Scan:
    """A JSON text that is read value by value, so that the line of each is known."""

    def __init__(self, text: str) -> None:
        self._text, self._at, self._counted, self._line = text, 0, 0, 1

    def peek(self) -> str:
        """Give the next character that is no space; empty at the end."""
        found = _SPACE.match(self._text, self._at)
        self._at = found.end() if found else self._at
        return self._text[self._at : self._at + 1]

    def take(self, sign: str) -> None:
        """Pass a sign by.

        Raises:
            json.JSONDecodeError: something else stands there.
        """
        if self.peek() != sign:
            raise json.JSONDecodeError(f"Expecting '{sign}'", self._text, self._at)
        self._at += 1

    def value(self) -> JsonValue:
        """Read the next value whole."""
        self.peek()
        read, self._at = _DECODER.raw_decode(self._text, self._at)
        value: JsonValue = read
        return value

    def line(self) -> int:
        """Give the line on which the next value begins."""
        self.peek()
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line


def _features(data: DataFolder, name: str, text: str) -> Iterator[tuple[int, JsonValue]]:
    scan, found = _Scan(text), not text
    try:
        for key, line in _members(scan) if scan.peek() == "{" else ():
            if key == "features" and scan.peek() == "[":
                found = True
                yield from _items(scan)
            elif key == "crs":
                _check_crs(data, name, line, scan.value())
            else:
                scan.value()
        if not found:
            data.fault(name, 1, *_NO_COLLECTION)
            data.incomplete.add(name)
    except json.JSONDecodeError as error:
        zh = f"第 {error.colno} 个字符处不是 JSON，请改正"
        data.fault(name, error.lineno, zh, f"no JSON at column {error.colno}: {error.msg}")
        data.incomplete.add(name)


_NO_COLLECTION: Final = (
    "不是 GeoJSON 要素集合，请导出为 FeatureCollection",
    "no GeoJSON FeatureCollection: export it as one",
)


def _members(scan: _Scan) -> Iterator[tuple[JsonValue, int]]:
    """Give the names of an object's members with their lines; whoever asks reads the values."""
    scan.take("{")
    more = scan.peek() != "}"
    while more:
        line, key = scan.line(), scan.value()
        scan.take(":")
        yield key, line
        more = scan.peek() != "}"
        if more:
            scan.take(",")
    scan.take("}")


def _items(scan: _Scan) -> Iterator[tuple[int, JsonValue]]:
    scan.take("[")
    more = scan.peek() != "]"
    while more:
        line = scan.line()
        yield line, scan.value()
        more = scan.peek() != "]"
        if more:
            scan.take(",")
    scan.take("]")


def _check_crs(data: DataFolder, name: str, line: int, crs: JsonValue) -> None:
    written = json.dumps(crs)
    if crs is not None and not any(each in written for each in _SAME_CRS):
        zh, en = "坐标参考系不是 WGS 84，请转换", "the crs is not WGS 84: convert the coordinates"
        data.fault(name, line, zh, en, column="crs")


_NO_DEGREES: Final = (
    "的坐标不是经纬度，请转换为 WGS 84 经纬度",
    "has coordinates that are no degrees: convert to WGS 84",
)


def _polygon(geometry: JsonValue) -> tuple[shapely.Polygon | None, str, str]:
    shape = shapely.from_geojson(json.dumps(geometry), on_invalid="ignore")
    if not isinstance(shape, shapely.Polygon) or shape.is_empty:
        return None, "不是单个多边形，请拆成单个多边形", "is no single polygon: split it"
    if not _is_in_degrees(shape):
        return None, *_NO_DEGREES
    if not shape.is_valid:
        reason = shapely.is_valid_reason(shape)
        zh = f"的边界有误({reason})，请改正"
        return None, zh, f"has an invalid outline, correct it: {reason}"
    return shape, "", ""


def _is_in_degrees(shape: shapely.Geometry) -> bool:
    west, south, east, north = shape.bounds
    return bool(-180.0 <= west <= east <= 180.0 and -90.0 <= south <= north <= 90.0)
