"""What the clock and later passes decide about cases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.case.step import Decision
from dispatch.case.task import TaskKind
from dispatch.case.transition import Action, Status
from dispatch.clocks.clock import Alarm, Stage
from dispatch.loop import casework, closing, granting, judging, oversight
from dispatch.loop.closing import CheckResult
from dispatch.people.people import Role
from dispatch.ports.unit_of_work import Question
from tests.dispatch import making
from tests.dispatch.city import (
    CITIES,
    COLLECTOR,
    DISPATCHER,
    SUPERVISOR,
    City,
    automated,
    city_of,
    with_policy,
)


@pytest.fixture(params=CITIES)
def city(request: pytest.FixtureRequest) -> City:
    """A city whose camera saw the pothole on three drives before it was handled."""
    city = city_of(request.param)
    city.profile = with_policy(city.profile, blind_share=0.0)
    return city


def handled_after_sights(city: City) -> str:
    id_ = city.reported()
    for number in (2, 3):
        city.later(hours=2)
        city.sweep(f"vehicle-07:{number}")
        city.see(str(number), problem="problem-1", pass_id=f"vehicle-07:{number}")
    city.dispatch(id_)
    casework.accept_case(id_, Decision(by=city.worker, at=city.later(minutes=5)), uow=city.uow)
    city.finish(id_)
    return id_


def ring(city: City) -> tuple[str, ...]:
    return oversight.ring_clocks(now=city.now, profile=city.profile, uow=city.uow)


def test_passes_that_look_well_and_see_nothing_suggest_closing_with_one_tap(city: City) -> None:
    id_ = handled_after_sights(city)
    for number in (4, 5, 6):
        city.drive_by(f"vehicle-07:{number}")

    (task,) = city.tasks(id_, TaskKind.CHECK)

    step = city.case(id_).last(Action.VERIFY)
    assert step is not None
    assert (task.suggestion, task.role) == ("repaired", Role.SUPERVISOR)
    assert step.grounds["verdict"] == "repaired"
    assert city.case(id_).status is Status.HANDLED


def test_a_repair_that_is_seen_again_goes_to_a_person_before_it_is_rework(city: City) -> None:
    id_ = handled_after_sights(city)
    city.later(hours=3)
    for number in (4, 5):
        city.later(hours=1)
        city.sweep(f"vehicle-07:{number}")
        city.see(str(number), problem="problem-1", pass_id=f"vehicle-07:{number}")
        city.judge(f"vehicle-07:{number}")

    (task,) = city.tasks(id_, TaskKind.CHECK)

    assert task.suggestion == "still_there"
    assert city.case(id_).status is Status.HANDLED


def test_what_no_camera_could_see_stays_open_with_its_reason(city: City) -> None:
    id_ = handled_after_sights(city)
    for number in (4, 5, 6):
        city.drive_by(f"vehicle-07:{number}", hidden=True)

    step = city.case(id_).last(Action.VERIFY)

    assert step is not None
    assert (step.grounds["verdict"], step.grounds["reason"]) == ("cannot_tell", "occluded")
    assert city.tasks(id_, TaskKind.CHECK) == []
    assert city.case(id_).status is Status.HANDLED


def test_of_many_passes_the_newest_tell_as_much_as_all(monkeypatch: pytest.MonkeyPatch) -> None:
    chances = []
    for most in (60, 10_000):
        monkeypatch.setattr(judging, "SWEEPS_READ", most)
        city = city_of("demo")
        city.profile = with_policy(city.profile, blind_share=0.0)
        id_ = city.reported()
        for number in range(90):
            city.later(hours=2)
            city.sweep(f"vehicle-07:before-{number}")
            # One pass in ten misses it.
            if number % 10:
                pass_id = f"vehicle-07:before-{number}"
                city.see(str(number), problem="problem-1", pass_id=pass_id)
        city.dispatch(id_)
        accepted = Decision(by=city.worker, at=city.later(minutes=5))
        casework.accept_case(id_, accepted, uow=city.uow)
        city.finish(id_)
        for number in range(2):
            city.drive_by(f"vehicle-07:after-{number}")
        step = city.case(id_).last(Action.VERIFY)
        assert step is not None
        chances.append(step.grounds["present"])

    newest, every = chances

    assert isinstance(newest, float) and isinstance(every, float)
    assert 0.0 < newest < 0.05
    assert newest == pytest.approx(every, rel=0.5)
    assert newest != every


def test_the_same_pass_judges_a_case_once(city: City) -> None:
    handled_after_sights(city)
    first = city.drive_by("vehicle-07:4")

    again = city.judge("vehicle-07:4")

    assert len(first) == 1
    assert again == ()


def test_a_pass_from_before_the_handling_judges_nothing(city: City) -> None:
    handled_after_sights(city)

    judged = city.judge("vehicle-07:2")

    assert judged == ()


def test_without_the_guarantee_the_machine_does_not_close_even_where_allowed(city: City) -> None:
    city.profile = automated(city.profile, close=True)
    id_ = handled_after_sights(city)

    for number in (4, 5, 6):
        city.drive_by(f"vehicle-07:{number}")

    assert city.case(id_).status is Status.HANDLED


def test_with_the_guarantee_the_machine_closes_and_says_on_what_ground(city: City) -> None:
    city.profile = automated(city.profile, close=True)
    with city.uow as uow:
        for _ in range(700):
            uow.verdicts.add(Question.CLOSURE_FALSE, label="road.pothole", who="", answer=False)
        uow.commit()
    id_ = handled_after_sights(city)
    for number in (4, 5, 6):
        city.drive_by(f"vehicle-07:{number}")

    case = city.case(id_)

    closed = case.last(Action.APPROVE)
    assert case.status is Status.CLOSED
    assert closed is not None
    assert closed.role is Role.MACHINE
    assert closed.grounds["verification"]["verdict"] == "repaired"


def test_a_photo_that_looks_like_an_earlier_one_leaves_the_closing_to_a_person(city: City) -> None:
    city.profile = automated(city.profile, close=True)
    with city.uow as uow:
        for _ in range(700):
            uow.verdicts.add(Question.CLOSURE_FALSE, label="road.pothole", who="", answer=False)
        uow.commit()
    id_ = handled_after_sights(city)
    with city.uow as uow:
        (photo,) = uow.photos.of_case(id_)
        looked = making.photo("1", id_, imprint="0f" * 126, before_imprint="0f" * 126).result
        uow.photos.save(replace(photo, result=looked))
        uow.commit()
    for number in (4, 5, 6):
        city.drive_by(f"vehicle-07:{number}")

    case = city.case(id_)

    (task,) = city.tasks(id_, TaskKind.CHECK)
    verified = case.last(Action.VERIFY)
    assert (case.status, task.role, task.suggestion) == (
        Status.HANDLED,
        Role.SUPERVISOR,
        "repaired",
    )
    assert verified is not None
    assert "几乎相同" in str(verified.grounds["why_zh"])


def test_a_blind_check_goes_to_a_collector_who_is_told_nothing(city: City) -> None:
    city.profile = automated(with_policy(city.profile, blind_share=1.0), close=True)
    id_ = handled_after_sights(city)
    for number in (4, 5, 6):
        city.drive_by(f"vehicle-07:{number}")

    (task,) = city.tasks(id_, TaskKind.CHECK)
    closing.check_case(
        id_, CheckResult.REPAIRED, Decision(by=COLLECTOR, at=city.later(hours=1)), uow=city.uow
    )

    with city.uow as uow:
        counted = uow.verdicts.count(Question.CLOSURE_FALSE, label="road.pothole", who="")
    assert (task.role, task.suggestion) == (Role.COLLECTOR, None)
    assert (counted.yes, counted.no) == (0, 1)


def test_a_tap_on_a_suggestion_is_no_evidence_for_the_machine(city: City) -> None:
    id_ = handled_after_sights(city)
    for number in (4, 5, 6):
        city.drive_by(f"vehicle-07:{number}")
    city.approve(id_)

    with city.uow as uow:
        counted = uow.verdicts.count(Question.CLOSURE_FALSE, label="road.pothole", who="")

    assert (counted.yes, counted.no) == (0, 0)


def test_an_alarm_rings_once_at_eighty_and_once_at_a_hundred_percent(city: City) -> None:
    id_ = city.handling()
    clock = city.case(id_).clocks[Stage.HANDLING]
    rung = []
    for moment in (clock.warn_at, clock.warn_at, clock.due_at, clock.due_at):
        city.now = moment
        ring(city)
        rung.append(
            [
                step.grounds["alarm"]
                for step in city.case(id_).history
                if step.action is Action.ALARM and step.grounds["stage"] == "handling"
            ]
        )

    assert rung == [["yellow"], ["yellow"], ["yellow", "red"], ["yellow", "red"]]
    assert city.case(id_).clocks[Stage.HANDLING].fired is Alarm.RED


def alarms(city: City, id_: str) -> list[tuple[object, object, object]]:
    return [
        (step.grounds["stage"], step.grounds["alarm"], step.grounds["reached_at"])
        for step in city.case(id_).history
        if step.action is Action.ALARM
    ]


def test_a_clock_that_nobody_watched_over_both_marks_rings_for_each_with_its_moment(
    city: City,
) -> None:
    id_ = city.handling()
    clock = city.case(id_).clocks[Stage.HANDLING]
    city.now = clock.due_at + timedelta(hours=1)
    ring(city)
    ring(city)

    rung = [each for each in alarms(city, id_) if each[0] == "handling"]

    marks = (clock.warn_at.isoformat(), clock.due_at.isoformat())
    assert rung == [("handling", "yellow", marks[0]), ("handling", "red", marks[1])]


def test_a_clock_extended_after_its_first_alarm_warns_once_more_of_the_longer_limit(
    city: City,
) -> None:
    id_ = city.handling()
    city.now = city.case(id_).clocks[Stage.HANDLING].warn_at
    ring(city)
    city.ask_extension(id_)
    granted = Decision(by=DISPATCHER, at=city.now, note="同意")
    granting.extend_case(id_, granted, profile=city.profile, uow=city.uow)
    longer = city.case(id_).clocks[Stage.HANDLING]

    ring(city)
    before = [each[1] for each in alarms(city, id_) if each[0] == "handling"]
    city.now = longer.due_at
    ring(city)

    after = [each[1:] for each in alarms(city, id_) if each[0] == "handling"][1:]
    assert before == ["yellow"]
    assert after == [("yellow", longer.warn_at.isoformat()), ("red", longer.due_at.isoformat())]


def test_a_suspension_that_ended_while_nobody_watched_gives_no_time_away(city: City) -> None:
    id_ = city.handling()
    until = city.now + timedelta(days=30)
    city.suspend(id_, until)
    city.now = until + timedelta(days=3)
    ring(city)

    resumed = city.case(id_).clocks[Stage.HANDLING]

    left = city.profile.calendar.between(until, resumed.due_at, resumed.limit.clock)
    assert timedelta(0) < left < resumed.limit.length
    (task,) = city.tasks(id_, TaskKind.HANDLE)
    assert task.due_at == resumed.due_at


def test_a_suspension_ends_by_itself_on_its_day(city: City) -> None:
    id_ = city.handling()
    until = city.now + timedelta(days=30)
    city.suspend(id_, until)
    city.now = until

    concerned = ring(city)

    assert concerned == (id_,)
    assert city.case(id_).status is Status.HANDLING
    assert city.case(id_).clocks[Stage.HANDLING].runs


def test_where_no_pass_comes_in_time_a_collector_is_sent(city: City) -> None:
    id_ = city.handled()
    city.now = city.case(id_).clocks[Stage.CHECK].warn_at
    ring(city)

    (task,) = city.tasks(id_, TaskKind.CHECK)

    assert task.role is Role.COLLECTOR
    assert task.due_at == city.after(city.limits(id_).confirm, city.now)


def test_what_a_collector_found_outranks_the_passes(city: City) -> None:
    id_ = handled_after_sights(city)
    closing.check_case(
        id_, CheckResult.STILL_THERE, Decision(by=COLLECTOR, at=city.later(hours=1)), uow=city.uow
    )
    for number in (4, 5, 6):
        city.drive_by(f"vehicle-07:{number}")

    step = city.case(id_).last(Action.VERIFY)

    assert step is not None
    assert (step.grounds["verdict"], step.grounds["by_person"]) == ("still_there", True)


def test_work_sent_back_counts_against_the_departments_word(city: City) -> None:
    id_ = city.handled()
    closing.send_back_case(
        id_,
        Decision(by=SUPERVISOR, at=city.later(hours=1), note="没补"),
        profile=city.profile,
        uow=city.uow,
    )

    with city.uow as uow:
        counted = uow.verdicts.count(Question.DONE_FALSE, label="road.pothole", who=city.department)

    assert (counted.yes, counted.no) == (1, 0)


def test_a_second_round_is_judged_by_passes_after_it(city: City) -> None:
    id_ = handled_after_sights(city)
    city.drive_by("vehicle-07:4")
    closing.send_back_case(
        id_,
        Decision(by=SUPERVISOR, at=city.later(hours=1), note="没补好"),
        profile=city.profile,
        uow=city.uow,
    )
    casework.accept_case(id_, Decision(by=city.worker, at=city.later(minutes=5)), uow=city.uow)
    city.finish(id_)

    judged = city.drive_by("vehicle-07:5")

    step = city.case(id_).last(Action.VERIFY)
    assert judged == (id_,)
    assert step is not None
    assert step.grounds["judged"] == ["vehicle-07:5"]
