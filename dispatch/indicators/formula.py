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
    """A case's report; done when found true, lapsed when found untrue, noted when filed. Its word
    is the action by which the closed case that it follows had been reported as done."""
    JUDGEMENT = "judgement"
    """The last judgement of a report by people; its word is confirm or refute."""
    FILING = "filing"
    """A filing; lapsed when it is given back or the case is merged, noted when a model had looked
    there before and seen nothing. Its deadline is that of the report's confirmation."""
    SENDING = "sending"
    """A dispatch; lapsed when the case goes to another department after it."""
    VERDICT = "verdict"
    """The last verdict by a pass; its word is the verdict."""
    STEP = "step"
    """Another step that is counted; its word is the action. What a collector put right on the spot
    is noted when it is filed all the same, or taken up again."""
    DISPATCH = "dispatch"
    HANDLING = "handling"
    """From dispatch to the report that it is done; noted when that came after the limit as it was
    first set, which an extension had moved."""
    CHECK = "check"
    WHOLE = "whole"
    """From filing to closure; noted when it was sent back or came again to a department."""
    WORK = "work"
    """The work by which a whole is judged: what was sent back first, or came again to who had done
    it; until that, whosever the case is. It is told with its whole, whose fate it shares."""
    REPLY = "reply"
    CONFIRM = "confirm"
    """From the report to a person's word on it, where one was asked for."""
    FIND = "find"
    """What triage first said of a find; its word is file, ask or hold. Done once it is not, or no
    longer, held back; noted when it was filed."""
    STRETCH = "stretch"
    """A stretch of a pass, of the day on which the centre took it in."""
    GROUND = "ground"
    """Ground that a stretch inspected, well enough that a class would have been found on it."""
    SUPPRESSED = "suppressed"
    """A sight that an approval kept from becoming a case, of the moment at which it was counted."""


DUTIES: Final = frozenset(
    {Kind.CONFIRM, Kind.DISPATCH, Kind.HANDLING, Kind.CHECK, Kind.WHOLE, Kind.REPLY}
)
LASTING: Final = DUTIES | {Kind.FIND}
"""What goes on until it is ended, and concerns every period until then."""
OF_PATROLS: Final = frozenset({Kind.STRETCH, Kind.GROUND})
"""Told from what passes said of themselves, not from histories of cases."""
WITHOUT_CASES: Final = OF_PATROLS | {Kind.SUPPRESSED}
"""Behind these no cases lie."""
GIVEN_UP: Final = "given_up"
"""The word of a duty that people ended undone, and nothing takes its place: the case was written
off, or made void after a department had it. What is merged, or given back to the dispatcher, goes
on elsewhere."""
HELD: Final = "hold"
"""The word of a find that triage held back."""
POST_OF: Final = {
    Kind.CONFIRM: "collector",
    Kind.DISPATCH: "dispatcher",
    Kind.HANDLING: "handler",
    Kind.CHECK: "collector",
    Kind.WHOLE: "supervisor",
    Kind.REPLY: "department",
}
"""The post with which a duty rests until somebody has ended it."""


class Test(StrEnum):
    """What may be asked of a fact, by what is known at a moment."""

    __test__ = False

    IN_PERIOD = "in_period"
    """It is of a moment of the period."""
    DUE = "due"
    """It should have been done in the period: see `Fact.is_due_in`."""
    OWED = "owed"
    """Like that, and what was given up before its deadline is in it: see `Fact.is_owed_in`."""
    GIVEN_UP = "given_up"
    """It was given up: see `GIVEN_UP`."""
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
    UNNOTED = "unnoted"
    FROM_PUBLIC = "from_public"
    """The case was first reported by the public."""
    OWN = "own"
    """Nothing took it out: no machine found a report to be of what is known, no appeal exempts."""
    LIMITED = "limited"
    """It had a deadline."""
    RECURS = "recurs"
    """The case follows a closed one of the same problem."""


PUBLIC: Final = "public"
"""The source of what the public reported."""
PATROL: Final = "patrol"
"""The source of what devices saw."""


class Amount(StrEnum):
    """What of the facts is reckoned; always a whole number."""

    FACTS = "facts"
    """How many there are."""
    MEDIAN = "median"
    """Seconds from what a fact counts from to the fact itself: the middle one (nearest rank)."""
    P90 = "p90"
    """The same, of which nine in ten are no longer."""
    OWNERS = "owners"
    """Different pairs of a pass that found the case and a department."""
    PASSES = "passes"
    """Different passes."""
    CLASSES = "classes"
    """Different pairs of a pass and a class that it could judge."""
    METRES = "metres"
    SECONDS = "seconds"
    DEVICE_DAYS = "device_days"
    """Different pairs of a device and a day of the city's on which it patrolled."""
    FLEET_DAYS = "fleet_days"
    """Devices that patrolled or are registered for it, times the days of the period."""
    SEEN = "seen"
    """Different cells of ground, summed over classes."""
    LAND = "land"
    """Cells of ground of the unit grids, once for each class that was seen for in the period."""
    AGE = "age"
    """Seconds since ground that was seen was last seen: the middle cell (nearest rank)."""
    SIGHTS = "sights"
    """Different sights."""
    THINGS = "things"
    """Different problems that were seen."""


RANKS: Final = frozenset({Amount.MEDIAN, Amount.P90, Amount.AGE})
"""Those that are one of the values, and no sum."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one half of a formula reckons, and of which facts.

    Args:
        tests: all of them hold.
        word: the fact's word, where it matters.
    """

    kind: Kind
    tests: tuple[Test, ...]
    word: str = ""
    amount: Amount = Amount.FACTS

    @property
    def facts(self) -> Kind:
        """Give the kind of the facts that are counted."""
        return Kind.WHOLE if self.kind is Kind.WORK else self.kind


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
    PLATFORM = "platform"
    DEVICE = "device"

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


_AREAS: Final = frozenset(_DIGITS)
_SPLITS: Final = {
    Kind.STRETCH: _AREAS | {Grouping.MODEL, Grouping.PLATFORM, Grouping.DEVICE},
    Kind.GROUND: _AREAS | {Grouping.LABEL},
    Kind.SUPPRESSED: _AREAS
    | {Grouping.LABEL, Grouping.SOURCE, Grouping.MODEL, Grouping.PLATFORM, Grouping.DEVICE},
}


def splits(kind: Kind, by: Grouping) -> bool:
    """Say whether facts of a kind can be told apart by a grouping."""
    return by in _SPLITS.get(kind, frozenset(Grouping))
