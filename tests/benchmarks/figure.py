"""A measured figure: its name, its goal, and how it was got."""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

FIGURES: Final[dict[str, "Benchmark"]] = {}
"""All benchmarks by name, filled as their modules are imported."""

_RELATIONS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "==": operator.eq,
}


class CannotRun(Exception):
    """This machine lacks what the benchmark needs; the message says what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What a benchmark found: the value in its unit, and how it was got in one sentence."""

    value: float
    how: str

    def __post_init__(self) -> None:
        """Make a plain number of what numpy gives, so that it can be written as JSON."""
        object.__setattr__(self, "value", float(self.value))


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """One figure that can be measured.

    Attributes:
        name: stable, `package.what_it_is`.
        unit: `ratio`, `share`, `ms`, `rows/s`, …; ratios and shares are fractions.
        goal: `<= 1.03`, `>= 0.85`, `== 0`, `>= 0.9 and <= 1.1`, or empty if
            the figure only informs.
        measure: gives the figure.
    """

    name: str
    unit: str
    goal: str
    measure: Callable[[], Measured]

    def met(self, value: float) -> bool | None:
        """Say whether a value meets the goal, None without a goal."""
        if not self.goal:
            return None
        parts = [part.split() for part in self.goal.split(" and ")]
        return all(_RELATIONS[relation](value, float(bound)) for relation, bound in parts)


def benchmark(
    *, name: str, unit: str, goal: str = ""
) -> Callable[[Callable[[], Measured]], Callable[[], Measured]]:
    """Make a function a benchmark of `python -m tests.benchmarks`.

    Raises:
        ValueError: the name is taken, or the goal cannot be read.
    """
    if name in FIGURES:
        raise ValueError(f"two benchmarks are named {name}")

    def register(measure: Callable[[], Measured]) -> Callable[[], Measured]:
        made = Benchmark(name=name, unit=unit, goal=goal, measure=measure)
        try:
            made.met(0.0)
        except (KeyError, ValueError):
            raise ValueError(f"{name}: the goal is like '<= 1.03', not '{goal}'") from None
        FIGURES[name] = made
        return measure

    return register
