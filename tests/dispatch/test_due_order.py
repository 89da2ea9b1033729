"""Queues come by deadline from every store: the longest overdue on top, page by page."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.case.case import Case
from dispatch.case.due_order import DueKey, NotADueKey, due_key
from dispatch.case.step import Decision
from dispatch.case.task import TaskKind
from dispatch.case.transition import Action, Status
from dispatch.clocks.clock import Clock, Stage
from dispatch.ids import CaseId, DepartmentId, GridId
from dispatch.loop import casework
from dispatch.ports.unit_of_work import CaseFilter, UnitOfWork
from tests.dispatch import making
from tests.dispatch.city import COLLECTOR, SUPERVISOR, City, automated, demo_profile

Begin = Callable[[], UnitOfWork]
QUEUE: Final = CaseFilter(statuses=frozenset({Status.FILED}))


def clock(hours: float | None) -> dict[Stage, Clock]:
    """Make the clocks of a case that is due so many hours after noon, or of none."""
    if hours is None:
        return {}
    made = making.clock()
    return {made.stage: replace(made, due_at=making.NOON + timedelta(hours=hours))}


def filed(
    name: str, hours: float | None, *, department: str | None = None, grid: str | None = None
) -> Case:
    """Make a filed case that is due so many hours after noon."""
    case = making.case(name)
    case.status = Status.FILED
    case.clocks = clock(hours)
    case.department = DepartmentId(department) if department else None
    case.grid = GridId(grid) if grid else None
    return case


def keep(begin: Begin, *cases: Case) -> None:
    with begin() as uow:
        for case in cases:
            uow.cases.add(case)
        uow.commit()


def key_of(case: Case) -> DueKey:
    return DueKey(at=case.overdue_at, case=case.id)


def leafed(begin: Begin, wanted: CaseFilter = QUEUE, *, by: int = 2) -> list[str]:
    """Leaf through a list to its end and give the names of what comes."""
    found: list[str] = []
    after: DueKey | None = None
    while True:
        with begin() as uow:
            page = uow.cases.due(wanted, limit=by, after=after)
        found += [case.problem for case in page]
        if len(page) < by:
            return found
        after = due_key(key_of(page[-1]).written())


def test_what_is_longest_overdue_is_on_top_and_what_has_no_limit_comes_last(begin: Begin) -> None:
    keep(
        begin,
        *(filed(name, hours) for name, hours in (("soon", 1), ("late", 90), ("over", -30))),
        *(filed(name, None) for name in ("none 1", "none 2")),
        filed("longest over", -200.5),
    )

    for by in (1, 2, 4, 9):
        found = leafed(begin, by=by)
        assert found[:4] == ["longest over", "over", "soon", "late"]
        assert sorted(found[4:]) == ["none 1", "none 2"]
    with begin() as uow:
        undated = [case.id for case in uow.cases.due(QUEUE, limit=9)][4:]
    assert undated == sorted(undated, reverse=True), "the newest first"


def test_cases_due_at_the_same_moment_come_once_each(begin: Begin) -> None:
    keep(begin, *(filed(f"{number}", 5) for number in range(7)))

    assert sorted(leafed(begin, by=2)) == [f"{number}" for number in range(7)]


def test_a_queue_by_deadline_is_narrowed_like_every_list(begin: Begin) -> None:
    keep(
        begin,
        filed("roads", 3, department="roads", grid="999901001001001"),
        filed("parks", 2, department="parks", grid="999901001001001"),
        filed("elsewhere", 1, department="roads", grid="999902001001001"),
        filed("outside", 4, department="roads"),
        making.case("not filed"),
    )

    assert leafed(begin, replace(QUEUE, department=DepartmentId("roads"))) == [
        "elsewhere",
        "roads",
        "outside",
    ]
    assert leafed(begin, replace(QUEUE, area="999901")) == ["parks", "roads"]
    assert leafed(begin, replace(QUEUE, label="road.crack")) == []
    assert leafed(begin, replace(QUEUE, overdue=making.NOON + timedelta(hours=2.5))) == [
        "elsewhere",
        "parks",
    ]


def test_what_ended_is_in_no_queue(begin: Begin) -> None:
    ended = making.case("ended")
    ended.void(Decision(by=making.SUPERVISOR, at=making.NOON, note="重复"))
    keep(begin, ended, filed("open", 2))

    assert leafed(begin, CaseFilter()) == ["open"]


def test_reports_wait_by_the_limit_of_their_confirmation(begin: Begin) -> None:
    city = City(begin=begin, now=making.NOON)
    held = making.case("nobody was sent")
    asked = [making.case(f"asked {number}") for number in range(3)]
    keep(begin, held, *asked)
    by_when = []
    for case in (asked[1], asked[2], asked[0]):
        sent = Decision(by=SUPERVISOR, at=city.later(minutes=10))
        casework.ask_confirmation(case.id, sent, profile=city.profile, uow=city.uow)
        by_when.append(city.case(case.id).overdue_at)

    reports = CaseFilter(statuses=frozenset({Status.REPORTED}))
    assert leafed(begin, reports) == ["asked 1", "asked 2", "asked 0", "nobody was sent"]
    tasks = [task for case in asked for task in city.tasks(case.id, TaskKind.CONFIRM)]
    assert by_when == sorted(task.due_at for task in tasks if task.due_at)
    with begin() as uow:
        queue = uow.cases.queues(CaseFilter(), now=by_when[1] + timedelta(seconds=1))
        late = uow.cases.due(CaseFilter(overdue=by_when[1] + timedelta(seconds=1)), limit=9)
    assert queue[Status.REPORTED].overdue == 2
    assert [case.problem for case in late] == ["asked 1", "asked 2"]


def test_a_report_that_somebody_decided_waits_for_no_confirmation(begin: Begin) -> None:
    city = City(begin=begin, profile=automated(demo_profile(), file=False))
    id_ = city.reported()
    waiting = city.case(id_)

    confirmed = city.case(city.confirm(id_))

    assert waiting.look is not None and waiting.overdue_at == waiting.look.due_at
    assert confirmed.status is Status.CONFIRMED
    assert confirmed.look is None and confirmed.overdue_at is None


def test_a_report_that_is_looked_at_again_waits_anew(begin: Begin) -> None:
    city = City(begin=begin)
    id_ = city.reported()
    refused = Decision(
        by=COLLECTOR,
        at=city.later(minutes=5),
        code=city.reason(Action.REFUTE) or "",
        note="没有看到",
    )
    casework.refute_case(id_, refused, profile=city.profile, uow=city.uow)
    assert city.case(id_).overdue_at is None

    city.show_now(id_)
    again = Decision(
        by=SUPERVISOR,
        at=city.later(hours=1),
        code=city.reason(Action.REOPEN) or "",
        note="又出现了",
    )
    casework.reopen_case(id_, again, profile=city.profile, uow=city.uow)

    look = city.case(id_).look
    assert look is not None and look.sent_at == city.now


def change(begin: Begin, id_: CaseId, hours: float | None) -> None:
    with begin() as uow:
        case = uow.cases.get(id_)
        case.clocks = clock(hours)
        uow.cases.save(case)
        uow.commit()


def test_what_others_change_meanwhile_neither_loses_nor_repeats_the_rest(begin: Begin) -> None:
    cases = [filed(f"{hours}", hours) for hours in range(10, 90, 10)]
    keep(begin, *cases)
    with begin() as uow:
        first = uow.cases.due(QUEUE, limit=3)
    after = key_of(first[-1])

    change(begin, cases[0].id, 85)  # extended: what was gone through moves behind
    change(begin, cases[5].id, 5)  # brought forward: what was to come moves before
    change(begin, cases[6].id, None)  # its limit rests
    keep(begin, filed("new", 35))
    with begin() as uow:
        rest = uow.cases.due(QUEUE, limit=99, after=after)

    assert [case.problem for case in first] == ["10", "20", "30"]
    assert [case.problem for case in rest] == ["new", "40", "50", "80", "10", "70"]
    untouched = {"20", "30", "40", "50", "80"}
    seen = [case.problem for case in (*first, *rest) if case.problem in untouched]
    assert sorted(seen) == sorted(untouched)


def test_a_page_goes_on_behind_a_case_that_has_left_the_queue(begin: Begin) -> None:
    cases = [filed(f"{hours}", hours) for hours in (10, 20, 30)]
    keep(begin, *cases)
    with begin() as uow:
        gone = uow.cases.get(cases[1].id)
        gone.status = Status.DISPATCHED
        uow.cases.save(gone)
        uow.commit()

    with begin() as uow:
        rest = uow.cases.due(QUEUE, limit=9, after=key_of(cases[1]))

    assert [case.problem for case in rest] == ["30"]


MOMENTS = st.datetimes(
    min_value=datetime(2000, 1, 1),
    max_value=datetime(2200, 1, 1),
).map(lambda at: at.replace(tzinfo=making.NOON.tzinfo))


@given(at=st.none() | MOMENTS)
def test_a_key_is_read_as_it_was_written_to_the_microsecond(at: datetime | None) -> None:
    key = DueKey(at=at, case=CaseId("01a19467-e800-898d-a509-6ac2fcfeac50"))

    assert due_key(key.written()) == key


@pytest.mark.parametrize("text", ["", "~", "~c1", "soon~c1", "c1", "12345678901234567890123~c1"])
def test_what_is_no_key_is_refused_in_plain_words(text: str) -> None:
    with pytest.raises(NotADueKey, match="第一页"):
        due_key(text)
