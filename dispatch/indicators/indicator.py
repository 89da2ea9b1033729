"""The indicators: what each is called, its formula as data, and its sentence in each language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from dispatch.indicators.formula import RANKS, Part

Words = tuple[str, str]
"""Chinese and English."""


class Unit(StrEnum):
    """What an indicator's value is in."""

    COUNT = "count"
    SHARE = "share"
    """0 to 1."""
    KM = "km"
    HOURS = "h"
    DAYS = "d"
    MEAN = "mean"
    KM_PER_DAY = "km_per_day"
    HOURS_PER_DAY = "h_per_day"


class Key(StrEnum):
    """What an indicator is called in tables and files."""

    REPORTED = "reported"
    VALID_REPORTED = "valid_reported"
    FOUND_UNTRUE = "found_untrue"
    SUPPRESSED = "suppressed"
    SUPPRESSED_SIGHTS = "suppressed_sights"
    SUPPRESSED_PER_REPORT = "suppressed_per_report"
    HELD = "held"
    HELD_ON = "held_on"
    HELD_FILED = "held_filed"
    FILED = "filed"
    FILED_IN_TIME = "filed_in_time"
    FILED_RIGHTLY = "filed_rightly"
    FOUND_BY_PUBLIC = "found_by_public"
    MISSED = "missed"
    DISPATCHED = "dispatched"
    SENT_RIGHTLY = "sent_rightly"
    WRONGLY_DISPATCHED = "wrongly_dispatched"
    DUE_CONFIRM = "due_confirm"
    DONE_CONFIRM = "done_confirm"
    IN_TIME_CONFIRM = "in_time_confirm"
    LATE_CONFIRM = "late_confirm"
    OVERDUE_CONFIRM = "overdue_confirm"
    DUE_DISPATCH = "due_dispatch"
    DONE_DISPATCH = "done_dispatch"
    IN_TIME_DISPATCH = "in_time_dispatch"
    LATE_DISPATCH = "late_dispatch"
    OVERDUE_DISPATCH = "overdue_dispatch"
    DUE_HANDLING = "due_handling"
    DONE_HANDLING = "done_handling"
    IN_TIME_HANDLING = "in_time_handling"
    LATE_HANDLING = "late_handling"
    OVERDUE_HANDLING = "overdue_handling"
    DUE_CHECK = "due_check"
    DONE_CHECK = "done_check"
    IN_TIME_CHECK = "in_time_check"
    LATE_CHECK = "late_check"
    OVERDUE_CHECK = "overdue_check"
    DUE_CLOSURE = "due_closure"
    DONE_CLOSURE = "done_closure"
    IN_TIME_CLOSURE = "in_time_closure"
    LATE_CLOSURE = "late_closure"
    OVERDUE_CLOSURE = "overdue_closure"
    DUE_REPLY = "due_reply"
    DONE_REPLY = "done_reply"
    IN_TIME_REPLY = "in_time_reply"
    LATE_REPLY = "late_reply"
    OVERDUE_REPLY = "overdue_reply"
    CLOSED = "closed"
    WRITTEN_OFF = "written_off"
    GIVEN_UP = "given_up"
    VOIDED = "voided"
    MERGED = "merged"
    CORRECTED = "corrected"
    RETURNED = "returned"
    GIVEN_BACK = "given_back"
    EXTENDED = "extended"
    SUSPENDED = "suspended"
    SUPERVISED = "supervised"
    SELF_HANDLED = "self_handled"
    SELF_HANDLED_UNDONE = "self_handled_undone"
    SELF_HANDLED_RECURRED = "self_handled_recurred"
    SENT_BACK = "sent_back"
    REWORKED = "reworked"
    REOPENED = "reopened"
    RECURRED = "recurred"
    APPEALED = "appealed"
    UPHELD = "upheld"
    VALID_REPORT = "valid_report"
    FALSE_ALARM = "false_alarm"
    HELD_RATE = "held_rate"
    PUBLIC_FOUND = "public_found"
    MISSED_RATE = "missed_rate"
    FILING = "filing"
    ON_TIME_FILING = "on_time_filing"
    CORRECT_FILING = "correct_filing"
    ON_TIME_CONFIRM = "on_time_confirm"
    ON_TIME_DISPATCH = "on_time_dispatch"
    CORRECT_DISPATCH = "correct_dispatch"
    HANDLING = "handling"
    ON_TIME_HANDLING = "on_time_handling"
    FIRST_LIMIT_HANDLING = "first_limit_handling"
    ON_TIME_CHECK = "on_time_check"
    CLOSURE = "closure"
    ON_TIME_CLOSURE = "on_time_closure"
    GIVEN_UP_RATE = "given_up_rate"
    RECURRENCE = "recurrence"
    SELF_HANDLED_FALSE = "self_handled_false"
    REWORK = "rework"
    ON_TIME_REPLY = "on_time_reply"
    CANNOT_TELL = "cannot_tell"
    MEDIAN_TO_FILING = "median_to_filing"
    P90_TO_FILING = "p90_to_filing"
    PASSES = "passes"
    PATROL_KM = "patrol_km"
    PATROL_HOURS = "patrol_hours"
    DEVICE_DAYS = "device_days"
    ACTIVE_DAYS = "active_days"
    KM_PER_DEVICE_DAY = "km_per_device_day"
    HOURS_PER_DEVICE_DAY = "hours_per_device_day"
    COVERAGE = "coverage"
    COVERAGE_AGE = "coverage_age"
    OWNERS_SERVED = "owners_served"
    CLASSES_JUDGED = "classes_judged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One indicator; a plain number where it has no denominator.

    Args:
        counts: what is counted, or is the numerator.
        of: denominators that a city may choose from by name, the usual one first. What the
            numerator of a share counts is among what each of them counts; beside a rank stands
            of how many values it is one.
        scale: what the counted number is multiplied by to be in `unit`.
        sampled: whether a share is of things that happen by chance, and has an interval.
    """

    key: Key
    name_zh: str
    name_en: str
    formula_zh: str
    formula_en: str
    counts: Part
    of: Mapping[str, Part] = field(default_factory=dict)
    less_is_better: bool = False
    unit: Unit = Unit.COUNT
    scale: float = 1.0
    sampled: bool = True

    @property
    def is_rate(self) -> bool:
        """Whether it is a share from 0 to 1."""
        return self.unit is Unit.SHARE

    @property
    def is_rank(self) -> bool:
        """Whether it is one of many values, e.g. the middle one."""
        return self.counts.amount in RANKS

    def denominator(self, chosen: str | None) -> Part | None:
        """Give the denominator of a name, or the usual one; None for a plain number."""
        return self.of[chosen] if chosen else next(iter(self.of.values()), None)


def number(
    key: Key,
    names: Words,
    formula: Words,
    counts: Part,
    *,
    of: Part | None = None,
    unit: Unit = Unit.COUNT,
    scale: float = 1.0,
) -> Indicator:
    """Make an indicator that is no share.

    Args:
        of: what it is divided by, or, beside a rank, how many values there are.
    """
    return Indicator(
        key=key,
        name_zh=names[0],
        name_en=names[1],
        formula_zh=formula[0],
        formula_en=formula[1],
        counts=counts,
        of={} if of is None else {"all": of},
        unit=unit,
        scale=scale,
    )


def rate(
    key: Key,
    names: Words,
    formula: Words,
    counts: Part,
    *,
    of: Mapping[str, Part],
    less_is_better: bool = False,
    sampled: bool = True,
) -> Indicator:
    """Make an indicator that is a share from 0 to 1."""
    return Indicator(
        key=key,
        name_zh=names[0],
        name_en=names[1],
        formula_zh=formula[0],
        formula_en=formula[1],
        counts=counts,
        of=of,
        less_is_better=less_is_better,
        unit=Unit.SHARE,
        sampled=sampled,
    )
