"""Reports list from a store what whole histories say of cases, however these went on."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dispatch.case.case import Case
from dispatch.case.step import Decision
from dispatch.clocks.period import Period, Window
from dispatch.ids import CaseId
from dispatch.indicators.formula import DUTIES, Part, Test
from dispatch.ports.unit_of_work import FactFilter, UnitOfWork
from dispatch.store import sql_case_list
from dispatch.store.memory_case_list import MemoryCaseList
from tests.dispatch.city import SUPERVISOR
from tests.dispatch.conftest import Begin
from tests.dispatch.evaluating import AFTERWARDS, HELD_BACK, NOVEMBER, START, reported
from tests.dispatch.test_facts_on_stores import GRIDS, SOURCES, on_databases
from tests.dispatch.walking import walk

WINDOWS = (
    NOVEMBER.known_at(AFTERWARDS),
    NOVEMBER.known_at(START + timedelta(hours=60)),
    Period(start=START + timedelta(days=2), end=START + timedelta(days=5)).known_at(AFTERWARDS),
    Period(start=START - timedelta(days=9), end=START + timedelta(hours=9)).known_at(AFTERWARDS),
)


def assert_same(uow: UnitOfWork, cases: Sequence[Case], window: Window) -> None:
    plain = MemoryCaseList({case.id: case for case in cases})
    start, until = window.start, window.until
    for area in ("", "999901"):
        here = list(uow.case_list.concerning(start, until, area=area))
        assert here == list(plain.concerning(start, until, area=area))
        assert uow.case_list.rendered(start, until, area=area) == sum(c.rendered for c in here)
        assert uow.case_list.late(window, area=area) == plain.late(window, area=area)
        assert uow.case_list.redone(window, area=area) == plain.redone(window, area=area)


def lived(uow: UnitOfWork, number: int, choices: Sequence[int], *, step_h: int = 5) -> Case:
    """Have people do as they choose to a case; every third was rendered."""
    case = reported(
        f"l{number}",
        source=SOURCES[number % len(SOURCES)],
        grid=GRIDS[number % len(GRIDS)],
        grounds=HELD_BACK if number % 2 else {},
    )
    case.id, case.rendered = CaseId(f"{case.id}-{number}"), number % 3 == 0
    walk(case, choices, at=case.history[-1].at, step_h=step_h)
    uow.cases.add(case)
    return case


@on_databases
@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    walks=st.lists(
        st.lists(st.integers(0, 10**6), min_size=4, max_size=25), min_size=1, max_size=5
    ),
    start=st.integers(-100, 400),
    length=st.integers(1, 400),
    known=st.integers(-150, 800),
)
@example(walks=[[0, 0, 2, 1]], start=3, length=1, known=1)
def test_whatever_people_do_the_store_lists_what_the_histories_say(
    begin: Begin, walks: list[list[int]], start: int, length: int, known: int
) -> None:
    first = START + timedelta(hours=start)
    period = Period(start=first, end=first + timedelta(hours=length))
    with begin() as uow:
        cases = [lived(uow, number, choices) for number, choices in enumerate(walks)]

        assert_same(uow, cases, period.known_at(START + timedelta(hours=known)))
        assert_same(uow, cases, period.known_at(AFTERWARDS))


@on_databases
def test_pages_leave_no_case_out_and_give_none_twice(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    with begin() as uow:
        cases = [lived(uow, n, range(7 * n, 7 * n + 14), step_h=9) for n in range(9)]

        for page in (1, 2, 4, 9, 10):
            monkeypatch.setattr(sql_case_list, "_PAGE", page)
            for window in WINDOWS:
                assert_same(uow, cases, window)


@on_databases
def test_a_merged_case_names_the_one_that_went_on_then_over_all_merges(begin: Begin) -> None:
    def supervised(hours: float) -> Decision:
        at = START + timedelta(hours=hours)
        return Decision(by=SUPERVISOR, at=at, note="同一处")

    with begin() as uow:
        first, middle, last = (reported(f"g{n}", at=n, grid=GRIDS[n]) for n in range(3))
        for number, case in enumerate((first, middle, last)):
            case.id = CaseId(f"{case.id}-{number}")
        first.merge(middle.id, supervised(10))
        middle.merge(last.id, supervised(20))
        for case in (last, middle, first):
            uow.cases.add(case)

        told = {
            hours: [
                one.into
                for one in uow.case_list.concerning(START, START + timedelta(hours=hours), area="")
            ]
            for hours in (5, 15, 25)
        }
        for window in WINDOWS:
            assert_same(uow, [first, middle, last], window)

    assert told == {
        5: [None, None, None],
        15: [middle.number, None, None],
        25: [last.number, last.number, None],
    }


@on_databases
def test_as_many_duties_are_listed_as_late_as_the_figures_count(begin: Begin) -> None:
    with begin() as uow:
        for number in range(12):
            lived(uow, number, range(5 * number, 5 * number + 11), step_h=30)

        for window in WINDOWS:
            parts = [Part(kind=kind, tests=(Test.DUE, Test.UNDONE)) for kind in DUTIES]
            counts = uow.facts.count(parts, window, FactFilter()).get("", {})
            assert len(uow.case_list.late(window, area="")) == sum(counts.values())
