"""Indicators with what they are of."""

from datetime import datetime

from api.schemas.base import Shape, Words


class FigureOut(Shape):
    """One indicator; `value` is a count, or a share from 0 to 1 with its 95 % interval."""

    name: str
    words: Words
    formula: Words
    is_rate: bool
    value: float | None
    low: float | None
    high: float | None
    numerator: int
    denominator: int
    reasons: dict[str, int]


class FigureSheet(Shape):
    """All indicators of a period."""

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
