"""What a device may report: what its kind is for, and passes of its own."""

from typing import Final

from dispatch import wire
from dispatch.devices.device import Device, DeviceKind
from dispatch.sights.head import Head
from dispatch.sights.plausibility import Fault

_OF_A_PASS: Final = (Head, wire.Finding, wire.Sweep)
_OF_PATROLS: Final = (*_OF_A_PASS, wire.CrewVerdict)


def fault_of_sender(message: wire.Message | Head, *, device: Device | None) -> Fault | None:
    """Say why a message is not for this device to send; None if it is.

    Args:
        message: of a finding its head will do.
        device: who signed for it; None where devices are not registered.
    """
    if device is not None and not _may_send(message, device.kind):
        return Fault(
            zh=f"设备 {device.id} 登记为{device.kind.zh}，不得发送这类报文；"
            "如用途已变，请由管理员重新发登记码",
            en=f"{device.id} is registered as {device.kind.en} and may not send this: "
            "if it serves another purpose now, have it invited anew",
        )
    return _fault_of_pass(message)


def _may_send(message: wire.Message | Head, kind: DeviceKind) -> bool:
    if isinstance(message, _OF_PATROLS):
        return kind.patrols
    return kind.sees_photos or not isinstance(message, wire.PhotoResult)


def _fault_of_pass(message: wire.Message | Head) -> Fault | None:
    if not isinstance(message, _OF_A_PASS):
        return None
    owner, colon, _ = message.pass_id.partition(":")
    if not colon or owner == message.device:
        return None
    return Fault(
        zh=f"巡查 {message.pass_id} 属于设备 {owner}，{message.device} 不得代报",
        en=f"pass {message.pass_id} is of {owner}: {message.device} may not speak for it",
    )
