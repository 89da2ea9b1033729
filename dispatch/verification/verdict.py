"""The judgement of a handled problem, with the numbers that made it."""

from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

from dispatch.wire import NotInspected


class Verdict(StrEnum):
    """What the looks since the handling say."""

    REPAIRED = "repaired"
    STILL_THERE = "still_there"
    RECURRED = "recurred"
    CANNOT_TELL = "cannot_tell"


class Reason(StrEnum):
    """Why it cannot be told, or why a pass says nothing."""

    NOT_INSPECTED = "not_inspected"
    OCCLUDED = "occluded"
    DARK = "dark"
    BLURRED = "blurred"
    VEILED = "veiled"
    TOO_SMALL = "too_small"
    RECALL_UNKNOWN = "recall_unknown"
    POSITION_VAGUE = "position_vague"
    WRONG_HOUR = "wrong_hour"
    NOT_ENOUGH_PASSES = "not_enough_passes"
    CONFLICTING = "conflicting"


HIDDEN_REASONS = {
    NotInspected.OCCLUDED: Reason.OCCLUDED,
    NotInspected.TOO_FAR: Reason.NOT_INSPECTED,
    NotInspected.DARK: Reason.DARK,
    NotInspected.BLURRED: Reason.BLURRED,
    NotInspected.VEILED: Reason.VEILED,
}


class Outcome(StrEnum):
    """What one pass did."""

    SEEN = "seen"
    NOT_SEEN = "not_seen"
    NOT_INSPECTED = "not_inspected"


@dataclass(frozen=True, slots=True, kw_only=True)
class PassRecord:
    """One pass since the handling, and how much it moved the belief.

    Args:
        inspected: chance that the pass inspected the problem's ground at all, 0..1.
        power: chance that it would have seen the problem, were it there, 0..1.
        occluded: chance that something stood before or on it, 0..1.
        size_px: the problem's size in the picture; None where its ground was not inspected.
        present: P(present) after this pass.
        reason: why the pass says little; None where it speaks.
    """

    pass_id: str
    at: datetime
    outcome: Outcome
    inspected: float
    power: float
    occluded: float
    size_px: float | None
    present: float
    reason: Reason | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """The verdict on a handled problem.

    Args:
        present: P(present) now.
        returned: the part of it that came back after a true repair.
        prior: P(present) before any look.
        reason: why it cannot be told; None for the other verdicts.
        passes: all since the handling, in time: the curve that the case page draws.
        by_person: whether a person's verdict outranks the numbers.
    """

    verdict: Verdict
    reason: Reason | None
    present: float
    returned: float
    prior: float
    passes: tuple[PassRecord, ...]
    by_person: bool = False

    def grounds(self) -> dict[str, object]:
        """Give the whole as plain JSON values, to be kept with the step it causes."""
        plain = asdict(self)
        plain["passes"] = [
            {**asdict(record), "at": record.at.isoformat()} for record in self.passes
        ]
        return plain
