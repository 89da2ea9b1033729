"""What waits at each stage, summed up alike by every store."""

from collections.abc import Callable
from datetime import timedelta

from dispatch.case.transition import Status
from dispatch.ports.unit_of_work import CaseFilter, Queue, UnitOfWork
from tests.dispatch import making
from tests.dispatch.city import City

Begin = Callable[[], UnitOfWork]
EVERYTHING = CaseFilter()


def test_nothing_waits_in_an_empty_city(begin: Begin) -> None:
    with begin() as uow:
        assert uow.cases.queues(EVERYTHING, now=making.NOON) == {}


def test_a_queue_tells_how_many_wait_since_when_and_how_many_are_late(begin: Begin) -> None:
    city = City(begin=begin)
    city.handling()

    with city.uow as uow:
        before = uow.cases.queues(EVERYTHING, now=city.now)
        after = uow.cases.queues(EVERYTHING, now=city.now + timedelta(days=20))

    (reported_at,) = {queue.oldest for queue in before.values()}
    assert before == {Status.HANDLING: Queue(count=1, oldest=reported_at, overdue=0)}
    assert after == {Status.HANDLING: Queue(count=1, oldest=reported_at, overdue=1)}


def test_what_has_ended_waits_in_no_queue(begin: Begin) -> None:
    city = City(begin=begin)
    city.approve(city.handled())

    with city.uow as uow:
        assert uow.cases.queues(EVERYTHING, now=city.now) == {}


def test_what_has_ended_is_counted_so_far_only(begin: Begin) -> None:
    city = City(begin=begin)
    city.approve(city.handled())

    with city.uow as uow:
        all_ = uow.cases.count_ended(EVERYTHING, most=9)
        none = uow.cases.count_ended(EVERYTHING, most=0)
        elsewhere = uow.cases.count_ended(CaseFilter(area="1234"), most=9)

    assert all_ == {Status.CLOSED: 1, Status.VOID: 0}
    assert none == elsewhere == {Status.CLOSED: 0, Status.VOID: 0}


def test_what_waits_elsewhere_is_in_none_of_our_queues(begin: Begin) -> None:
    city = City(begin=begin)
    city.reported()

    with city.uow as uow:
        assert uow.cases.queues(CaseFilter(area="1234"), now=city.now) == {}
