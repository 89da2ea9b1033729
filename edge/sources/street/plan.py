"""The plan of a rendered street: where it lies, what stands there, what is wrong and stays wrong.

Frames: the street frame is (along, right, up) metres from the street's start on its centre line;
(east, north) metres are from the plan's origin, the middle of the street.
"""

import math
from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from edge.sources.street.damage import Hollow

ORIGIN: Final = (30.0, 110.0)
"""Latitude, longitude of the middle of a rendered street for which none is said."""
REACH_M: Final = 150.0
"""No rendered street reaches farther than this from the origin."""
LENGTH_M: Final = 180.0

Metres = Annotated[float, Field(allow_inf_nan=False)]


class Part(BaseModel):
    """A frozen part of a street's files that refuses fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Story(StrEnum):
    """What becomes of a problem after the first passes."""

    REPAIR = "repair"
    """It is handled and gone in every later pass."""
    NOT_REPAIRED = "not_repaired"
    """Its worker says it is done; it is still there."""
    HIDDEN_LATER = "hidden_later"
    """Never repaired, and behind parked vehicles in every later pass."""


class PlantedProblem(Part):
    """A problem whose truth is known.

    Attributes:
        length_m: extent along the street.
        width_m: extent across.
        height_m: above the ground; 0 for a hole.
        area_m2: of its foot.
    """

    id: str
    label: str
    story: Story
    latitude: float
    longitude: float
    east_m: Metres
    north_m: Metres
    along_m: Metres
    right_m: Metres
    length_m: Metres
    width_m: Metres
    height_m: Metres
    area_m2: Metres
    seed: int


class Kind(StrEnum):
    """What harmless things stand or lie in the street."""

    BIN = "bin"
    HOUSE = "house"
    TREE = "tree"
    LAMP_POST = "lamp_post"
    PEDESTRIAN = "pedestrian"
    MANHOLE = "manhole"
    SEALED_CRACK = "sealed_crack"
    STAIN = "stain"


class Standing(Part):
    """A harmless thing, of every pass.

    Attributes:
        size_m: length of a house front, height of a tree, half width of a stain; else unused.
        height_m: of a house.
    """

    key: str
    kind: Kind
    along_m: Metres
    right_m: Metres
    size_m: Metres = 0.0
    height_m: Metres = 0.0
    colour: tuple[float, float, float] = (0.0, 0.0, 0.0)
    seed: int


class Bounds(Part):
    """A box in degrees, WGS 84, that holds the street whatever its seed."""

    south: float
    west: float
    north: float
    east: float


class StreetPlan(Part):
    """The whole street and its truth."""

    format: Literal[1] = 1
    rendered: Literal[True] = True
    seed: int
    latitude: float
    longitude: float
    heading: float
    """Direction of the street from true north, clockwise, radians."""
    length_m: Metres
    bounds: Bounds
    problems: tuple[PlantedProblem, ...]
    standing: tuple[Standing, ...]

    def problem(self, problem_id: str) -> PlantedProblem:
        """Give a planted problem.

        Raises:
            KeyError: the plan has none of that id.
        """
        for problem in self.problems:
            if problem.id == problem_id:
                return problem
        raise KeyError(problem_id)

    def east_north(self, along_m: float, right_m: float) -> tuple[float, float]:
        """Give metres east and north of the origin for a place in the street frame."""
        return east_north(self.heading, along_m, right_m)


def hollow_of(problem: PlantedProblem) -> Hollow:
    """Give the shape of a pothole."""
    return Hollow(
        middle=(problem.along_m, problem.right_m),
        half_m=(problem.length_m / 2, problem.width_m / 2),
        seed=problem.seed,
    )


def east_north(heading: float, along_m: float, right_m: float) -> tuple[float, float]:
    """Give metres east and north of the origin for a place in the frame of a street so headed."""
    ahead = along_m - LENGTH_M / 2
    east = ahead * math.sin(heading) + right_m * math.cos(heading)
    north = ahead * math.cos(heading) - right_m * math.sin(heading)
    return east, north
