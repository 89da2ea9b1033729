"""What is understood of a message as it came, and the centre's word on it."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError

from dispatch import wire
from dispatch.devices.device import Quarantined
from dispatch.sights.head import Head, head_of
from dispatch.sights.plausibility import Fault
from dispatch.wire import Receipt, ReceiptStatus

OTHER_BODY = Fault(
    zh="同一编号、同一修订号已收到过不同内容；如需更正请提高修订号",
    en="another body came under this id and revision: to correct it, raise the revision",
)


Whole = wire.Sweep | wire.PhotoResult | wire.Heartbeat | wire.CrewVerdict
"""Messages that are looked at whole from the beginning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A message as it came, and what was understood of it.

    Args:
        raw: as parsed from JSON; None where the message says it all.
        said: what was understood, of a finding its head; None where nothing was.
        fault: why it is not to be taken, if it is not.
        finding: gives the whole finding of which `said` is the head.
    """

    raw: object = None
    said: Head | Whole | None = None
    fault: Fault | None = None
    finding: Callable[[], wire.Finding] | None = None

    @property
    def message(self) -> wire.Message | None:
        """Give the whole message, or None where it was not understood."""
        if isinstance(self.said, Head):
            assert self.finding is not None
            return self.finding()
        return self.said

    @property
    def body(self) -> object:
        """Give what came, as JSON has it."""
        message = None if self.raw is not None else self.message
        return self.raw if message is None else message.model_dump(mode="json")


def understood(raw: object) -> wire.Message | Fault:
    """Give the message that something parsed from JSON is, or why it is none."""
    try:
        return wire.MESSAGE.validate_python(raw)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = printable(".".join(str(part) for part in first["loc"]) or "-")
        return Fault(
            zh=f"报文不合格式：{where}（共 {error.error_count()} 处），请升级设备软件",
            en=f"not understood: {where}: {printable(first['msg'])} ({error.error_count()} in all)",
        )


def read(raw: object, *, device: str) -> Read:
    """Read a message as parsed from JSON, in any state."""
    message = understood(raw)
    if isinstance(message, Fault):
        return Read(raw=raw, fault=message)
    return read_sound(message, device=device, raw=raw)


def read_sound(message: wire.Message, *, device: str, raw: object = None) -> Read:
    """Read a message that was understood; only its sender may still be wrong."""
    fault = _fault_of_name(message.device, device)
    if isinstance(message, wire.Finding):
        return Read(raw=raw, said=head_of(message), fault=fault, finding=lambda: message)
    return Read(raw=raw, said=message, fault=fault)


def read_head(head: Head, *, device: str, finding: Callable[[], wire.Finding]) -> Read:
    """Read a finding of which so far the head is known.

    Args:
        finding: gives it whole, if it is asked for.
    """
    return Read(said=head, fault=_fault_of_name(head.device, device), finding=finding)


def _fault_of_name(said: str, device: str) -> Fault | None:
    if said == device:
        return None
    return Fault(
        zh=f"报文自称来自 {said}，实际由 {device} 发送，不予采用",
        en=f"says it is of {said} but was sent by {device}: not taken",
    )


def word_on_known(message: wire.Message, kept: wire.Message) -> ReceiptStatus:
    """Say what a message is of which this revision, or a later one, was taken before."""
    if message == kept:
        return ReceiptStatus.KNOWN
    if message.id == kept.id and message.revision < kept.revision:
        return ReceiptStatus.SUPERSEDED
    return ReceiptStatus.CONFLICT


def receipt(read: Read, status: ReceiptStatus, fault: Fault | None = None) -> Receipt:
    """Give the centre's word on a message, however little of it was understood."""
    reason = None if fault is None else f"{fault.zh} / {fault.en}"
    if read.said is not None:
        id_, revision = read.said.id, read.said.revision
        return Receipt(id=id_, revision=revision, status=status, reason=reason)
    said = read.raw if isinstance(read.raw, Mapping) else {}
    stated = said.get("revision")
    return Receipt(
        id=printable(str(said.get("id", "")))[:64],
        revision=stated if type(stated) is int else 0,
        status=status,
        reason=reason,
    )


def quarantined(read: Read, fault: Fault, *, device: str, at: datetime) -> Quarantined:
    """Give a message as it is kept apart, whole and with the reason."""
    # ASCII: what was not understood may hold what no database takes as text.
    body = json.dumps(read.body, ensure_ascii=True, sort_keys=True, default=repr)
    return Quarantined(
        id=hashlib.sha256(f"{device}\n{body}".encode()).hexdigest(),
        device=device,
        received_at=at,
        reason_zh=fault.zh,
        reason_en=fault.en,
        body=body,
    )


def printable(said: str) -> str:
    """Give what may be kept and shown of words that a message brought."""
    return "".join(letter if letter.isprintable() else "�" for letter in said)[:200]
