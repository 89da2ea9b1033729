"""Does recall hold where it is middling: small potholes through haze, on ground that is claimed?

    python -m tests.benchmarks --only sweep.hard_recall_agreement

On streets of other seeds than those the card's recall was measured on, by one process: a minute a
street on a busy core.
"""

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from detect.manifest import read_manifest
from edge.weights import default_model
from tests.benchmarks.drives import Trial
from tests.benchmarks.figure import Measured, benchmark
from tests.benchmarks.hard_streets import hard_trials
from tests.benchmarks.sweep import AGREES, stated_recall

SEEDS: Final = tuple(range(5001, 5008))
_DRAWS: Final = 4000
_EDGES_PX: Final = (4.0, 6.0, 8.0, 12.0, 16.0, 32.0, 1000.0)


@benchmark(name="sweep.hard_recall_agreement", unit="ratio", goal=AGREES)
def hard_recall_agreement() -> Measured:
    """Found of small, hazy problems on claimed ground, over the recall that the card states."""
    manifest = read_manifest(default_model())
    claimed = [each for each in hard_trials(SEEDS, model=default_model()) if each.claimed]
    stated = [(each, stated_recall(manifest, each)) for each in claimed]
    judged = [(each, recall) for each, recall in stated if recall is not None]
    found = np.array([each.detected for each, _ in judged], np.float64)
    told = np.array([recall for _, recall in judged])
    low, high = _interval(judged)
    return Measured(
        value=found.mean() / told.mean(),
        how=f"rendered, haze and potholes of 0.15 to 0.9 m, {len(SEEDS)} streets: "
        f"{int(found.sum())} of {len(judged)} on claimed ground found, {told.mean():.2f} stated; "
        f"95 % interval {low:.2f} to {high:.2f} over streets; by size {_by_size(judged)}; "
        f"{len(claimed) - len(judged)} smaller than any size it is stated for",
    )


def _interval(judged: Sequence[tuple[Trial, float]]) -> tuple[float, float]:
    """Give the ratio's 95 % interval: whole streets drawn anew, whose haze is common to them."""
    streets: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for each, recall in judged:
        streets[each.seed].append((float(each.detected), recall))
    sums = np.array([np.sum(rows, axis=0) for rows in streets.values()])
    drawn = np.random.default_rng(1).integers(len(sums), size=(_DRAWS, len(sums)))
    found, told = sums[drawn].sum(axis=1).T
    low, high = np.quantile(found / told, (0.025, 0.975))
    return float(low), float(high)


def _by_size(judged: Sequence[tuple[Trial, float]]) -> str:
    parts = []
    for low, high in pairwise(_EDGES_PX):
        rows = [each.detected for each, _ in judged if low <= each.claimed_px < high]
        if rows:
            parts.append(f"{low:.0f} px {sum(rows)}/{len(rows)}")
    return ", ".join(parts)
