"""Two models on the same pictures, side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.evaluation.evaluate import Outcome
from models.evaluation.intervals import ap50_difference
from models.evaluation.measures import SEED
from models.registry.card import Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """How much higher the first model's AP50 is, on pictures that label the class."""

    mean: Estimate
    by_label: Mapping[str, Estimate]


def difference(ours: Outcome, theirs: Outcome, labels: Sequence[str]) -> Difference:
    """Compare AP50 of some classes, with intervals over the same pictures drawn for both.

    Args:
        ours: of the same pictures in the same order as `theirs`.
        labels: at least one class that both outcomes have; classes without objects are left out.
    """
    mine = {n: ours.aligned(n) for n in labels}
    mine = {n: m for n, m in mine.items() if any(len(each.found_at) for each in m)}
    other = {n: theirs.aligned(n) for n in mine}
    return Difference(
        mean=ap50_difference(list(mine.values()), list(other.values()), seed=SEED),
        by_label={n: ap50_difference([m], [other[n]], seed=SEED) for n, m in mine.items()},
    )
