"""A fact: one thing that happened to a case, or that was to be done about it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dispatch.clocks.period import Window
from dispatch.ids import CaseId
from dispatch.indicators.formula import GIVEN_UP, POST_OF, PUBLIC, Grouping, Kind, Part, Test


@dataclass(slots=True, kw_only=True)
class Fact:
    """One fact as it was known from a moment on.

    Args:
        number: which of its case's facts it is, from 1.
        touched: number of the step that last changed it.
        known_from: when it came to be as it is.
        known_to: when it came to be otherwise; None where it did not.
        at: when it happened, or was to be done from.
        since: what its time is counted from, e.g. the sight of what is filed.
        done_at: None while it is open.
        lapsed_at: it ended undone; what ended before its deadline did not have to be done.
        noted_at: what `Kind` says is noted of it.
        suspended: whether its time stands still.
        exempt: an appeal against its missed deadline was upheld.
        person: who took it, or ended it where it is a duty.
        worked_for: the department by whose work a whole is judged; `worked_by`: who reported that
            work as done, with which role (`worked_as`), when (`worked_at`).
        word: what `Kind` says; `reason`: the code or the reason that goes with it.
        area: id of the grid that its case was said to lie in; None where no step sealed that.
        label: what its case was said to be; None likewise.
    """

    kind: Kind
    number: int
    touched: int
    known_from: datetime
    at: datetime
    known_to: datetime | None = None
    since: datetime | None = None
    due_at: datetime | None = None
    done_at: datetime | None = None
    lapsed_at: datetime | None = None
    noted_at: datetime | None = None
    suspended: bool = False
    exempt: bool = False
    department: str = ""
    person: str = ""
    role: str = ""
    worked_for: str = ""
    worked_by: str = ""
    worked_as: str = ""
    worked_at: datetime | None = None
    word: str = ""
    reason: str = ""
    area: str | None = None
    label: str | None = None

    @property
    def ended_at(self) -> datetime | None:
        """Give when it was done or lapsed, if it was."""
        return self.done_at or self.lapsed_at

    @property
    def delay_s(self) -> int:
        """Give whole seconds from what its time is counted from to when it happened."""
        return max(0, int((self.at - (self.since or self.at)).total_seconds()))

    @property
    def on_time(self) -> bool:
        """Whether it was done by its deadline."""
        return self.done_at is not None and self.due_at is not None and self.done_at <= self.due_at

    def is_due_in(self, window: Window) -> bool:
        """Say whether it should have been done in a period.

        That is: its deadline falls in the period and has come (or it is done already), or came
        before and it was still open when the period began; its time does not stand still, and no
        appeal took it out. What lapsed late counts as undone: writing off what is overdue, or
        giving it back, makes no figure better.
        """
        return self.is_owed_in(window) and not self._lapsed_in_time

    def is_owed_in(self, window: Window) -> bool:
        """Say the same, where what was given up counts as undone even before its deadline."""
        if self.due_at is None or self.suspended or self.exempt:
            return False
        if self._lapsed_in_time and self.word != GIVEN_UP:
            return False
        ended = self.ended_at
        if self.due_at < window.start:
            return ended is None or ended >= window.start
        return self.due_at < window.end and (ended is not None or self.due_at <= window.until)

    @property
    def _lapsed_in_time(self) -> bool:
        lapsed, due = self.lapsed_at, self.due_at
        return lapsed is not None and due is not None and lapsed <= due


_ASKS: Final[Mapping[Test, Callable[[Fact, Window], bool]]] = {
    Test.IN_PERIOD: lambda fact, window: window.start <= fact.at < window.until,
    Test.DUE: Fact.is_due_in,
    Test.OWED: Fact.is_owed_in,
    Test.GIVEN_UP: lambda fact, _: fact.lapsed_at is not None and fact.word == GIVEN_UP,
    Test.DONE: lambda fact, _: fact.done_at is not None,
    Test.UNDONE: lambda fact, _: fact.done_at is None,
    Test.ON_TIME: lambda fact, _: fact.on_time,
    Test.LATE: lambda fact, _: fact.done_at is not None and not fact.on_time,
    Test.LAPSED: lambda fact, _: fact.lapsed_at is not None,
    Test.STANDS: lambda fact, _: fact.lapsed_at is None,
    Test.NOTED: lambda fact, _: fact.noted_at is not None,
    Test.UNNOTED: lambda fact, _: fact.noted_at is None,
    Test.OWN: lambda fact, _: not fact.exempt,
    Test.LIMITED: lambda fact, _: fact.due_at is not None,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is the same for all facts of a case.

    Args:
        area: id of its grid; empty outside every grid. A fact that knows its own goes before.
        label: what it is, likewise.
        model: name and version of the model that reported it; empty where a person did.
        pass_id: the pass that found it, its device and what carried the camera; empty likewise.
        recurs: whether it follows a closed case of the same problem.
    """

    case: CaseId
    area: str
    label: str
    source: str
    model: str
    recurs: bool
    pass_id: str = ""
    device: str = ""
    platform: str = ""


def meets(part: Part, fact: Fact, window: Window, *, of: Subject) -> bool:
    """Say whether a fact, told up to `window.until`, is of those that a formula's part counts."""
    if fact.kind is not part.facts or (part.word and fact.word != part.word):
        return False
    return all(_holds(test, fact, window, of) for test in part.tests)


def group_of(part: Part, fact: Fact, by: Grouping, *, of: Subject) -> str:
    """Give the group in which a part of a formula counts a fact."""
    if by.digits is not None:
        return area_of(fact, of)[: by.digits]
    work = part.kind is Kind.WORK
    return {
        Grouping.DEPARTMENT: fact.worked_for if work else fact.department,
        Grouping.POST: fact.worked_as if work else fact.role or POST_OF.get(fact.kind, ""),
        Grouping.PERSON: fact.worked_by if work else fact.person,
        Grouping.LABEL: label_of(fact, of),
        Grouping.SOURCE: of.source,
        Grouping.MODEL: of.model,
        Grouping.PLATFORM: of.platform,
        Grouping.DEVICE: of.device,
    }[by]


def area_of(fact: Fact, subject: Subject) -> str:
    """Give the grid in which a fact is counted: a later correction moves nothing that was."""
    return subject.area if fact.area is None else fact.area


def label_of(fact: Fact, subject: Subject) -> str:
    """Give the class under which a fact is counted, as it was said to be then."""
    return subject.label if fact.label is None else fact.label


def _holds(test: Test, fact: Fact, window: Window, subject: Subject) -> bool:
    if test is Test.FROM_PUBLIC:
        return subject.source == PUBLIC
    if test is Test.RECURS:
        return subject.recurs
    return _ASKS[test](fact, window)
