"""Figures of the shipped model on real photos that nobody tuned on, run as devices run it.

They need `XUNHUAN_SAMPLES`, and stand for `detection/val` there. Goals are the AP50 of the
six-class baseline's card and 0.05 more.
"""

import os
from functools import cache
from pathlib import Path
from typing import Final

from models.registry.card import Score
from tests.benchmarks.figure import CannotRun, Measured, benchmark

SHIPPED: Final = Path(__file__).parents[2] / "models" / "weights" / "street-n"
LABELLED: Final = "labelled classes only"
GOALS: Final = {
    "road.pothole": 0.494,
    "road.crack": 0.256,
    "sanitation.garbage_pile": 0.809,
    "asset.bin": 0.964,
    "sanitation.bin_overflow": 0.897,
    "sanitation.litter": 0.443,
}


def _add(label: str, goal: float) -> None:
    @benchmark(name=f"detect.ap50_{label.split('.')[1]}", unit="AP50", goal=f">= {goal}")
    def ap50() -> Measured:
        found, how = _evaluated()
        score = found[label]
        return Measured(
            value=score.ap50.value,
            how=f"{score.objects} objects in {score.pictures} photos, 95 % interval "
            f"{score.ap50.low:.3f} to {score.ap50.high:.3f}; {how}",
        )


for _label, _goal in GOALS.items():
    _add(_label, _goal)


@benchmark(name="detect.ece_worst", unit="share", goal="")
def worst_calibration_error() -> Measured:
    """Give the largest expected calibration error of a class labelled by people."""
    found, how = _evaluated()
    errors = {label: found[label].ece for label in GOALS}
    worst = max(errors, key=lambda label: errors[label])
    listed = ", ".join(f"{label} {value:.3f}" for label, value in errors.items())
    return Measured(value=errors[worst], how=f"{listed}; 10 bins of equal counts; {how}")


@cache
def _evaluated() -> tuple[dict[str, Score], str]:
    """Evaluate once for all figures, in the profile that this machine runs by default."""
    named = os.environ.get("XUNHUAN_SAMPLES")
    if not named or not Path(named, "detection").is_dir():
        raise CannotRun("XUNHUAN_SAMPLES names no folder with detection/")
    from models.evaluation.evaluation import evaluate

    data = Path(named, "detection")
    found = evaluate(SHIPPED, data, split="val", shape=None, precision=None, against=None)
    how = f"{found.name} {found.version}, {found.profile}, detection/val, labelled classes only"
    return {s.label: s for s in found.scores if s.scoring == LABELLED}, how
