"""The loop as people live it in every city: from a sight to a closed case, and every way round."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.case.guard import ExtensionRefused, OtherDepartment, SuspensionRefused
from dispatch.case.step import Decision
from dispatch.case.task import TaskKind
from dispatch.case.transition import Action, IllegalTransition, NotYourStep, Status
from dispatch.clocks.clock import Stage
from dispatch.figures.life import tell_life
from dispatch.ids import DepartmentId
from dispatch.indicators.formula import Kind
from dispatch.loop import casework, closing, granting
from dispatch.loop.casework import NoSuchDepartment
from dispatch.loop.handover import UnknownReason
from dispatch.loop.picture_need import AfterPhotoMissing
from dispatch.missing import CaseNotFound
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
    person,
)


@pytest.fixture(params=CITIES)
def city(request: pytest.FixtureRequest) -> City:
    return city_of(request.param)


def test_a_first_sight_asks_a_collector_before_anything_is_filed(city: City) -> None:
    id_ = city.reported()

    (task,) = city.tasks(id_, TaskKind.CONFIRM)

    assert city.case(id_).status is Status.REPORTED
    assert task.role is Role.COLLECTOR
    assert task.due_at == city.after(city.limits(id_).confirm, city.now)


def test_a_find_held_back_and_seen_more_surely_is_sent_for_confirmation_within_its_limit(
    city: City,
) -> None:
    label = next(
        each.label
        for each in city.profile.classes.values()
        if each.label and not (each.hazard or each.person_always or each.threshold)
    )
    ask = city.profile.triage.ask
    held = city.take_up(city.see(label=label, chance=ask / 2))
    assert held is not None
    assert city.tasks(held.id, TaskKind.CONFIRM) == []
    city.later(days=1)

    city.take_up(city.see("2", problem="problem-1", label=label, chance=ask))

    (task,) = city.tasks(held.id, TaskKind.CONFIRM)
    case = city.case(held.id)
    asked = case.history[-1]
    assert (asked.action, asked.role, asked.at) == (
        Action.ASK_CONFIRMATION,
        Role.MACHINE,
        city.now,
    )
    facts = {fact.kind: fact for fact in tell_life(case.history).facts}
    assert facts[Kind.CONFIRM].due_at == task.due_at == case.overdue_at
    assert facts[Kind.FIND].done_at == city.now


def test_a_second_sight_of_an_open_problem_makes_no_second_case(city: City) -> None:
    id_ = city.reported()
    city.later(days=1)
    seen_again = city.see("2", problem="problem-1", pass_id="vehicle-07:2")

    case = city.take_up(seen_again)

    assert case is not None
    assert case.id == id_
    assert len(city.tasks(id_, TaskKind.CONFIRM)) == 1


def test_a_confirmed_report_is_filed_and_dispatched_by_a_named_rule(city: City) -> None:
    case = city.case(city.dispatched())

    dispatched = case.last(Action.DISPATCH)

    assert case.status is Status.DISPATCHED
    assert case.department == city.department
    assert dispatched is not None
    assert dispatched.grounds["rule"] == city.rule.rule
    assert case.clocks[Stage.HANDLING].limit == city.limits(case.id).handling


def test_a_true_find_and_an_untrue_one_are_counted_for_the_model(city: City) -> None:
    city.dispatched()
    other = city.take_up(city.see("2"))
    assert other is not None
    casework.refute_case(
        other.id,
        Decision(
            by=COLLECTOR,
            at=city.later(minutes=5),
            note="是井盖的影子",
            code=city.reason(Action.REFUTE),
        ),
        profile=city.profile,
        uow=city.uow,
    )

    with city.uow as uow:
        tally = uow.verdicts.count(Question.FIND_TRUE, label="road.pothole", who="street-n 0.1.0")

    assert (tally.yes, tally.no) == (1, 1)


def test_a_place_that_people_found_harmless_stops_asking(city: City) -> None:
    id_ = city.reported()
    casework.refute_case(
        id_,
        Decision(by=COLLECTOR, at=city.later(minutes=5), code=city.reason(Action.REFUTE)),
        profile=city.profile,
        uow=city.uow,
    )
    city.later(days=1)

    again = city.take_up(city.see("2", problem="problem-1", pass_id="vehicle-07:2"))

    assert again is None


def test_a_problem_that_comes_back_after_closure_gets_a_linked_case(city: City) -> None:
    first = city.handled()
    city.approve(first)
    city.later(days=3)

    again = city.take_up(city.see("2", problem="problem-1", pass_id="vehicle-07:9"))

    assert again is not None
    assert again.id != first
    assert again.recurs == first


def test_a_late_message_from_before_the_closure_makes_no_new_case(city: City) -> None:
    before = city.now
    first = city.handled()
    city.approve(first)
    closed_at, city.now = city.now, before + timedelta(minutes=1)
    late = city.see("2", problem="problem-1", pass_id="vehicle-07:2")
    city.now = closed_at + timedelta(days=1)

    again = city.take_up(late)

    assert again is None


def test_work_without_a_photo_of_it_is_not_taken_as_done(city: City) -> None:
    id_ = city.handling()

    with pytest.raises(AfterPhotoMissing):
        casework.finish_case(
            id_,
            Decision(by=city.worker, at=city.later(hours=1)),
            profile=city.profile,
            uow=city.uow,
        )

    assert city.case(id_).status is Status.HANDLING


def test_rework_needs_a_photo_of_its_own(city: City) -> None:
    id_ = city.handled()
    closing.send_back_case(
        id_,
        Decision(by=SUPERVISOR, at=city.later(hours=1), note="坑槽还在"),
        profile=city.profile,
        uow=city.uow,
    )
    casework.accept_case(id_, Decision(by=city.worker, at=city.later(minutes=5)), uow=city.uow)

    with pytest.raises(AfterPhotoMissing):
        casework.finish_case(
            id_,
            Decision(by=city.worker, at=city.later(hours=1)),
            profile=city.profile,
            uow=city.uow,
        )


def test_another_departments_worker_cannot_take_the_case(city: City) -> None:
    id_ = city.dispatched()

    with pytest.raises(OtherDepartment):
        casework.accept_case(id_, Decision(by=city.sweeper, at=city.later(minutes=5)), uow=city.uow)


def test_whoever_handled_cannot_close(city: City) -> None:
    id_ = city.handled()

    with pytest.raises(NotYourStep, match="值班长"):
        closing.approve_case(id_, Decision(by=city.worker, at=city.later(minutes=5)), uow=city.uow)


def test_a_declined_case_goes_back_to_the_dispatcher_and_to_another_department(
    city: City,
) -> None:
    id_ = city.dispatched()
    casework.decline_case(
        id_,
        Decision(
            by=city.worker,
            at=city.later(minutes=5),
            note="不是道路破损，是垃圾",
            code=city.reason(Action.DECLINE),
        ),
        profile=city.profile,
        uow=city.uow,
    )

    casework.dispatch_case(
        id_,
        city.other_department,
        Decision(by=DISPATCHER, at=city.later(minutes=5)),
        profile=city.profile,
        uow=city.uow,
    )

    (task,) = city.tasks(id_, TaskKind.HANDLE)
    assert city.case(id_).department == city.other_department
    assert task.fits(city.sweeper)
    assert not task.fits(city.worker)


def test_a_decline_without_a_reason_is_refused(city: City) -> None:
    id_ = city.dispatched()

    offered = city.profile.reasons_for(Action.DECLINE)[0]
    with pytest.raises(UnknownReason, match=f"{offered.code} {offered.name_zh}"):
        casework.decline_case(
            id_,
            Decision(by=city.worker, at=city.later(minutes=5), note=" "),
            profile=city.profile,
            uow=city.uow,
        )


def test_a_department_that_does_not_exist_gets_nothing(city: City) -> None:
    city.profile = automated(city.profile, dispatch=False)
    id_ = city.filed()

    with pytest.raises(NoSuchDepartment, match="水务局"):
        casework.dispatch_case(
            id_,
            DepartmentId("水务局"),
            Decision(by=DISPATCHER, at=city.later(minutes=5)),
            profile=city.profile,
            uow=city.uow,
        )


def test_somebody_of_another_district_does_not_find_the_case(city: City) -> None:
    id_ = city.reported()
    stranger = making.Person(
        id=making.PersonId("x"), name="外区", roles=frozenset({Role.COLLECTOR}), area="110101"
    )

    with pytest.raises(CaseNotFound):
        casework.confirm_case(
            id_, Decision(by=stranger, at=city.later(minutes=1)), profile=city.profile, uow=city.uow
        )


def test_a_limit_is_extended_as_often_as_the_city_says_and_no_more(city: City) -> None:
    id_ = city.handling()
    due = [city.case(id_).clocks[Stage.HANDLING].due_at]
    for _ in range(city.profile.casework.extensions):
        city.ask_extension(id_)
        granting.extend_case(
            id_,
            Decision(by=DISPATCHER, at=city.later(minutes=1), note="等材料"),
            profile=city.profile,
            uow=city.uow,
        )
        due.append(city.case(id_).clocks[Stage.HANDLING].due_at)

    city.ask_extension(id_)
    with pytest.raises(ExtensionRefused):
        granting.extend_case(
            id_,
            Decision(by=DISPATCHER, at=city.later(minutes=1), note="再等"),
            profile=city.profile,
            uow=city.uow,
        )

    assert due[1] == city.after(city.limits(id_).handling, due[0])
    assert city.tasks(id_, TaskKind.HANDLE)[0].due_at == due[-1]


def test_an_overdue_limit_is_not_extended(city: City) -> None:
    id_ = city.handling()
    city.ask_extension(id_)
    city.later(days=10)

    with pytest.raises(ExtensionRefused, match="超期"):
        granting.extend_case(
            id_,
            Decision(by=DISPATCHER, at=city.now, note="晚了"),
            profile=city.profile,
            uow=city.uow,
        )


def test_a_suspended_case_keeps_what_was_left_of_its_limit(city: City) -> None:
    id_ = city.handling()
    left = city.case(id_).clocks[Stage.HANDLING].due_at - city.now
    city.suspend(id_, city.now + timedelta(days=21))
    city.later(days=14)

    granting.resume_case(
        id_, Decision(by=DISPATCHER, at=city.now), profile=city.profile, uow=city.uow
    )

    assert city.case(id_).clocks[Stage.HANDLING].due_at - city.now == left
    with pytest.raises(SuspensionRefused):
        city.suspend(id_, city.now + timedelta(days=2))


def test_a_suspension_beyond_what_the_city_allows_is_refused(city: City) -> None:
    id_ = city.handling()

    most = city.profile.casework.suspension_days
    with pytest.raises(SuspensionRefused, match=f"{most} 天"):
        city.suspend(id_, city.now + timedelta(days=most + 1))


def test_a_closed_case_cannot_be_dispatched(city: City) -> None:
    id_ = city.handled()
    city.approve(id_)

    with pytest.raises(IllegalTransition, match="已结案"):
        casework.dispatch_case(
            id_,
            city.department,
            Decision(by=DISPATCHER, at=city.later(minutes=1)),
            profile=city.profile,
            uow=city.uow,
        )


def test_a_case_written_off_is_closed_and_leaves_nothing_to_do(city: City) -> None:
    id_ = city.handling()

    casework.write_off_case(
        id_,
        Decision(
            by=SUPERVISOR,
            at=city.later(hours=1),
            note="道路整体改造",
            code=city.reason(Action.WRITE_OFF),
        ),
        profile=city.profile,
        uow=city.uow,
    )

    assert city.case(id_).status is Status.CLOSED
    assert city.tasks(id_, TaskKind.HANDLE) == []


def test_a_reopened_case_is_dispatched_anew(city: City) -> None:
    id_ = city.handled()
    city.approve(id_)
    city.show_now(id_)

    casework.reopen_case(
        id_,
        Decision(by=SUPERVISOR, at=city.later(days=1), note="市民反映仍未修好"),
        profile=city.profile,
        uow=city.uow,
    )

    case = city.case(id_)
    assert case.status is Status.FILED
    assert case.clocks[Stage.DISPATCH].runs
    assert case.ended_at is None


def test_a_merged_case_names_the_one_that_goes_on(city: City) -> None:
    kept = city.reported()
    twin = city.take_up(city.see("2"))
    assert twin is not None

    casework.merge_case(
        twin.id,
        kept,
        Decision(by=SUPERVISOR, at=city.later(minutes=1), note="同一处坑槽"),
        uow=city.uow,
    )

    assert city.case(twin.id).status is Status.VOID
    assert city.case(twin.id).merged_into == kept


def test_where_nobody_is_responsible_the_case_waits_for_a_dispatcher(city: City) -> None:
    seen = city.see()
    lost = replace(seen, place=replace(seen.place, latitude=31.0))
    with city.uow as uow:
        uow.problems.save(lost)
        uow.commit()
    case = city.take_up(lost)
    assert case is not None

    city.file(city.confirm(case.id))

    stands = city.case(case.id)
    assert stands.status is Status.FILED
    assert stands.grid is None
    assert "请派遣员指定部门" in stands.history[-1].note


def test_where_filing_is_left_to_people_a_confirmed_case_waits_for_the_supervisor(
    city: City,
) -> None:
    city.profile = automated(city.profile, file=False, dispatch=False)
    id_ = city.confirmed()
    assert city.case(id_).status is Status.CONFIRMED

    casework.file_case(
        id_, Decision(by=SUPERVISOR, at=city.later(minutes=1)), profile=city.profile, uow=city.uow
    )

    assert city.case(id_).status is Status.FILED


def test_a_person_without_a_part_in_the_loop_changes_nothing(city: City) -> None:
    id_ = city.reported()
    evaluator = person("考核员", Role.EVALUATOR)

    with pytest.raises(NotYourStep):
        casework.remark_case(
            id_, Decision(by=evaluator, at=city.later(minutes=1), note="看看"), uow=city.uow
        )
