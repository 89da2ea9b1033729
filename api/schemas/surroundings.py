"""What lies around a case, for a small picture that needs no map from elsewhere."""

from api.schemas.base import Shape, Words

Ring = list[tuple[float, float]]
"""A closed line of longitude and latitude, WGS 84."""


class GroundOut(Shape):
    """Named ground, as much of it as lies near."""

    id: str
    name: Words
    rings: list[Ring]


class Landmark(Shape):
    """A component of the registry that people find the place by."""

    id: str
    name: str
    """What the census calls it, or else what it is."""
    latitude: float
    longitude: float


class Surroundings(Shape):
    """Grids, boundary roads and components within `reach_m` of a case, the nearest first."""

    reach_m: float
    grids: list[GroundOut]
    strips: list[GroundOut]
    landmarks: list[Landmark]
