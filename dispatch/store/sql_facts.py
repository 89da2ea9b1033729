"""Facts in SQL: kept as cases are saved, counted by the formulas' tests turned into conditions."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select, true

from dispatch.case import Case
from dispatch.evaluation import subject_of
from dispatch.fact import Fact, Subject
from dispatch.formula import DUTIES, PUBLIC, Grouping, Kind, Part, Test
from dispatch.ids import CaseId
from dispatch.life import facts_since
from dispatch.period import Window
from dispatch.ports import FactFilter
from dispatch.store.rows import Rows
from dispatch.store.scope import within
from dispatch.store.tables import FACTS

FOREVER: Final = datetime(9999, 1, 1, tzinfo=UTC)
Condition = ColumnElement[bool]
_F: Final = FACTS.c
_ENDED: Final = func.coalesce(_F.done_at, _F.lapsed_at)


def put_facts(rows: Rows, of: Case, *, known: int) -> None:
    """Keep what the steps of a case after the first `known` made or changed."""
    subject = subject_of(of)
    for fact in facts_since(of.history, known=known):
        rows.put(FACTS, fact_values(fact, subject))


def fact_values(fact: Fact, subject: Subject) -> dict[str, object]:
    """Give the row of a fact."""
    known_to = fact.known_to or FOREVER
    return {
        "case": subject.case,
        "number": fact.number,
        "known_from": fact.known_from,
        "known_to": known_to,
        "ends_at": min(_ends_at(fact), known_to),
        "kind": fact.kind.value,
        "at": fact.at,
        "since": fact.since,
        "due_at": fact.due_at,
        "done_at": fact.done_at,
        "lapsed_at": fact.lapsed_at,
        "noted_at": fact.noted_at,
        "suspended": fact.suspended,
        "exempt": fact.exempt,
        "department": fact.department,
        "person": fact.person,
        "role": fact.role,
        "word": fact.word,
        "reason": fact.reason,
        "area": subject.area,
        "label": subject.label,
        "source": subject.source,
        "model": subject.model,
        "recurs": subject.recurs,
    }


class SqlFacts:
    """What case histories say, as it was kept."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def count(
        self, parts: Collection[Part], window: Window, wanted: FactFilter
    ) -> Mapping[str, Mapping[Part, int]]:
        """Count, in each group that has any, the facts of each part of a formula."""
        found: dict[str, dict[Part, int]] = {}
        for kind in sorted({part.kind for part in parts}):
            mine = [part for part in parts if part.kind is kind]
            for row in self._rows.all(_counting(kind, mine, window, wanted)):
                numbers: Sequence[int | None] = row[1:]
                counted = {part: n for part, n in zip(mine, numbers, strict=True) if n}
                if counted:
                    found.setdefault(row[0], {}).update(counted)
        return dict(sorted(found.items()))

    def cases(self, part: Part, window: Window, wanted: FactFilter) -> Sequence[CaseId]:
        """Give the case of each fact that a part of a formula counts, by id."""
        asked = _narrowed(select(_F.case), part.kind, window, wanted)
        asked = asked.where(*_conditions(part, part.tests, window)).order_by(_F.case)
        return [CaseId(row.case) for row in self._rows.all(asked)]

    def reasons(self, part: Part, window: Window, wanted: FactFilter) -> Mapping[str, int]:
        """Count what a part of a formula counts by its reason, where one was given."""
        counted = select(_F.reason, func.count().label("number"))
        asked = _narrowed(counted, part.kind, window, wanted)
        asked = asked.where(*_conditions(part, part.tests, window), _F.reason != "")
        rows = self._rows.all(asked.group_by(_F.reason).order_by(_F.reason))
        return {row.reason: row.number for row in rows}


