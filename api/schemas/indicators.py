"""Indicators with what they are of."""

from datetime import date, datetime
from enum import StrEnum

from api.schemas.base import Shape, Words
from dispatch.indicators.indicator import Unit


class Behind(StrEnum):
    """What a figure leads to."""

    CASES = "cases"
    PASSES = "passes"
    SUPPRESSED = "suppressed"
    """Sights that approvals kept from becoming cases."""


class FigureOut(Shape):
    """One indicator; `value` is in `unit`, a share of things by chance with its 95 % interval."""

    name: str
    words: Words
    formula: Words
    section: str
    is_rate: bool
    is_rank: bool
    unit: Unit
    behind: Behind
    value: float | None
    low: float | None
    high: float | None
    numerator: int
    denominator: int
    reasons: dict[str, int]


class Standing(StrEnum):
    """How settled the figures of a period are."""

    GOES_ON = "goes_on"
    OVER = "over"
    """It has ended, and its kind is not frozen."""
    UNFROZEN = "unfrozen"
    """A month that has ended and was not frozen yet."""
    FROZEN = "frozen"
    SWAPPED = "swapped"
    """It was frozen, and its file is gone or another now."""


class FigureSheet(Shape):
    """All indicators of a period; its last day is still in it."""

    period: str
    length: str
    """A day, week, month, quarter, year, or from one day to another: days."""
    words: Words
    first_day: date
    last_day: date
    standing: Standing
    ledger: int | None
    """The ledger's entry that a frozen month rests on."""
    start: datetime
    end: datetime
    as_of: datetime
    indicators: list[FigureOut]


class FigureGroup(Shape):
    """All indicators of one group, with its mark in the example index from 0 to 100."""

    group: str
    words: Words
    mark: float | None
    grade: str | None
    indicators: list[FigureOut]


class FigureGroups(Shape):
    """The groups that figures are told apart by."""

    by: str
    as_of: datetime
    groups: list[FigureGroup]


class FigureCase(Shape):
    """A case behind a figure; `counted` where it is in the numerator."""

    id: str
    number: str
    name: Words
    rendered: bool
    counted: bool


class FigurePass(Shape):
    """A pass behind a figure, with what its stretches of the period add up to."""

    id: str
    device: str
    platform: str
    started_at: datetime
    metres: int
    seconds: int
    classes: list[Words]
    rendered: bool
