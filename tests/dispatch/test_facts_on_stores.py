"""The figures that the stores count from kept facts are those told by whole histories."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispatch.case.case import Case, Source
from dispatch.clocks.period import Period, Window
from dispatch.ids import CaseId, GridId
from dispatch.indicators.formula import LASTING, Amount, Grouping
from dispatch.indicators.table import INDICATORS
from dispatch.ports.unit_of_work import FactFilter, UnitOfWork
from dispatch.store.engine import open_database
from dispatch.store.facts_anew import rebuild_facts
from dispatch.store.memory_facts import MemoryFacts
from dispatch.store.sql import SqlUnitOfWork
from tests.dispatch.conftest import Begin
from tests.dispatch.evaluating import AFTERWARDS, HELD_BACK, NOVEMBER, START, reported
from tests.dispatch.test_evaluation_by_hand import LIVES
from tests.dispatch.walking import walk

PARTS = tuple(
    dict.fromkeys(part for each in INDICATORS for part in (each.counts, *each.of.values()))
)
SOURCES = tuple(Source)
GRIDS = (GridId("999901001001001"), GridId("999901001002001"), GridId("999902001001001"), None)


def assert_same(uow: UnitOfWork, cases: Sequence[Case], window: Window, by: Grouping) -> None:
    plain = MemoryFacts({case.id: case for case in cases})
    for area in ("", "999901"):
        wanted = FactFilter(area=area, by=by)
        assert uow.facts.count(PARTS, window, wanted) == plain.count(PARTS, window, wanted)


on_databases = pytest.mark.parametrize(
    "begin",
    [
        "sqlite",
        pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.xdist_group("postgres")]),
    ],
    indirect=True,
)


@on_databases
@pytest.mark.parametrize("by", Grouping)
def test_every_life_worked_by_hand_counts_the_same_in_the_store(begin: Begin, by: Grouping) -> None:
    cases = [_renamed(case, n) for n, (make, _) in enumerate(LIVES.values()) for case in make()]
    with begin() as uow:
        for case in cases:
            uow.cases.add(case)

        for until in (START, START + timedelta(hours=60), NOVEMBER.end, AFTERWARDS):
            assert_same(uow, cases, NOVEMBER.known_at(until), by)


@on_databases
@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    walks=st.lists(
        st.lists(st.integers(0, 10**6), min_size=4, max_size=25), min_size=1, max_size=4
    ),
    start=st.integers(-100, 400),
    length=st.integers(1, 400),
    known=st.integers(-150, 800),
    by=st.sampled_from(Grouping),
)
def test_whatever_people_do_the_store_counts_what_the_histories_say(
    begin: Begin, walks: list[list[int]], start: int, length: int, known: int, by: Grouping
) -> None:
    period = Period(start=_hour(start), end=_hour(start + length))
    with begin() as uow:
        cases = [_walked(uow, number, choices) for number, choices in enumerate(walks)]

        assert_same(uow, cases, period.known_at(_hour(known)), by)
        assert_same(uow, cases, period.known_at(AFTERWARDS), by)


@on_databases
@pytest.mark.parametrize("by", [Grouping.CITY, Grouping.DEPARTMENT, Grouping.PERSON])
def test_every_figure_of_every_group_leads_to_its_cases_and_reasons(
    begin: Begin, by: Grouping
) -> None:
    window = NOVEMBER.known_at(AFTERWARDS)
    with begin() as uow:
        cases = [_walked(uow, n, range(7 * n, 7 * n + 14)) for n in range(9)]
        plain = MemoryFacts({case.id: case for case in cases})

        for group, counts in uow.facts.count(PARTS, window, FactFilter(by=by)).items():
            wanted = FactFilter(by=by, group=group)
            for part in counts:
                found = uow.facts.cases(part, window, wanted)
                assert part.amount is not Amount.FACTS or len(found) == counts[part]
                assert found == plain.cases(part, window, wanted)
                reasons = uow.facts.reasons(part, window, wanted)
                assert reasons == plain.reasons(part, window, wanted)


@on_databases
def test_what_takes_weeks_and_months_is_owed_in_each_period_in_which_it_was_open(
    begin: Begin,
) -> None:
    with begin() as uow:
        cases = [
            _walked(uow, n, range(7 * n, 7 * n + 10), step_h=24 * pace)
            for n, pace in enumerate((1, 9, 16, 30, 31, 32, 45, 100, 3))
        ]
        plain = MemoryFacts({case.id: case for case in cases})

        for day in range(0, 400, 23):
            period = Period(start=_hour(24 * day), end=_hour(24 * (day + 20)))
            for window in (period.known_at(period.end), period.known_at(_hour(24 * (day + 7)))):
                assert_same(uow, cases, window, Grouping.DEPARTMENT)
                for part in PARTS:
                    if part.kind in LASTING:
                        wanted = FactFilter()
                        found = uow.facts.cases(part, window, wanted)
                        assert found == plain.cases(part, window, wanted)
                        reasons = uow.facts.reasons(part, window, wanted)
                        assert reasons == plain.reasons(part, window, wanted)


@on_databases
def test_a_month_that_is_over_counts_the_same_whatever_happens_later(begin: Begin) -> None:
    window = NOVEMBER.known_at(AFTERWARDS)
    with begin() as uow:
        cases = [_walked(uow, n, range(7 * n, 7 * n + 14), step_h=14) for n in range(9)]
        before = uow.facts.count(PARTS, window, FactFilter(by=Grouping.DEPARTMENT))

        for number, case in enumerate(cases):
            walk(case, range(number, number + 12), at=NOVEMBER.end, step_h=30)
            uow.cases.save(case)

        after = uow.facts.count(PARTS, window, FactFilter(by=Grouping.DEPARTMENT))
    assert before == after != {}


def test_facts_made_anew_are_those_that_were_kept(sqlite_url: str) -> None:
    engine = open_database(sqlite_url)
    with SqlUnitOfWork(engine) as uow:
        cases = [_walked(uow, n, range(5 * n, 5 * n + 16)) for n in range(9)]
        uow.commit()

    with engine.begin() as connection:
        retold = rebuild_facts(connection)

    with SqlUnitOfWork(engine) as uow:
        assert_same(uow, cases, NOVEMBER.known_at(AFTERWARDS), Grouping.DEPARTMENT)
        assert_same(uow, cases, NOVEMBER.known_at(_hour(40)), Grouping.PERSON)
    engine.dispose()
    assert (retold.cases, retold.differed) == (len(cases), ())


def _hour(count: float) -> datetime:
    return START + timedelta(hours=count)


def _renamed(case: Case, number: int) -> Case:
    case.id = CaseId(f"{case.id}-{number}")
    case.recurs = None
    case.merged_into = None
    return case


def _walked(uow: UnitOfWork, number: int, choices: Sequence[int], *, step_h: int = 5) -> Case:
    """Walk a case, saving it after every few steps as people would."""
    case = reported(
        f"w{number}",
        source=SOURCES[number % len(SOURCES)],
        grid=GRIDS[number % len(GRIDS)],
        grounds=HELD_BACK if number % 2 else {},
    )
    case.id = CaseId(f"{case.id}-{choices[0]}-{len(choices)}")
    uow.cases.add(case)
    for first in range(0, len(choices), 3):
        walk(case, choices[first : first + 3], at=case.history[-1].at, step_h=step_h)
        uow.cases.save(case)
    return case
