"""What is asked all the time is answered from an index, however large the city grows."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import pytest
from sqlalchemy import Connection, Engine, event

from dispatch.evaluation import parts_of
from dispatch.formula import Grouping
from dispatch.ids import CaseId, DepartmentId, ProblemId
from dispatch.map_view import Box, MapView
from dispatch.number import number_part
from dispatch.people import Person, Role
from dispatch.ports import CaseFilter, FactFilter
from dispatch.store.engine import open_database
from dispatch.store.sql import SqlUnitOfWork
from dispatch.task import TaskKind
from dispatch.transition import Status
from tests.dispatch import making
from tests.dispatch.evaluating import AFTERWARDS, NOVEMBER, POLICY

CELL = making.place().cell
HANDLER = Person(
    id=making.SUPERVISOR.id,
    name="赵",
    roles=frozenset({Role.HANDLER}),
    department=DepartmentId("roads"),
)
VIEW = MapView(box=Box(west=1.0, south=1.0, east=2.0, north=2.0), ended_since=making.NOON)
PARTS = parts_of(POLICY)
MONTH = NOVEMBER.known_at(AFTERWARDS)
BOUNDED = ("SCAN CONSTANT", "SCAN (subquery", "SCAN anon", "SCAN devices", "SCAN lands")
"""What needs no table or was selected already, and tables as large as the city, not as its past."""
SMALL = ("devices", "lands")
OPEN = frozenset({Status.FILED, Status.HANDLING})

ASKED: dict[str, Callable[[SqlUnitOfWork], object]] = {
    "the problems near a place": lambda uow: uow.problems.near({CELL}),
    "the observations near a place": lambda uow: uow.observations.near({CELL}, condensed=True),
    "the observations near a place that are read": lambda uow: uow.observations.near(
        {CELL}, condensed=False
    ),
    "the observations of problems that are read": lambda uow: uow.observations.of_problems(
        {ProblemId("p1")}, condensed=False
    ),
    "the observations of a problem": lambda uow: uow.observations.of_problem("p1"),
    "the observations of a pass": lambda uow: uow.observations.of_pass("vehicle-07:1"),
    "the sweeps that inspected a place": lambda uow: uow.sweeps.near({CELL}),
    "whether a pass has ended": lambda uow: uow.sweeps.has_ended("vehicle-07:1"),
    "the cases of a problem": lambda uow: uow.cases.of_problem("p1"),
    "the corrected cases near a place": lambda uow: uow.cases.corrected_near(
        {CELL}, labels={"road.pothole"}
    ),
    "the cases merged into others": lambda uow: uow.cases.merged_into(["c1"]),
    "the merged cases near a place": lambda uow: uow.cases.merged_near({CELL}),
    "the photos that look alike": lambda uow: uow.photos.with_keys({1, 2}),
    "the photos of one file": lambda uow: uow.photos.of_content("0" * 64),
    "the newest cases of problems": lambda uow: uow.cases.newest(["p1"]),
    "the cases near a place": lambda uow: uow.cases.find(
        CaseFilter(cells=frozenset({CELL})), limit=9
    ),
    "the open cases of a district": lambda uow: uow.cases.find(
        CaseFilter(area="999901", statuses=OPEN), limit=9
    ),
    "the open cases of a department": lambda uow: uow.cases.find(
        CaseFilter(department=DepartmentId("roads"), statuses=OPEN), limit=9
    ),
    "the open cases of a class": lambda uow: uow.cases.find(
        CaseFilter(label="road.pothole", statuses=OPEN), limit=9
    ),
    "what is overdue": lambda uow: uow.cases.find(CaseFilter(overdue=making.NOON), limit=9),
    "a case by the end of its number": lambda uow: uow.cases.find(
        CaseFilter(numbered=number_part("99B6")), limit=9
    ),
    "the cases of a day": lambda uow: uow.cases.find(
        CaseFilter(numbered=number_part("20261121")), limit=9
    ),
    "the newest cases": lambda uow: uow.cases.find(CaseFilter(), limit=9),
    "a case with its history": lambda uow: uow.cases.known({CaseId("c1")}),
    "the sights of many problems": lambda uow: uow.observations.of_problems({ProblemId("p1")}),
    "the queues": lambda uow: uow.cases.queues(CaseFilter(), now=making.NOON),
    "the queues of a county": lambda uow: uow.cases.queues(
        CaseFilter(area="999901"), now=making.NOON
    ),
    "what rings now": lambda uow: uow.cases.ringing(making.NOON, limit=9),
    "the cases in a box": lambda uow: uow.case_map.ids(VIEW, limit=9),
    "the groups of a box": lambda uow: uow.case_map.groups(VIEW),
    "the groups of a county": lambda uow: uow.case_map.groups(replace(VIEW, area="999901")),
    "how much ended": lambda uow: uow.cases.count_ended(CaseFilter(), most=9),
    "how much ended in a county": lambda uow: uow.cases.count_ended(
        CaseFilter(area="999901"), most=9
    ),
    "the figures of a month": lambda uow: uow.facts.count(PARTS, MONTH, FactFilter()),
    "the figures of departments": lambda uow: uow.facts.count(
        PARTS, MONTH, FactFilter(by=Grouping.DEPARTMENT, area="999901")
    ),
    "the ground that passes saw of a grid": lambda uow: uow.stretches.seen(
        {"999901001001001"}, label="road.pothole", during=(NOVEMBER.start, NOVEMBER.end)
    ),
    "the sweeps that are to be told": lambda uow: uow.stretches.untold(limit=9),
    "the cases behind a figure": lambda uow: uow.facts.cases(PARTS[0], MONTH, FactFilter()),
    "the tasks of a case": lambda uow: uow.tasks.of_case("c1"),
    "the tasks of a person": lambda uow: uow.tasks.open_for(HANDLER, limit=9),
    "which cases wait": lambda uow: uow.tasks.waiting(["c1"], kind=TaskKind.CHECK),
    "what is in quarantine": lambda uow: uow.quarantine.latest(limit=9),
    "the photos that nobody looked at": lambda uow: uow.photos.unseen(limit=9),
}


WITHIN_ITS_INDEX = (
    "the cases in a box",
    "the groups of a box",
    "the groups of a county",
    "the queues",
    "the queues of a county",
)
"""What is summed up over much reads an index alone."""


def plan_of(engine: Engine, ask: Callable[[SqlUnitOfWork], object]) -> Sequence[str]:
    """Give the steps by which a database answers what is asked of a store."""
    statements: list[tuple[str, object]] = []

    def note(
        _c: Connection, _cursor: object, statement: str, given: object, *_rest: object
    ) -> None:
        statements.append((statement, given))

    with SqlUnitOfWork(engine) as uow:
        event.listen(engine, "before_cursor_execute", note)
        ask(uow)
        event.remove(engine, "before_cursor_execute", note)
    asked = [each for each in statements if each[0].startswith("SELECT")]
    with engine.connect() as connection:
        return list(_explained(connection, asked))


def _explained(connection: Connection, asked: Sequence[tuple[str, object]]) -> Iterator[str]:
    if connection.dialect.name == "sqlite":
        for statement, given in asked:
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given):
                yield row[3]
        return
    # Empty tables are read whole in any case, unless that is made dear.
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    connection.exec_driver_sql("SET LOCAL enable_bitmapscan = off")
    for statement, given in asked:
        for row in connection.exec_driver_sql(f"EXPLAIN {statement}", given):
            yield row[0].strip()


@pytest.mark.parametrize("asked", ASKED)
def test_what_is_asked_all_the_time_reads_no_whole_table(sqlite_url: str, asked: str) -> None:
    engine = open_database(sqlite_url)

    plans = plan_of(engine, ASKED[asked])

    assert plans
    whole = [plan for plan in plans if plan.startswith("SCAN") and " INDEX " not in plan]
    assert [plan for plan in whole if not plan.startswith(BOUNDED)] == []
    engine.dispose()


@pytest.mark.parametrize("asked", WITHIN_ITS_INDEX)
def test_what_is_summed_up_over_much_reads_an_index_alone(sqlite_url: str, asked: str) -> None:
    engine = open_database(sqlite_url)

    plans = plan_of(engine, ASKED[asked])

    read = [plan for plan in plans if plan.startswith(("SCAN", "SEARCH"))]
    assert read and all("COVERING INDEX" in plan for plan in read)
    engine.dispose()


@pytest.mark.postgres
@pytest.mark.xdist_group("postgres")
@pytest.mark.parametrize("asked", ASKED)
def test_postgresql_too_reads_no_whole_table(emptied_postgres: str, asked: str) -> None:
    engine = open_database(emptied_postgres)

    plans = plan_of(engine, ASKED[asked])

    whole = [plan for plan in plans if "Seq Scan on" in plan]
    assert plans
    assert [plan for plan in whole if not any(f" {name} " in plan for name in SMALL)] == []
    engine.dispose()


@pytest.mark.postgres
@pytest.mark.xdist_group("postgres")
@pytest.mark.parametrize("asked", ["the queues", "the queues of a county"])
def test_postgresql_too_sums_up_from_an_index_alone(emptied_postgres: str, asked: str) -> None:
    engine = open_database(emptied_postgres)

    plans = plan_of(engine, ASKED[asked])

    read = [plan for plan in plans if " Scan " in plan]
    assert read and all("Index Only Scan" in plan for plan in read)
    engine.dispose()
