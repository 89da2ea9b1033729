"""Intake (接收): what devices send becomes observations, problems and cases, once and for all.

A message is settled by its id and revision, whatever the order and number of its deliveries. One
batch is one transaction; the receipts are given after its COMMIT.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from pydantic import ValidationError

from dispatch import wire
from dispatch.delivery import Delivery, Read, printable, receipt
from dispatch.errors import DispatchError
from dispatch.missing import StaleCase
from dispatch.plausibility import Fault
from dispatch.ports import UnitOfWork
from dispatch.profile import Profile
from dispatch.triage import Cards, no_cards
from dispatch.wire import ReceiptStatus

_ATTEMPTS: Final = 3


class BatchTooLarge(DispatchError):
    """A batch has more messages than may be taken in at once."""

    def __init__(self, count: int) -> None:
        super().__init__(
            f"一批有 {count} 条报文，最多 {wire.MAX_BATCH} 条，请分批发送",
            f"{count} messages in a batch, {wire.MAX_BATCH} are the most: send fewer at once",
        )
        self.count = count


def take_messages(
    messages: Sequence[object],
    *,
    device: str,
    at: datetime,
    uow: UnitOfWork,
    profile: Profile,
    cards: Cards = no_cards,
    failpoint: Callable[[str], None] = lambda _: None,
    after_pass: Callable[[str], None] = lambda _: None,
) -> wire.Receipts:
    """Take in a batch and give its receipts, after the commit.

    Args:
        messages: as parsed from JSON, in any state.
        device: who sent them, as its signature proves.
        uow: not yet begun.
        cards: what the cards of the models say; without them a person is asked about everything.
        failpoint: called with the name of each step that a fault test may kill at.
        after_pass: called after the commit with each pass that has ended and of which this batch
            brought something, its last sweep again included: whoever died before it is retried.

    Raises:
        BatchTooLarge: there are more messages than `wire.MAX_BATCH`.
    """
    if len(messages) > wire.MAX_BATCH:
        raise BatchTooLarge(len(messages))
    failpoint("intake.before_validate")
    read = [_read(message, device=device) for message in messages]
    for _ in range(_ATTEMPTS):
        try:
            with uow:
                delivery = Delivery(device=device, at=at, uow=uow, profile=profile, cards=cards)
                answer = delivery.take(read)
                failpoint("intake.before_commit")
                uow.commit()
        except StaleCase:
            # Somebody decided on one of its cases in between: look again.
            continue
        failpoint("intake.after_commit")
        for pass_id in sorted(delivery.ended):
            after_pass(pass_id)
        return answer
    busy = Fault(
        zh="案卷正被处理，请稍后重发", en="its cases are being decided on: send it again later"
    )
    retry = tuple(receipt(each, ReceiptStatus.RETRY, busy) for each in read)
    return wire.Receipts(receipts=retry, evidence_wanted=())


def _read(raw: object, *, device: str) -> Read:
    try:
        message = wire.MESSAGE.validate_python(raw)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = printable(".".join(str(part) for part in first["loc"]) or "-")
        fault = Fault(
            zh=f"报文不合格式：{where}（共 {error.error_count()} 处），请升级设备软件",
            en=f"not understood: {where}: {printable(first['msg'])} ({error.error_count()} in all)",
        )
        return Read(raw=raw, fault=fault)
    if message.device != device:
        fault = Fault(
            zh=f"报文自称来自 {message.device}，实际由 {device} 发送，不予采用",
            en=f"says it is of {message.device} but was sent by {device}: not taken",
        )
        return Read(raw=raw, fault=fault)
    return Read(raw=raw, message=message)
