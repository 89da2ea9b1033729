"""Facts in SQL: kept as cases are saved, counted by the formulas' tests turned into conditions."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import numpy as np
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    String,
    and_,
    case,
    cast,
    distinct,
    func,
    literal,
    or_,
    select,
    true,
    type_coerce,
)
from sqlalchemy.sql.functions import aggregate_strings

from dispatch.case.case import Case
from dispatch.clocks.period import Window
from dispatch.figures.evaluation import rank_of, subject_of
from dispatch.figures.fact import Fact, Subject, area_of, label_of
from dispatch.figures.life import facts_since
from dispatch.figures.patrol_figures import count_patrols
from dispatch.ids import CaseId
from dispatch.indicators.formula import (
    DUTIES,
    GIVEN_UP,
    LASTING,
    OF_PATROLS,
    POST_OF,
    PUBLIC,
    Amount,
    Grouping,
    Kind,
    Part,
    Test,
    splits,
)
from dispatch.ports.of_suppressed import SuppressedFilter
from dispatch.ports.unit_of_work import FactFilter
from dispatch.store.fact_looks import Look, looks
from dispatch.store.moments import FOREVER
from dispatch.store.rows import Rows
from dispatch.store.scope import within
from dispatch.store.sql_stretches import SqlStretches
from dispatch.store.sql_suppressed import SqlSuppressed
from dispatch.store.tables import FACTS

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
        "area": area_of(fact, subject),
        "label": label_of(fact, subject),
        "source": subject.source,
        "model": subject.model,
        "recurs": subject.recurs,
        "pass_id": subject.pass_id,
        "device": subject.device,
        "platform": subject.platform,
        "worked_for": fact.worked_for,
        "worked_by": fact.worked_by,
        "worked_as": fact.worked_as,
        "worked_at": fact.worked_at,
    }


class SqlFacts:
    """What case histories and passes say, as it was kept."""

    def __init__(self, rows: Rows, stretches: SqlStretches, suppressed: SqlSuppressed) -> None:
        self._rows = rows
        self._stretches = stretches
        self._suppressed = suppressed

    def count(
        self, parts: Collection[Part], window: Window, wanted: FactFilter
    ) -> Mapping[str, Mapping[Part, int]]:
        """Reckon, in each group that has any, each part of a formula."""
        found: dict[str, dict[Part, int]] = {}
        for group, counts in self._counted(parts, window, wanted):
            if counts and (wanted.group is None or group == wanted.group):
                found.setdefault(group, {}).update(counts)
        return dict(sorted(found.items()))

    def _counted(
        self, parts: Collection[Part], window: Window, wanted: FactFilter
    ) -> Iterator[tuple[str, Mapping[Part, int]]]:
        yield from self._numbers(parts, window, wanted)
        sights = SuppressedFilter(window=window, area=wanted.area, by=wanted.by, group=wanted.group)
        yield from self._suppressed.reckon(parts, sights).items()
        for part in parts:
            if part.amount is Amount.OWNERS:
                for row in self._rows.all(_serving(part, window, wanted)):
                    yield row.group, {part: row.number} if row.number else {}
        for ranks in _ranks_alike(parts):
            for row in self._rows.all(_delaying(ranks[0], window, wanted)):
                ranked = _ranked(row.delays, ranks) if row.delays else {}
                yield row.group, {part: seconds for part, seconds in ranked.items() if seconds}
        of_patrols = [part for part in parts if part.kind in OF_PATROLS]
        if any(splits(part.kind, wanted.by) for part in of_patrols):
            patrolled = self._stretches.patrolled(window, area=wanted.area, by=wanted.by)
            yield from count_patrols(of_patrols, patrolled, window, by=wanted.by).items()

    def _numbers(
        self, parts: Collection[Part], window: Window, wanted: FactFilter
    ) -> Iterator[tuple[str, Mapping[Part, int]]]:
        """Count, in one look at the facts of each kind, all parts that only ask how many."""
        counted = [part for part in parts if part.amount is Amount.FACTS]
        for kind in sorted({part.facts for part in counted} - OF_PATROLS):
            alike = [part for part in counted if part.facts is kind]
            groups = _groups(alike, wanted.by, window)
            found: dict[str, Counter[Part]] = {}
            for look in looks(kind, _shared(alike), window):
                for row in self._rows.all(_counting(alike, window, wanted, look)):
                    named = dict(zip(groups, row, strict=False))
                    for part, number in zip(alike, row[len(groups) :], strict=True):
                        if number:
                            group = named[_told(part, wanted.by)]
                            found.setdefault(group, Counter())[part] += number
            yield from found.items()

    def cases(self, part: Part, window: Window, wanted: FactFilter) -> Sequence[CaseId]:
        """Give the case of each fact that a part of a formula counts, by id."""
        found: list[CaseId] = []
        for asked in asked_of(part, window, wanted, _F.case):
            found += [CaseId(row.case) for row in self._rows.all(asked)]
        return sorted(found)

    def reasons(self, part: Part, window: Window, wanted: FactFilter) -> Mapping[str, int]:
        """Count what a part of a formula counts by its reason, where one was given."""
        conditions = [*_conditions(part, _asked(part.tests), window), _F.reason != ""]
        counted = select(_F.reason, func.count().label("number")).where(*conditions)
        found: Counter[str] = Counter()
        for look in looks(part.facts, part.tests, window):
            asked = _narrowed(counted, [part], window, wanted, look)
            rows = self._rows.all(asked.group_by(_F.reason))
            found.update({row.reason: row.number for row in rows})
        return dict(sorted(found.items()))


def asked_of(
    part: Part, window: Window, wanted: FactFilter, *columns: ColumnElement[Any]
) -> Iterator[Select[Any]]:
    """Ask for columns of the facts that a part of a formula counts; each is in one statement."""
    conditions = _conditions(part, _asked(part.tests), window)
    for look in looks(part.facts, part.tests, window):
        asked = _narrowed(select(*columns), [part], window, wanted, look)
        yield asked.where(*conditions)


def _shared(parts: Sequence[Part]) -> frozenset[Test]:
    """Give what all parts ask."""
    return _asked(parts[0].tests).intersection(*(_asked(part.tests) for part in parts))


def _told(part: Part, by: Grouping) -> Kind:
    """Give by which kind the facts of a part are told apart: a work by who did it, not its whole.

    Where, what and by whom found are the same of both.
    """
    return part.kind if by in {Grouping.DEPARTMENT, Grouping.POST, Grouping.PERSON} else part.facts


def _groups(parts: Iterable[Part], by: Grouping, window: Window) -> dict[Kind, ColumnElement[str]]:
    return {kind: _group(kind, by, window) for kind in sorted({_told(part, by) for part in parts})}


def _counting(parts: Sequence[Part], window: Window, wanted: FactFilter, look: Look) -> Select[Any]:
    # What all parts ask is asked once, of the row; only what is left is asked for each.
    shared = _shared(parts)
    numbers = [
        func.count().filter(true(), *_conditions(part, _asked(part.tests) - shared, window))
        for part in parts
    ]
    groups = _groups(parts, wanted.by, window).values()
    columns: list[ColumnElement[Any]] = [*groups, *numbers]
    asked = _narrowed(select(*columns), parts, window, wanted, look)
    asked = asked.where(*(_CONDITIONS[test](window) for test in sorted(shared)))
    return asked if wanted.by is Grouping.CITY else asked.group_by(*groups)


def _delaying(part: Part, window: Window, wanted: FactFilter) -> Select[Any]:
    """Ask each group for all its delays, in whole seconds, as one text.

    To rank them, a database sorts whole rows; that takes ten times as long.
    """
    group = _group(part.kind, wanted.by, window).label("group")
    delay = type_coerce(_F.at, BigInteger) - type_coerce(func.coalesce(_F.since, _F.at), BigInteger)
    seconds = cast(case((delay > 0, delay // 1_000_000), else_=0), String)
    columns: list[ColumnElement[Any]] = [group, aggregate_strings(seconds, ",").label("delays")]
    (look,) = looks(part.facts, part.tests, window)
    asked = _narrowed(select(*columns), [part], window, wanted, look)
    asked = asked.where(*_conditions(part, _asked(part.tests), window))
    return asked if wanted.by is Grouping.CITY else asked.group_by(group)


def _ranked(delays: str, parts: Iterable[Part]) -> dict[Part, int]:
    """Give the delay that stands for all, for each part that takes another rank of them."""
    seconds = np.fromstring(delays, dtype=np.int64, sep=",")
    nth = {part: rank_of(part.amount, len(seconds)) - 1 for part in parts}
    return {part: int(np.partition(seconds, at)[at]) for part, at in nth.items()}


def _ranks_alike(parts: Iterable[Part]) -> list[list[Part]]:
    """Put together the parts that are other ranks of the same facts."""
    alike: dict[tuple[Kind, tuple[Test, ...], str], list[Part]] = {}
    for part in parts:
        if part.amount in {Amount.MEDIAN, Amount.P90}:
            alike.setdefault((part.kind, part.tests, part.word), []).append(part)
    return list(alike.values())


def _serving(part: Part, window: Window, wanted: FactFilter) -> Select[Any]:
    """Ask each group for its different pairs of a pass and a department."""
    group = _group(part.kind, wanted.by, window).label("group")
    pairs = func.count(distinct(_F.pass_id.concat(" ").concat(_F.department)))
    columns: list[ColumnElement[Any]] = [group, pairs.label("number")]
    (look,) = looks(part.facts, part.tests, window)
    asked = _narrowed(select(*columns), [part], window, wanted, look)
    asked = asked.where(*_conditions(part, _asked(part.tests), window), _F.pass_id != "")
    return asked if wanted.by is Grouping.CITY else asked.group_by(group)


def _narrowed(
    asked: Select[Any], parts: Sequence[Part], window: Window, wanted: FactFilter, look: Look
) -> Select[Any]:
    """Narrow to facts of a kind as they were known, that a period may concern.

    Args:
        parts: of formulas, that count facts of the same kind.
    """
    asked = asked.where(
        _F.kind == parts[0].facts.value,
        _F.ends_at >= window.open_from,
        _F.known_from < window.until,
        _F.known_to >= window.until,
        *look,
    )
    if wanted.group is not None:
        groups = _groups(parts, wanted.by, window).values()
        asked = asked.where(or_(*(group == wanted.group for group in groups)))
    return within(asked, _F.area, wanted.area)


def _asked(tests: Iterable[Test]) -> frozenset[Test]:
    """Take what is due as what is owed and did not lapse in time, so that both share a look."""
    asked = frozenset(tests)
    return asked | {Test.OWED} if Test.DUE in asked else asked


def _conditions(part: Part, tests: Iterable[Test], window: Window) -> list[Condition]:
    found = [_CONDITIONS[test](window) for test in sorted(tests)]
    return [*found, _F.word == part.word] if part.word else found


def _group(kind: Kind, by: Grouping, window: Window) -> ColumnElement[str]:
    if by is Grouping.CITY:
        return literal("")
    if by.digits is not None:
        return func.substr(_F.area, 1, by.digits)
    if kind is Kind.WORK:
        return _group_of_work(by, window)
    column: ColumnElement[str] = _F[_COLUMNS[by]]
    if by in {Grouping.POST, Grouping.PERSON} and kind in DUTIES:
        rests_with = POST_OF[kind] if by is Grouping.POST else ""
        return case((window.until > _ENDED, column), else_=rests_with)
    return column


def _group_of_work(by: Grouping, window: Window) -> ColumnElement[str]:
    if by is Grouping.DEPARTMENT:
        return _F.worked_for
    column: ColumnElement[str] = _F.worked_as if by is Grouping.POST else _F.worked_by
    return case((window.until > _F.worked_at, column), else_="")


_COLUMNS: Final = {
    Grouping.DEPARTMENT: "department",
    Grouping.POST: "role",
    Grouping.PERSON: "person",
    Grouping.LABEL: "label",
    Grouping.SOURCE: "source",
    Grouping.MODEL: "model",
    Grouping.PLATFORM: "platform",
    Grouping.DEVICE: "device",
}


def _before(column: ColumnElement[Any], window: Window) -> Condition:
    return and_(column.is_not(None), column < window.until)


def _not_before(column: ColumnElement[Any], window: Window) -> Condition:
    return or_(column.is_(None), column >= window.until)


def _not_lapsed_in_time(window: Window) -> Condition:
    return or_(_not_before(_F.lapsed_at, window), _F.lapsed_at > _F.due_at)


def _is_owed(window: Window) -> Condition:
    """`Fact.is_owed_in`, with what happened from `until` on not known."""
    return and_(
        _F.suspended.is_(False),
        _F.exempt.is_(False),
        or_(_F.word == GIVEN_UP, _not_lapsed_in_time(window)),
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
    Test.DUE: _not_lapsed_in_time,
    Test.OWED: _is_owed,
    Test.GIVEN_UP: lambda w: and_(_before(_F.lapsed_at, w), _F.word == GIVEN_UP),
    Test.DONE: lambda w: _before(_F.done_at, w),
    Test.UNDONE: lambda w: _not_before(_F.done_at, w),
    Test.ON_TIME: lambda w: and_(_before(_F.done_at, w), _F.done_at <= _F.due_at),
    Test.LATE: lambda w: and_(_before(_F.done_at, w), _F.done_at > _F.due_at),
    Test.LAPSED: lambda w: _before(_F.lapsed_at, w),
    Test.STANDS: lambda w: _not_before(_F.lapsed_at, w),
    Test.NOTED: lambda w: _before(_F.noted_at, w),
    Test.UNNOTED: lambda w: _not_before(_F.noted_at, w),
    Test.OWN: lambda _: _F.exempt.is_(False),
    Test.LIMITED: lambda _: _F.due_at.is_not(None),
    Test.FROM_PUBLIC: lambda _: _F.source == PUBLIC,
    Test.RECURS: lambda _: _F.recurs.is_(True),
}


def _ends_at(fact: Fact) -> datetime:
    if fact.kind not in LASTING:
        return fact.at
    if fact.ended_at is None:
        return FOREVER
    if fact.kind is Kind.FIND:
        return fact.ended_at
    return FOREVER if fact.due_at is None else max(fact.due_at, fact.ended_at)
