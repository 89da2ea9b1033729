"""The plan of a rendered street: where it lies, what stands there, what is wrong and stays wrong.

Frames: the street frame is (along, right, up) metres from the street's start on its centre line;
(east, north) metres are from the plan's origin, the middle of the street.
"""

import math
from enum import StrEnum
from typing import Annotated, Final, Literal

import numpy as np
import pymap3d
from pydantic import BaseModel, ConfigDict, Field

from edge.sources.street.damage import Hollow, area_m2

ORIGIN: Final = (30.0, 110.0)
"""Latitude, longitude of the middle of every rendered street: a fictional place."""
REACH_M: Final = 150.0
"""No rendered street reaches farther than this from the origin."""
LENGTH_M: Final = 180.0
_SLOTS_M: Final = (27.0, 46.0, 65.0, 84.0, 103.0)
_HIDDEN_M: Final = 140.0
_PILE_RIGHT_M: Final = 6.45
_POTHOLE, _PILE, _BIN = "road.pothole", "sanitation.garbage_pile", "sanitation.bin_overflow"

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
        return _east_north(self.heading, along_m, right_m)


def plan_street(seed: int) -> StreetPlan:
    """Lay out one street."""
    rng = np.random.default_rng((seed, 1))
    heading = math.radians(62.0) + float(rng.uniform(-0.15, 0.15))
    south, west, _ = pymap3d.enu2geodetic(-REACH_M, -REACH_M, 0.0, *ORIGIN, 0.0)
    north, east, _ = pymap3d.enu2geodetic(REACH_M, REACH_M, 0.0, *ORIGIN, 0.0)
    return StreetPlan(
        seed=seed,
        latitude=ORIGIN[0],
        longitude=ORIGIN[1],
        heading=heading,
        length_m=LENGTH_M,
        bounds=Bounds(south=float(south), west=float(west), north=float(north), east=float(east)),
        problems=_problems(heading, seed, rng),
        standing=(*_houses(rng), *_greenery(rng), *_details(rng)),
    )


def hollow_of(problem: PlantedProblem) -> Hollow:
    """Give the shape of a pothole."""
    return Hollow(
        middle=(problem.along_m, problem.right_m),
        half_m=(problem.length_m / 2, problem.width_m / 2),
        seed=problem.seed,
    )


def _east_north(heading: float, along_m: float, right_m: float) -> tuple[float, float]:
    ahead = along_m - LENGTH_M / 2
    east = ahead * math.sin(heading) + right_m * math.cos(heading)
    north = ahead * math.cos(heading) - right_m * math.sin(heading)
    return east, north


def _problems(heading: float, seed: int, rng: np.random.Generator) -> tuple[PlantedProblem, ...]:
    kinds = [_POTHOLE, _PILE, _POTHOLE, _BIN, _POTHOLE]
    order = [kinds[int(n)] for n in rng.permutation(len(kinds))]
    potholes = [n for n, label in enumerate(order) if label == _POTHOLE]
    stays = potholes[int(rng.integers(len(potholes)))]
    places = [(slot + float(rng.uniform(-2.0, 2.0)), order[n]) for n, slot in enumerate(_SLOTS_M)]
    places.append((_HIDDEN_M + float(rng.uniform(-1.5, 1.5)), _PILE))
    problems: list[PlantedProblem] = []
    for n, (along, label) in enumerate(places):
        story = Story.NOT_REPAIRED if n == stays else Story.REPAIR
        if n == len(places) - 1:
            story = Story.HIDDEN_LATER
        number = int(rng.integers(1 << 30)) ^ seed
        problems.append(_problem(n + 1, label, story, along, heading, number))
    return tuple(problems)


