"""How a case stood at a moment, what of it was late then, and what had to be done again.

Reports list these. Here they are told of whole histories, the plain way, which shows what is meant.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from dispatch.case.case import Case
from dispatch.case.step import Grounds
from dispatch.case.transition import ENDED, Action, Status
from dispatch.catalogue.catalog import CatalogClass
from dispatch.clocks.period import Window
from dispatch.figures.evaluation import subject_of
from dispatch.figures.fact import Fact, area_of
from dispatch.figures.life import tell_life
from dispatch.ground.place import Place
from dispatch.ids import CaseId, DepartmentId
from dispatch.indicators.formula import DUTIES, Kind

AGAIN: Final = frozenset({Action.SEND_BACK, Action.REOPEN})
_LEAVES: Final = frozenset({Action.DECLINE, Action.REOPEN})
TELLING: Final = AGAIN | _LEAVES | {Action.DISPATCH}
"""What must be known of the steps before one of `AGAIN` to tell whose work it was."""


class Turn(Protocol):
    """A step, as far as it tells how its case stands."""

    @property
    def action(self) -> Action:
        """What was done."""

    @property
    def before(self) -> Status | None:
        """How the case stood before it."""

    @property
    def after(self) -> Status:
        """How it stands after it."""

    @property
    def at(self) -> datetime:
        """When it was done."""

    @property
    def grounds(self) -> Grounds:
        """On which grounds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a case stood at a moment.

    Args:
        merged_into: the case that it had been merged into, which may have been merged itself.
    """

    status: Status
    department: DepartmentId | None
    ended_at: datetime | None
    merged_into: CaseId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A case as lists give it: how it stood then, all else as it is known now.

    Args:
        into: number of the case that went on in its place, over all merges, if one did.
    """

    id: CaseId
    number: str
    category: CatalogClass
    severity: str | None
    place: Place
    grid: str | None
    rendered: bool
    reported_at: datetime
    stood: Standing
    into: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """A duty that was due in a period and is not done, by what is known at its end.

    Args:
        number: of its case; `category`: what that is.
    """

    number: str
    category: CatalogClass
    department: DepartmentId
    kind: Kind
    due_at: datetime
    lapsed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Redone:
    """A step by which work began anew, with the department whose work it was.

    Args:
        number: of its case; `category`: what that is.
    """

    number: str
    category: CatalogClass
    department: DepartmentId
    action: Action
    at: datetime
    reason_zh: str
    reason_en: str


def standing(history: Iterable[Turn], *, at: datetime) -> Standing:
    """Tell from its history how a case stood before a moment; as reported, if it was not yet."""
    steps = [step for step in history if step.at < at]
    status = steps[-1].after if steps else Status.REPORTED
    ended = next((step.at for step in reversed(steps) if step.before not in ENDED), None)
    department = _department(steps)
    return Standing(
        status=status,
        department=DepartmentId(department) if department else None,
        ended_at=ended if status in ENDED else None,
        merged_into=_merged_into(steps),
    )


def concerns(history: Sequence[Turn], stood: Standing, *, start: datetime, until: datetime) -> bool:
    """Say whether a case was known before `until` and, by what was known, not ended by `start`."""
    if not history or history[0].at >= until:
        return False
    return stood.ended_at is None or stood.ended_at >= start


def late_in(case: Case, window: Window, *, area: str = "") -> Iterator[tuple[Fact, Late]]:
    """Give what of a case was left undone past its limit, each with its fact."""
    subject = subject_of(case)
    for fact in tell_life(case.history, until=window.until).facts:
        due_at = fact.due_at
        if fact.kind not in DUTIES or due_at is None or fact.done_at is not None:
            continue
        if fact.is_due_in(window) and area_of(fact, subject).startswith(area):
            yield (
                fact,
                Late(
                    number=case.number,
                    category=case.category,
                    department=DepartmentId(fact.department),
                    kind=fact.kind,
                    due_at=due_at,
                    lapsed_at=fact.lapsed_at,
                ),
            )


def redone_in(
    history: Sequence[Turn], window: Window, *, number: str, category: CatalogClass
) -> Iterator[Redone]:
    """Give the steps of a period by which work began anew.

    Args:
        history: its steps, those of `TELLING` at least.
    """
    for place, step in enumerate(history):
        if step.action in AGAIN and window.start <= step.at < window.until:
            yield Redone(
                number=number,
                category=category,
                department=DepartmentId(_department(history[:place])),
                action=step.action,
                at=step.at,
                reason_zh=str(step.grounds.get("reason_zh") or ""),
                reason_en=str(step.grounds.get("reason_en") or ""),
            )


def redone_of(case: Case, window: Window, *, area: str = "") -> Iterator[Redone]:
    """Give the steps of a period by which work on a case began anew, if any was counted there."""
    subject = subject_of(case)
    counted = (
        fact
        for fact in tell_life(case.history, until=window.until).facts
        if fact.kind is Kind.STEP and fact.word in AGAIN and window.start <= fact.at < window.until
    )
    if any(area_of(fact, subject).startswith(area) for fact in counted):
        yield from redone_in(case.history, window, number=case.number, category=case.category)


def _merged_into(steps: Sequence[Turn]) -> CaseId | None:
    """Give what a case had been merged into after some steps."""
    moved = next((each for each in reversed(steps) if each.before is not each.after), None)
    merged = moved is not None and moved.action is Action.MERGE
    return CaseId(str(moved.grounds["into"])) if moved and merged else None


def _department(steps: Iterable[Turn]) -> str:
    """Give the department that was responsible after some steps."""
    department = ""
    for step in steps:
        if step.action is Action.DISPATCH:
            department = str(step.grounds.get("department") or "")
        elif step.action in _LEAVES:
            department = ""
    return department
