"""What is wrong with all frames alike: focal length, height, pitch or clock.

Each cause is tried alone: the value that makes the frames agree best is searched over its range. A
cause is named where it explains the disagreement (squared standard errors fall by more than
`EVIDENT`) and its value lies beyond what is stated or usual. Causes that explain it equally well
are named together: straight down, a longer lens and a greater height look the same.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edge.geocheck.agreement import (
    AS_STATED,
    Change,
    Later,
    Overlap,
    View,
    lay_out,
    surprise,
    weigh,
)

Array = NDArray[np.float64]

PER_PAIR: Final = 8.0
"""Squared standard errors that a pair in order comes to."""
EVIDENT: Final = 16.0
"""Four standard errors."""
_ALIKE: Final = 0.15
"""Share of the best cause's gain within which another explains as much."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Something that can be wrong with all frames alike.

    Attributes:
        zh, en: what it is called, and its value with `{}`.
        values: what is tried, ascending; the neutral value is among them.
        tolerance: distance from `neutral` that is no fault.
        ratio: whether values are factors.
        change: the change that a value stands for.
    """

    name: str
    zh: str
    en: str
    values: Array
    tolerance: float
    ratio: bool
    change: Callable[[float], Change]


ZOOM: Final = Cause(
    name="field_of_view",
    zh="视场角不对：真实焦距约为所写的 {:.2f} 倍",
    en="wrong field of view: the true focal length is about {:.2f} x the stated one",
    values=np.geomspace(0.5, 2.0, 29),
    tolerance=0.12,
    ratio=True,
    change=lambda value: Change(zoom=value),
)
HEIGHT: Final = Cause(
    name="height",
    zh="高度不对：真实高度约为所写的 {:.2f} 倍",
    en="wrong height: the true height is about {:.2f} x the stated one",
    values=np.geomspace(0.5, 2.0, 29),
    tolerance=0.12,
    ratio=True,
    change=lambda value: Change(height=value),
)
PITCH: Final = Cause(
    name="pitch",
    zh="相机俯仰角不对：约差 {:+.1f}°",
    en="wrong camera pitch: off by about {:+.1f} degrees",
    values=np.linspace(-8.0, 8.0, 17),
    tolerance=1.0,
    ratio=False,
    change=lambda value: Change(pitch=math.radians(value)),
)
CLOCK: Final = Cause(
    name="time_offset",
    zh="画面与轨迹的时间差不对：画面约晚 {:+.2f} 秒",
    en="wrong time offset: the pictures are about {:+.2f} s later than the track says",
    values=np.linspace(-3.0, 3.0, 25),
    tolerance=0.15,
    ratio=False,
    change=lambda value: Change(later_s=value),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A cause that explains why the frames disagree.

    Attributes:
        value: the value that makes them agree best.
        gain: by how much the squared standard errors fall.
    """

    cause: Cause
    value: float
    gain: float

    @property
    def zh(self) -> str:
        """Say it in Chinese."""
        return self.cause.zh.format(self.value)

    @property
    def en(self) -> str:
        """Say it in English."""
        return self.cause.en.format(self.value)


def find_faults(
    views: Sequence[View],
    overlaps: Sequence[Overlap],
    *,
    causes: Sequence[Cause],
    later: Later | None = None,
) -> tuple[Fault, ...]:
    """Name what is wrong with all frames alike: the best cause first, then what equals it."""
    ground = lay_out(views)
    weighed = [weigh(views, overlap, ground) for overlap in overlaps]

    def cost(change: Change) -> float:
        moved = change.pitch != 0.0 or change.later_s != 0.0
        laid = lay_out(views, change, later=later) if moved else ground.under(change)
        return surprise(laid, weighed)

    stated = cost(AS_STATED)
    found = [_fit(cause, stated, cost) for cause in causes]
    scale = max(1.0, min(stated - fault.gain for fault in found) / (len(overlaps) * PER_PAIR))
    evident = [fault for fault in found if fault.gain / scale > EVIDENT]
    if not evident:
        return ()
    most = max(fault.gain for fault in evident)
    alike = [fault for fault in evident if fault.gain >= (1.0 - _ALIKE) * most]
    beyond = [fault for fault in alike if _is_beyond(fault)]
    # Where a cause within its tolerance explains as much, nothing is wrong.
    if len(beyond) < len(alike):
        return ()
    return tuple(sorted(beyond, key=lambda fault: -fault.gain))


def _fit(cause: Cause, stated: float, cost: Callable[[Change], float]) -> Fault:
    costs = [cost(cause.change(float(value))) for value in cause.values]
    best = int(np.argmin(costs))
    value = float(cause.values[best])
    if 0 < best < len(costs) - 1:
        value = _vertex(cause.values[best - 1 : best + 2], costs[best - 1 : best + 2])
    return Fault(cause=cause, value=value, gain=max(0.0, stated - min(costs)))


def _vertex(values: Array, costs: Sequence[float]) -> float:
    """Give where the parabola through three values is lowest."""
    curve, slope, _ = np.polyfit(values - values[1], np.array(costs), 2)
    return float(values[1] - slope / (2.0 * curve)) if curve > 0.0 else float(values[1])


def _is_beyond(fault: Fault) -> bool:
    if fault.cause.ratio:
        return abs(math.log(fault.value)) > math.log1p(fault.cause.tolerance)
    return abs(fault.value) > fault.cause.tolerance
