"""The kinds of stores that a city may have, each empty and of the test's own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import pytest

from dispatch.ports.unit_of_work import UnitOfWork
from dispatch.store.engine import open_database
from dispatch.store.memory import MemoryStore
from dispatch.store.sql import SqlUnitOfWork

POSTGRES: Final = [pytest.mark.postgres, pytest.mark.xdist_group("postgres")]
STORES: Final = ("memory", "sqlite", pytest.param("postgres", marks=POSTGRES))


@contextmanager
def begun(store: str, request: pytest.FixtureRequest) -> Iterator[Callable[[], UnitOfWork]]:
    """Give what begins a transaction on an empty store of a kind."""
    if store == "memory":
        yield MemoryStore().unit_of_work
        return
    fixture = "sqlite_url" if store == "sqlite" else "emptied_postgres"
    engine = open_database(request.getfixturevalue(fixture))
    yield lambda: SqlUnitOfWork(engine)
    engine.dispose()
