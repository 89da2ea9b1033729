"""Make the kept facts from the histories: after an upgrade, or where they are in doubt."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Final

from sqlalchemy import Connection, delete, func, select

from dispatch.case.case import Case
from dispatch.figures.evaluation import subject_of
from dispatch.figures.life import facts_since
from dispatch.store.rows import Rows
from dispatch.store.sql_cases import SqlCases
from dispatch.store.sql_facts import fact_values, put_facts
from dispatch.store.sql_ledger import SqlLedger
from dispatch.store.tables import FACTS, STEPS

_FIRST: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LAST: Final = datetime(9999, 1, 1, tzinfo=UTC)
_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Retold:
    """How many cases were told anew, and of which the kept facts were others, by number."""

    cases: int
    differed: tuple[str, ...]


def rebuild_facts(connection: Connection, *, write: bool = True) -> Retold:
    """Tell all facts anew from the histories, and put them in the place of those that differ.

    Args:
        write: False only compares.
    """
    rows = Rows(connection)
    number, differed = 0, []
    cases = SqlCases(rows, SqlLedger(rows)).touching(_FIRST, _LAST)
    while some := list(islice(cases, _AT_ONCE)):
        number += len(some)
        kept = _kept(rows, some)
        other = [case for case in some if kept.get(case.id, []) != _told(case)]
        differed += [case.number for case in other]
        if write:
            rows.change(delete(FACTS).where(FACTS.c.case.in_([case.id for case in other])))
            for case in other:
                put_facts(rows, case, known=0)
            rows.flush()
    return Retold(cases=number, differed=tuple(differed))


def _kept(rows: Rows, cases: Sequence[Case]) -> dict[str, list[dict[str, object]]]:
    ids = [case.id for case in cases]
    wanted = select(FACTS).where(FACTS.c.case.in_(ids))
    found: dict[str, list[dict[str, object]]] = {}
    for row in rows.all(wanted.order_by(FACTS.c.case, FACTS.c.number, FACTS.c.known_from)):
        found.setdefault(row.case, []).append(dict(row._mapping))
    return found


def _told(case: Case) -> list[dict[str, object]]:
    subject = subject_of(case)
    told = [fact_values(fact, subject) for fact in facts_since(case.history, known=0)]
    return sorted(told, key=lambda values: (values["number"], values["known_from"]))


def fill_facts(connection: Connection) -> None:
    """Tell the facts of a database that has histories and no facts yet."""
    facts = connection.scalar(select(func.count()).select_from(select(FACTS).limit(1).subquery()))
    steps = connection.scalar(select(func.count()).select_from(select(STEPS).limit(1).subquery()))
    if steps and not facts:
        rebuild_facts(connection)
