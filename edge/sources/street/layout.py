"""The layout of a rendered street: its problems, houses, trees and look-alikes, by seed."""

import math
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from edge.placing.geodesy import LocalPlane
from edge.sources.street.damage import Hollow, area_m2
from edge.sources.street.plan import (
    LENGTH_M,
    ORIGIN,
    REACH_M,
    Bounds,
    Kind,
    PlantedProblem,
    Standing,
    Story,
    StreetPlan,
    east_north,
)
from edge.sources.street.rubbish import CONTAINER_M, HEAP_DEPTH

_SLOTS_M: Final = (27.0, 46.0, 65.0, 84.0, 103.0)
_HIDDEN_M: Final = 140.0
_KERBSIDE_M: Final = 5.3
_PAVEMENT_M: Final = 6.3
_POTHOLE, _PILE, _BIN = "road.pothole", "sanitation.garbage_pile", "sanitation.bin_overflow"


def plan_street(seed: int, *, middle: tuple[float, float] = ORIGIN) -> StreetPlan:
    """Lay out one street: three potholes, two heaps, one overflowing bin, at least 12 m apart.

    Args:
        middle: latitude, longitude of its middle, degrees WGS 84; all else is by the seed alone.
    """
    plane = LocalPlane(latitude=middle[0], longitude=middle[1])
    rng = np.random.default_rng((seed, 1))
    heading = math.radians(62.0) + float(rng.uniform(-0.15, 0.15))
    corners = plane.latitude_longitude(np.array([[-REACH_M, -REACH_M], [REACH_M, REACH_M]]))
    (south, west), (north, east) = corners.tolist()
    return StreetPlan(
        seed=seed,
        latitude=middle[0],
        longitude=middle[1],
        heading=heading,
        length_m=LENGTH_M,
        bounds=Bounds(south=south, west=west, north=north, east=east),
        problems=_problems(heading, rng, plane=plane),
        standing=(*_houses(rng), *_trees(rng), *_details(rng)),
    )


def _problems(
    heading: float, rng: np.random.Generator, *, plane: LocalPlane
) -> tuple[PlantedProblem, ...]:
    labels = [_POTHOLE, _PILE, _POTHOLE, _BIN, _POTHOLE]
    labels = [labels[int(n)] for n in rng.permutation(len(labels))]
    stories = [Story.REPAIR] * len(labels)
    stories[int(rng.choice([n for n, label in enumerate(labels) if label == _POTHOLE]))] = (
        Story.NOT_REPAIRED
    )
    shapes = [_shape(label, rng) for label in labels]
    along = [slot + float(rng.uniform(-2.0, 2.0)) for slot in _SLOTS_M]
    hidden = replace(_shape(_PILE, rng), right_m=_PAVEMENT_M)
    shapes.append(hidden)
    stories.append(Story.HIDDEN_LATER)
    along.append(_HIDDEN_M + float(rng.uniform(-1.5, 1.5)))
    return tuple(
        _plant(f"p{n}", shape, story=story, along_m=at, heading=heading, plane=plane)
        for n, (shape, story, at) in enumerate(zip(shapes, stories, along, strict=True), start=1)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    label: str
    right_m: float
    length_m: float
    width_m: float
    height_m: float
    seed: int

    @property
    def area_m2(self) -> float:
        """Area of its foot."""
        if self.label == _POTHOLE:
            half = (self.length_m / 2, self.width_m / 2)
            return area_m2(Hollow(middle=(0.0, 0.0), half_m=half, seed=self.seed))
        share = math.pi / 4 if self.label == _PILE else 1.0
        return share * self.length_m * self.width_m


def _shape(label: str, rng: np.random.Generator) -> _Shape:
    if label == _POTHOLE:
        right, length = float(rng.uniform(0.9, 2.5)), float(rng.uniform(1.0, 1.2))
        width, height = float(rng.uniform(0.8, 1.0)), 0.0
    elif label == _PILE:
        right, length = _KERBSIDE_M, float(rng.uniform(2.1, 2.6))
        width, height = length * HEAP_DEPTH, float(rng.uniform(0.8, 1.0))
    else:
        right, (length, width, height) = _KERBSIDE_M + 0.7, CONTAINER_M
    return _Shape(
        label=label,
        right_m=right,
        length_m=length,
        width_m=width,
        height_m=height,
        seed=int(rng.integers(1 << 30)),
    )


def _plant(
    problem_id: str,
    shape: _Shape,
    *,
    story: Story,
    along_m: float,
    heading: float,
    plane: LocalPlane,
) -> PlantedProblem:
    east, north = east_north(heading, along_m, shape.right_m)
    latitude, longitude = plane.latitude_longitude(np.array([east, north])).tolist()
    return PlantedProblem(
        id=problem_id,
        label=shape.label,
        story=story,
        latitude=latitude,
        longitude=longitude,
        east_m=east,
        north_m=north,
        along_m=along_m,
        right_m=shape.right_m,
        length_m=shape.length_m,
        width_m=shape.width_m,
        height_m=shape.height_m,
        area_m2=shape.area_m2,
        seed=shape.seed,
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


def _trees(rng: np.random.Generator) -> list[Standing]:
    return [
        Standing(
            key=f"tree-{n}-{'left' if side < 0 else 'right'}",
            kind=Kind.TREE,
            along_m=float(along + rng.uniform(-1.5, 1.5)) + 3.0 * side,
            right_m=side * 9.0,
            size_m=float(rng.uniform(3.4, 4.4)),
            seed=int(rng.integers(1 << 30)),
        )
        for n, along in enumerate(np.arange(6.0, LENGTH_M + 60.0, 11.0))
        for side in (-1.0, 1.0)
    ]


def _details(rng: np.random.Generator) -> list[Standing]:
    def spot(key: str, kind: Kind, along: float, right: float, size: float = 0.0) -> Standing:
        seed = int(rng.integers(1 << 30))
        return Standing(key=key, kind=kind, along_m=along, right_m=right, size_m=size, seed=seed)

    details = [
        spot(f"lamp-{n}", Kind.LAMP_POST, float(along), 8.5 if n % 2 else -8.5)
        for n, along in enumerate(np.arange(16.0, LENGTH_M + 40.0, 22.0))
    ]
    for n, along in enumerate((36.0, 93.0, 121.0)):
        details.append(spot(f"manhole-{n}", Kind.MANHOLE, along + float(rng.uniform(-2, 2)), -2.6))
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
