"""What a city keeps and for how long, what goes soon, and what is held."""

from datetime import date, datetime

from api.schemas.base import Shape, Words
from dispatch.city.retention import Rule


class RuleOut(Shape):
    """For how long one kind of record is kept, and how much of it goes by the day asked for."""

    rule: Rule
    words: Words
    keeps: Words
    things: int
    pictures: int
    size_bytes: int


class CaseNamed(Shape):
    """A case by its number."""

    id: str
    number: str
    name: Words


class GoingOut(Shape):
    """Something that goes by the day asked for; `case` is null for a finding without one."""

    rule: Rule
    words: Words
    id: str
    case: CaseNamed | None
    pictures: int


class KeptOut(Shape):
    """Something that would go, and is kept by a hold or an appeal that waits."""

    rule: Rule
    words: Words
    case: CaseNamed
    why: Words
    """Whether it is held or an appeal waits."""
    note: str
    by: str
    since: date


class HoldOut(Shape):
    """A hold, or an appeal that waits, that keeps a case's evidence; `over` where its time is."""

    case: CaseNamed
    why: Words
    """Whether it is held or an appeal waits."""
    note: str
    by: str
    since: date
    over: bool


class RetentionOut(Shape):
    """What goes by a day, what would and is kept, and every hold that is in force."""

    until: date
    as_of: datetime
    rules: list[RuleOut]
    going: list[GoingOut]
    kept: list[KeptOut]
    holds: list[HoldOut]
    more: bool
    """Whether there is more than was looked through."""
