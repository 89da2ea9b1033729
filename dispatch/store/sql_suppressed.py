"""Suppressed sights in SQL: one row a sight."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from pydantic import TypeAdapter
from sqlalchemy import Select, delete, func, select, update

from dispatch.ids import ProblemId
from dispatch.ports_of_sights import SuppressedCount, SuppressedFilter
from dispatch.store.rows import Rows
from dispatch.store.scope import within
from dispatch.store.tables import SUPPRESSED
from dispatch.suppression import Suppressed

_BODY: Final = TypeAdapter(Suppressed)


class SqlSuppressed:
    """Sights that an approval kept from becoming a case."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def save(self, one: Suppressed) -> None:
        """Keep a sight; the same again takes its place."""
        self._rows.put(
            SUPPRESSED,
            {
                "finding": one.finding,
                "problem": one.problem,
                "suppression": one.suppression,
                "grid": one.grid,
                "seen_at": one.seen_at,
                "body": _BODY.dump_python(one, mode="json"),
            },
        )

    def drop(self, finding: str) -> None:
        """Forget a sight that an approval no longer concerns, for its place was corrected."""
        self._rows.change(delete(SUPPRESSED).where(SUPPRESSED.c.finding == finding))

    def move(self, gone: ProblemId, to: ProblemId) -> None:
        """Count the sights of a problem that is no more with the one that took its place."""
        moved = update(SUPPRESSED).where(SUPPRESSED.c.problem == gone).values(problem=to)
        self._rows.change(moved)

    def find(self, wanted: SuppressedFilter, *, limit: int) -> Sequence[Suppressed]:
        """Give sights, the newest first."""
        newest = SUPPRESSED.c.seen_at.desc(), SUPPRESSED.c.finding.desc()
        return self._load(_narrowed(select(SUPPRESSED), wanted).order_by(*newest).limit(limit))

    def count(self, wanted: SuppressedFilter) -> Sequence[SuppressedCount]:
        """Count sights and problems of each approval, by its id."""
        counted = select(
            SUPPRESSED.c.suppression,
            func.count().label("sights"),
            func.count(SUPPRESSED.c.problem.distinct()).label("problems"),
        )
        counted = _narrowed(counted, wanted).group_by(SUPPRESSED.c.suppression)
        return [
            SuppressedCount(
                newest=self._newest(wanted, row.suppression),
                sights=row.sights,
                problems=row.problems,
            )
            for row in self._rows.all(counted.order_by(SUPPRESSED.c.suppression))
        ]

    def _newest(self, wanted: SuppressedFilter, suppression: str) -> Suppressed:
        return self.find(replace(wanted, suppression=suppression), limit=1)[0]

    def _load(self, wanted: Select[Any]) -> list[Suppressed]:
        return [
            replace(_BODY.validate_python(row.body), problem=ProblemId(row.problem))
            for row in self._rows.all(wanted)
        ]


def _narrowed(statement: Select[Any], wanted: SuppressedFilter) -> Select[Any]:
    seen = SUPPRESSED.c.seen_at
    statement = statement.where(seen >= wanted.since, seen < wanted.until)
    if wanted.suppression is not None:
        statement = statement.where(SUPPRESSED.c.suppression == wanted.suppression)
    return within(statement, func.coalesce(SUPPRESSED.c.grid, ""), wanted.area)
