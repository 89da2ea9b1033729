"""Suppressed sights in SQL: a row for each span of time in which the same was known of a sight."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Row, Select, delete, func, literal, select, tuple_, update

from dispatch.city.suppression import KnownSight, Suppressed
from dispatch.clocks.period import Window
from dispatch.figures.suppressed_figures import of_suppressed
from dispatch.ids import ProblemId
from dispatch.indicators.formula import PATROL, Amount, Grouping, Part
from dispatch.ports.of_suppressed import SuppressedCount, SuppressedFilter
from dispatch.proof.rows import dropped_note, suppressed_note
from dispatch.store.moments import FOREVER
from dispatch.store.rows import Rows
from dispatch.store.scope import within
from dispatch.store.sql_ledger import SqlLedger
from dispatch.store.tables_of_suppressed import SUPPRESSED

_BODY: Final = TypeAdapter(Suppressed)
_S: Final = SUPPRESSED.c
_PAGE: Final = 500
_NUMBERS: Final[Mapping[Amount, ColumnElement[int]]] = {
    Amount.SIGHTS: func.count(_S.finding.distinct()),
    Amount.THINGS: func.count(_S.problem.distinct()),
}
_COLUMNS: Final[Mapping[Grouping, ColumnElement[str]]] = {
    Grouping.LABEL: _S.label,
    Grouping.SOURCE: literal(PATROL),
    Grouping.MODEL: _S.model,
    Grouping.PLATFORM: _S.platform,
    Grouping.DEVICE: _S.device,
}


class SqlSuppressed:
    """Sights that an approval kept from becoming a case."""

    def __init__(self, rows: Rows, ledger: SqlLedger) -> None:
        self._rows = rows
        self._ledger = ledger

    def of_sight(self, finding: str) -> Suppressed | None:
        """Give what is kept of a sight now, or None."""
        row = self._rows.first(_now().where(_S.finding == finding))
        return None if row is None else _sight(row)

    def save(self, one: Suppressed, *, known_from: datetime) -> None:
        """Keep a sight; the same again takes its place from then on."""
        self._end(one.finding, at=known_from)
        known = KnownSight(one=one, known_from=known_from, known_to=FOREVER)
        self._ledger.note(suppressed_note(known))
        self._rows.put(
            SUPPRESSED,
            {
                "finding": one.finding,
                "known_from": known_from,
                "known_to": FOREVER,
                "at": one.at,
                "seen_at": one.seen_at,
                "problem": one.problem,
                "suppression": one.suppression,
                "area": one.grid or "",
                "label": one.label,
                "model": one.model,
                "platform": one.platform,
                "device": one.device,
                "body": _BODY.dump_python(one, mode="json"),
            },
        )

    def drop(self, finding: str, *, at: datetime) -> None:
        """Count a sight no longer that an approval no longer concerns: its place was corrected."""
        if self._end(finding, at=at):
            self._ledger.note(dropped_note(finding, at=at))

    def _end(self, finding: str, *, at: datetime) -> bool:
        mine = _S.finding == finding, _S.known_to == FOREVER
        undone = self._rows.change(delete(SUPPRESSED).where(*mine, _S.known_from >= at))
        ended = self._rows.change(update(SUPPRESSED).where(*mine).values(known_to=at))
        return bool(undone or ended)

    def move(self, gone: ProblemId, to: ProblemId, *, at: datetime) -> None:
        """Count the sights of a problem that is no more with the one that took its place."""
        for row in self._rows.all(_now().where(_S.problem == gone)):
            self.save(replace(_sight(row), problem=to), known_from=at)

    def find(self, wanted: SuppressedFilter, *, limit: int | None) -> Sequence[Suppressed]:
        """Give sights, the newest first; all where there is no limit."""
        newest = _S.seen_at.desc(), _S.finding.desc()
        found = _narrowed(select(SUPPRESSED), wanted).order_by(*newest)
        return [_sight(row) for row in self._rows.all(found.limit(limit))]

    def told(self, window: Window) -> Iterator[KnownSight]:
        """Give all sights of a period, the oldest first, some at a time."""
        oldest = _S.seen_at, _S.finding
        found = _narrowed(select(SUPPRESSED), SuppressedFilter(window=window))
        page = self._rows.all(found.order_by(*oldest).limit(_PAGE))
        while page:
            for row in page:
                yield KnownSight(one=_sight(row), known_from=row.known_from, known_to=row.known_to)
            after = tuple_(*oldest) > (page[-1].seen_at, page[-1].finding)
            page = self._rows.all(found.where(after).order_by(*oldest).limit(_PAGE))

    def count(self, wanted: SuppressedFilter) -> Sequence[SuppressedCount]:
        """Count sights and problems of each approval, by its id."""
        counted = select(
            _S.suppression,
            _NUMBERS[Amount.SIGHTS].label("sights"),
            _NUMBERS[Amount.THINGS].label("problems"),
        )
        counted = _narrowed(counted, wanted).group_by(_S.suppression)
        return [
            SuppressedCount(
                newest=self._newest(wanted, row.suppression),
                sights=row.sights,
                problems=row.problems,
            )
            for row in self._rows.all(counted.order_by(_S.suppression))
        ]

    def reckon(
        self, parts: Collection[Part], wanted: SuppressedFilter
    ) -> Mapping[str, Mapping[Part, int]]:
        """Reckon, in each group that has any, those parts of formulas that are of such sights."""
        mine = of_suppressed(parts, wanted.by)
        if not mine:
            return {}
        group = _group(wanted.by)
        columns: list[ColumnElement[Any]] = [group, *(_NUMBERS[part.amount] for part in mine)]
        counted = _narrowed(select(*columns), wanted)
        if wanted.by not in {Grouping.CITY, Grouping.SOURCE}:
            counted = counted.group_by(group)
        found: dict[str, dict[Part, int]] = {
            row[0]: dict(zip(mine, row[1:], strict=True)) for row in self._rows.all(counted)
        }
        return {name: counts for name, counts in found.items() if any(counts.values())}

    def _newest(self, wanted: SuppressedFilter, suppression: str) -> Suppressed:
        return self.find(replace(wanted, suppression=suppression), limit=1)[0]


def _now() -> Select[Any]:
    return select(SUPPRESSED).where(_S.known_to == FOREVER)


def _sight(row: Row[Any]) -> Suppressed:
    return _BODY.validate_python(row.body)


def _group(by: Grouping) -> ColumnElement[str]:
    if by is Grouping.CITY:
        return literal("")
    return _COLUMNS[by] if by.digits is None else func.substr(_S.area, 1, by.digits)


def _narrowed(statement: Select[Any], wanted: SuppressedFilter) -> Select[Any]:
    window = wanted.window
    statement = statement.where(
        _S.at >= window.start,
        _S.at < window.until,
        _S.known_from < window.until,
        _S.known_to >= window.until,
    )
    if wanted.suppression is not None:
        statement = statement.where(_S.suppression == wanted.suppression)
    if wanted.group is not None:
        statement = statement.where(_group(wanted.by) == wanted.group)
    return within(statement, _S.area, wanted.area)
