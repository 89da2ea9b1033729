"""Which sights may bear on each other's identity: near each other, and in each other's time.

Frame: squares of the ground, so that whatever is near is looked for in a few of them.
"""

import math
from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from dispatch.ground.place import EARTH_RADIUS_M
from dispatch.identity.rule import IDENTITY, IdentityRule
from dispatch.identity.sights import position_of
from dispatch.sights.observation import Observation

_SLACK: Final = 0.02
"""By how much squares may be off: the plane is tangent where the first sight lies."""
_SHARE: Final = (1.0 - _SLACK) / math.sqrt(2.0)
_STEPS: Final = math.ceil((1.0 + _SLACK) / _SHARE)
_Square = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where and when a sight is: radians, seconds since 1970."""

    one: Observation
    latitude: float
    longitude: float
    scale: float
    at: float


class Vicinity:
    """Sights held together by chains of steps within a distance, and by what else ties them.

    What lies in one square lies within the distance; so a street that hundreds of passes saw costs
    a few comparisons a sight.

    Args:
        reach_m: the length of a step.
    """

    def __init__(self, *, reach_m: float, rule: IdentityRule = IDENTITY) -> None:
        self._reach_m, self._rule = reach_m, rule
        self._side = reach_m * _SHARE / EARTH_RADIUS_M
        self._scale = 0.0
        self._above: list[int] = []
        self._kept: list[Observation] = []
        self._number: dict[str, int] = {}
        self._staying: dict[_Square, list[tuple[int, _Spot]]] = {}
        self._passing: dict[_Square, list[tuple[int, _Spot]]] = {}
        self._tied: dict[Hashable, int] = {}

    def ids(self) -> Collection[str]:
        """Give the ids of what was added."""
        return self._number.keys()

    def add(self, one: Observation, *, tied_by: Hashable | None = None) -> None:
        """Add a sight, unless it is there; one without a place lies near nothing.

        Args:
            tied_by: ties it to all others that are tied by the same.
        """
        if one.id in self._number:
            return
        row = self._number[one.id] = len(self._above)
        self._above.append(row)
        self._kept.append(one)
        if tied_by is not None:
            self._join(row, self._tied.setdefault(tied_by, row))
        if one.cell is not None:
            self._place(row, self._spot(one))

    def parts(self) -> list[list[Observation]]:
        """Give what hangs together, each part and all parts in the order of adding."""
        found: dict[int, list[Observation]] = {}
        for row, one in enumerate(self._kept):
            found.setdefault(self._top(row), []).append(one)
        return list(found.values())

    def part_of(self, some: Iterable[Observation]) -> list[Observation]:
        """Give all that hangs together with some of what was added, in the order of adding."""
        tops = {self._top(self._number[one.id]) for one in some}
        return [one for row, one in enumerate(self._kept) if self._top(row) in tops]

    def _spot(self, one: Observation) -> _Spot:
        position = position_of(one)
        latitude = math.radians(position.latitude)
        return _Spot(
            one,
            latitude,
            math.radians(position.longitude),
            math.cos(latitude),
            one.finding.captured_at.timestamp(),
        )

    def _place(self, row: int, spot: _Spot) -> None:
        self._scale = self._scale or spot.scale
        square = (
            math.floor(spot.latitude / self._side),
            math.floor(spot.longitude * self._scale / self._side),
        )
        stays = math.isinf(self._rule.lasts(spot.one.finding.label))
        squares = self._staying if stays else self._passing
        for north in range(square[0] - _STEPS, square[0] + _STEPS + 1):
            for east in range(square[1] - _STEPS, square[1] + _STEPS + 1):
                there = squares.get((north, east))
                if there is None:
                    continue
                if stays and (north, east) == square:
                    self._join(row, there[0][0])
                else:
                    self._reach(row, spot, there, at_once=stays)
        squares.setdefault(square, []).append((row, spot))

    def _reach(
        self, row: int, spot: _Spot, there: Sequence[tuple[int, _Spot]], *, at_once: bool
    ) -> None:
        """Join a sight to those in a square that it reaches.

        Args:
            at_once: the square is held together already, so that one of them is enough.
        """
        for other, mate in there:
            if self._top(other) == self._top(row):
                if at_once:
                    return
            elif self._concerns(spot, mate):
                self._join(row, other)

    def _concerns(self, spot: _Spot, mate: _Spot) -> bool:
        north = (mate.latitude - spot.latitude) * EARTH_RADIUS_M
        east = (mate.longitude - spot.longitude) * EARTH_RADIUS_M * spot.scale
        if math.hypot(east, north) > self._reach_m:
            return False
        labels = spot.one.finding.label, mate.one.finding.label
        return self._rule.may_concern(*labels, apart_s=abs(spot.at - mate.at))

    def _top(self, row: int) -> int:
        above = self._above
        while above[row] != row:
            above[row] = above[above[row]]
            row = above[row]
        return row

    def _join(self, one: int, other: int) -> None:
        tops = sorted((self._top(one), self._top(other)))
        self._above[tops[1]] = tops[0]
