"""What casework may rely on, of whatever store: memory, SQLite and PostgreSQL alike."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from dispatch import wire
from dispatch.case import audit
from dispatch.case.case import Corrected
from dispatch.case.photo import Photo, PhotoPurpose
from dispatch.case.step import Decision
from dispatch.case.task import TaskKind
from dispatch.case.transition import Status
from dispatch.devices.device import Device, DeviceKind, Invitation, Quarantined
from dispatch.ids import (
    CaseId,
    DepartmentId,
    ObservationId,
    PersonId,
    PhotoId,
    ProblemId,
    TaskId,
)
from dispatch.missing import (
    CaseNotFound,
    NotFound,
    PersonNotFound,
    PhotoNotFound,
    StaleCase,
    TaskNotFound,
)
from dispatch.people.account import Account, Session
from dispatch.people.people import MACHINE, Person, Role
from dispatch.ports.unit_of_work import (
    CaseFilter,
    Question,
    Tally,
    UnitOfWork,
)
from dispatch.sights.problem import Gist
from dispatch.sights.swept import lookup_cells
from dispatch.wire import Covariance
from tests.dispatch import making
from tests.dispatch.chained import last_head
from tests.dispatch.city import COLLECTOR
from tests.dispatch.making import NOON, minutes

Begin = Callable[[], UnitOfWork]


def keep(begin: Begin, *cases: object) -> None:
    with begin() as uow:
        for case in cases:
            uow.cases.add(case)
        uow.commit()


def supervised(at: int = 0) -> Decision:
    return Decision(by=making.SUPERVISOR, at=NOON + timedelta(minutes=at), note="核对无误")


def test_what_was_not_committed_never_was(begin: Begin) -> None:
    with begin() as uow:
        uow.cases.add(making.case())
        uow.problems.save(making.problem())

    with begin() as uow:
        assert uow.cases.find(CaseFilter(), limit=9) == []
        with pytest.raises(NotFound):
            uow.problems.get(ProblemId("p1"))


def test_what_was_rolled_back_never_was_and_the_work_can_go_on(begin: Begin) -> None:
    with begin() as uow:
        uow.cases.add(making.case("p1"))
        uow.rollback()
        uow.cases.add(making.case("p2"))
        uow.commit()

    with begin() as uow:
        assert [case.problem for case in uow.cases.find(CaseFilter(), limit=9)] == ["p2"]


def test_a_case_comes_back_as_it_was_with_its_history_sealed(begin: Begin) -> None:
    first = making.case(at=NOON - minutes(600))
    case = making.case(recurs=first)
    case.file(supervised(), clocks=[making.clock()])
    keep(begin, first, case)

    with begin() as uow:
        found = uow.cases.get(case.id)

    assert found == case
    audit.verify_chain((step.record(), step.seal) for step in found.history)


def test_a_changed_case_is_kept_with_its_new_steps_and_a_higher_version(begin: Begin) -> None:
    keep(begin, making.case())
    with begin() as uow:
        case = uow.cases.find(CaseFilter(), limit=1)[0]
        case.file(supervised(), clocks=[making.clock()])
        uow.cases.save(case)
        case.remark(supervised(1))
        uow.cases.save(case)
        uow.commit()

    with begin() as uow:
        found = uow.cases.get(case.id)

    assert found == case
    assert (found.version, len(found.history)) == (2, 3)


def test_of_two_people_who_decide_at_once_the_second_is_told(begin: Begin) -> None:
    case = making.case()
    keep(begin, case)
    with begin() as uow:
        slow = uow.cases.get(case.id)
    with begin() as uow:
        fast = uow.cases.get(case.id)
        fast.confirm(supervised())
        uow.cases.save(fast)
        uow.commit()

    slow.void(supervised())

    with begin() as uow, pytest.raises(StaleCase):
        uow.cases.save(slow)
    with begin() as uow:
        assert uow.cases.get(case.id).status is Status.CONFIRMED


def test_what_is_not_there_is_said_to_be_missing(begin: Begin) -> None:
    with begin() as uow:
        with pytest.raises(CaseNotFound):
            uow.cases.get(CaseId("x"))
        with pytest.raises(TaskNotFound):
            uow.tasks.get(TaskId("x"))
        with pytest.raises(PersonNotFound):
            uow.people.get(PersonId("x"))
        with pytest.raises(PhotoNotFound):
            uow.photos.get(PhotoId("x"))
        with pytest.raises(StaleCase):
            uow.cases.save(making.case())
        assert uow.observations.get("x") is None
        assert uow.sweeps.get("x") is None
        assert uow.devices.get("x") is None
        assert uow.accounts.by_name("x") is None
        assert uow.accounts.session("x") is None


def test_cases_are_found_by_what_they_are_and_where_they_lie(begin: Begin) -> None:
    here, there = making.case("p1"), making.case("p2", grid="999902001001001", north_m=500.0)
    nowhere = making.case("p3", at=NOON + minutes(1), grid=None)
    there.confirm(supervised())
    keep(begin, here, there, nowhere)

    def found(**wanted: object) -> set[str]:
        with begin() as uow:
            return {case.problem for case in uow.cases.find(CaseFilter(**wanted), limit=9)}

    assert found() == {"p1", "p2", "p3"}
    assert found(area="999901") == {"p1"}
    assert found(area="9999") == {"p1", "p2"}
    assert found(statuses=frozenset({Status.CONFIRMED})) == {"p2"}
    assert found(statuses=frozenset()) == set()
    assert found(label="road.pothole") == {"p1", "p2", "p3"}
    assert found(label="road.crack") == set()
    assert found(department=DepartmentId("roads")) == set()
    assert found(cells=frozenset({there.cell})) == {"p2"}
    with begin() as uow:
        assert uow.cases.count_ended(CaseFilter(), most=9) == {Status.CLOSED: 0, Status.VOID: 0}


def test_a_long_list_of_cases_is_leafed_through_from_the_newest(begin: Begin) -> None:
    keep(begin, *(making.case(f"p{n}", at=NOON + minutes(n)) for n in range(5)))

    with begin() as uow:
        first = uow.cases.find(CaseFilter(), limit=2)
        second = uow.cases.find(CaseFilter(), limit=2, after=first[-1].id)
        third = uow.cases.find(CaseFilter(), limit=2, after=second[-1].id)

    assert [case.problem for case in (*first, *second, *third)] == ["p4", "p3", "p2", "p1", "p0"]


def test_the_clock_is_given_what_rings_and_nothing_else(begin: Begin) -> None:
    late, early, silent = (making.case(f"p{n}", at=NOON + minutes(n)) for n in range(3))
    late.file(supervised(5), clocks=[making.clock(at=NOON + minutes(60))])
    early.file(supervised(5), clocks=[making.clock(at=NOON + minutes(30))])
    keep(begin, late, early, silent)

    with begin() as uow:
        assert uow.cases.ringing(NOON + minutes(109), limit=9) == []
        ringing = uow.cases.ringing(NOON + minutes(140), limit=9)
        first = uow.cases.ringing(NOON + minutes(140), limit=1)

    assert [case.problem for case in ringing] == ["p1", "p0"]
    assert [case.problem for case in first] == ["p1"]


def test_a_period_is_touched_by_what_was_open_in_it(begin: Begin) -> None:
    before, over, after = (making.case(f"p{n}", at=NOON + minutes(60 * n)) for n in range(3))
    before.refute(supervised(10))
    before.remark(supervised(600))
    over.refute(supervised(90))
    keep(begin, before, over, after)

    with begin() as uow:
        touched = list(uow.cases.touching(NOON + minutes(30), NOON + minutes(120)))
        later = list(uow.cases.touching(NOON + minutes(100), NOON + minutes(600)))

    assert [case.problem for case in touched] == ["p1"]
    assert [case.problem for case in later] == ["p2"]


def test_a_problems_cases_are_told_from_the_oldest(begin: Begin) -> None:
    first = making.case(at=NOON)
    again = making.case(at=NOON + minutes(60), recurs=first)
    keep(begin, first, again, making.case("other"))

    with begin() as uow:
        cases = uow.cases.of_problem(ProblemId("p1"))

    assert cases == [first, again]


def test_the_newest_case_of_each_problem_is_told_with_its_status(begin: Begin) -> None:
    first = making.case("p1", at=NOON)
    first.refute(supervised())
    again = making.case("p1", at=NOON + minutes(60), recurs=first)
    keep(begin, first, again, making.case("p2"))

    with begin() as uow:
        newest = uow.cases.newest({ProblemId("p1"), ProblemId("p3")})
        none = uow.cases.newest(())

    assert newest == {"p1": (again.id, Status.REPORTED)}
    assert none == {}


def test_the_case_that_goes_on_is_told_over_all_merges(begin: Begin) -> None:
    last, middle, first = (making.case(f"p{n}") for n in range(3))
    for case, into in ((first, middle), (middle, last)):
        case.merge(into.id, supervised(1))
    keep(begin, last, middle, first)

    with begin() as uow:
        found = uow.cases.going_on([first.id, last.id])
        none = uow.cases.going_on([])

    assert found == {first.id: (last.id, Status.REPORTED), last.id: (last.id, Status.REPORTED)}
    assert none == {}


def test_cases_that_wait_for_somebody_are_told_from_those_that_do_not(begin: Begin) -> None:
    waiting, done, other = (making.case(f"p{n}") for n in range(3))
    ended = making.task(done)
    ended.end(by=PersonId("wang"), at=NOON)
    keep(begin, waiting, done, other)
    with begin() as uow:
        for task in (making.task(waiting), ended, making.task(other, kind=TaskKind.CHECK)):
            uow.tasks.add(task)
        uow.commit()

    with begin() as uow:
        cases = {waiting.id, done.id, other.id}
        assert uow.tasks.waiting(cases, kind=TaskKind.CONFIRM) == {waiting.id}
        assert uow.tasks.waiting((), kind=TaskKind.CONFIRM) == frozenset()


def test_a_person_is_shown_the_open_tasks_that_fit_them(begin: Begin) -> None:
    near, far = making.case("p1"), making.case("p2", grid="888801001001001")
    collector = Person(
        id=PersonId("wang"), name="王", roles=frozenset({Role.COLLECTOR}), area="999901"
    )
    taken = replace(making.task(near, kind=TaskKind.CHECK), person=PersonId("zhao"), due_at=None)
    done = making.task(far)
    done.end(by=collector.id, at=NOON)
    other = replace(making.task(near, role=Role.HANDLER), id=TaskId("t3"))
    other.department = DepartmentId("roads")
    tasks = [making.task(near), taken, done, other]
    keep(begin, near, far)
    with begin() as uow:
        for task in tasks:
            uow.tasks.add(task)
        uow.commit()

    with begin() as uow:
        fitting = uow.tasks.open_for(collector, limit=9)
        everybodys = uow.tasks.open_for(replace(collector, id=PersonId("zhao"), area=""), limit=9)
        of_case = uow.tasks.of_case(near.id)

    assert fitting == [tasks[0]]
    assert everybodys == [tasks[0], taken]
    assert {task.id for task in of_case} == {tasks[0].id, taken.id, other.id}


def test_tasks_come_by_their_own_deadline_whenever_and_for_whatever_they_were_made(
    begin: Begin,
) -> None:
    case = making.case("p1")
    kinds = (TaskKind.CHECK, TaskKind.CONFIRM, TaskKind.CHECK, TaskKind.CONFIRM)
    due = (30, 20, None, 10)
    tasks = [
        replace(
            making.task(case, kind=kind),
            id=TaskId(f"t{n}"),
            made_at=NOON + minutes(n),
            due_at=None if at is None else NOON + minutes(at),
        )
        for n, (kind, at) in enumerate(zip(kinds, due, strict=True))
    ]
    keep(begin, case)
    with begin() as uow:
        for task in tasks:
            uow.tasks.add(task)
        uow.commit()

    with begin() as uow:
        fitting = uow.tasks.open_for(COLLECTOR, limit=3)
        of_all = uow.tasks.open_for(COLLECTOR, limit=9)

    assert [task.id for task in fitting] == ["t3", "t1", "t0"]
    assert [task.id for task in of_all] == ["t3", "t1", "t0", "t2"]


def test_of_two_who_take_a_task_at_once_the_second_is_told(begin: Begin) -> None:
    case = making.case()
    keep(begin, case)
    with begin() as uow:
        uow.tasks.add(making.task(case))
        uow.commit()
    with begin() as uow:
        slow = uow.tasks.of_case(case.id)[0]
    with begin() as uow:
        fast = uow.tasks.of_case(case.id)[0]
        fast.give(PersonId("wang"))
        uow.tasks.save(fast)
        uow.commit()

    slow.give(PersonId("zhao"))

    with begin() as uow, pytest.raises(StaleCase):
        uow.tasks.save(slow)
    with begin() as uow:
        assert uow.tasks.get(slow.id) == fast


def test_the_problem_map_comes_back_as_it_was(begin: Begin) -> None:
    here, there = making.problem("p1"), making.problem("p2", north_m=900.0)
    with begin() as uow:
        uow.problems.save(replace(here, passes=1))
        uow.problems.save(there)
        uow.problems.save(here)
        uow.commit()

    with begin() as uow:
        near = uow.problems.near({here.place.cell})
        both = uow.problems.near({here.place.cell, there.place.cell})
        none = uow.problems.near(set())
        assert uow.problems.known({"p2", "p1", "p3"}) == [here, there]
        assert not uow.problems.known(())
        uow.problems.remove(here.id)
        uow.commit()

    assert (near, both, none) == ([here], [here, there], [])
    with begin() as uow:
        assert uow.problems.near({here.place.cell}) == []


def test_a_problem_is_kept_with_what_its_gist_holds(begin: Begin) -> None:
    plain = making.problem("p1")
    sights = tuple(ObservationId(f"o{number}") for number in range(9))
    gist = Gist(
        key="gist o6",
        until=NOON,
        sights=7,
        passes=7,
        place=plain.place,
        shared=Covariance(ee=1.0, en=0.0, nn=1.0),
        probabilities=plain.probabilities,
        first_seen_at=NOON,
        last_seen_at=NOON,
        sizes=(),
        unseen=(),
        pixels_per_metre=None,
    )
    problem = replace(plain, observations=sights, gist=gist)
    with begin() as uow:
        uow.problems.save(problem)
        uow.problems.save(making.problem("p2"))
        uow.commit()

    with begin() as uow:
        assert uow.problems.get(problem.id) == problem
        assert uow.problems.known({"p1", "p2"}) == [problem, making.problem("p2")]


def test_observations_are_found_by_place_pass_and_problem_in_the_order_of_time(
    begin: Begin,
) -> None:
    problem = making.problem("p1")
    late = making.observation(making.finding("late", at=NOON + minutes(9)), problem="p1")
    early = replace(
        making.observation(making.finding("early", pass_id="vehicle-07:0"), problem="p1"),
        condensed=True,
    )
    lost = making.observation(making.without_position(making.finding("lost")))
    with begin() as uow:
        uow.problems.save(problem)
        for each in (late, early, lost):
            uow.observations.save(each)
        uow.commit()

    with begin() as uow:
        assert uow.observations.of_problem(ProblemId("p1")) == [early, late]
        assert uow.observations.near({early.cell}, condensed=True) == [early, late]
        assert uow.observations.near({early.cell}, condensed=False) == [late]
        of = {problem.id, ProblemId("p2")}
        assert uow.observations.of_problems(of) == {problem.id: [early, late]}
        assert uow.observations.of_problems(of, condensed=False) == {problem.id: [late]}
        assert uow.observations.of_problems(of, besides={late.id}) == {problem.id: [early]}
        assert uow.observations.of_problems(of, condensed=False, besides={late.id}) == {}
        assert uow.observations.of_pass("vehicle-07:1") == [lost, late]
        during = (NOON + minutes(1), NOON + minutes(9))
        assert uow.observations.of_pass("vehicle-07:1", during=during) == [late]
        assert set(uow.observations.cells_of_pass("vehicle-07:1")) == {late.cell}
        near = uow.observations.near({early.cell}, condensed=True, besides={early.finding.label})
        assert near == []
        labels = {early.finding.label, "road.crack"}
        in_time = uow.observations.near_in_time({early.cell}, labels=labels, during=during)
        assert in_time == [late]
        others = uow.observations.near_in_time({early.cell}, labels={"x.y"}, during=during)
        assert others == []
        assert uow.observations.without_place(limit=9) == [lost]
        assert uow.observations.known({late.id, "x"}) == {late.id: late}
        assert uow.observations.get(late.id) == late


def test_what_an_observation_is_a_sight_of_is_told_anew_without_touching_what_it_says(
    begin: Begin,
) -> None:
    first, second = making.observation(making.finding("1")), making.observation(making.finding("2"))
    told = [
        replace(first, problem=ProblemId("p1"), settled=True, condensed=True),
        replace(second, problem=None),
    ]
    with begin() as uow:
        uow.problems.save(making.problem("p1"))
        uow.observations.save(first)
        uow.observations.save(replace(second, problem=ProblemId("p1")))
        uow.commit()

    with begin() as uow:
        uow.observations.relink(told)
        uow.observations.relink([])
        uow.commit()

    with begin() as uow:
        assert uow.observations.known({first.id, second.id}) == {each.id: each for each in told}


def test_a_revised_observation_stands_in_the_place_of_the_first(begin: Begin) -> None:
    first = making.observation(making.finding())
    revised = making.observation(making.finding(revision=1, score=0.8))
    with begin() as uow:
        uow.observations.save(first)
        uow.observations.save(revised)
        uow.commit()

    with begin() as uow:
        assert uow.observations.of_pass("vehicle-07:1") == [revised]


def test_the_sweeps_over_a_place_are_found_by_its_cell(begin: Begin) -> None:
    second = making.sweep(stretch=1, at=NOON + minutes(1))
    first = making.sweep(stretch=0, last=False)
    with begin() as uow:
        for sweep in (second, first, first.model_copy(update={"revision": 1})):
            uow.sweeps.save(sweep)
        uow.commit()

    with begin() as uow:
        assert uow.sweeps.has_ended("vehicle-07:1")
        assert not uow.sweeps.has_ended("vehicle-07:2")
        over = uow.sweeps.near({making.place().cell})
        elsewhere = uow.sweeps.near({making.place(north_m=2000.0).cell})
        of_pass = uow.sweeps.of_pass("vehicle-07:1")
        revised = uow.sweeps.get(first.id)
        cells = uow.sweeps.cells_of_pass("vehicle-07:1")
        here = {making.place().cell}
        newest = uow.sweeps.near(here, latest=1)
        until = uow.sweeps.near(here, until=first.started_at, latest=9)
        after = uow.sweeps.near(here, after=first.started_at)

    assert [sweep.stretch for sweep in (*newest, *until, *after)] == [1, 0, 1]
    assert set(cells) == lookup_cells(first) | lookup_cells(second)
    assert len(cells) == len(set(cells))
    assert [sweep.stretch for sweep in over] == [0, 1]
    assert elsewhere == []
    assert of_pass == over
    assert revised is not None
    assert revised.revision == 1


def test_ground_that_a_revised_sweep_takes_back_is_not_found_any_more(begin: Begin) -> None:
    sweep = making.sweep()
    with begin() as uow:
        uow.sweeps.save(sweep)
        taken_back = {"revision": 1, "inspected": (), "hidden": ()}
        uow.sweeps.save(sweep.model_copy(update=taken_back))
        uow.commit()

    with begin() as uow:
        assert uow.sweeps.near({making.place().cell}) == []


def test_evidence_is_missing_until_its_bytes_arrive(begin: Begin) -> None:
    with begin() as uow:
        uow.evidence.received("b" * 64, at=NOON)
        uow.evidence.received("b" * 64, at=NOON + minutes(1))
        uow.commit()

    with begin() as uow:
        assert uow.evidence.missing(["c" * 64, "b" * 64, "a" * 64, "a" * 64]) == [
            "a" * 64,
            "c" * 64,
        ]
        assert uow.evidence.missing([]) == []


def test_a_photo_waits_for_the_vision_worker_and_keeps_its_result(begin: Begin) -> None:
    case = making.case()
    photo = Photo(
        id=PhotoId("0192f3aa-5b1c-4d2e-9f00-3c5d7e8f9a10"),
        case=case.id,
        purpose=PhotoPurpose.AFTER,
        by=PersonId("wang"),
        taken_at=NOON,
        sha256="f" * 64,
    )
    result = wire.PhotoResult(
        id=wire.message_id(NOON, "worker", "1"),
        device="photo-worker-1",
        photo=photo.id,
        looked_at=NOON,
        model=making.MODEL,
        readable=False,
        refused="模糊 / blurred",
    )
    keep(begin, case)
    with begin() as uow:
        uow.photos.save(photo)
        uow.commit()

    with begin() as uow:
        unseen = uow.photos.unseen(limit=9)
        uow.photos.save(replace(photo, result=result))
        uow.commit()

    assert unseen == [photo]
    with begin() as uow:
        assert uow.photos.unseen(limit=9) == []
        assert uow.photos.of_case(case.id) == [uow.photos.get(photo.id)]
        assert uow.photos.of_cases({case.id, "another"}) == [uow.photos.get(photo.id)]
        assert uow.photos.of_cases(()) == []
        assert uow.photos.of_content(photo.sha256) == [uow.photos.get(photo.id)]
        assert uow.photos.of_content("0" * 64) == []
        assert uow.photos.get(photo.id).result == result


def test_merged_cases_are_found_by_what_goes_on_and_by_where_they_lay(begin: Begin) -> None:
    kept, twin = making.case("p1"), making.case("p2")
    twin.merge(kept.id, supervised())
    keep(begin, kept, twin)

    with begin() as uow:
        assert [case.id for case in uow.cases.merged_into([kept.id])] == [twin.id]
        assert uow.cases.merged_into([twin.id]) == []
        assert [case.id for case in uow.cases.merged_near([twin.cell])] == [twin.id]
        assert uow.cases.merged_near([twin.cell + 1]) == []


def test_cases_that_people_corrected_are_found_by_class_and_place(begin: Begin) -> None:
    plain, corrected = making.case("p1"), making.case("p2")
    to = Corrected(
        category=corrected.category,
        severity=None,
        place=corrected.place,
        grid=corrected.grid,
        grid_share=1.0,
    )
    corrected.correct(to, supervised(), clocks=())
    keep(begin, plain, corrected)
    cells, label = {corrected.cell}, str(corrected.category.label)

    with begin() as uow:
        found = uow.cases.corrected_near(cells, labels={label})
        assert [case.id for case in found] == [corrected.id]
        assert uow.cases.corrected_near(cells, labels={"road.dragon"}) == []
        assert uow.cases.corrected_near({corrected.cell + 1}, labels={label}) == []


def test_photos_that_look_alike_are_found_by_what_they_look_like_now(begin: Begin) -> None:
    case = making.case()
    photo = making.photo("1", case.id, imprint="0f" * 126)
    other = making.photo("2", case.id, imprint="00" * 126)
    keep(begin, case)
    with begin() as uow:
        uow.photos.save(photo)
        uow.photos.save(other)
        uow.commit()

    with begin() as uow:
        assert uow.photos.with_keys(photo.keys) == [photo]
        assert uow.photos.with_keys(photo.keys | other.keys) == [photo, other]
        assert uow.photos.with_keys(frozenset()) == []
        revised = making.photo("1", case.id, imprint="ff" * 126)
        uow.photos.save(revised)
        uow.commit()
    with begin() as uow:
        assert uow.photos.with_keys(photo.keys) == []
        assert uow.photos.with_keys(revised.keys) == [revised]


def test_people_accounts_and_sessions_come_back_as_they_were(begin: Begin) -> None:
    account = Account(
        name="li", person=PersonId("li"), password_hash="$argon2id$…", failures=2, locked_until=NOON
    )
    session = Session(
        token_sha256="a" * 64,
        person=PersonId("li"),
        started_at=NOON,
        expires_at=NOON + timedelta(hours=12),
    )
    handler = Person(
        id=PersonId("zhao"),
        name="赵",
        roles=frozenset({Role.HANDLER}),
        department=DepartmentId("roads"),
        active=False,
    )
    with begin() as uow:
        for person in (handler, making.SUPERVISOR, MACHINE):
            uow.people.save(person)
        uow.accounts.save(replace(account, failures=0))
        uow.accounts.save(account)
        uow.accounts.save_session(session)
        uow.commit()

    with begin() as uow:
        assert uow.people.all() == [making.SUPERVISOR, MACHINE, handler]
        assert uow.people.get(handler.id) == handler
        assert uow.accounts.by_name("li") == account
        assert uow.accounts.session("a" * 64) == session
        uow.accounts.end_session("a" * 64)
        assert uow.accounts.session("a" * 64) is None


def test_a_device_comes_back_with_its_key_and_its_last_heartbeat(begin: Begin) -> None:
    device = Device(
        id="vehicle-07",
        name="7 号巡检车",
        public_key=bytes(range(32)),
        registered_at=NOON,
        kind=DeviceKind.DRONE,
        revoked_at=NOON + minutes(9),
        last_heartbeat=making.heartbeat(),
        heard_at=NOON + minutes(4),
    )
    with begin() as uow:
        uow.devices.save(replace(device, last_heartbeat=None))
        uow.devices.save(device)
        uow.commit()

    with begin() as uow:
        assert uow.devices.all() == [device]
        assert uow.devices.get("vehicle-07") == device


def test_an_invitation_is_good_once_and_not_for_ever(begin: Begin) -> None:
    invitation = Invitation(
        code_sha256="c" * 64,
        device="vehicle-08",
        name="8 号车",
        expires_at=NOON + minutes(15),
        kind=DeviceKind.VISION,
    )
    with begin() as uow:
        uow.devices.invite(invitation)
        uow.devices.invite(replace(invitation, code_sha256="d" * 64))
        uow.commit()

    with begin() as uow:
        assert uow.devices.redeem("d" * 64, at=NOON + minutes(15)) is None
        assert uow.devices.redeem("c" * 64, at=NOON) == invitation
        assert uow.devices.redeem("c" * 64, at=NOON) is None


def test_a_nonce_is_spent_once_until_it_is_forgotten(begin: Begin) -> None:
    with begin() as uow:
        spent, other = ("vehicle-07", "n" * 22), ("vehicle-08", "n" * 22)
        assert uow.devices.spend_nonces([], at=NOON) == set()
        assert uow.devices.spend_nonces([spent], at=NOON) == {spent}
        assert uow.devices.spend_nonces([spent, other], at=NOON + minutes(5)) == {other}
        assert uow.devices.spend_nonces([spent, spent], at=NOON + minutes(60)) == set()
        uow.devices.forget_nonces(before=NOON + minutes(5))
        assert uow.devices.spend_nonces([spent, spent, other], at=NOON + minutes(61)) == {spent}


def test_what_was_put_into_quarantine_stays_as_it_came_first(begin: Begin) -> None:
    entry = Quarantined(
        id="q1",
        device="vehicle-07",
        received_at=NOON,
        reason_zh="看不懂",
        reason_en="not understood",
        body='{"kind": 7}',
    )
    with begin() as uow:
        uow.quarantine.add(entry)
        uow.quarantine.add(replace(entry, received_at=NOON + minutes(1)))
        uow.quarantine.add(replace(entry, id="q2", received_at=NOON + minutes(2)))
        uow.commit()

    with begin() as uow:
        assert [each.id for each in uow.quarantine.latest(limit=9)] == ["q2", "q1"]
        assert uow.quarantine.latest(limit=9)[1] == entry
        assert len(uow.quarantine.latest(limit=1)) == 1


def test_verdicts_are_counted_for_each_class_and_whom_it_is_about(begin: Begin) -> None:
    asked = {"label": "road.pothole", "who": "roads"}
    with begin() as uow:
        for answer in (True, True, False):
            uow.verdicts.add(Question.DONE_FALSE, **asked, answer=answer)
        uow.commit()

    with begin() as uow:
        assert uow.verdicts.count(Question.DONE_FALSE, **asked) == Tally(yes=2, no=1)
        assert uow.verdicts.count(Question.FIND_TRUE, **asked) == Tally()


@pytest.mark.parametrize("change", [{"status": Status.CLOSED}, {"suspended_until": NOON}])
def test_sql_refuses_a_case_whose_status_and_dates_disagree(
    sqlite_url: str, change: dict[str, object]
) -> None:
    from sqlalchemy import update

    from dispatch.store.engine import open_database
    from dispatch.store.sql import SqlUnitOfWork
    from dispatch.store.tables import CASES

    engine = open_database(sqlite_url)
    with SqlUnitOfWork(engine) as uow:
        uow.cases.add(making.case())
        uow.commit()

    with engine.begin() as connection, pytest.raises(IntegrityError):
        connection.execute(update(CASES).values(change))
    engine.dispose()


def test_every_step_and_picture_enters_the_ledger_and_its_chain_holds(begin: Begin) -> None:
    case = making.case()
    with begin() as uow:
        uow.cases.add(case)
        uow.evidence.received("a" * 64, at=NOON)
        uow.commit()
    with begin() as uow:
        changed = uow.cases.get(case.id)
        changed.confirm(supervised(1))
        uow.cases.save(changed)
        uow.evidence.received("a" * 64, at=NOON)
        uow.commit()

    with begin() as uow:
        entries = list(uow.ledger.entries())

    assert [(each.number, each.kind, each.subject) for each in entries] == [
        (1, "step", f"{case.id}:1"),
        (2, "evidence", "a" * 64),
        (3, "step", f"{case.id}:2"),
    ]
    assert last_head(entries) == entries[-1].head


def test_what_was_rolled_back_leaves_no_gap_in_the_ledger(begin: Begin) -> None:
    with begin() as uow:
        uow.cases.add(making.case("p1"))
        uow.rollback()
        uow.cases.add(making.case("p2"))
        uow.commit()

    with begin() as uow:
        entries = list(uow.ledger.entries())

    assert len(entries) == 1
    last_head(entries)
