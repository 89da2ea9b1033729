"""A department that plays for its figures instead of repairing gains nothing that does not show.

The same twenty problems, each way: twelve are easy and done in good time; eight are hard. Honestly
they are repaired too, late: handled at hour 60 of 50, closed at 120 of 100. The table of tricks is
told in docs/explanation/gaming.md.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from dispatch.case.case import Case
from dispatch.case.guard import SuspensionRefused
from dispatch.case.merging import MergesIntoYounger
from dispatch.case.step import Decision
from dispatch.case.transition import Action, roles_for
from dispatch.city.policies import IndicatorPolicy
from dispatch.clocks.clock import Stage
from dispatch.figures.evaluation import Figure, count_cases, figures, index_of, parts_of
from dispatch.indicators.formula import Grouping
from dispatch.indicators.indicator import Key
from dispatch.loop import casework, granting
from dispatch.people.people import Role
from tests.dispatch.city import (
    CITIES,
    DISPATCHER,
    ROADS,
    SUPERVISOR,
    City,
    city_of,
    profile_of,
)
from tests.dispatch.evaluating import (
    AFTERWARDS,
    NOVEMBER,
    POLICY,
    appealed,
    asked,
    closed,
    confirmed,
    declined,
    dispatched,
    done,
    extended,
    file,
    finish_accepted,
    finished,
    hour,
    reported,
    send,
    sent_back,
    suspended,
    upheld,
    written_off,
)
from tests.dispatch.more_lives import (
    accepted,
    collector_put_it_right,
    given_back,
    voided,
)

PAGE: Final = Path(__file__).parents[2] / "docs" / "explanation" / "gaming.md"
EASY: Final = 12
HARD: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Trick:
    """What is done with a hard problem instead of repairing it, late, and where that shows.

    Args:
        shows: the figures that tell of it; none where nothing of the mark gets better by it.
    """

    hard: Callable[[str], list[Case]]
    shows: tuple[Key, ...] = ()


def honest(name: str) -> list[Case]:
    return [closed(finished(dispatched(name), at=60), at=120)]


def lets_it_recur(name: str) -> list[Case]:
    first = done(name)
    again = [first]
    for at in (150, 300, 450):
        case = confirmed(reported(f"{name}-{at}", at=at, recurs=again[-1]), at=at)
        file(case, at=at, dispatch_due=at + 2, whole_due=at + 100)
        again.append(closed(finished(send(case, at=at, due=at + 50), at=at + 40), at=at + 60))
    return again


def does_it_again_badly(name: str) -> list[Case]:
    case = sent_back(finished(dispatched(name), at=40), at=45, due=60)
    return [closed(finished(case, at=50), at=90)]


def ended_as_nobodys(case: Case, *, at: float) -> Case:
    grounds = {"code": "W4", "nobodys": True}
    case.write_off(Decision(by=SUPERVISOR, at=hour(at), note="不属城市管理", grounds=grounds))
    return case


TRICKS: Final[Mapping[str, Trick]] = {
    "leave what is hard open": Trick(hard=lambda name: [dispatched(name)]),
    "have it written off in time": Trick(hard=lambda name: [written_off(dispatched(name), at=20)]),
    "have it written off when it is overdue": Trick(
        hard=lambda name: [written_off(dispatched(name), at=200)]
    ),
    "let it rest, then have it written off": Trick(
        hard=lambda name: [written_off(suspended(dispatched(name), at=2, until=600), at=300)]
    ),
    "give it back, and have it made void": Trick(
        hard=lambda name: [voided(given_back(declined(dispatched(name), at=10), at=11), at=12)],
        shows=(Key.GIVEN_UP_RATE, Key.RETURNED, Key.CLOSURE),
    ),
    "give it back, and have it ended as no department's": Trick(
        hard=lambda name: [ended_as_nobodys(declined(dispatched(name), at=10), at=12)],
        shows=(Key.RETURNED,),
    ),
    "give it back and get it again, with what was left": Trick(
        hard=lambda name: [
            closed(finished(send(declined(dispatched(name), at=45), at=46, due=51), at=61), at=120)
        ],
    ),
    "give it back to the dispatcher, and nobody else has it": Trick(
        hard=lambda name: [declined(dispatched(name), at=45)], shows=(Key.RETURNED, Key.CLOSURE)
    ),
    "have every limit extended": Trick(
        hard=lambda name: [
            closed(
                finish_accepted(extended(accepted(dispatched(name), at=1), at=2, due=100), at=60),
                at=120,
            )
        ],
        shows=(Key.EXTENDED,),
    ),
    "let it rest over the end of the month": Trick(
        hard=lambda name: [suspended(dispatched(name), at=2, until=800)], shows=(Key.SUSPENDED,)
    ),
    "let what is overdue rest": Trick(
        hard=lambda name: [suspended(dispatched(name), at=110, until=800)]
    ),
    "appeal against every miss": Trick(
        hard=lambda name: [
            closed(upheld(appealed(finished(dispatched(name), at=60), at=61), at=70), at=120)
        ],
        shows=(Key.APPEALED, Key.UPHELD),
    ),
    "say it is done, and let it recur": Trick(hard=lets_it_recur, shows=(Key.RECURRENCE,)),
    "say it is done, and do it when it is sent back": Trick(
        hard=does_it_again_badly, shows=(Key.REWORK, Key.SENT_BACK)
    ),
    "put small things right beside it": Trick(
        hard=lambda name: [
            dispatched(name),
            closed(collector_put_it_right(reported(f"{name}-small"), at=1), at=5),
        ]
    ),
}


def months_work(hard: Callable[[str], list[Case]]) -> list[Case]:
    easy = [done(f"easy {number}") for number in range(EASY)]
    return [*easy, *(case for number in range(HARD) for case in hard(f"hard {number}"))]


def figures_of(
    cases: list[Case], policy: IndicatorPolicy, *, by: Grouping, group: str
) -> dict[Key, Figure]:
    window = NOVEMBER.known_at(AFTERWARDS)
    counts = count_cases(cases, parts=parts_of(policy), window=window, by=by).get(group, {})
    return {each.indicator.key: each for each in figures(counts, policy=policy, by=by)}


def worth(found: Mapping[Key, Figure], key: Key, policy: IndicatorPolicy) -> float:
    mark = index_of(found.values(), policy=policy, weights={key: 1.0})
    return mark.mark if mark else 0.0


def shown(found: Mapping[Key, Figure], key: Key) -> float:
    """Give how much a figure warns: closures are the better the more there are, the rest worse."""
    value = found[key].value or 0.0
    return -value if key is Key.CLOSURE else value


@pytest.mark.parametrize("city", CITIES)
@pytest.mark.parametrize("trick", TRICKS)
def test_no_trick_makes_a_department_look_better_than_late_repairs_and_stays_hidden(
    trick: str, city: str
) -> None:
    policy = profile_of(city).indicators
    weights = policy.weights_for(Grouping.DEPARTMENT, ROADS)
    told = TRICKS[trick]

    late, gamed = (
        figures_of(months_work(hard), policy, by=Grouping.DEPARTMENT, group=ROADS)
        for hard in (honest, told.hard)
    )

    better = {key for key in weights if worth(gamed, key, policy) > worth(late, key, policy)}
    assert not better or told.shows, sorted(better)
    assert all(shown(gamed, key) > shown(late, key) for key in told.shows)


def test_the_page_tells_every_trick() -> None:
    page = PAGE.read_text(encoding="utf-8")

    assert [trick for trick in TRICKS if f"| {trick} " not in page] == []


def test_an_extension_leaves_the_first_limit_and_the_limit_of_closure_as_they_were() -> None:
    late, extending = (
        figures_of(months_work(hard), POLICY, by=Grouping.DEPARTMENT, group=ROADS)
        for hard in (honest, TRICKS["have every limit extended"].hard)
    )

    assert extending[Key.ON_TIME_HANDLING].numerator == EASY + HARD
    for key in (Key.FIRST_LIMIT_HANDLING, Key.ON_TIME_CLOSURE):
        assert extending[key] == late[key]
        assert extending[key].numerator == EASY


def test_a_city_that_counts_only_what_nobody_gave_up_says_so_in_its_profile() -> None:
    chosen = {Key.CLOSURE: "should", Key.ON_TIME_CLOSURE: "should"}
    policy = POLICY.model_copy(update={"denominators": chosen})
    cases = months_work(TRICKS["have it written off in time"].hard)

    found = figures_of(cases, policy, by=Grouping.DEPARTMENT, group=ROADS)

    assert found[Key.CLOSURE].value == 1.0
    assert found[Key.GIVEN_UP_RATE].value == HARD / (EASY + HARD)


def test_a_collector_who_looks_only_at_what_is_near_answers_for_the_rest_too() -> None:
    cases = [confirmed(asked(f"near {number}"), at=1) for number in range(EASY)]
    left = [asked(f"far {number}") for number in range(HARD)]

    found = figures_of([*cases, *left], POLICY, by=Grouping.POST, group=Role.COLLECTOR)

    assert found[Key.ON_TIME_CONFIRM].value == EASY / (EASY + HARD)


def test_a_case_passed_to_and_fro_counts_once_for_the_work_of_a_department() -> None:
    case = dispatched("1")
    for at in (4, 8, 12):
        send(declined(case, at=at), at=at + 1, due=at + 50)

    found = figures_of([case], POLICY, by=Grouping.DEPARTMENT, group=ROADS)

    assert found[Key.DISPATCHED].numerator == 4
    assert found[Key.DUE_CLOSURE].numerator == 1


@pytest.mark.parametrize("city", CITIES)
def test_a_collector_who_only_says_that_it_was_put_right_is_told_by_the_figures(city: str) -> None:
    policy = profile_of(city).indicators
    weights = policy.weights_for(Grouping.POST, Role.COLLECTOR)
    told = [_confirmed_and_done(f"near {number}") for number in range(HARD)]
    said = [_put_right_in_word(f"near {number}") for number in range(HARD)]

    honest_, gamed = (
        figures_of(cases, policy, by=Grouping.POST, group=Role.COLLECTOR) for cases in (told, said)
    )

    better = {key for key in weights if worth(gamed, key, policy) > worth(honest_, key, policy)}
    assert not better, sorted(better)
    assert gamed[Key.SELF_HANDLED_FALSE].value == 1.0
    assert Key.SELF_HANDLED_FALSE not in honest_ or honest_[Key.SELF_HANDLED_FALSE].value is None


def _confirmed_and_done(name: str) -> Case:
    case = file(confirmed(asked(name), at=1), at=2, dispatch_due=4, whole_due=102)
    return closed(finished(send(case, at=3, due=53), at=40), at=60)


def _put_right_in_word(name: str) -> Case:
    case = file(collector_put_it_right(asked(name), at=1), at=2, dispatch_due=4, whole_due=102)
    return closed(finished(send(case, at=3, due=53), at=40), at=60)


@pytest.mark.parametrize(
    "action",
    [
        *(Action.REPORT, Action.CONFIRM, Action.REFUTE, Action.FILE, Action.VOID, Action.MERGE),
        *(Action.CORRECT, Action.RETURN, Action.DISPATCH, Action.SELF_HANDLE, Action.EXTEND),
        *(Action.SUSPEND, Action.RESUME, Action.CHECK, Action.VERIFY, Action.APPROVE),
        *(Action.SEND_BACK, Action.WRITE_OFF, Action.REOPEN, Action.UPHOLD, Action.DISMISS),
    ],
)
def test_whoever_handles_cannot_make_file_grant_check_or_end_a_case(action: Action) -> None:
    assert not roles_for(action) & {Role.HANDLER, Role.DEPARTMENT}


@pytest.fixture(params=CITIES)
def city(request: pytest.FixtureRequest) -> City:
    return city_of(request.param)


def _decline_and_get_again(city: City, case: Case) -> Case:
    reason = city.reason(Action.DECLINE) or ""
    back = Decision(by=city.worker, at=city.now, note="不属我处", code=reason)
    casework.decline_case(case.id, back, profile=city.profile, uow=city.uow)
    again = Decision(by=DISPATCHER, at=city.later(hours=20))
    casework.dispatch_case(case.id, city.department, again, profile=city.profile, uow=city.uow)
    return city.case(case.id)


def test_a_department_that_gives_a_case_back_gets_it_again_with_what_was_left(city: City) -> None:
    case = city.case(city.dispatched())
    first = case.clocks[Stage.HANDLING]
    kind, calendar = first.limit.clock, city.profile.calendar
    left = first.limit.length / 4
    city.now = calendar.after(first.started_at, first.limit.length - left, kind)

    again = _decline_and_get_again(city, case).clocks[Stage.HANDLING]

    assert calendar.between(again.started_at, again.due_at, kind) == left
    assert again.started_at < again.warn_at < again.due_at


def test_what_was_overdue_when_it_was_given_back_is_overdue_when_it_comes_again(city: City) -> None:
    case = city.case(city.dispatched())
    city.now = case.clocks[Stage.HANDLING].due_at + timedelta(minutes=1)

    again = _decline_and_get_again(city, case)

    assert again.clocks[Stage.HANDLING].due_at == city.now


def test_another_department_gets_the_whole_limit(city: City) -> None:
    case = city.case(city.dispatched())
    reason = city.reason(Action.DECLINE) or ""
    back = Decision(by=city.worker, at=city.later(minutes=9), note="不属我处", code=reason)
    casework.decline_case(case.id, back, profile=city.profile, uow=city.uow)

    order = Decision(by=DISPATCHER, at=city.later(minutes=9))
    to = city.other_department
    casework.dispatch_case(case.id, to, order, profile=city.profile, uow=city.uow)

    clock = city.case(case.id).clocks[Stage.HANDLING]
    assert clock.due_at == city.after(clock.limit, city.now)


def test_an_older_case_is_not_merged_into_a_younger_one_to_win_time(city: City) -> None:
    ids = []
    for name in ("1", "2"):
        case = city.take_up(city.see(name))
        assert case is not None
        ids.append(city.file(city.confirm(case.id)))
        city.later(days=1)
    older, younger = ids
    decision = Decision(by=SUPERVISOR, at=city.now, note="同一处")

    with pytest.raises(MergesIntoYounger, match="反过来"):
        casework.merge_case(older, younger, decision, uow=city.uow)


def test_a_rest_that_was_granted_once_is_not_granted_again(city: City) -> None:
    id_ = city.handling()
    city.suspend(id_, city.later(minutes=1) + timedelta(days=2))
    resumed = Decision(by=DISPATCHER, at=city.later(days=1))
    granting.resume_case(id_, resumed, profile=city.profile, uow=city.uow)

    with pytest.raises(SuspensionRefused, match="只能挂账一次"):
        city.suspend(id_, city.later(minutes=1) + timedelta(days=2))
