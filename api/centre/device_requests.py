"""What devices ask for by signed requests, and how those that come at the same time are written.

A request counts once: its nonce is spent in the transaction that answers it, which also looks again
whether the device may still sign.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from api.errors import ApiError
from dispatch.city.profile import Profile
from dispatch.devices.device import Device, Nonce
from dispatch.intake.acceptance import Sent, accept
from dispatch.ports.unit_of_work import UnitOfWork
from dispatch.wire import Receipts

_NOTHING_SENT = Receipts(receipts=(), evidence_wanted=())


class BadSignature(ApiError):
    """A device's request is unsigned, wrongly signed, sent before, or of a revoked device."""

    def __init__(self, why_zh: str, why_en: str) -> None:
        super().__init__(f"设备签名被拒绝：{why_zh}", f"device signature refused: {why_en}")


class SentBefore(BadSignature):
    """A device's request came a second time: the way doubled it, or somebody sends it again."""

    def __init__(self) -> None:
        super().__init__("请求重复", "the request was sent before")


def shut_out() -> BadSignature:
    """Make the refusal of a device that is not registered, not by this key, or not any more."""
    return BadSignature("设备未登记或已停用", "the device is not registered or was revoked")


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedRequest:
    """A device and the body that it signed, as sent."""

    device: Device
    body: bytes
    nonce: str

    @property
    def spent(self) -> Nonce:
        """By what the request is known."""
        return self.device.id, self.nonce


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceRequest:
    """A signed request, and the messages that it brought."""

    signed: SignedRequest
    sent: Sent | None = None


def write_together(
    asked: Sequence[DeviceRequest],
    *,
    uow: UnitOfWork,
    profile: Profile,
    at: datetime,
    failpoint: Callable[[str], None],
) -> list[Receipts | ApiError]:
    """Note requests as answered and accept what they brought; joins a transaction.

    Returns:
        For each its receipts, or why it is refused.
    """
    senders = uow.devices.known({each.signed.device.id for each in asked})
    refusals = _refusals(asked, now=senders, uow=uow, at=at)
    sent = {
        place: each.sent
        for place, each in enumerate(asked)
        if each.sent is not None and refusals[place] is None
    }
    answers = accept(list(sent.values()), senders=senders, uow=uow, profile=profile)
    accepted = dict(zip(sent, answers, strict=True))
    if sent:
        failpoint("intake.before_accept")
    return [refusal or accepted.get(place, _NOTHING_SENT) for place, refusal in enumerate(refusals)]


def _refusals(
    asked: Sequence[DeviceRequest], *, now: Mapping[str, Device], uow: UnitOfWork, at: datetime
) -> list[BadSignature | None]:
    may_sign = [_is(each.signed.device, now.get(each.signed.device.id)) for each in asked]
    spent = [each.signed.spent for each, may in zip(asked, may_sign, strict=True) if may]
    fresh = uow.devices.spend_nonces(spent, at=at)
    refusals: list[BadSignature | None] = []
    for each, may in zip(asked, may_sign, strict=True):
        refusals.append(_replayed(each.signed.spent, fresh) if may else shut_out())
        fresh.discard(each.signed.spent)
    return refusals


def _is(signed_as: Device, now: Device | None) -> bool:
    return now is not None and now.revoked_at is None and now.public_key == signed_as.public_key


def _replayed(nonce: Nonce, fresh: set[Nonce]) -> BadSignature | None:
    if nonce in fresh:
        return None
    return SentBefore()