def _counting(kind: Kind, parts: list[Part], window: Window, wanted: FactFilter) -> Select[Any]:
    # What all parts ask is asked once, of the row; only what is left is summed.
    shared = set(parts[0].tests).intersection(*(part.tests for part in parts))
    sums = []
    for part in parts:
        left = _conditions(part, [test for test in part.tests if test not in shared], window)
        sums.append(func.sum(case((and_(true(), *left), 1), else_=0)))
    group = _group(kind, wanted.by, window)
    columns: list[ColumnElement[Any]] = [group, *sums]
    asked = _narrowed(select(*columns), kind, window, wanted)
    asked = asked.where(*(_CONDITIONS[test](window) for test in sorted(shared)))
    return asked if wanted.by is Grouping.CITY else asked.group_by(group)


def _narrowed(asked: Select[Any], kind: Kind, window: Window, wanted: FactFilter) -> Select[Any]:
    """Narrow to the facts of a kind as they were known, that a period may concern."""
    asked = asked.where(
        _F.kind == kind.value,
        _F.ends_at >= window.open_from,
        _F.known_from < window.until,
        _F.known_to >= window.until,
    )
    if wanted.group is not None:
        asked = asked.where(_group(kind, wanted.by, window) == wanted.group)
    return within(asked, _F.area, wanted.area)


def _conditions(part: Part, tests: Iterable[Test], window: Window) -> list[Condition]:
    found = [_CONDITIONS[test](window) for test in tests]
    return [*found, _F.word == part.word] if part.word else found


def _group(kind: Kind, by: Grouping, window: Window) -> ColumnElement[str]:
    if by is Grouping.CITY:
        return literal("")
    if by.digits is not None:
        return func.substr(_F.area, 1, by.digits)
    column: ColumnElement[str] = _F[_COLUMNS[by]]
    if by in {Grouping.POST, Grouping.PERSON} and kind in DUTIES:
        return case((window.until > _ENDED, column), else_="")
    return column


_COLUMNS: Final = {
    Grouping.DEPARTMENT: "department",
    Grouping.POST: "role",
    Grouping.PERSON: "person",
    Grouping.LABEL: "label",
    Grouping.SOURCE: "source",
    Grouping.MODEL: "model",
}


def _before(column: ColumnElement[Any], window: Window) -> Condition:
    return and_(column.is_not(None), column < window.until)


def _not_before(column: ColumnElement[Any], window: Window) -> Condition:
    return or_(column.is_(None), column >= window.until)


def _is_due(window: Window) -> Condition:
    """`Fact.is_due_in`, with what happened from `until` on not known."""
    return and_(
        _F.suspended.is_(False),
        _F.exempt.is_(False),
        or_(_not_before(_F.lapsed_at, window), _F.lapsed_at > _F.due_at),
        or_(
            and_(
                _F.due_at < window.start,
                or_(_ENDED.is_(None), window.open_from <= _ENDED),
            ),
            and_(
                _F.due_at >= window.start,
                _F.due_at < window.end,
                or_(_F.due_at <= window.until, window.until > _ENDED),
            ),
        ),
    )


_CONDITIONS: Final[Mapping[Test, Callable[[Window], Condition]]] = {
    Test.IN_PERIOD: lambda w: and_(_F.at >= w.start, _F.at < w.until),
    Test.DUE: _is_due,
    Test.DONE: lambda w: _before(_F.done_at, w),
    Test.UNDONE: lambda w: _not_before(_F.done_at, w),
    Test.ON_TIME: lambda w: and_(_before(_F.done_at, w), _F.done_at <= _F.due_at),
    Test.LATE: lambda w: and_(_before(_F.done_at, w), _F.done_at > _F.due_at),
    Test.LAPSED: lambda w: _before(_F.lapsed_at, w),
    Test.STANDS: lambda w: _not_before(_F.lapsed_at, w),
    Test.NOTED: lambda w: _before(_F.noted_at, w),
    Test.FROM_PUBLIC: lambda _: _F.source == PUBLIC,
    Test.RECURS: lambda _: _F.recurs.is_(True),
}


def _ends_at(fact: Fact) -> datetime:
    if fact.kind not in DUTIES:
        return fact.at
    if fact.ended_at is None or fact.due_at is None:
        return FOREVER
    return max(fact.due_at, fact.ended_at)
