"""The line of what was accepted, of whatever store: memory, SQLite and PostgreSQL alike."""

import gzip
import json
from collections.abc import Callable

import pytest

from dispatch import wire
from dispatch.city.profile import Profile
from dispatch.ground.place import cells_near
from dispatch.intake import intake
from dispatch.ports.unit_of_work import CaseFilter, UnitOfWork
from dispatch.sights.arrival import Arrival, Mail
from tests.dispatch import making, taking
from tests.dispatch.making import NOON, minutes

Begin = Callable[[], UnitOfWork]
LATER = NOON + minutes(5)
DEVICE = "vehicle-07"
HAZARD, OTHER = "road.manhole_missing", "road.crack"


def mail(
    *messages: wire.Message,
    at: int = 0,
    device: str = DEVICE,
    hastened: frozenset[str] = frozenset(),
) -> Mail:
    bodies = [json.loads(wire.canonical_bytes(each)) for each in messages]
    return Mail(
        device=device,
        received_at=NOON + minutes(at),
        packed=gzip.compress(json.dumps({"messages": bodies}).encode()),
        places={place: each.id for place, each in enumerate(messages)},
        hazards=frozenset(
            place
            for place, each in enumerate(messages)
            if isinstance(each, wire.Finding) and each.label == HAZARD
        ),
        hastened=hastened,
    )


def found(
    name: str, label: str = OTHER, *, revision: int = 0, north_m: float = 0.0
) -> wire.Finding:
    where = making.position(north_m=north_m)
    return making.finding(name, label=label, revision=revision, where=where)


def put_in_line(begin: Begin, *batches: Mail) -> None:
    with begin() as uow:
        uow.arrivals.add(batches)
        uow.commit()


def line(begin: Begin, *, hazards: bool = False, limit: int = 99) -> list[Arrival]:
    with begin() as uow:
        return list(uow.arrivals.first(hazards=hazards, limit=limit))


def names(arrivals: list[Arrival]) -> list[str]:
    return [each.raw["id"] for each in arrivals if isinstance(each.raw, dict)]


def accept(begin: Begin, profile: Profile, *messages: wire.Message) -> list[str]:
    bodies = [json.loads(wire.canonical_bytes(each)) for each in messages]
    answer = taking.accept(bodies, device=DEVICE, at=LATER, uow=begin(), profile=profile)
    return [each.status.value for each in answer.receipts]


def test_nothing_waits_in_an_empty_line(begin: Begin) -> None:
    with begin() as uow:
        assert uow.arrivals.first(hazards=True, limit=9) == []
        assert uow.arrivals.first(hazards=False, limit=9) == []
        assert uow.arrivals.beside([]) == []
        assert uow.arrivals.waiting({"x"}) == []
        assert uow.arrivals.backlog().waiting == 0
        assert uow.arrivals.backlog().age_s(LATER) == 0.0


def test_what_waits_comes_in_its_order_and_as_it_came(begin: Begin) -> None:
    one, two, three = (making.finding(name) for name in ("1", "2", "3"))
    put_in_line(begin, mail(two, one), mail(three, at=1))

    assert names(line(begin)) == [two.id, one.id, three.id]
    assert names(line(begin, limit=2)) == [two.id, one.id]
    first = line(begin)[0]
    assert wire.MESSAGE.validate_python(first.raw) == two
    assert (first.device, first.received_at) == (DEVICE, NOON)
    with begin() as uow:
        assert uow.arrivals.backlog().waiting == 3
        assert uow.arrivals.backlog().age_s(LATER) == 300.0


def test_what_was_told_leaves_the_line_and_the_rest_of_its_batch_stays(begin: Begin) -> None:
    one, two = making.finding("1"), making.finding("2")
    put_in_line(begin, mail(one, two))

    with begin() as uow:
        uow.arrivals.remove(uow.arrivals.first(hazards=False, limit=1))
        uow.commit()
    left = line(begin)
    with begin() as uow:
        uow.arrivals.remove(left)
        uow.commit()

    assert names(left) == [two.id]
    assert line(begin) == []
    with begin() as uow:
        assert uow.arrivals.backlog().oldest_at is None


def test_an_id_may_wait_in_several_revisions(begin: Begin) -> None:
    first, second = making.finding("1"), making.finding("1", revision=1)
    put_in_line(begin, mail(first), mail(second), mail(making.finding("2")))

    with begin() as uow:
        waiting = uow.arrivals.waiting({first.id})

    assert [each.raw["revision"] for each in waiting if isinstance(each.raw, dict)] == [0, 1]


def test_what_waits_is_answered_like_what_was_told(begin: Begin, profile: Profile) -> None:
    finding, sweep = making.finding(revision=1), making.sweep()
    other = finding.model_copy(update={"score": 0.5})
    newer = finding.model_copy(update={"revision": 2})

    before = accept(begin, profile, finding, sweep)
    answers = accept(begin, profile, finding, sweep, other, making.finding(), newer)
    taking.drain(at=LATER, uow=begin(), profile=profile)
    again = accept(begin, profile, newer, sweep)

    assert before == ["accepted", "accepted"]
    assert answers == ["known", "known", "conflict", "superseded", "accepted"]
    assert again == ["known", "known"]
    assert line(begin) == []


