"""What devices send becomes observations, problems and cases, and every message is answered."""

import json
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

import pytest

from dispatch import wire
from dispatch.case.photo import Photo, PhotoPurpose
from dispatch.case.transition import Status
from dispatch.city.profile import Profile
from dispatch.devices.device import Device
from dispatch.ids import CaseId, PersonId, PhotoId, ProblemId
from dispatch.intake import intake
from dispatch.intake.acceptance import BatchTooLarge
from dispatch.missing import StaleCase
from dispatch.ports.unit_of_work import CaseFilter, UnitOfWork
from dispatch.store.memory import MemoryStore, MemoryUnitOfWork
from dispatch.wire import ReceiptStatus
from tests.dispatch import making, taking
from tests.dispatch.city import CITIES, city_of
from tests.dispatch.making import NOON, minutes
from tests.dispatch.stores import POSTGRES, begun

Begin = Callable[[], UnitOfWork]
LATER = NOON + minutes(5)
ACCEPTED, KNOWN = ReceiptStatus.ACCEPTED, ReceiptStatus.KNOWN
SUPERSEDED, CONFLICT = ReceiptStatus.SUPERSEDED, ReceiptStatus.CONFLICT
QUARANTINED = ReceiptStatus.QUARANTINED


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Ask every store about the demonstration city, and memory alone about the others."""
    others = [("memory", name) for name in CITIES if name != "demo"]
    if "begin" in metafunc.fixturenames:
        postgres = pytest.param(("postgres", "demo"), marks=POSTGRES)
        pairs = [("memory", "demo"), ("sqlite", "demo"), postgres, *others]
        metafunc.parametrize("stored", pairs, ids="-".join)
    elif "profile" in metafunc.fixturenames:
        metafunc.parametrize("stored", [("memory", "demo"), *others], ids=lambda pair: pair[1])


@pytest.fixture
def begin(stored: tuple[str, str], request: pytest.FixtureRequest) -> Iterator[Begin]:
    """What begins a transaction on an empty store."""
    with begun(stored[0], request) as what_begins:
        yield what_begins


@pytest.fixture
def profile(stored: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> Profile:
    """A city that ships, with everything that is made lying about its usual place."""
    city = city_of(stored[1])
    monkeypatch.setattr(making, "LATITUDE", city.where[0])
    monkeypatch.setattr(making, "LONGITUDE", city.where[1])
    return city.profile


@pytest.fixture
def memory() -> Begin:
    return MemoryStore().unit_of_work


def raw(message: wire.Message) -> object:
    return json.loads(wire.canonical_bytes(message))


def send(
    begin: Begin, profile: Profile, *messages: object, device: str = "vehicle-07"
) -> wire.Receipts:
    bodies = [
        raw(each) if isinstance(each, wire.Wire) else each  # type: ignore[arg-type]  # a message
        for each in messages
    ]
    return taking.take_messages(bodies, device=device, at=LATER, uow=begin(), profile=profile)


def statuses(receipts: wire.Receipts) -> list[ReceiptStatus]:
    return [each.status for each in receipts.receipts]


def cases(begin: Begin) -> Sequence[object]:
    with begin() as uow:
        return uow.cases.find(CaseFilter(), limit=99)


def test_an_empty_batch_is_answered_with_nothing(begin: Begin, profile: Profile) -> None:
    answer = send(begin, profile)

    assert answer == wire.Receipts(receipts=(), evidence_wanted=())


def test_a_first_finding_becomes_an_observation_a_problem_and_a_case(
    begin: Begin, profile: Profile
) -> None:
    found = making.finding()

    answer = send(begin, profile, found)

    assert statuses(answer) == [ACCEPTED]
    assert answer.evidence_wanted == (found.evidence[0].sha256,)
    with begin() as uow:
        observation = uow.observations.get(found.id)
        assert observation is not None
        assert observation.finding == found
        assert observation.problem is not None
        problem = uow.problems.get(observation.problem)
        assert problem.observations == (found.id,)
        [case] = uow.cases.of_problem(problem.id)
        assert case.grid == observation.grid
        assert profile.grids.get(case.grid) is not None


def test_the_same_message_again_is_known_and_changes_nothing(
    begin: Begin, profile: Profile
) -> None:
    found, ground = making.finding(), making.sweep(last=False)
    send(begin, profile, found, ground)

    answer = send(begin, profile, found, ground, found)

    assert statuses(answer) == [KNOWN, KNOWN, KNOWN]
    assert answer.evidence_wanted == (found.evidence[0].sha256,)
    assert len(cases(begin)) == 1
    with begin() as uow:
        assert len(uow.observations.of_pass(found.pass_id)) == 1


def test_a_higher_revision_takes_the_place_of_a_lower_one(begin: Begin, profile: Profile) -> None:
    send(begin, profile, making.finding(), making.sweep())
    revised = making.finding(revision=1, where=making.position(north_m=1.0))
    ground = making.sweep(revision=1)

    answer = send(begin, profile, revised, ground, making.finding(), making.sweep())

    assert statuses(answer) == [ACCEPTED, ACCEPTED, SUPERSEDED, SUPERSEDED]
    assert len(cases(begin)) == 1
    with begin() as uow:
        [kept] = uow.observations.of_pass(revised.pass_id)
        assert kept.finding == revised
        assert kept.problem is not None
        assert uow.problems.get(kept.problem).place.latitude == pytest.approx(
            revised.position.latitude  # type: ignore[union-attr]  # it has one
        )


def test_another_body_under_the_same_revision_is_kept_apart_and_does_not_replace_the_first(
    begin: Begin, profile: Profile
) -> None:
    first, other = making.finding(score=0.7), making.finding(score=0.8)
    send(begin, profile, first)

    answer = send(begin, profile, other)

    assert statuses(answer) == [CONFLICT]
    assert "修订号" in (answer.receipts[0].reason or "")
    with begin() as uow:
        kept = uow.observations.get(first.id)
        assert kept is not None
        assert kept.finding == first
        [apart] = uow.quarantine.latest(limit=9)
        assert json.loads(apart.body) == raw(other)


BROKEN: list[object] = [
    None,
    7,
    "finding",
    [],
    {},
    {"kind": "finding"},
    {"kind": "wish"},
    {"kind": "finding", "id": 12, "revision": "x"},
]


@pytest.mark.parametrize("broken", BROKEN, ids=repr)
def test_what_cannot_be_understood_is_kept_with_a_reason_and_holds_up_nothing(
    memory: Begin, profile: Profile, broken: object
) -> None:
    answer = send(memory, profile, broken, making.finding())

    assert statuses(answer) == [QUARANTINED, ACCEPTED]
    assert "报文不合格式" in (answer.receipts[0].reason or "")
    with memory() as uow:
        [apart] = uow.quarantine.latest(limit=9)
        assert json.loads(apart.body) == broken


def test_words_that_no_database_takes_do_not_hold_up_the_rest(
    begin: Begin, profile: Profile
) -> None:
    poison = {"kind": "a\0b\ud800", "c\0d": "\udfff", "id": "\0\ud800"}
    extra = {**raw(making.finding("2")), "e\0\ud800": 1}  # type: ignore[dict-item]  # a message

    answer = send(begin, profile, poison, extra, making.finding())

    assert statuses(answer) == [QUARANTINED, QUARANTINED, ACCEPTED]
    with begin() as uow:
        assert len(uow.quarantine.latest(limit=9)) == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("latitude", math.nan),
        ("latitude", 91.0),
        ("longitude", math.inf),
        ("latitude", None),
        ("latitude", 45.0),
    ],
)
def test_an_impossible_position_is_kept_apart(
    memory: Begin, profile: Profile, field: str, value: float | None
) -> None:
    body = raw(making.finding())
    assert isinstance(body, dict)
    body["position"][field] = value

    answer = send(memory, profile, body)

    assert statuses(answer) == [QUARANTINED]
    assert answer.evidence_wanted == ()
    assert cases(memory) == []
    with memory() as uow:
        assert len(uow.quarantine.latest(limit=9)) == 1


def test_what_was_quarantined_and_comes_again_is_kept_once(begin: Begin, profile: Profile) -> None:
    send(begin, profile, {"kind": "wish"})

    answer = send(begin, profile, {"kind": "wish"})

    assert statuses(answer) == [QUARANTINED]
    with begin() as uow:
        assert len(uow.quarantine.latest(limit=9)) == 1


def test_a_device_cannot_speak_for_another(begin: Begin, profile: Profile) -> None:
    answer = send(begin, profile, making.finding(), device="vehicle-08")

    assert statuses(answer) == [QUARANTINED]
    assert "vehicle-08" in (answer.receipts[0].reason or "")
    assert cases(begin) == []


def test_a_finding_without_a_position_waits_for_a_person(begin: Begin, profile: Profile) -> None:
    lost = making.without_position(making.finding())

    answer = send(begin, profile, lost, making.sweep())

    assert statuses(answer) == [ACCEPTED, ACCEPTED]
    assert cases(begin) == []
    with begin() as uow:
        [waiting] = uow.observations.without_place(limit=9)
        assert waiting.finding == lost
        assert waiting.problem is None


def test_a_known_problem_seen_again_gets_no_second_case(begin: Begin, profile: Profile) -> None:
    send(begin, profile, making.finding(), making.sweep())

    again = making.finding(pass_id="vehicle-07:2", where=making.position(north_m=1.5))
    answer = send(begin, profile, again)

    assert statuses(answer) == [ACCEPTED]
    assert len(cases(begin)) == 1
    with begin() as uow:
        one = uow.observations.get(again.id)
        assert one is not None
        assert one.problem is not None
        assert len(uow.problems.get(one.problem).observations) == 2


COVER = "road.manhole_missing"


def seen_live_beside_a_known_one(
    begin: Begin, profile: Profile, *, label: str = "road.crack"
) -> wire.Finding:
    """A pass on its way finds something 10 m from what is known; its errors allow for less."""
    send(begin, profile, making.finding(label=label), making.sweep())
    beside = making.finding(
        pass_id="vehicle-07:2",
        at=NOON + minutes(1),
        label=label,
        where=making.position(north_m=10.0),
    )
    assert statuses(send(begin, profile, beside)) == [ACCEPTED]
    return beside


def test_what_may_yet_prove_to_be_a_known_problem_waits_for_its_pass_to_end(
    begin: Begin, profile: Profile
) -> None:
    beside = seen_live_beside_a_known_one(begin, profile)
    while_driving = len(cases(begin))
    better = making.position(north_m=1.0)
    send(begin, profile, beside.model_copy(update={"revision": 1, "position": better}))
    send(begin, profile, making.sweep(pass_id="vehicle-07:2", at=NOON + minutes(1)))

    assert while_driving == 1
    assert len(cases(begin)) == 1


def test_what_stays_a_problem_of_its_own_gets_its_case_when_its_pass_ends(
    begin: Begin, profile: Profile
) -> None:
    beside = seen_live_beside_a_known_one(begin, profile)
    again = making.finding(
        "2",
        pass_id="vehicle-07:2",
        at=NOON + minutes(2),
        label=beside.label,
        where=beside.position,
    )
    send(begin, profile, again)
    while_driving = len(cases(begin))

    send(begin, profile, making.sweep(pass_id="vehicle-07:2", at=NOON + minutes(1)))

    assert while_driving == 1
    assert len(cases(begin)) == 2


def test_what_two_passes_see_waits_for_neither(begin: Begin, profile: Profile) -> None:
    beside = seen_live_beside_a_known_one(begin, profile)

    third = making.finding(
        pass_id="vehicle-07:3",
        at=NOON + minutes(2),
        label=beside.label,
        where=beside.position,
    )
    send(begin, profile, third)

    assert len(cases(begin)) == 2


def test_a_hazard_beside_a_known_one_waits_for_nothing(begin: Begin, profile: Profile) -> None:
    seen_live_beside_a_known_one(begin, profile, label=COVER)

    assert len(cases(begin)) == 2


def test_what_waits_for_a_pass_that_never_ends_gets_its_case_after_an_hour(
    begin: Begin, profile: Profile
) -> None:
    seen_live_beside_a_known_one(begin, profile)

    def look(at: datetime) -> int:
        return intake.end_silent(at=at, uow=begin(), profile=profile)

    assert look(LATER + intake.SILENT) == 0
    assert len(cases(begin)) == 1
    assert look(LATER + intake.SILENT + minutes(1)) == 1
    assert len(cases(begin)) == 2
    assert look(LATER + intake.SILENT + minutes(2)) == 0


def test_two_things_two_streets_apart_are_two_problems(begin: Begin, profile: Profile) -> None:
    there = making.finding("2", where=making.position(north_m=60.0))

    send(begin, profile, making.finding("1"), there)

    assert len(cases(begin)) == 2


def test_two_things_side_by_side_in_the_same_frames_stay_two(
    begin: Begin, profile: Profile
) -> None:
    beside = making.finding("2", where=making.position(north_m=4.0))

    send(begin, profile, making.finding("1"), beside, making.sweep())

    with begin() as uow:
        problems = {one.problem for one in uow.observations.of_pass("vehicle-07:1")}
        assert len(problems) == 2


def test_what_arrived_as_two_and_proves_one_has_its_unfiled_cases_merged(
    begin: Begin, profile: Profile
) -> None:
    """A hazard has its case at once, and then the second drive corrects where it was."""
    one = making.finding("1", label=COVER, where=making.position(shared_m2=4.0))
    two = making.finding(
        "1",
        pass_id="vehicle-07:2",
        at=NOON + minutes(1),
        label=COVER,
        where=making.position(north_m=10.0),
    )
    send(begin, profile, one, two)
    before = len(cases(begin))
    revised = two.model_copy(update={"revision": 1, "position": making.position(north_m=1.0)})

    send(begin, profile, revised)

    assert before == 2
    with begin() as uow:
        found = uow.cases.find(CaseFilter(), limit=9)
        assert sorted(case.is_open for case in found) == [False, True]
        ended = next(case for case in found if not case.is_open)
        assert ended.status is Status.VOID
        assert ended.merged_into == next(case.id for case in found if case.is_open)
        assert len({case.problem for case in found}) == 1
        assert uow.tasks.of_case(ended.id)[0].ended_at is not None


def test_a_pass_is_judged_when_it_has_ended_and_again_whenever_something_new_of_it_comes(
    memory: Begin, profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[str] = []
    monkeypatch.setattr(intake, "judge_handled", lambda pass_id, **_: judged.append(pass_id))

    send(memory, profile, making.finding())
    assert judged == []
    send(memory, profile, making.sweep())
    assert judged == ["vehicle-07:1"]
    send(memory, profile, making.sweep())
    assert judged == ["vehicle-07:1"]
    send(memory, profile, making.finding("late"))
    assert judged == ["vehicle-07:1"] * 2


def test_a_photo_comes_back_from_the_vision_worker(begin: Begin, profile: Profile) -> None:
    case = making.case()
    photo = Photo(
        id=PhotoId("0192f3aa-5b1c-4d2e-9f00-3c5d7e8f9a10"),
        case=CaseId(case.id),
        purpose=PhotoPurpose.AFTER,
        by=PersonId("wang"),
        taken_at=NOON,
        sha256="f" * 64,
    )
    with begin() as uow:
        uow.cases.add(case)
        uow.photos.save(photo)
        uow.commit()
    result = wire.PhotoResult(
        id=wire.message_id(NOON, "photo-worker-1", "p1"),
        device="photo-worker-1",
        photo=photo.id,
        looked_at=NOON,
        model=making.MODEL,
        readable=True,
        seen={"road.pothole": 0.04},
        same_place=0.9,
        evidence=making.finding().evidence,
    )
    unknown = result.model_copy(update={"photo": "0" * 36})

    answer = send(begin, profile, result, unknown, result, device="photo-worker-1")

    assert statuses(answer) == [ACCEPTED, QUARANTINED, KNOWN]
    assert answer.evidence_wanted == (result.evidence[0].sha256,)
    with begin() as uow:
        assert uow.photos.get(photo.id).result == result
        assert uow.photos.unseen(limit=9) == []


def test_the_latest_heartbeat_is_kept(begin: Begin, profile: Profile) -> None:
    device = Device(id="vehicle-07", name="7 号车", public_key=b"k" * 32, registered_at=NOON)
    with begin() as uow:
        uow.devices.save(device)
        uow.commit()
    beats = [making.heartbeat(str(n), at=NOON + minutes(n)) for n in range(3)]

    answer = send(begin, profile, beats[1], beats[2], beats[0], beats[2])

    assert statuses(answer) == [ACCEPTED, ACCEPTED, SUPERSEDED, KNOWN]
    with begin() as uow:
        kept = uow.devices.get("vehicle-07")
        assert kept is not None
        assert kept.last_heartbeat == beats[2]


def test_a_heartbeat_from_the_future_hides_none_that_comes_after_the_clock_was_set(
    begin: Begin, profile: Profile
) -> None:
    device = Device(id="vehicle-07", name="7 号车", public_key=b"k" * 32, registered_at=NOON)
    with begin() as uow:
        uow.devices.save(device)
        uow.commit()
    wrong, right = making.heartbeat("1", at=NOON + minutes(90_000)), making.heartbeat("2")

    answer = send(begin, profile, wrong, right)

    assert statuses(answer) == [ACCEPTED, ACCEPTED]
    with begin() as uow:
        kept = uow.devices.get("vehicle-07")
        assert kept is not None
        assert kept.last_heartbeat == right
        assert kept.heard_at is not None
        assert kept.heard_at < NOON + minutes(90_000)


def test_evidence_that_arrived_is_not_asked_for_again(begin: Begin, profile: Profile) -> None:
    found = making.finding()
    with begin() as uow:
        uow.evidence.received(found.evidence[0].sha256, at=NOON)
        uow.commit()

    assert send(begin, profile, found).evidence_wanted == ()


def test_more_messages_than_a_batch_holds_are_refused(memory: Begin, profile: Profile) -> None:
    with pytest.raises(BatchTooLarge, match="501"):
        send(memory, profile, *[{}] * 501)


class _Contested(MemoryUnitOfWork):
    """A store where somebody else decides on the case first, a few times."""

    def __init__(self, store: MemoryStore, times: list[int]) -> None:
        super().__init__(store)
        self._times = times

    def commit(self) -> None:
        if self._times[0] > 0:
            self._times[0] -= 1
            raise StaleCase("c")
        super().commit()


def test_what_was_accepted_waits_in_line_while_its_case_is_being_decided_on(
    profile: Profile,
) -> None:
    store = MemoryStore()
    bodies, begin = [raw(making.finding())], store.unit_of_work
    taking.accept(bodies, device="vehicle-07", at=LATER, uow=begin(), profile=profile)

    with pytest.raises(StaleCase):
        taking.drain(at=LATER, uow=_Contested(store, [1]), profile=profile)

    assert cases(begin) == []
    with begin() as uow:
        assert uow.arrivals.backlog().waiting == 1
    taking.drain(at=LATER, uow=begin(), profile=profile)
    assert len(cases(begin)) == 1


def test_a_case_that_was_filed_is_not_merged_without_a_person(
    memory: Begin, profile: Profile
) -> None:
    from dispatch.case.step import Decision
    from dispatch.loop.rekeying import move_cases

    kept, moved = making.case("p1"), making.case("p2")
    decision = Decision(by=making.SUPERVISOR, at=NOON, note="达到立案条件")
    for case in (kept, moved):
        case.file(decision, clocks=[making.clock()])
    with memory() as uow:
        uow.cases.add(kept)
        uow.cases.add(moved)
        move_cases(ProblemId("p2"), ProblemId("p1"), at=LATER, uow=uow)
        uow.commit()

    with memory() as uow:
        found = uow.cases.get(moved.id)
    assert found.problem == "p1"
    assert found.status is Status.FILED
    assert found.history[-1].grounds == {"proposes": "merge", "into": kept.id}


def test_a_revision_that_loses_its_position_leaves_the_case_to_people(
    begin: Begin, profile: Profile
) -> None:
    send(begin, profile, making.finding())
    lost = making.without_position(making.finding(revision=1))

    answer = send(begin, profile, lost)

    assert statuses(answer) == [ACCEPTED]
    assert len(cases(begin)) == 1
    with begin() as uow:
        assert [one.finding for one in uow.observations.without_place(limit=9)] == [lost]
        assert replace(uow.observations.without_place(limit=9)[0]).problem is None
