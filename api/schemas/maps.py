"""GeoJSON as the map reads it."""

from typing import Literal

from pydantic import JsonValue

from api.schemas.base import Shape


class Feature(Shape):
    """A GeoJSON feature (RFC 7946)."""

    type: Literal["Feature"]
    geometry: dict[str, object]
    properties: dict[str, JsonValue]


class FeatureCollection(Shape):
    """A GeoJSON feature collection."""

    type: Literal["FeatureCollection"]
    features: list[Feature]


class MapSettings(Shape):
    """The basemap: a tile address with {z}/{x}/{y}, or none."""

    tiles: str | None
    attribution: str | None
