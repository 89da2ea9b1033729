"""How parked vehicles are built: their outlines from the side, and what each stretch is made of."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Body(StrEnum):
    """What kind of vehicle."""

    CAR = "car"
    VAN = "van"
    TRUCK = "truck"


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """The outline of a vehicle from its side.

    Attributes:
        width_m: at the waist.
        outline: (along, up) metres from the foot of the tail over the roof to the foot of the nose.
        panels: what each stretch of the outline is made of.
        windows: outlines of side windows.
        wheels: along of the axles.
        wheel_m: radius of the wheels.
        narrow_m: by how much each side leans in at the roof.
        waist_m: height at which the sides begin to lean in.
    """

    width_m: float
    outline: tuple[tuple[float, float], ...]
    panels: tuple[str, ...]
    windows: tuple[tuple[tuple[float, float], ...], ...]
    wheels: tuple[float, ...]
    wheel_m: float
    narrow_m: float
    waist_m: float

    @property
    def length_m(self) -> float:
        """Bumper to bumper."""
        return max(along for along, _ in self.outline)


BUILDS: Final[dict[Body, Build]] = {
    Body.CAR: Build(
        width_m=1.82,
        outline=(
            (0.05, 0.0),
            (0.0, 0.95),
            (0.45, 1.0),
            (1.05, 1.42),
            (2.5, 1.46),
            (3.25, 1.0),
            (4.35, 0.82),
            (4.5, 0.5),
            (4.45, 0.0),
        ),
        panels=("tail", "paint", "glass", "paint", "glass", "paint", "nose", "nose_low"),
        windows=(
            ((0.75, 1.0), (1.15, 1.34), (1.75, 1.37), (1.75, 1.0)),
            ((1.83, 1.0), (1.83, 1.37), (2.45, 1.38), (3.05, 1.0)),
        ),
        wheels=(0.85, 3.6),
        wheel_m=0.33,
        narrow_m=0.2,
        waist_m=0.98,
    ),
    Body.VAN: Build(
        width_m=1.9,
        outline=(
            (0.05, 0.0),
            (0.0, 1.1),
            (0.12, 1.92),
            (3.5, 1.95),
            (4.35, 1.2),
            (4.75, 0.95),
            (4.85, 0.5),
            (4.8, 0.0),
        ),
        panels=("hatch", "hatch_glass", "paint", "glass", "paint", "nose", "nose_low"),
        windows=(
            ((0.3, 1.15), (0.35, 1.75), (1.5, 1.78), (1.5, 1.15)),
            ((1.6, 1.15), (1.6, 1.78), (2.7, 1.78), (2.7, 1.15)),
            ((2.8, 1.15), (2.8, 1.78), (3.45, 1.78), (4.1, 1.15)),
        ),
        wheels=(0.9, 3.9),
        wheel_m=0.34,
        narrow_m=0.12,
        waist_m=1.1,
    ),
    Body.TRUCK: Build(
        width_m=2.3,
        outline=(
            (0.0, 0.0),
            (0.0, 0.85),
            (0.0, 2.95),
            (5.3, 2.95),
            (5.35, 2.3),
            (6.6, 2.25),
            (7.0, 1.45),
            (7.05, 0.9),
            (7.0, 0.0),
        ),
        panels=("bumper", "doors", "cargo", "cargo", "cab", "glass", "nose", "nose_low"),
        windows=(((5.6, 1.4), (5.6, 2.1), (6.5, 2.08), (6.8, 1.4)),),
        wheels=(1.4, 6.0),
        wheel_m=0.45,
        narrow_m=0.0,
        waist_m=2.0,
    ),
}
