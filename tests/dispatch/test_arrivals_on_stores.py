"""The line of what was accepted, of whatever store: memory, SQLite and PostgreSQL alike."""

import gzip
import json
from collections.abc import Callable

import pytest

from dispatch import intake, wire
from dispatch.arrival import Arrival, Mail
from dispatch.place import cells_near
from dispatch.ports import UnitOfWork
from dispatch.profile import Profile
from tests.dispatch import making, taking
from tests.dispatch.making import NOON, minutes

Begin = Callable[[], UnitOfWork]
LATER = NOON + minutes(5)
DEVICE = "vehicle-07"


def mail(*messages: wire.Message, at: int = 0, device: str = DEVICE) -> Mail:
    bodies = [json.loads(wire.canonical_bytes(each)) for each in messages]
    return Mail(
        device=device,
        received_at=NOON + minutes(at),
        packed=gzip.compress(json.dumps({"messages": bodies}).encode()),
        places={place: each.id for place, each in enumerate(messages)},
    )


def put_in_line(begin: Begin, *batches: Mail) -> None:
    with begin() as uow:
        for each in batches:
            uow.arrivals.add(each)
        uow.commit()


def line(begin: Begin, *, limit: int = 99) -> list[Arrival]:
    with begin() as uow:
        return list(uow.arrivals.first(limit=limit))


def names(arrivals: list[Arrival]) -> list[str]:
    return [each.raw["id"] for each in arrivals if isinstance(each.raw, dict)]


def accept(begin: Begin, profile: Profile, *messages: wire.Message) -> list[str]:
    bodies = [json.loads(wire.canonical_bytes(each)) for each in messages]
    answer = taking.accept(bodies, device=DEVICE, at=LATER, uow=begin(), profile=profile)
    return [each.status.value for each in answer.receipts]


def test_nothing_waits_in_an_empty_line(begin: Begin) -> None:
    with begin() as uow:
        assert uow.arrivals.first(limit=9) == []
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
        uow.arrivals.remove(uow.arrivals.first(limit=1))
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
        found = uow.arrivals.waiting({first.id})

    assert [each.raw["revision"] for each in found if isinstance(each.raw, dict)] == [0, 1]


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


def test_an_end_of_a_pass_does_not_overtake_its_findings(begin: Begin, profile: Profile) -> None:
    accept(
        begin, profile, making.finding("1"), making.finding("2", where=making.position(north_m=3))
    )
    accept(begin, profile, making.sweep())

    for _ in range(2):
        told = intake.drain(
            at=LATER, uow=begin(), profile=profile, recalls=taking.certain_recall, limit=2
        )
        with begin() as uow:
            ended = uow.sweeps.has_ended("vehicle-07:1")
            known = len(uow.observations.of_pass("vehicle-07:1"))
        assert (told, ended, known) in {(2, False, 2), (1, True, 2)}

    with begin() as uow:
        assert uow.sweeps.has_ended("vehicle-07:1")


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

    apart = intake.set_apart_first(uow=begin())

    assert apart is not None
    assert names(line(begin)) == [two.id]
    with begin() as uow:
        (kept,) = uow.quarantine.latest(limit=9)
    assert wire.MESSAGE.validate_json(kept.body) == one
    assert intake.set_apart_first(uow=begin()) is not None
    assert intake.set_apart_first(uow=begin()) is None
