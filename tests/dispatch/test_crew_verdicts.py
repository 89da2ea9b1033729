"""What a crew says of its finds is kept, can be changed, and is nobody else's word."""

import json
from collections.abc import Callable

from dispatch import wire
from dispatch.city.profile import Profile
from dispatch.ports.unit_of_work import Question, Tally, UnitOfWork
from dispatch.wire import ReceiptStatus
from tests.dispatch import making, taking
from tests.dispatch.making import NOON, minutes

Begin = Callable[[], UnitOfWork]
FOUND = making.finding()


def word(*, true: bool, revision: int = 0, device: str = "vehicle-07") -> wire.CrewVerdict:
    return wire.CrewVerdict(
        id=wire.crew_verdict_id(FOUND.id, captured_at=FOUND.captured_at, device=device),
        device=device,
        revision=revision,
        finding=FOUND.id,
        pass_id=FOUND.pass_id,
        said_at=NOON,
        true=true,
    )


def send(
    begin: Begin, profile: Profile, *messages: wire.Message, device: str = "vehicle-07"
) -> list[ReceiptStatus]:
    bodies = [json.loads(wire.canonical_bytes(each)) for each in messages]
    at = NOON + minutes(5)
    answer = taking.take_messages(bodies, device=device, at=at, uow=begin(), profile=profile)
    return [each.status for each in answer.receipts]


def kept(begin: Begin) -> wire.CrewVerdict | None:
    with begin() as uow:
        return uow.crew.get(FOUND.id)


def test_a_word_is_kept_once_however_often_it_comes(begin: Begin, profile: Profile) -> None:
    statuses = send(begin, profile, FOUND, word(true=False), word(true=False))

    assert statuses == [ReceiptStatus.ACCEPTED, ReceiptStatus.ACCEPTED, ReceiptStatus.KNOWN]
    assert kept(begin) == word(true=False)


def test_a_word_may_come_before_its_find(begin: Begin, profile: Profile) -> None:
    assert send(begin, profile, word(true=True)) == [ReceiptStatus.ACCEPTED]
    assert send(begin, profile, FOUND) == [ReceiptStatus.ACCEPTED]

    with begin() as uow:
        assert dict(uow.crew.known([FOUND.id, "another"])) == {FOUND.id: word(true=True)}


def test_who_thinks_better_of_it_is_believed_and_the_old_word_does_not_return(
    begin: Begin, profile: Profile
) -> None:
    better = word(true=True, revision=1)

    statuses = send(begin, profile, word(true=False), better, word(true=False))

    assert statuses[-1] is ReceiptStatus.SUPERSEDED
    assert kept(begin) == better


def test_a_crew_has_no_say_on_another_vehicles_find(begin: Begin, profile: Profile) -> None:
    send(begin, profile, FOUND)

    statuses = send(begin, profile, word(true=False, device="vehicle-08"), device="vehicle-08")

    assert statuses == [ReceiptStatus.QUARANTINED]
    assert kept(begin) is None


def test_a_crew_at_speed_does_not_move_the_counts_that_triage_learns_from(
    begin: Begin, profile: Profile
) -> None:
    send(begin, profile, FOUND, word(true=False))

    who = f"{FOUND.model.name} {FOUND.model.version}"
    with begin() as uow:
        assert uow.verdicts.count(Question.FIND_TRUE, label=FOUND.label, who=who) == Tally()