def _problem(
    number: int, label: str, story: Story, along: float, heading: float, seed: int
) -> PlantedProblem:
    rng = np.random.default_rng((seed, 2))
    if label == _POTHOLE:
        right = float(rng.uniform(0.9, 2.5))
        length, width, height = float(rng.uniform(0.9, 1.2)), float(rng.uniform(0.7, 1.0)), 0.0
        area = area_m2(Hollow(middle=(along, right), half_m=(length / 2, width / 2), seed=seed))
    elif label == _PILE:
        right = _PILE_RIGHT_M
        length, height = float(rng.uniform(1.9, 2.5)), float(rng.uniform(0.65, 0.95))
        width = length * 0.62
        area = math.pi / 4 * length * width
    else:
        right, length, width, height = _PILE_RIGHT_M - 0.2, 1.3, 1.3, 1.6
        area = 0.8
    east, north = _east_north(heading, along, right)
    latitude, longitude, _ = pymap3d.enu2geodetic(east, north, 0.0, *ORIGIN, 0.0)
    return PlantedProblem(
        id=f"p{number}",
        label=label,
        story=story,
        latitude=float(latitude),
        longitude=float(longitude),
        east_m=east,
        north_m=north,
        along_m=along,
        right_m=right,
        length_m=length,
        width_m=width,
        height_m=height,
        area_m2=area,
        seed=seed,
    )


def _houses(rng: np.random.Generator) -> list[Standing]:
    houses: list[Standing] = []
    for side in (-1.0, 1.0):
        along = -14.0
        while along < LENGTH_M + 62.0:
            length = float(rng.uniform(9.0, 15.0))
            tone = float(rng.uniform(120.0, 200.0))
            houses.append(
                Standing(
                    key=f"house-{len(houses)}",
                    kind=Kind.HOUSE,
                    along_m=along,
                    right_m=side * 10.2,
                    size_m=length,
                    height_m=float(rng.choice([3.9, 6.6, 7.0])),
                    colour=(tone * 0.88, tone * 0.96, tone * float(rng.uniform(0.98, 1.1))),
                    seed=int(rng.integers(1 << 30)),
                )
            )
            along += length + float(rng.choice([0.0, 0.0, 1.6]))
    return houses


def _greenery(rng: np.random.Generator) -> list[Standing]:
    rows: list[Standing] = []
    for n, along in enumerate(np.arange(6.0, LENGTH_M + 60.0, 11.0)):
        for side in (-1.0, 1.0):
            rows.append(
                Standing(
                    key=f"tree-{n}-{int(side)}",
                    kind=Kind.TREE,
                    along_m=float(along + rng.uniform(-1.5, 1.5)) + 3.0 * side,
                    right_m=side * 9.0,
                    size_m=float(rng.uniform(3.4, 4.4)),
                    seed=int(rng.integers(1 << 30)),
                )
            )
    return rows


def _details(rng: np.random.Generator) -> list[Standing]:
    def spot(key: str, kind: Kind, along: float, right: float, size: float = 0.0) -> Standing:
        seed = int(rng.integers(1 << 30))
        return Standing(key=key, kind=kind, along_m=along, right_m=right, size_m=size, seed=seed)

    details = [
        spot(f"lamp-{n}", Kind.LAMP_POST, float(along), 5.9 if n % 2 else -5.9)
        for n, along in enumerate(np.arange(16.0, LENGTH_M + 40.0, 22.0))
    ]
    for n, along in enumerate((36.0, 93.0, 121.0)):
        details.append(spot(f"manhole-{n}", Kind.MANHOLE, along + float(rng.uniform(-2, 2)), 1.2))
        details.append(
            spot(f"crack-{n}", Kind.SEALED_CRACK, along + 16.0, float(rng.uniform(-2.6, 2.6)))
        )
        details.append(
            spot(f"stain-{n}", Kind.STAIN, along - 8.0, 4.4, float(rng.uniform(0.3, 0.6)))
        )
        details.append(
            spot(f"walker-{n}", Kind.PEDESTRIAN, along + float(rng.uniform(0, 8)), -7.4 + 0.4 * n)
        )
    for n, along in enumerate((55.0, 112.0, 163.0)):
        details.append(spot(f"bin-{n}", Kind.BIN, along + float(rng.uniform(-2, 2)), 8.6))
        details.append(spot(f"bin-{n}-left", Kind.BIN, along + 9.0, -8.4))
    return details
