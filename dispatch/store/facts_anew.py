"""Make the kept facts from the histories: after an upgrade, or where they are in doubt."""

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, delete, func, select

from dispatch.store.rows import Rows
from dispatch.store.sql_cases import SqlCases
from dispatch.store.sql_facts import put_facts
from dispatch.store.sql_ledger import SqlLedger
from dispatch.store.tables import FACTS, STEPS

_FIRST: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LAST: Final = datetime(9999, 1, 1, tzinfo=UTC)
_AT_ONCE: Final = 500


def rebuild_facts(connection: Connection) -> int:
    """Drop all facts, tell them anew, and give the number of cases they are of."""
    connection.execute(delete(FACTS))
    rows = Rows(connection)
    number = 0
    for number, case in enumerate(SqlCases(rows, SqlLedger(rows)).touching(_FIRST, _LAST), start=1):
        put_facts(rows, case, known=0)
        if number % _AT_ONCE == 0:
            rows.flush()
    rows.flush()
    return number


def fill_facts(connection: Connection) -> None:
    """Tell the facts of a database that has histories and no facts yet."""
    facts = connection.scalar(select(func.count()).select_from(select(FACTS).limit(1).subquery()))
    steps = connection.scalar(select(func.count()).select_from(select(STEPS).limit(1).subquery()))
    if steps and not facts:
        rebuild_facts(connection)
