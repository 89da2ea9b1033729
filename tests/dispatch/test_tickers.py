"""Several tickers at once ring every alarm once and climb every ladder step by step, though killed.

Each moment is worked on by threads that take few cases at a time and die at random, before their
commit or right after it. What the histories say is held against one ticker alone that never dies.
"""

import threading
from collections.abc import Iterator
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import Engine

from dispatch.case.case import Case
from dispatch.case.step import Decision
from dispatch.case.transition import Action
from dispatch.ids import CaseId
from dispatch.loop import casework, oversight
from dispatch.ports.unit_of_work import UnitOfWork
from dispatch.store.engine import open_database
from dispatch.store.sql import SqlUnitOfWork
from tests.dispatch.city import COLLECTOR, WORKER, City

TICKERS = 3
CASES = 8
AT_ONCE = 2
DEATHS = 0.4
MOMENTS = [timedelta(days=days) for days in (0, 2, 5, 9, 14, 20, 30, 45)]


class Killed(Exception):
    """The process of a ticker is no more."""


class Mortal(SqlUnitOfWork):
    """A transaction of a ticker that may die before its commit, or before anybody hears of it."""

    def __init__(self, engine: Engine, rng: Random) -> None:
        super().__init__(engine)
        self._rng = rng

    def commit(self) -> None:
        if self._rng.random() < DEATHS:
            raise Killed
        super().commit()
        if self._rng.random() < DEATHS:
            raise Killed


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.xdist_group("postgres")]),
    ]
)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    fixture = "sqlite_url" if request.param == "sqlite" else "emptied_postgres"
    opened = open_database(request.getfixturevalue(fixture))
    yield opened
    opened.dispose()


def furnish(city: City) -> list[CaseId]:
    """Bring half of the cases to their department and half to a worker."""
    ids = []
    for number in range(CASES):
        case = city.take_up(city.see(str(number)))
        assert case is not None
        told = Decision(by=COLLECTOR, at=city.later(minutes=7))
        casework.confirm_case(case.id, told, profile=city.profile, uow=city.uow)
        if number % 2:
            taken = Decision(by=WORKER, at=city.later(minutes=7))
            casework.accept_case(case.id, taken, uow=city.uow)
        ids.append(case.id)
    return ids


def ring(city: City, uow: UnitOfWork) -> int:
    return len(oversight.ring_clocks(now=city.now, profile=city.profile, uow=uow, limit=AT_ONCE))


def ring_all(city: City) -> None:
    while ring(city, city.uow):
        pass


def race(city: City, engine: Engine, seed: int) -> None:
    """Let tickers race until each has died a few times, then let the next tick finish."""

    def tick(rng: Random) -> None:
        for _ in range(CASES):
            try:
                ring(city, Mortal(engine, rng))
            except Killed:
                continue

    threads = [
        threading.Thread(target=tick, args=(Random(f"{seed}:{number}:{city.now}"),))
        for number in range(TICKERS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ring_all(city)


def told(case: Case) -> list[tuple[object, ...]]:
    return [
        (step.action, step.after, step.at, step.note, dict(step.grounds)) for step in case.history
    ]


@pytest.mark.faults
@pytest.mark.parametrize("seed", range(3))
def test_tickers_that_race_and_die_tell_what_one_alone_would_have_told(
    engine: Engine, seed: int
) -> None:
    alone, raced = City(), City(begin=lambda: SqlUnitOfWork(engine))
    ids = furnish(alone)
    assert furnish(raced) == ids

    start = alone.now
    for moment in MOMENTS:
        alone.now = raced.now = start + moment
        ring_all(alone)
        race(raced, engine, seed)

    for id_ in ids:
        assert told(raced.case(id_)) == told(alone.case(id_))
    rung = [step for id_ in ids for step in alone.case(id_).history if step.action is Action.ALARM]
    pressed = [s for id_ in ids for s in alone.case(id_).history if s.action is Action.SUPERVISE]
    assert len(rung) >= 2 * CASES
    assert len(pressed) >= 2 * CASES


def test_what_a_ticker_holds_another_leaves_alone(engine: Engine) -> None:
    city = City(begin=lambda: SqlUnitOfWork(engine))
    furnish(city)
    city.later(days=30)
    if engine.dialect.name != "postgresql":
        pytest.skip("on SQLite whoever writes is alone")

    with city.uow as one, city.uow as other:
        mine = {case.id for case in one.cases.ringing(city.now, limit=AT_ONCE)}
        theirs = {case.id for case in other.cases.ringing(city.now, limit=AT_ONCE)}

    assert len(mine) == len(theirs) == AT_ONCE
    assert mine.isdisjoint(theirs)
