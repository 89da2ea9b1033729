"""How long lists, filters, queues and the page of a case take among a million cases."""

import gc
import os
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random
from typing import Final

import numpy as np
from pydantic import BaseModel
from sqlalchemy import Engine

from api.centre.settings import Settings
from api.centre.wiring import Centre, open_centre
from api.routes.cases import get_case, list_cases, list_queues, map_cases
from api.routes.tasks import my_tasks
from dispatch.case.transition import Status
from dispatch.ids import CaseId
from dispatch.people.people import Person
from dispatch.ports.unit_of_work import CaseFilter
from tests.benchmarks.figure import Measured, benchmark
from tests.benchmarks.million import (
    CASES_MADE,
    CITY,
    OPEN_ONE_IN,
    case_name,
    million_on_postgres,
    million_on_sqlite,
)
from tests.dispatch.city import COLLECTOR, SUPERVISOR, WORKER

TURNS: Final = 20
OPEN: Final = (Status.REPORTED, Status.FILED, Status.DISPATCHED, Status.HANDLING, Status.HANDLED)
Ask = Callable[[Random], object]


def asks(centre: Centre) -> Mapping[str, Ask]:
    """Give what people ask all day, each with something drawn by chance in it."""
    listed = partial(list_cases, SUPERVISOR, centre)

    def of_area(rng: Random, digits: int) -> Person:
        if not digits:
            return SUPERVISOR
        area = f"9999{rng.randint(1, 5):02d}{rng.randint(1, 9):03d}{rng.randint(1, 7):03d}"
        return replace(SUPERVISOR, area=area[:digits])

    def drawn(rng: Random, *, share: float, digits: int = 0) -> object:
        wide, high = (CITY.east - CITY.west) * share, (CITY.north - CITY.south) * share
        west = rng.uniform(CITY.west, CITY.east - wide)
        south = rng.uniform(CITY.south, CITY.north - high)
        bbox = f"{west},{south},{west + wide},{south + high}"
        return map_cases(of_area(rng, digits), centre, bbox)

    def leafed(status: Status) -> object:
        return listed(status=status, after=listed(status=status, limit=1).next)

    with centre.read() as uow:
        (newest,) = uow.cases.find(CaseFilter(), limit=1)
    return {
        "newest": lambda _: listed(),
        "further on": lambda rng: listed(after=case_name(rng.randrange(1, CASES_MADE))),
        "of a status": lambda rng: listed(status=rng.choice([*OPEN, Status.CLOSED])),
        "a queue further on": lambda rng: leafed(rng.choice(OPEN[1:])),
        "a queue of a department": lambda rng: listed(status=rng.choice(OPEN), department="parks"),
        "a queue of a community": lambda rng: list_cases(of_area(rng, 12), centre, status=OPEN[3]),
        "a queue, the newest first": lambda rng: listed(status=rng.choice(OPEN), order="newest"),
        "of a department": lambda _: listed(department="roads"),
        "of both": lambda rng: listed(status=rng.choice(OPEN), department="roads"),
        "of a label": lambda rng: listed(label=f"road.kind_{rng.randint(1, 9)}"),
        "of label and status": lambda rng: listed(
            label=f"road.kind_{rng.randint(1, 9)}", status=Status.CLOSED
        ),
        "of a department and a county": lambda rng: list_cases(
            of_area(rng, 6), centre, department="roads"
        ),
        "of a department and a community": lambda rng: list_cases(
            of_area(rng, 12), centre, department="roads"
        ),
        "of department, street and label": lambda rng: list_cases(
            of_area(rng, 9), centre, department="roads", label=f"road.kind_{rng.randint(1, 9)}"
        ),
        "of a label and a community": lambda rng: list_cases(
            of_area(rng, 12), centre, label=f"road.kind_{rng.randint(1, 9)}"
        ),
        "closed of a community": lambda rng: list_cases(
            of_area(rng, 12), centre, status=Status.CLOSED
        ),
        "overdue": lambda _: listed(overdue="yes"),
        "overdue, the newest first": lambda _: listed(overdue="yes", order="newest"),
        "overdue of a department and a community": lambda rng: list_cases(
            of_area(rng, 12), centre, department="roads", overdue="yes"
        ),
        "overdue of department, street and label": lambda rng: list_cases(
            of_area(rng, 9),
            centre,
            department="roads",
            label=f"road.kind_{rng.randint(1, 9)}",
            overdue="yes",
        ),
        "by end of number": lambda rng: listed(number=f"{rng.randrange(10**6):04d}"),
        "by little of a number": lambda rng: listed(number=str(rng.randint(0, 9))),
        "by number in a community": lambda rng: list_cases(
            of_area(rng, 12), centre, number=f"{rng.randrange(10**6):04d}"
        ),
        "by number of a department": lambda rng: listed(
            number=f"{rng.randrange(10**6):04d}", department="roads"
        ),
        "by little of a number in a community": lambda rng: list_cases(
            of_area(rng, 12), centre, number=str(rng.randint(0, 9)), department="roads"
        ),
        "by number in a queue": lambda rng: listed(
            number=str(rng.randint(0, 99)), status=rng.choice(OPEN)
        ),
        "by day": lambda rng: listed(number=f"2024{rng.randint(1, 12):02d}15"),
        "of a county": lambda rng: list_cases(of_area(rng, 6), centre),
        "of a community": lambda rng: list_cases(of_area(rng, 12), centre),
        "open of a county": lambda rng: list_cases(of_area(rng, 6), centre, status=OPEN[1]),
        "map of the city": partial(drawn, share=1.0),
        "map of a county": partial(drawn, share=1.0, digits=6),
        "map of a quarter": partial(drawn, share=0.2),
        "map of a street": partial(drawn, share=0.01),
        "queues": lambda _: list_queues(SUPERVISOR, centre),
        "queues of a county": lambda rng: list_queues(of_area(rng, 6), centre),
        "queues of a community": lambda rng: list_queues(of_area(rng, 12), centre),
        "queues of a department and a community": lambda rng: list_queues(
            replace(WORKER, area=of_area(rng, 12).area), centre
        ),
        "queues of a department": lambda _: list_queues(WORKER, centre),
        "a case": lambda rng: get_case(
            CaseId(case_name(rng.randrange(1, CASES_MADE // OPEN_ONE_IN) * OPEN_ONE_IN)),
            SUPERVISOR,
            centre,
        ),
        "a long case": lambda _: get_case(newest.id, SUPERVISOR, centre),
        "a collector's tasks": lambda _: my_tasks(COLLECTOR, centre),
        "a worker's tasks": lambda _: my_tasks(WORKER, centre),
    }


def p95_of(engine: Engine) -> tuple[float, str]:
    """Give the slowest question's 95th percentile in ms, and which ones are the slowest."""
    rng = Random(20261121)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            data_dir=Path(folder), database_url=engine.url.render_as_string(hide_password=False)
        )
        centre = open_centre(settings)
        # As `xunhuan serve` does: what is there now is not looked through again and again.
        gc.collect()
        gc.freeze()
        spent = {
            name: np.percentile([_timed(ask, rng) for _ in range(TURNS)], 95, axis=0)
            for name, ask in asks(centre).items()
        }
        centre.engine.dispose()
        gc.unfreeze()
    slowest = sorted(spent, key=lambda name: -spent[name][0])
    said = ", ".join(f"{name} {spent[name][0]:.0f} ({spent[name][1]:.0f})" for name in slowest)
    return float(spent[slowest[0]][0]), said


def _timed(ask: Ask, rng: Random) -> tuple[float, float]:
    """Give the milliseconds that passed, and those that the processor worked for this process."""
    began, worked = time.perf_counter(), time.process_time()
    answer = ask(rng)
    if isinstance(answer, BaseModel):
        answer.model_dump_json()
    return (time.perf_counter() - began) * 1_000.0, (time.process_time() - worked) * 1_000.0


def _how(said: str) -> str:
    return (
        f"{CASES_MADE} cases, worst of the questions, each asked {TURNS} times; load of the "
        f"machine {os.getloadavg()[0]:.1f}; ms, and those of this process's processor: {said}"
    )


@benchmark(name="lists.p95_ms_1m", unit="ms", goal="<= 200")
def p95_on_sqlite() -> Measured:
    """Ask everything that the pages ask, on SQLite."""
    with million_on_sqlite() as engine:
        value, said = p95_of(engine)
    return Measured(value=value, how=_how(said))


@benchmark(name="lists.p95_ms_1m_postgres", unit="ms", goal="<= 200")
def p95_on_postgres() -> Measured:
    """Ask everything that the pages ask, on PostgreSQL."""
    with million_on_postgres() as engine:
        value, said = p95_of(engine)
    return Measured(value=value, how=_how(said))
