"""The indicators: what each is called, its formula as data, and its sentence in each language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from dispatch.formula import Part


class Key(StrEnum):
    """What an indicator is called in tables and files."""

    REPORTED = "reported"
    VALID_REPORTED = "valid_reported"
    FILED = "filed"
    DISPATCHED = "dispatched"
    WRONGLY_DISPATCHED = "wrongly_dispatched"
    LATE_DISPATCH = "late_dispatch"
    OVERDUE_DISPATCH = "overdue_dispatch"
    LATE_HANDLING = "late_handling"
    OVERDUE_HANDLING = "overdue_handling"
    LATE_CHECK = "late_check"
    OVERDUE_CHECK = "overdue_check"
    LATE_CLOSURE = "late_closure"
    OVERDUE_CLOSURE = "overdue_closure"
    CLOSED = "closed"
    WRITTEN_OFF = "written_off"
    VOIDED = "voided"
    MERGED = "merged"
    RETURNED = "returned"
    GIVEN_BACK = "given_back"
    EXTENDED = "extended"
    SUSPENDED = "suspended"
    SUPERVISED = "supervised"
    SELF_HANDLED = "self_handled"
    SENT_BACK = "sent_back"
    REOPENED = "reopened"
    RECURRED = "recurred"
    APPEALED = "appealed"
    UPHELD = "upheld"
    VALID_REPORT = "valid_report"
    FALSE_ALARM = "false_alarm"
    PUBLIC_FOUND = "public_found"
    FILING = "filing"
    CORRECT_FILING = "correct_filing"
    ON_TIME_DISPATCH = "on_time_dispatch"
    CORRECT_DISPATCH = "correct_dispatch"
    HANDLING = "handling"
    ON_TIME_HANDLING = "on_time_handling"
    ON_TIME_CHECK = "on_time_check"
    CLOSURE = "closure"
    ON_TIME_CLOSURE = "on_time_closure"
    REWORK = "rework"
    ON_TIME_REPLY = "on_time_reply"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One indicator; a count where it has no denominator.

    Args:
        counts: the facts counted, or those of the numerator.
        of: denominators that a city may choose from by name, the usual one first; what `counts`
            counts is among what each of them counts.
    """

    key: Key
    name_zh: str
    name_en: str
    formula_zh: str
    formula_en: str
    counts: Part
    of: Mapping[str, Part] = field(default_factory=dict)
    less_is_better: bool = False

    @property
    def is_rate(self) -> bool:
        """Whether it is a share, and no count."""
        return bool(self.of)

    def denominator(self, chosen: str | None) -> Part | None:
        """Give the denominator of a name, or the usual one; None for a count."""
        return self.of[chosen] if chosen else next(iter(self.of.values()), None)
