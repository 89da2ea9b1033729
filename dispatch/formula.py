"""What formulas are written in: kinds of facts, and the few tests that select among them.

A formula is data, so that the database, the plain evaluation over histories and whoever checks
figures from outside read the same one.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What a fact is of; the duties have a deadline."""

    REPORT = "report"
    """A case's report; done when found true, lapsed when found untrue, noted when filed."""
    JUDGEMENT = "judgement"
    """The last judgement of a report by people; its word is confirm or refute."""
    FILING = "filing"
    """A filing; lapsed when it is given back or the case is merged."""
    SENDING = "sending"
    """A dispatch; lapsed when the case goes to another department after it."""
    VERDICT = "verdict"
    """The last verdict by a pass; its word is the verdict."""
    STEP = "step"
    """Another step that is counted; its word is the action."""
    DISPATCH = "dispatch"
    HANDLING = "handling"
    CHECK = "check"
    WHOLE = "whole"
    """From filing to closure; noted when it was sent back or came again to a department."""
    REPLY = "reply"


DUTIES: Final = frozenset({Kind.DISPATCH, Kind.HANDLING, Kind.CHECK, Kind.WHOLE, Kind.REPLY})


class Test(StrEnum):
    """What may be asked of a fact, by what is known at a moment."""

    __test__ = False

    IN_PERIOD = "in_period"
    """It is of a moment of the period."""
    DUE = "due"
    """It should have been done in the period: see `Fact.is_due_in`."""
    DONE = "done"
    UNDONE = "undone"
    ON_TIME = "on_time"
    """It was done by its deadline."""
    LATE = "late"
    """It was done after its deadline."""
    LAPSED = "lapsed"
    STANDS = "stands"
    """It did not lapse."""
    NOTED = "noted"
    FROM_PUBLIC = "from_public"
    """The case was first reported by the public."""
    RECURS = "recurs"
    """The case follows a closed one of the same problem."""


PUBLIC: Final = "public"
"""The source of what the public reported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The facts that one half of a formula counts.

    Args:
        tests: all of them hold.
        word: the fact's word, where it matters.
    """

    kind: Kind
    tests: tuple[Test, ...]
    word: str = ""


class Grouping(StrEnum):
    """What figures may be told apart by."""

    CITY = "city"
    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"
    GRID = "grid"
    DEPARTMENT = "department"
    POST = "post"
    PERSON = "person"
    LABEL = "class"
    SOURCE = "source"
    MODEL = "model"

    @property
    def digits(self) -> int | None:
        """Give how many leading digits of a grid's id name an area of it, or None."""
        return _DIGITS.get(self)


_DIGITS: Final = {
    Grouping.CITY: 0,
    Grouping.DISTRICT: 6,
    Grouping.STREET: 9,
    Grouping.COMMUNITY: 12,
    Grouping.GRID: 15,
}
