"""GeoJSON as the map reads it."""

from typing import Literal

from pydantic import JsonValue

from api.schemas.base import Shape
from dispatch.datum import Datum


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
    """The basemap: a tile address with {z}/{x}/{y} and what it refers to, or none."""

    tiles: str | None
    attribution: str | None
    datum: Datum
