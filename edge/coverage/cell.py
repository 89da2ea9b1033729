"""What the looks at one cell of ground came to, and what kept it from being inspected.

A cell is inspected for a group of classes after as many clear looks as evidence asks, one of them
large enough for the model and one from near enough to be placed. Where it is not, the reason is the
first of `RANKED` without which it would have been: what stands before the ground weighs most,
because the centre believes that one thing may hide a spot on every pass, and must be told of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dispatch.wire import Light, NotInspected
from edge.needs import Need
from edge.subjects import Footing

Array = NDArray[np.float64]

RANKED: Final = (
    NotInspected.OCCLUDED,
    NotInspected.VEILED,
    NotInspected.DARK,
    NotInspected.BLURRED,
)
_WORSE: Final[Mapping[Light, int]] = {Light.DAY: 0, Light.DIM: 1, Light.NIGHT: 2}


@dataclass(frozen=True, slots=True)
class Look:
    """One frame's look at a cell within range.

    Attributes:
        scale: pixels of the model's input per metre, by footing.
        placeable: whether it is near enough to place what it shows.
    """

    scale: Mapping[Footing, float]
    light: Light
    placeable: bool


@dataclass(slots=True)
class _Looks:
    """Looks of one fate, by group: how many, whether one was large enough, and the best."""

    views: list[int]
    enough: list[bool]
    best: list[float]
    placeable: bool = False

    def add(self, group: int, scale: float, *, enough: bool) -> None:
        self.views[group] += 1
        self.enough[group] |= enough
        self.best[group] = max(self.best[group], scale)


@dataclass(slots=True)
class Cell:
    """A cell under way.

    Attributes:
        place: (2,) its middle, metres east and north of the pass's origin.
        light: the worst in which it was seen clearly.
    """

    place: Array
    needs: Sequence[Need]
    light: Light = Light.DAY
    _clear: _Looks | None = None
    _refused: dict[NotInspected, _Looks] = field(default_factory=dict)

    def see(self, look: Look) -> None:
        """Count a clear look; for classes without stated recall in its light it was too dark."""
        clear = self._clear = self._clear or self._none()
        clear.placeable |= look.placeable
        for group, need in enumerate(self.needs):
            least = need.scale.get(look.light)
            if least is None:
                self._refuse(group, look, NotInspected.DARK)
                continue
            scale = look.scale[need.footing]
            clear.add(group, scale, enough=scale >= least)
            self.light = max(self.light, look.light, key=_WORSE.__getitem__)

    def refuse(self, look: Look, reason: NotInspected) -> None:
        """Count a look that showed nothing, and why."""
        for group in range(len(self.needs)):
            self._refuse(group, look, reason)

    def is_inspected(self, group: int, *, views: int) -> bool:
        """Say whether recall applies: evidence's frames in view, the best of them near enough.

        The card's recall is by size at the best view of a pass, so the others may be farther.

        Args:
            views: frames that must show a cell clearly.
        """
        clear, least = self._clear, self.needs[group].scale.get(self.light)
        if clear is None or least is None or not clear.placeable:
            return False
        return clear.best[group] >= least and clear.views[group] >= views

    def best(self, group: int) -> float:
        """Give the pixels per metre of the best clear view; 0 where there is none."""
        return 0.0 if self._clear is None else self._clear.best[group]

    def why_not(self, *, views: int) -> NotInspected:
        """Say what kept a cell from being inspected for any class."""
        taken = [] if self._clear is None else [self._clear]
        for reason in (each for each in RANKED if each in self._refused):
            taken.append(self._refused[reason])
            if any(self._would_do(taken, group, views) for group in range(len(self.needs))):
                return reason
        for reason in RANKED:
            if reason in self._refused and any(self._refused[reason].enough):
                return reason
        # What was clear but in too few frames was not near for long enough.
        return NotInspected.TOO_FAR

    def _refuse(self, group: int, look: Look, reason: NotInspected) -> None:
        looks = self._refused.get(reason)
        if looks is None:
            looks = self._refused[reason] = self._none()
        need = self.needs[group]
        scale = look.scale[need.footing]
        least = need.scale.get(look.light, min(need.scale.values()))
        looks.add(group, scale, enough=scale >= least)
        looks.placeable |= look.placeable

    def _none(self) -> _Looks:
        groups = len(self.needs)
        return _Looks([0] * groups, [False] * groups, [0.0] * groups)

    @staticmethod
    def _would_do(taken: Sequence[_Looks], group: int, views: int) -> bool:
        return (
            sum(looks.views[group] for looks in taken) >= views
            and any(looks.enough[group] for looks in taken)
            and any(looks.placeable for looks in taken)
        )
