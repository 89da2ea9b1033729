"""A report of the wrong class or place is put right before it is filed, and everything follows."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from dispatch import wire
from dispatch.case.case import Case
from dispatch.case.step import Decision
from dispatch.case.task import TaskKind
from dispatch.case.transition import Action, IllegalTransition, NotYourStep, ReasonMissing, Status
from dispatch.clocks.clock import Stage
from dispatch.clocks.period import Window
from dispatch.figures.evaluation import select_facts
from dispatch.ground.reported_place import from_pin
from dispatch.ids import CaseId, PhotoId
from dispatch.indicators.formula import Kind, Part, Test
from dispatch.intake.reporting import report_problem
from dispatch.loop import casework
from dispatch.loop.correcting import (
    Correction,
    NoSuchClass,
    NothingCorrected,
    OutsideYourArea,
    correct_case,
)
from dispatch.loop.handed_in import HandedIn, OutsideCity
from dispatch.missing import StaleCase
from dispatch.people.people import Person, Role
from dispatch.ports.unit_of_work import Question
from tests.dispatch.city import (
    COLLECTOR,
    DISPATCHER,
    SUPERVISOR,
    WORKER,
    City,
    automated,
    demo_profile,
    person,
)

ACCEPTOR = person("受理员小郑", Role.ACCEPTOR)
BESIDE = 0.002
"""Degrees of longitude that lead into another grid."""


@pytest.fixture
def city() -> City:
    return City()


def correct(
    city: City,
    id_: CaseId,
    *,
    label: str | None = None,
    east: float | None = None,
    by: Person = COLLECTOR,
    note: str = "是裂缝，不是坑槽",
    seen: int | None = None,
) -> None:
    latitude, longitude = city.where
    position = None if east is None else from_pin(latitude, longitude + east)
    correct_case(
        id_,
        Correction(label=label, position=position),
        Decision(by=by, at=city.later(minutes=5), note=note, seen=seen),
        profile=city.profile,
        uow=city.uow,
    )


def test_a_corrected_class_brings_its_severity_its_limits_and_its_department(city: City) -> None:
    id_ = city.reported()

    correct(city, id_, label="sanitation.garbage_pile")
    city.confirm(id_)

    case = city.case(id_)
    step = case.last(Action.CORRECT)
    assert step is not None
    assert (case.category.label, case.severity) == ("sanitation.garbage_pile", None)
    assert case.clocks[Stage.HANDLING].limit.written == "4工作时"
    assert case.department == "sanitation"
    assert step.grounds["why_zh"] == "类别由“道路破损(坑槽)”改为“暴露垃圾”"
    assert step.note == "是裂缝，不是坑槽"


def test_what_was_another_class_counts_as_a_false_find_of_the_model(city: City) -> None:
    id_ = city.reported()

    correct(city, id_, label="road.crack")
    city.confirm(id_)

    with city.uow as uow:
        said = uow.verdicts.count(Question.FIND_TRUE, label="road.pothole", who="street-n 0.1.0")
        never = uow.verdicts.count(Question.FIND_TRUE, label="road.crack", who="street-n 0.1.0")
    assert (said.yes, said.no) == (0, 1)
    assert (never.yes, never.no) == (0, 0)


def test_later_passes_look_for_it_as_the_model_saw_it(city: City) -> None:
    id_ = city.reported()

    correct(city, id_, label="road.crack")

    assert city.case(id_).category.detected == "road.pothole"


def test_a_corrected_place_moves_the_case_and_its_task_to_the_grid_it_lies_in(city: City) -> None:
    id_ = city.reported()
    before = city.case(id_)

    correct(city, id_, east=BESIDE, note="在路口东侧")

    after = city.case(id_)
    (task,) = city.tasks(id_, TaskKind.CONFIRM)
    assert after.grid not in {None, before.grid}
    assert task.area == after.grid
    assert after.place.longitude == pytest.approx(city.where[1] + BESIDE)
    assert "位置移动" in str(after.history[-1].grounds["why_zh"])


def test_a_month_that_was_counted_keeps_the_class_that_was_said_then(city: City) -> None:
    id_ = city.reported()
    reported_at = city.case(id_).reported_at
    correct(city, id_, label="road.crack")
    city.later(days=1)
    part = Part(kind=Kind.REPORT, tests=(Test.IN_PERIOD,))

    def labels(until_minutes: float) -> list[str | None]:
        until = reported_at + timedelta(minutes=until_minutes)
        window = Window(start=reported_at, end=until, until=until)
        return [fact.label for _, fact in select_facts([city.case(id_)], part, window)]

    assert labels(1.0) == ["road.pothole"]
    assert labels(60.0) == ["road.crack"]


def test_a_case_given_back_to_filing_is_measured_by_the_limit_of_its_true_class(
    city: City,
) -> None:
    city = replace(city, profile=automated(demo_profile(), dispatch=False))
    id_ = city.filed()
    whole = city.case(id_).clocks[Stage.WHOLE]
    casework.return_case(
        id_, Decision(by=DISPATCHER, at=city.later(hours=1), note="应为裂缝"), uow=city.uow
    )

    correct(city, id_, label="road.crack", by=ACCEPTOR)

    now = city.case(id_).clocks[Stage.WHOLE]
    assert (whole.limit.written, now.limit.written) == ("5工作日", "10工作日")
    assert now.started_at == whole.started_at
    assert now.due_at > whole.due_at
    city.file(id_)
    assert city.case(id_).clocks[Stage.WHOLE].due_at == now.due_at


def test_the_machine_does_not_decide_on_what_a_person_put_right(city: City) -> None:
    id_ = city.reported()
    correct(city, id_, label="road.crack")
    for task in city.tasks(id_, TaskKind.CONFIRM):
        task.cancel(by=SUPERVISOR.id, at=city.now)
        with city.uow as uow:
            uow.tasks.save(task)
            uow.commit()

    city.later(hours=2)
    again = city.take_up(city.see("2", problem="problem-1", pass_id="vehicle-07:2"))

    assert again is not None
    assert (again.id, again.status) == (id_, Status.REPORTED)
    assert again.last(Action.FILE) is None


def test_nothing_is_corrected_without_a_reason_a_right_or_a_difference(city: City) -> None:
    id_ = city.reported()

    with pytest.raises(ReasonMissing):
        correct(city, id_, label="road.crack", note=" ")
    with pytest.raises(NotYourStep):
        correct(city, id_, label="road.crack", by=WORKER)
    with pytest.raises(NothingCorrected):
        correct(city, id_, label="road.pothole")
    with pytest.raises(NothingCorrected):
        correct(city, id_)
    with pytest.raises(NoSuchClass, match="列表"):
        correct(city, id_, label="road.dragon")
    with pytest.raises(OutsideCity):
        correct(city, id_, east=5.0)
    with pytest.raises(OutsideYourArea, match="受理员"):
        correct(city, id_, east=BESIDE, by=replace(COLLECTOR, area=str(city.case(id_).grid)))
    assert len(city.case(id_).history) == 1


def test_of_two_who_correct_at_once_one_is_told(city: City) -> None:
    id_ = city.reported()
    seen = city.case(id_).version
    correct(city, id_, label="road.crack", seen=seen)

    with pytest.raises(StaleCase, match="更正"):
        correct(city, id_, label="road.collapse", by=ACCEPTOR, seen=seen)


def test_what_is_dispatched_goes_back_before_it_is_corrected(city: City) -> None:
    id_ = city.dispatched()

    with pytest.raises(IllegalTransition):
        correct(city, id_, label="road.crack", by=SUPERVISOR)


def tally(city: City, label: str) -> tuple[int, int]:
    """Give how often the model was right and wrong where it said a label."""
    with city.uow as uow:
        said = uow.verdicts.count(Question.FIND_TRUE, label=label, who="street-n 0.1.0")
    return said.yes, said.no


def seen_as(city: City, label: str, *, name: str, pass_id: str) -> Case | None:
    city.later(hours=3)
    return city.take_up(city.see(name, label=label, pass_id=pass_id), pass_id=pass_id)


def corrected_to_crack(city: City) -> CaseId:
    id_ = city.reported()
    correct(city, id_, label="road.crack")
    return id_


@pytest.mark.parametrize("confirmed_first", [True, False])
def test_a_find_of_the_true_class_there_joins_the_corrected_case_and_counts_as_right(
    city: City, confirmed_first: bool
) -> None:
    id_ = corrected_to_crack(city)
    if confirmed_first:
        city.confirm(id_)

    joined = seen_as(city, "road.crack", name="2", pass_id="vehicle-07:2")
    again = seen_as(city, "road.crack", name="3", pass_id="vehicle-07:3")
    if not confirmed_first:
        city.confirm(id_)

    assert joined is not None
    assert again is not None
    assert joined.id == again.id == id_
    with city.uow as uow:
        merged = uow.cases.merged_into([id_])
    assert {each.status for each in merged} == {Status.VOID}
    assert "已由人更正" in merged[0].history[-1].note
    assert "归入本处" in " ".join(step.note for step in city.case(id_).history)
    assert (tally(city, "road.pothole"), tally(city, "road.crack")) == ((0, 1), (1, 0))


def test_a_find_of_the_old_class_there_stays_with_the_corrected_case(city: City) -> None:
    id_ = corrected_to_crack(city)
    city.later(hours=3)

    again = city.take_up(city.see("2", problem="problem-1", pass_id="vehicle-07:2"))

    assert again is not None
    assert (again.id, again.category.label) == (id_, "road.crack")


def test_a_find_of_the_true_class_far_off_or_beside_it_on_one_drive_is_another_case(
    city: City,
) -> None:
    id_ = corrected_to_crack(city)

    beside = seen_as(city, "road.crack", name="2", pass_id="vehicle-07:1")
    city.where = (city.where[0] + 0.0005, city.where[1])
    far_off = seen_as(city, "road.crack", name="3", pass_id="vehicle-07:3")

    assert beside is not None
    assert far_off is not None
    assert len({id_, beside.id, far_off.id}) == 3


def test_what_comes_back_under_the_wrong_class_begins_with_the_true_one_and_is_asked_about(
    city: City,
) -> None:
    id_ = corrected_to_crack(city)
    city.dispatch(id_)
    casework.accept_case(id_, Decision(by=city.worker, at=city.later(minutes=9)), uow=city.uow)
    city.finish(id_)
    city.approve(id_)
    city.later(days=3)

    back = city.take_up(city.see("2", problem="problem-1", pass_id="vehicle-07:9"))

    assert back is not None
    assert (back.recurs, back.category.label, back.category.detected) == (
        id_,
        "road.crack",
        "road.pothole",
    )
    assert city.tasks(back.id, TaskKind.CONFIRM)
    assert back.history[0].grounds["known_as"] == "road.pothole"
    city.confirm(back.id)
    assert (tally(city, "road.pothole"), tally(city, "road.crack")) == ((0, 2), (0, 0))


def test_a_person_who_reports_the_true_class_there_joins_the_corrected_case(city: City) -> None:
    id_ = corrected_to_crack(city)
    latitude, longitude = city.where
    told = wire.Report(
        id=wire.message_id(city.later(hours=1), "report", COLLECTOR.id),
        source=wire.Reporter.COLLECTOR,
        by=COLLECTOR.id,
        captured_at=city.now,
        label="road.crack",
        position=from_pin(latitude, longitude),
        placed_by=wire.Placing.PIN,
    )
    photo = HandedIn(id=PhotoId(str(UUID(int=1))), sha256="a" * 64, kind=wire.EvidenceKind.NEAR)

    def report() -> CaseId:
        return report_problem(
            told,
            [photo],
            by=COLLECTOR,
            at=city.now,
            profile=city.profile,
            uow=city.uow,
        ).case.id

    assert (report(), report()) == (id_, id_)