def drained(begin: Begin, profile: Profile, *, hazards: bool, limit: int = 99) -> int:
    return intake.drain(
        hazards=hazards,
        at=LATER,
        uow=begin(),
        profile=profile,
        recalls=taking.certain_recall,
        limit=limit,
    )


def test_a_hazard_goes_before_all_that_waits_and_nothing_that_came_after_it_before_it(
    begin: Begin,
) -> None:
    before, cover, rock, after = found("1"), found("2", HAZARD), found("3", HAZARD), found("4")
    put_in_line(begin, mail(before, cover, after), mail(rock, making.sweep(), at=1))

    assert names(line(begin, hazards=True)) == [cover.id, rock.id]
    assert names(line(begin, hazards=True, limit=1)) == [cover.id]
    assert names(line(begin)) == [before.id]
    with begin() as uow:
        (first,) = uow.arrivals.first(hazards=True, limit=1)
        assert names(list(uow.arrivals.beside([first]))) == [before.id, after.id]
        uow.arrivals.remove([first])
        uow.commit()
    assert names(line(begin)) == [before.id, after.id]


def test_an_earlier_revision_is_told_before_the_hazard_that_it_became(
    begin: Begin, profile: Profile
) -> None:
    crack, cover = found("1"), found("1", HAZARD, revision=1)
    accept(begin, profile, crack, found("2"))
    accept(begin, profile, cover)

    told = line(begin, hazards=True)

    assert [each.raw["revision"] for each in told if isinstance(each.raw, dict)] == [0, 1]
    assert names(told) == [crack.id, cover.id]


@pytest.mark.parametrize("limit", [1, 2])
def test_an_end_of_a_pass_does_not_overtake_its_findings(
    begin: Begin, profile: Profile, limit: int
) -> None:
    accept(begin, profile, found("1"), found("2", HAZARD, north_m=3), found("3", north_m=30))
    accept(begin, profile, found("4", HAZARD, north_m=60), making.sweep())

    known = []
    while any(drained(begin, profile, hazards=each, limit=limit) for each in (True, False)):
        with begin() as uow:
            known.append(len(uow.observations.of_pass("vehicle-07:1")))
            assert not uow.sweeps.has_ended("vehicle-07:1") or known[-1] == 4

    assert known[-1] == 4
    with begin() as uow:
        assert uow.sweeps.has_ended("vehicle-07:1")


def test_a_hazard_has_its_case_while_what_came_before_it_waits(
    begin: Begin, profile: Profile
) -> None:
    accept(begin, profile, *(found(str(number), north_m=5.0 * number) for number in range(9)))
    accept(begin, profile, found("cover", HAZARD, north_m=99))

    drained(begin, profile, hazards=True)

    with begin() as uow:
        (case,) = uow.cases.find(CaseFilter(), limit=9)
        assert case.category.label == HAZARD
        assert uow.arrivals.backlog().waiting == 9


def test_a_hazard_far_from_what_came_with_it_is_kept_apart_although_it_is_told_first(
    begin: Begin, profile: Profile
) -> None:
    elsewhere = [found(str(number), north_m=-5_500.0 - number) for number in range(4)]
    put_in_line(begin, mail(*elsewhere, found("cover", HAZARD)))

    drained(begin, profile, hazards=True)

    with begin() as uow:
        (apart,) = uow.quarantine.latest(limit=9)
        assert "5 km" in apart.reason_en
        assert uow.cases.find(CaseFilter(), limit=9) == []


def test_two_processes_that_accept_one_finding_at_once_make_one_case_of_it(
    begin: Begin, profile: Profile
) -> None:
    finding = making.finding()
    put_in_line(begin, mail(finding), mail(finding))

    taking.drain(at=LATER, uow=begin(), profile=profile)

    with begin() as uow:
        cells = cells_near(making.place().cell, radius_m=50.0)
        assert [each.observations for each in uow.problems.near(cells)] == [(finding.id,)]
        assert uow.quarantine.latest(limit=9) == []


@pytest.mark.parametrize("raw", [{}, {"kind": "finding", "v": 2}, making.heartbeat().model_dump()])
def test_what_this_software_does_not_understand_any_more_is_kept_apart(
    begin: Begin, profile: Profile, raw: object
) -> None:
    packed = gzip.compress(json.dumps({"messages": [raw]}, default=str).encode())
    put_in_line(begin, Mail(device=DEVICE, received_at=NOON, packed=packed, places={0: "x"}))

    taking.drain(at=LATER, uow=begin(), profile=profile)

    with begin() as uow:
        (apart,) = uow.quarantine.latest(limit=9)
        assert (apart.device, apart.received_at) == (DEVICE, NOON)
        assert uow.arrivals.backlog().waiting == 0


def test_what_intake_fails_on_can_be_set_apart_whole(begin: Begin) -> None:
    one, two = making.finding("1"), making.finding("2")
    put_in_line(begin, mail(one, two))

    apart = intake.set_apart_first(hazards=False, uow=begin())

    assert apart is not None
    assert names(line(begin)) == [two.id]
    with begin() as uow:
        (kept,) = uow.quarantine.latest(limit=9)
    assert wire.MESSAGE.validate_json(kept.body) == one
    assert intake.set_apart_first(hazards=False, uow=begin()) is not None
    assert intake.set_apart_first(hazards=False, uow=begin()) is None
    assert intake.set_apart_first(hazards=True, uow=begin()) is None
