"""Sizes against the truth of rendered streets: is their mean true, and their error?

    python -m tests.benchmarks --only 'measure.*'

`python -m tests.benchmarks.measured` prints every class, size, platform and distance.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from dispatch.wire import Measure, Platform, Quantity
from edge.findings.measure import sizes_of
from tests.benchmarks.figure import Measured, benchmark
from tests.benchmarks.measured_street import Shown, Size, shown

SEEDS: Final = {Platform.VEHICLE: range(7500, 7516), Platform.DRONE: range(7600, 7610)}
"""Streets on which no share and no spread was chosen."""
TWO_SIDED_95: Final = 1.959964
BANDS_M: Final = ((0.0, 7.0), (7.0, 9.0), (9.0, 11.0), (11.0, 40.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sized:
    """One measured size and its truth."""

    label: str
    platform: Platform
    range_m: float
    measure: Measure
    truth: float

    @property
    def ratio(self) -> float:
        """Measured over true."""
        return self.measure.value / self.truth

    @property
    def covered(self) -> bool:
        """Whether the stated 95 % interval holds the truth."""
        return abs(self.measure.value - self.truth) <= TWO_SIDED_95 * self.measure.sigma


@lru_cache(maxsize=1)
def sizes() -> tuple[Sized, ...]:
    """Measure all that the seeds' streets show."""
    return tuple(
        one
        for platform, seeds in SEEDS.items()
        for each in shown(seeds, platform=platform)
        for one in _sized(each)
    )


@benchmark(name="measure.area_bias_worst", unit="share", goal="<= 0.05")
def area_bias_worst() -> Measured:
    """Largest departure of a class's mean area, measured over true, from 1."""
    worst = max(abs(_mean(group) - 1.0) for group in _areas())
    return Measured(value=worst, how=_how())


@benchmark(name="measure.interval95_min", unit="share", goal=">= 0.90")
def interval95_min() -> Measured:
    """Smallest share of truths inside the stated 95 % interval, by class and size."""
    return Measured(value=min(_cover(group) for group in _groups(sizes())), how=_how())


@benchmark(name="measure.interval95_max", unit="share", goal="<= 0.99")
def interval95_max() -> Measured:
    """Largest share of truths inside the stated 95 % interval, by class and size."""
    return Measured(value=max(_cover(group) for group in _groups(sizes())), how=_how())


def _sized(each: Shown) -> list[Sized]:
    told = sizes_of(
        each.xyxy,
        label=each.label,
        pose=each.pose,
        camera=each.camera,
        input_scale=each.input_scale,
    )
    return [
        Sized(
            label=each.label,
            platform=each.platform,
            range_m=each.range_m,
            measure=measure,
            truth=_true(each.truth, measure.quantity),
        )
        for measure in told.measured
    ]


def _true(size: Size, quantity: Quantity) -> float:
    return {
        Quantity.AREA_M2: size.area_m2,
        Quantity.LENGTH_M: size.length_m,
        Quantity.WIDTH_M: size.width_m,
    }[quantity]


def _groups(measured: Sequence[Sized]) -> list[list[Sized]]:
    keys = sorted({(each.label, each.measure.quantity) for each in measured})
    return [
        [each for each in measured if (each.label, each.measure.quantity) == key] for key in keys
    ]


def _areas() -> list[list[Sized]]:
    return _groups([each for each in sizes() if each.measure.quantity is Quantity.AREA_M2])


def _mean(group: Sequence[Sized]) -> float:
    return float(np.mean([each.ratio for each in group]))


def _cover(group: Sequence[Sized]) -> float:
    return float(np.mean([each.covered for each in group]))


def _how() -> str:
    parts = [
        f"{group[0].label} {group[0].measure.quantity}: {len(group)}, mean {_mean(group):.2f}, "
        f"in the interval {_cover(group):.1%}"
        for group in _groups(sizes())
    ]
    return "boxes of the shipped model on rendered streets; " + "; ".join(parts)


def _row(name: str, group: Sequence[Sized]) -> str:
    ratios = [each.ratio for each in group]
    sigma = np.mean([each.measure.sigma / each.measure.value for each in group])
    return (
        f"{name:58} {len(group):4d} mean {_mean(group):.3f} spread {np.std(ratios):.3f} "
        f"stated {sigma:.3f} covered {_cover(group):.3f}"
    )


def main() -> None:
    """Print bias, spread and cover by class, size, platform and distance."""
    rows = []
    for group in _groups(sizes()):
        name = f"{group[0].label} {group[0].measure.quantity}"
        rows.append(_row(name, group))
        for platform in SEEDS:
            mine = [each for each in group if each.platform is platform]
            rows.append(_row(f"  {platform}", mine))
            for low, high in BANDS_M:
                near = [each for each in mine if low <= each.range_m < high]
                if near:
                    rows.append(_row(f"    {low:g} to {high:g} m", near))
    print("\n".join(rows))


if __name__ == "__main__":
    main()
