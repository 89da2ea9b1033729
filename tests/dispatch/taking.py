"""Intake from end to end, as the centre does it: a batch is accepted, and the line is drained."""

import gzip
import json
from collections.abc import Callable, Sequence
from datetime import datetime

from dispatch import wire
from dispatch.city.profile import Profile
from dispatch.intake import acceptance, intake
from dispatch.intake.acceptance import Sent
from dispatch.ports.unit_of_work import UnitOfWork
from dispatch.sights.reading import read
from dispatch.triage.triage import Cards, no_cards
from tests.dispatch.city import certain_recall


def take_messages(
    messages: Sequence[object],
    *,
    device: str,
    at: datetime,
    uow: UnitOfWork,
    profile: Profile,
    cards: Cards = no_cards,
) -> wire.Receipts:
    """Take in a batch as parsed from JSON, and give its receipts once the cases know of it."""
    answer = accept(messages, device=device, at=at, uow=uow, profile=profile)
    drain(at=at, uow=uow, profile=profile, cards=cards)
    return answer


def accept(
    messages: Sequence[object],
    *,
    device: str,
    at: datetime,
    uow: UnitOfWork,
    profile: Profile,
    failpoint: Callable[[str], None] = lambda _: None,
) -> wire.Receipts:
    """Accept a batch as parsed from JSON, and leave it in line."""
    understood = [read(each, device=device) for each in messages]
    packed = gzip.compress(json.dumps({"messages": list(messages)}, default=repr).encode())
    with uow:
        sent = Sent(device=device, at=at, messages=understood, packed=packed)
        senders = uow.devices.known([device])
        (answer,) = acceptance.accept([sent], senders=senders, uow=uow, profile=profile)
        failpoint("intake.before_accept")
        uow.commit()
    failpoint("intake.after_accept")
    return answer


def drain(
    *,
    at: datetime,
    uow: UnitOfWork,
    profile: Profile,
    cards: Cards = no_cards,
    failpoint: Callable[[str], None] = lambda _: None,
    limit: int = intake.AT_ONCE,
) -> None:
    """Tell the cases of everything in line."""
    while any(
        intake.drain(
            hazards=hazards,
            at=at,
            uow=uow,
            profile=profile,
            cards=cards,
            recalls=certain_recall,
            failpoint=failpoint,
            limit=limit,
        )
        for hazards in (True, False)
    ):
        pass
