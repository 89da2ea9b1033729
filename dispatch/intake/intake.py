"""Intake (接收与入图): what devices send is kept for good, and then becomes problems and cases.

Acceptance answers the device once the message is durable; the line of arrivals is then drained,
hazards first and else in its order, each with all that follows from it in one transaction. A
message counts once, whatever the order and number of its deliveries.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

from dispatch import wire
from dispatch.city.profile import Profile
from dispatch.intake.delivery import Delivery
from dispatch.loop.oversight import judge_handled
from dispatch.ports.unit_of_work import UnitOfWork
from dispatch.sights.arrival import Arrival, Patrolled
from dispatch.sights.plausibility import Fault
from dispatch.sights.reading import Read, quarantined, understood
from dispatch.triage.triage import Cards, no_cards
from dispatch.verification.evidence import Recalls

AT_ONCE: Final = 100
"""Arrivals that one transaction takes: whoever else writes waits as long."""
SILENT: Final = timedelta(hours=1)
"""How long what may be a known problem waits for the end of its pass."""
_UNWORKABLE: Final = Fault(
    zh="入图时软件出错，已原样保留，请把日志交给维护人员",
    en="the software failed on it, and it is kept as it came: give the log to who maintains it",
)


def drain(
    *,
    hazards: bool,
    at: datetime,
    uow: UnitOfWork,
    profile: Profile,
    recalls: Recalls,
    cards: Cards = no_cards,
    limit: int = AT_ONCE,
    failpoint: Callable[[str], None] = lambda _: None,
) -> int:
    """Tell the map and the cases of the first hazards in line, or others; one transaction.

    They leave the line in the same transaction. A pass that has ended has its handled cases
    judged in it. Several processes may drain at once: they take turns. Whoever asks for hazards
    and others in turn has the hazards told soon, and the others go on however many there are.

    Args:
        hazards: tell those, or else what may be told of the others.
        at: now.
        uow: not yet begun.
        recalls: what the cards of the models say of their recall, for judging.
        cards: what the cards of the models say of filing; without them a person is asked.
        limit: how many at most.
        failpoint: called with the name of each step that a fault test may kill at.

    Returns:
        How many were told; call again while there are any.

    Raises:
        StaleCase: somebody decided on one of the cases in between; call again.
    """
    with uow:
        uow.lock_map()
        arrivals = uow.arrivals.first(hazards=hazards, limit=limit)
        if not arrivals:
            return 0
        witnesses = _witnesses(arrivals, uow=uow) if hazards else {}
        by_device = sorted(arrivals, key=_device_of)
        for device, theirs in groupby(by_device, key=_device_of):
            delivery = Delivery(
                device=device,
                at=at,
                uow=uow,
                profile=profile,
                cards=cards,
                witnesses=witnesses.get(device, ()),
            )
            delivery.take(list(_understood(theirs, uow=uow)))
            for pass_id in sorted(delivery.ended):
                judge_handled(pass_id, recalls=recalls, profile=profile, at=at, uow=uow)
        uow.arrivals.remove(arrivals)
        failpoint("intake.before_commit")
        uow.commit()
        failpoint("intake.after_commit")
    return len(arrivals)


def end_silent(*, at: datetime, uow: UnitOfWork, profile: Profile, cards: Cards = no_cards) -> int:
    """Settle what waits for the end of a pass that has not come within `SILENT`.

    A device may be lost before it tells of the end. What it tells later is settled again.

    Args:
        at: now.
        uow: not yet begun.
        cards: what the cards of the models say of filing; without them a person is asked.

    Returns:
        How many sights were settled; call again while there are any.

    Raises:
        StaleCase: somebody decided on one of the cases in between; call again.
    """
    with uow:
        if not uow.observations.waiting(before=at - SILENT, limit=1):
            return 0
        uow.lock_map()
        waiting = uow.observations.waiting(before=at - SILENT, limit=AT_ONCE)
        by_device = sorted(waiting, key=lambda one: one.finding.device)
        for device, theirs in groupby(by_device, key=lambda one: one.finding.device):
            delivery = Delivery(device=device, at=at, uow=uow, profile=profile, cards=cards)
            delivery.settle(list(theirs))
        uow.commit()
    return len(waiting)


def set_apart_first(*, hazards: bool, uow: UnitOfWork) -> Arrival | None:
    """Put the first arrival in line into quarantine, on which intake fails again and again.

    Args:
        hazards: the first of those, or of the others.

    Returns:
        What was set apart; None where nothing waits.
    """
    with uow:
        uow.lock_map()
        for first in uow.arrivals.first(hazards=hazards, limit=1):
            _set_apart(first, _UNWORKABLE, uow=uow)
            uow.arrivals.remove([first])
            uow.commit()
            return first
    return None


def _witnesses(hazards: Sequence[Arrival], *, uow: UnitOfWork) -> dict[str, list[wire.Finding]]:
    """Give by device the finds that came with hazards and are told after them."""
    found: dict[str, list[wire.Finding]] = {}
    for each in uow.arrivals.beside(hazards):
        message = understood(each.raw)
        if isinstance(message, wire.Finding):
            found.setdefault(each.device, []).append(message)
    return found


def _understood(
    arrivals: Iterable[Arrival], *, uow: UnitOfWork
) -> Iterator[tuple[Patrolled, datetime]]:
    """Read what waits; software that was changed meanwhile may not understand all of it."""
    for each in arrivals:
        message = understood(each.raw)
        if isinstance(message, wire.Finding | wire.Sweep):
            yield message, each.received_at
        else:
            fault = message if isinstance(message, Fault) else _UNWORKABLE
            _set_apart(each, fault, uow=uow)


def _set_apart(arrival: Arrival, fault: Fault, *, uow: UnitOfWork) -> None:
    as_it_came = Read(raw=arrival.raw, fault=fault)
    entry = quarantined(as_it_came, fault, device=arrival.device, at=arrival.received_at)
    uow.quarantine.add(entry)


def _device_of(arrival: Arrival) -> str:
    return arrival.device
