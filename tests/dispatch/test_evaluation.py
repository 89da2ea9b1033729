"""Indicators over cases whose figures were worked by hand; times are hours of one November."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from dispatch import more_time, pressing
from dispatch.case import Case, Source, case_id
from dispatch.clock import Clock, Stage
from dispatch.evaluation import (
    Figure,
    Period,
    PeriodReversed,
    figures,
    grouped,
    index_of,
    marks_of,
)
from dispatch.ids import GridId, ProblemId
from dispatch.indicator import INDICATORS, Key
from dispatch.people import MACHINE, Role
from dispatch.step import Decision
from dispatch.transition import Action
from dispatch.worktime import parse_limit
from tests.dispatch import making
from tests.dispatch.city import (
    COLLECTOR,
    DISPATCHER,
    EVALUATOR,
    FOREMAN,
    ROADS,
    SANITATION,
    SUPERVISOR,
    WORKER,
    demo_profile,
    person,
)

START = datetime(2026, 11, 1, tzinfo=UTC)
NOVEMBER = Period(start=START, end=datetime(2026, 12, 1, tzinfo=UTC))
AFTERWARDS = datetime(2027, 1, 1, tzinfo=UTC)
SWEEPER = person("保洁员", Role.HANDLER, department=SANITATION)


def hour(count: float) -> datetime:
    return START + timedelta(hours=count)


def clock(stage: Stage, start: float, due: float) -> Clock:
    limit = parse_limit("4工作时")
    return Clock(
        stage=stage,
        original=limit,
        limit=limit,
        started_at=hour(start),
        warn_at=hour(start + (due - start) * 0.8),
        due_at=hour(due),
    )


def reported(name: str = "1", *, at: float = 0, recurs: Case | None = None) -> Case:
    made = Case(
        id=case_id(ProblemId(name), at=hour(at)),
        problem=ProblemId(name),
        category=making.CATEGORY,
        place=making.place(),
        grid=GridId("999901001001001"),
        grid_share=1.0,
        source=Source.PATROL,
        rendered=True,
        reported_at=hour(at),
        recurs=recurs.id if recurs else None,
    )
    made.report(Decision(by=MACHINE, at=hour(at)))
    return made


def filed(name: str = "1", *, at: float = 0, whole_due: float = 100) -> Case:
    case = reported(name, at=at)
    case.confirm(Decision(by=COLLECTOR, at=hour(at)))
    clocks = (clock(Stage.DISPATCH, at, at + 2), clock(Stage.WHOLE, at, whole_due))
    case.file(Decision(by=SUPERVISOR, at=hour(at)), clocks=clocks)
    return case


def dispatched(name: str = "1", *, at: float = 0, due: float = 50, whole_due: float = 100) -> Case:
    case = filed(name, at=at, whole_due=whole_due)
    case.dispatch(ROADS, Decision(by=DISPATCHER, at=hour(at)), clock=clock(Stage.HANDLING, at, due))
    return case


def finished(case: Case, *, at: float) -> Case:
    case.accept(Decision(by=WORKER, at=hour(at)))
    case.finish(Decision(by=WORKER, at=hour(at)), clock=clock(Stage.CHECK, at, at + 40))
    return case


def closed(case: Case, *, at: float) -> Case:
    case.approve(Decision(by=SUPERVISOR, at=hour(at)))
    return case


def sent_back(case: Case, *, at: float, due: float) -> Case:
    decision = Decision(by=SUPERVISOR, at=hour(at), note="没修好")
    case.send_back(decision, clock=clock(Stage.HANDLING, at, due))
    return case


def evaluate(
    *cases: Case, period: Period = NOVEMBER, now: datetime = AFTERWARDS
) -> dict[Key, Figure]:
    return {f.indicator.key: f for f in figures(marks_of(cases, period=period, now=now))}


def share(figure: Figure) -> tuple[int, int]:
    return len(figure.hits), len(figure.of)


def test_no_cases_give_no_shares_and_counts_of_zero() -> None:
    found = evaluate()

    assert found[Key.REPORTED].value == 0
    assert found[Key.CLOSURE].value is None


@pytest.mark.parametrize(
    ("cases", "key", "worked"),
    [
        pytest.param(
            [closed(finished(dispatched(due=50), at=40), at=60)],
            Key.ON_TIME_HANDLING,
            (1, 1),
            id="done at 40 h of 50 h is on time",
        ),
        pytest.param(
            [finished(dispatched(due=50), at=50)],
            Key.ON_TIME_HANDLING,
            (1, 1),
            id="done at the very deadline is on time",
        ),
        pytest.param(
            [finished(dispatched(due=50), at=50.01)],
            Key.ON_TIME_HANDLING,
            (0, 1),
            id="done after it is late",
        ),
        pytest.param(
            [finished(dispatched("1"), at=40), dispatched("2", due=50)],
            Key.ON_TIME_HANDLING,
            (1, 2),
            id="one on time, one overdue and open: one of two, not one of one",
        ),
        pytest.param(
            [dispatched(due=24 * 40)],
            Key.ON_TIME_HANDLING,
            (0, 0),
            id="due in December: not November's",
        ),
        pytest.param(
            [dispatched(due=-10, at=-60)],
            Key.ON_TIME_HANDLING,
            (0, 1),
            id="due in October and still open: November's too",
        ),
        pytest.param(
            [finished(dispatched(due=-10, at=-60), at=-5)],
            Key.ON_TIME_HANDLING,
            (0, 0),
            id="due and done, late, in October: not November's",
        ),
        pytest.param(
            [finished(dispatched(due=-10, at=-60), at=5)],
            Key.ON_TIME_HANDLING,
            (0, 1),
            id="due in October, done in November: November's, late",
        ),
        pytest.param(
            [closed(finished(dispatched(whole_due=100), at=40), at=100)],
            Key.ON_TIME_CLOSURE,
            (1, 1),
            id="closed at its deadline",
        ),
        pytest.param(
            [closed(finished(dispatched(whole_due=100), at=40), at=101)],
            Key.CLOSURE,
            (1, 1),
            id="closed late is closed",
        ),
        pytest.param(
            [closed(finished(dispatched(whole_due=100), at=40), at=101)],
            Key.ON_TIME_CLOSURE,
            (0, 1),
            id="but not on time",
        ),
        pytest.param(
            [
                closed(
                    finished(sent_back(finished(dispatched(), at=40), at=60, due=80), at=70), at=90
                )
            ],
            Key.ON_TIME_HANDLING,
            (2, 2),
            id="rework is a second round with a deadline of its own",
        ),
        pytest.param(
            [
                closed(
                    finished(sent_back(finished(dispatched("1"), at=40), at=60, due=80), at=70),
                    at=90,
                ),
                closed(finished(dispatched("2"), at=40), at=60),
                closed(finished(dispatched("3"), at=40), at=60),
                dispatched("4"),
            ],
            Key.REWORK,
            (1, 4),
            id="one of four that should close was sent back",
        ),
    ],
)
def test_every_rate_equals_the_one_worked_by_hand(
    cases: Sequence[Case], key: Key, worked: tuple[int, int]
) -> None:
    found = evaluate(*cases)

    assert share(found[key]) == worked


def test_closing_only_what_is_easy_never_reaches_the_rate_of_closing_all_in_time() -> None:
    easy = [closed(finished(dispatched(f"e{n}"), at=10), at=20) for n in range(9)]
    hard = dispatched("hard")
    all_done = [*easy, closed(finished(dispatched("hard"), at=45), at=99)]

    gamed = evaluate(*easy, hard)[Key.ON_TIME_CLOSURE].value
    honest = evaluate(*all_done)[Key.ON_TIME_CLOSURE].value

    assert (gamed, honest) == (0.9, 1.0)


def test_one_lucky_case_says_little_and_its_interval_says_so() -> None:
    found = evaluate(closed(finished(dispatched(), at=0.01), at=0.07))

    assert found[Key.CLOSURE].value == 1.0
    assert found[Key.CLOSURE].low == pytest.approx(0.207, abs=0.001)


def rest_until(case: Case, until: datetime, *, at: datetime) -> None:
    """Suspend a case: the department asks, the dispatcher grants."""
    asked = Decision(by=FOREMAN, at=at, note="等材料")
    more_time.ask_suspension(case, asked, until=until)
    granted = Decision(by=DISPATCHER, at=at, note="同意")
    more_time.suspend(case, granted, until=until, most=timedelta(days=365))


def test_what_is_overdue_is_not_made_better_by_writing_it_off_or_giving_it_back() -> None:
    written_off = dispatched("w", due=50)
    written_off.write_off(Decision(by=SUPERVISOR, at=hour(200), note="随工程处理"))
    given_back = dispatched("g", due=50)
    given_back.decline(
        Decision(by=WORKER, at=hour(60), note="不属我处"), clock=clock(Stage.DISPATCH, 60, 62)
    )

    found = evaluate(written_off, given_back)

    assert share(found[Key.ON_TIME_HANDLING]) == (0, 2)
    assert share(found[Key.ON_TIME_CLOSURE])[0] == 0


def test_an_upheld_appeal_takes_the_missed_limit_out_and_a_dismissed_one_does_not() -> None:
    upheld, dismissed = (finished(dispatched(name, due=50), at=80) for name in "ud")
    for case in (upheld, dismissed):
        appeal = Decision(by=FOREMAN, at=hour(81), note="停电两天")
        pressing.appeal(case, appeal, within=timedelta(days=15))
    pressing.uphold(upheld, Decision(by=EVALUATOR, at=hour(90), note="属实"))
    pressing.dismiss(dismissed, Decision(by=EVALUATOR, at=hour(90), note="不属实"))

    found = evaluate(upheld, dismissed)

    assert share(found[Key.ON_TIME_HANDLING]) == (0, 1)


def test_a_suspended_case_is_not_due_until_it_resumes() -> None:
    case = dispatched(due=50)
    case.accept(Decision(by=WORKER, at=hour(1)))
    rest_until(case, hour(24 * 20), at=hour(2))
    while_suspended = share(evaluate(case)[Key.ON_TIME_HANDLING])
    resumed_clocks = (clock(Stage.HANDLING, 0, 500), clock(Stage.WHOLE, 0, 600))

    more_time.resume(case, Decision(by=DISPATCHER, at=hour(480)), clocks=resumed_clocks)
    finished_case = case
    finished_case.finish(Decision(by=WORKER, at=hour(490)), clock=clock(Stage.CHECK, 490, 500))

    assert while_suspended == (0, 0)
    assert share(evaluate(finished_case)[Key.ON_TIME_HANDLING]) == (1, 1)


def test_an_extension_moves_the_deadline_that_is_judged() -> None:
    case = dispatched(due=50)
    case.accept(Decision(by=WORKER, at=hour(1)))
    more_time.ask_extension(case, Decision(by=FOREMAN, at=hour(2), note="等材料"))
    more_time.extend(
        case,
        Decision(by=DISPATCHER, at=hour(2), note="同意"),
        clocks=(clock(Stage.HANDLING, 0, 100),),
        most=2,
    )
    case.finish(Decision(by=WORKER, at=hour(80)), clock=clock(Stage.CHECK, 80, 90))

    found = evaluate(case)

    assert share(found[Key.ON_TIME_HANDLING]) == (1, 1)


def test_a_returned_dispatch_is_nobodys_delay_and_counted_as_returned() -> None:
    case = dispatched(due=50)
    case.decline(
        Decision(by=WORKER, at=hour(10), note="不属我处"), clock=clock(Stage.DISPATCH, 10, 12)
    )

    found = evaluate(case)

    assert share(found[Key.ON_TIME_HANDLING]) == (0, 0)
    assert found[Key.RETURNED].value == 1


def test_a_case_written_off_is_counted_apart() -> None:
    case = dispatched()
    case.write_off(Decision(by=SUPERVISOR, at=hour(20), note="随工程处理"))

    found = evaluate(case)

    assert found[Key.WRITTEN_OFF].value == 1
    assert found[Key.CLOSED].value == 0
    assert share(found[Key.CLOSURE]) == (0, 0)


def test_untrue_and_undecided_reports_lower_the_valid_rate() -> None:
    untrue = reported("2")
    untrue.refute(Decision(by=COLLECTOR, at=hour(1), note="影子"))

    found = evaluate(filed("1"), untrue, reported("3"))

    assert share(found[Key.VALID_REPORT]) == (1, 3)
    assert share(found[Key.FALSE_ALARM]) == (1, 2)


def test_what_happens_after_the_period_does_not_change_it() -> None:
    case = finished(dispatched(due=50), at=40)
    before = evaluate(case)

    closed(case, at=24 * 40)

    assert evaluate(case) == before


def test_the_share_that_cannot_be_told_names_its_reasons() -> None:
    case = finished(dispatched(), at=40)
    for verdict, reason, at in (("repaired", None, 50), ("cannot_tell", "occluded", 60)):
        grounds = {"verdict": verdict, "reason": reason}
        case.verify(Decision(by=MACHINE, at=hour(at), grounds=grounds))

    found = evaluate(case)[Key.CANNOT_TELL]

    assert share(found) == (1, 1)
    assert found.reasons == {"occluded": 1}


def test_each_department_answers_for_its_own_rounds() -> None:
    case = dispatched(due=50)
    case.decline(
        Decision(by=WORKER, at=hour(10), note="不属我处"), clock=clock(Stage.DISPATCH, 10, 12)
    )
    case.dispatch(
        SANITATION, Decision(by=DISPATCHER, at=hour(11)), clock=clock(Stage.HANDLING, 11, 50)
    )
    case.accept(Decision(by=SWEEPER, at=hour(12)))
    case.finish(Decision(by=SWEEPER, at=hour(60)), clock=clock(Stage.CHECK, 60, 70))
    marks = list(marks_of([case], period=NOVEMBER, now=AFTERWARDS))

    by_department = grouped(marks, by=lambda mark: mark.department)

    late = {f.indicator.key: share(f) for f in by_department["sanitation"]}
    assert late[Key.ON_TIME_HANDLING] == (0, 1)
    assert {f.indicator.key: share(f) for f in by_department["roads"]}[Key.ON_TIME_HANDLING] == (
        0,
        0,
    )


def test_every_figure_names_its_cases() -> None:
    case = closed(finished(dispatched(), at=40), at=60)

    found = evaluate(case)

    assert found[Key.CLOSED].hits == (case.id,)
    assert found[Key.ON_TIME_HANDLING].of == (case.id,)


def test_a_period_in_progress_does_not_count_what_is_not_yet_due() -> None:
    case = dispatched(due=50)

    found = evaluate(case, now=hour(20))

    assert share(found[Key.ON_TIME_HANDLING]) == (0, 0)


def test_a_recurrence_is_counted_for_the_period_of_its_report() -> None:
    first = closed(finished(dispatched("1"), at=40), at=60)

    found = evaluate(first, reported("1b", at=200, recurs=first))

    assert found[Key.RECURRED].value == 1


def test_a_period_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(PeriodReversed):
        Period(start=hour(2), end=hour(1))


def test_one_case_closed_in_four_minutes_does_not_lead_a_ranking() -> None:
    policy = demo_profile().indicators
    lucky = evaluate(closed(finished(dispatched(), at=0.02), at=0.07))
    steady = evaluate(*[closed(finished(dispatched(f"s{n}"), at=40), at=90) for n in range(40)])

    one, many = (index_of(each.values(), policy=policy) for each in (lucky, steady))

    assert one is not None
    assert many is not None
    assert one.mark < many.mark
    assert (one.grade, many.grade) == ("E", "A")


def test_nothing_to_judge_gives_no_index() -> None:
    assert index_of(evaluate().values(), policy=demo_profile().indicators) is None


def test_every_indicator_says_its_formula_in_both_languages() -> None:
    assert {indicator.key for indicator in INDICATORS} == set(Key)
    assert all(i.formula_zh and i.formula_en for i in INDICATORS)
    assert Action.VERIFY.zh == "复巡判断"
