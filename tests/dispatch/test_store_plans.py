"""What is asked all the time is answered from an index, however large the city grows."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from sqlalchemy import Connection, Engine, event

from dispatch.case.due_order import DueKey
from dispatch.case.map_view import Box, MapView
from dispatch.case.number import number_part
from dispatch.case.task import TaskKind
from dispatch.case.transition import Status
from dispatch.figures.evaluation import parts_of
from dispatch.ids import CaseId, DepartmentId, ProblemId
from dispatch.indicators.formula import LASTING, Grouping
from dispatch.people.people import Person, Role
from dispatch.ports.of_suppressed import SuppressedFilter
from dispatch.ports.unit_of_work import CaseFilter, FactFilter
from dispatch.store.engine import open_database
from dispatch.store.sql import SqlUnitOfWork
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
OF_ROADS = CaseFilter(department=DepartmentId("roads"))
QUEUE = CaseFilter(statuses=frozenset({Status.HANDLING}))
NEXT = DueKey(at=making.NOON, case=CaseId("c1"))

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
    "the newest sweeps that inspected a place": lambda uow: uow.sweeps.near(
        {CELL}, until=making.NOON, latest=9
    ),
    "the vehicles near a place in a span of time": lambda uow: uow.observations.near_in_time(
        {CELL}, labels={"traffic.vehicle"}, during=(NOVEMBER.start, NOVEMBER.end)
    ),
    "what waits for the end of a pass": lambda uow: uow.observations.waiting(
        before=making.NOON, limit=9
    ),
    "the sweeps not told yet": lambda uow: uow.stretches.untold(limit=9),
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
    "the cases that go on": lambda uow: uow.cases.going_on(["c1"]),
    "the cells of a pass": lambda uow: uow.observations.cells_of_pass("vehicle-07:1"),
    "the ground of a pass": lambda uow: uow.sweeps.cells_of_pass("vehicle-07:1"),
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
    "the cases of a department": lambda uow: uow.cases.find(OF_ROADS, limit=9),
    "the cases of a department further on": lambda uow: uow.cases.find(
        OF_ROADS, limit=9, after=CaseId("c1")
    ),
    "the cases of a class": lambda uow: uow.cases.find(CaseFilter(label="road.pothole"), limit=9),
    "the cases of a department in a street": lambda uow: uow.cases.find(
        replace(OF_ROADS, area="999901001"), limit=9
    ),
    "the cases of a department and a class in a street": lambda uow: uow.cases.find(
        replace(OF_ROADS, area="999901001", label="road.pothole"), limit=9
    ),
    "the closed cases of a street": lambda uow: uow.cases.find(
        CaseFilter(area="999901001", statuses=frozenset({Status.CLOSED})), limit=9
    ),
    "a case of a department by its number": lambda uow: uow.cases.find(
        replace(OF_ROADS, area="999901", numbered=number_part("99B6")), limit=9
    ),
    "what is overdue of a department in a street": lambda uow: uow.cases.find(
        replace(OF_ROADS, area="999901001", overdue=making.NOON), limit=9
    ),
    "what is overdue of a department in a street, by deadline": lambda uow: uow.cases.due(
        replace(OF_ROADS, area="999901001", overdue=making.NOON), limit=9
    ),
    "how much of a department ended in a street": lambda uow: uow.cases.count_ended(
        replace(OF_ROADS, area="999901001"), most=9
    ),
    "what is overdue": lambda uow: uow.cases.find(CaseFilter(overdue=making.NOON), limit=9),
    "a queue by deadline": lambda uow: uow.cases.due(QUEUE, limit=9),
    "a queue by deadline further on": lambda uow: uow.cases.due(QUEUE, limit=9, after=NEXT),
    "the end of a queue by deadline": lambda uow: uow.cases.due(
        QUEUE, limit=9, after=DueKey(at=None, case=CaseId("c1"))
    ),
    "a queue by deadline of a department": lambda uow: uow.cases.due(
        replace(QUEUE, department=DepartmentId("roads")), limit=9
    ),
    "a queue by deadline of a county": lambda uow: uow.cases.due(
        replace(QUEUE, area="999901"), limit=9, after=NEXT
    ),
    "a queue by deadline of a class": lambda uow: uow.cases.due(
        replace(QUEUE, label="road.pothole"), limit=9
    ),
    "what is overdue by deadline": lambda uow: uow.cases.due(
        CaseFilter(overdue=making.NOON), limit=9
    ),
    "a case by its number in a queue": lambda uow: uow.cases.due(
        replace(QUEUE, department=DepartmentId("roads"), numbered=number_part("99B6")), limit=9
    ),
    "what is overdue of a queue": lambda uow: uow.cases.due(
        replace(QUEUE, overdue=making.NOON), limit=9
    ),
    "a case by the end of its number": lambda uow: uow.cases.find(
        CaseFilter(numbered=number_part("99B6")), limit=9
    ),
    "what goes on under a number": lambda uow: uow.cases.under(number_part("99B6")),
    "a case by a number that was merged into it": lambda uow: uow.cases.find(
        CaseFilter(numbered=number_part("99B6"), as_numbered=frozenset({CaseId("c1")})), limit=9
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
    "what approvals kept back in a month": lambda uow: uow.suppressed.count(
        SuppressedFilter(window=MONTH)
    ),
    "the passes whose ground is to go": lambda uow: uow.erasures.old_passes(
        before=making.NOON, after="", limit=9
    ),
    "the cases whose verdict may rest on a pass": lambda uow: uow.erasures.cases_near(
        {CELL}, ended_after=making.NOON
    ),
    "the cases that were held": lambda uow: uow.erasures.once_held(after="", limit=9),
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
    *(name for name in ASKED if "of a department" in name or "in a street" in name),
    "the closed cases of a street",
    "the cases of a class",
)
"""What is summed up over much, and what much is left out of, reads an index alone."""
IN_ORDER = (*(name for name in ASKED if "deadline" in name), "what is overdue of a queue")
"""A queue is read in its order: nothing is gathered to be sorted."""
NEWEST_FIRST = (
    *("the cases of a department", "the cases of a department further on"),
    *("the cases of a class", "the cases of a department in a street"),
)
"""The newest of each status are merged: what there is of them is not gathered to be sorted."""


def plan_of(
    engine: Engine, ask: Callable[[SqlUnitOfWork], object], *, sorts: bool = True
) -> Sequence[str]:
    """Give the steps by which a database answers what is asked of a store.

    Args:
        sorts: whether it may sort where an index would give the order, as of a table without rows.
    """
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
        if not sorts and connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL enable_sort = off")
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
def test_what_goes_through_much_reads_an_index_alone(sqlite_url: str, asked: str) -> None:
    engine = open_database(sqlite_url)

    plans = plan_of(engine, ASKED[asked])

    read = [plan for plan in plans if plan.startswith(("SCAN", "SEARCH"))]
    assert read and all("COVERING INDEX" in plan or plan.startswith(BOUNDED) for plan in read)
    engine.dispose()


@pytest.mark.parametrize("asked", NEWEST_FIRST)
def test_the_newest_of_a_department_or_a_class_are_not_gathered(
    sqlite_url: str, asked: str
) -> None:
    engine = open_database(sqlite_url)

    plans = plan_of(engine, ASKED[asked])

    assert "MERGE (UNION ALL)" in plans
    sorted_ = [first for first, then in pairwise(plans) if "TEMP B-TREE" in then]
    # A page of each status at most.
    assert [plan for plan in sorted_ if not plan.startswith("SCAN anon")] == []
    engine.dispose()


@pytest.mark.parametrize("asked", IN_ORDER)
def test_a_queue_by_deadline_is_read_in_its_order(sqlite_url: str, asked: str) -> None:
    engine = open_database(sqlite_url)

    plans = plan_of(engine, ASKED[asked])

    assert [plan for plan in plans if "TEMP B-TREE" in plan] == []
    assert [plan for plan in plans if "ix_cases" in plan]
    engine.dispose()


def test_a_past_month_is_counted_without_what_came_after_it(sqlite_url: str) -> None:
    engine = open_database(sqlite_url)

    plans = [plan for plan in plan_of(engine, ASKED["the figures of a month"]) if " facts " in plan]

    assert all("COVERING INDEX ix_facts" in plan for plan in plans)
    bounded = [plan for plan in plans if "ends_at>? AND ends_at<?" in plan]
    lasting = [plan for plan in plans if "ix_facts_lasting" in plan]
    assert len(bounded) > len(lasting) == len(LASTING)
    assert len(bounded) + len(lasting) == len(plans)
    engine.dispose()


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        ("the observations near a place that are read", "ix_observations_read_cell"),
        ("the observations of problems that are read", "ix_observations_read_problem"),
        ("what waits for the end of a pass", "ix_observations_unsettled"),
        ("the sweeps not told yet", "ix_sweeps_untold"),
        ("which cases wait", "ix_tasks_case"),
    ],
)
def test_what_is_asked_of_few_is_not_looked_for_among_all_of_a_year(
    sqlite_url: str, asked: str, index: str
) -> None:
    engine = open_database(sqlite_url)

    plans = plan_of(engine, ASKED[asked])

    assert any(f"INDEX {index}" in plan for plan in plans)
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
@pytest.mark.parametrize("asked", [*IN_ORDER, *NEWEST_FIRST])
def test_postgresql_too_reads_in_order(emptied_postgres: str, asked: str) -> None:
    engine = open_database(emptied_postgres)

    plans = plan_of(engine, ASKED[asked], sorts=False)

    sorts = ("Sort  (", "->  Sort  (", "Incremental", "->  Incremental")
    assert [plan for plan in plans if plan.startswith(sorts)] == []
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
