"""Which classes may file by themselves: said by pictures held out, refuted by validation."""

from collections.abc import Sequence
from typing import Final

from models.dataset.labels import TRAFFIC_LABELS
from models.evaluation.calibration import FILING_PRECISION, LEAST_RECALL
from models.packaging.fitting import Fitted
from models.registry.card import Bilingual, Filing, Score

GRANTED: Final[Bilingual] = (
    "留出照片上精度的下界达标，验证照片也符合",
    "its lower bound suffices on pictures held out, and validation agrees",
)


def decide(fitted: Fitted, scores: Sequence[Score]) -> Filing:
    """Say whether a class may file.

    Held-out training pictures say yes; validation may only take it back, so nothing is tuned there.

    Args:
        scores: on validation, every class everywhere, one for each profile that devices may run.
    """
    mine = [s for s in scores if s.label == fitted.label]
    worst = min(mine, key=lambda s: s.precision.value, default=None)
    refusal = _refusal(fitted, worst)
    return Filing(
        label=fitted.label,
        may_file=refusal is None,
        held_out=fitted.precision,
        measured=worst.precision if worst else None,
        why=refusal or GRANTED,
    )


def _refusal(fitted: Fitted, worst: Score | None) -> Bilingual | None:
    """Say why a class must ask a person, None if it need not."""
    if fitted.label in TRAFFIC_LABELS:
        return (
            "人和车本身不是问题，是否违规由人判断",
            "people and vehicles are no problem by themselves; whether a rule is broken, a person "
            "decides",
        )
    if not fitted.files:
        return (
            f"留出照片上没有一个阈值能以 95 % 把握达到精度 {FILING_PRECISION:.0%} 且召回 "
            f"{LEAST_RECALL:.0%}",
            f"on pictures held out no threshold surely (95 %) gives a precision of "
            f"{FILING_PRECISION:.0%} at a recall of {LEAST_RECALL:.0%}",
        )
    if worst is None:
        return ("验证照片没有这一类的标签", "no validation picture labels it")
    if worst.precision.value < FILING_PRECISION:
        return (
            f"验证照片上精度只有 {worst.precision.value:.0%}（{worst.profile}）",
            f"on validation its precision is only {worst.precision.value:.0%} ({worst.profile})",
        )
    return None
