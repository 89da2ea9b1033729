"""GeoJSON as the map reads it."""

from datetime import date
from typing import Literal

from pydantic import JsonValue

from api.schemas.base import Shape, Words
from dispatch.catalogue.component import AccuracyClass, Condition
from dispatch.ground.datum import Datum


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
    registry: bool
    """Whether the city has a registry of components."""


class MapComponent(Shape):
    """A component of the registry as the census has it."""

    id: str
    name: str
    standard: str
    code: str
    class_name: str | None
    """What the directory calls its code; null where it does not know it."""
    owner: str
    owner_words: Words
    condition: Condition
    condition_words: Words
    accuracy: AccuracyClass
    latitude: float
    longitude: float
    valid_from: date
    valid_until: date | None
    """The last day on which it counted so."""


class ComponentMap(Shape):
    """The components of a view; none, and `more`, where it holds too many to be told apart."""

    components: list[MapComponent]
    more: bool
