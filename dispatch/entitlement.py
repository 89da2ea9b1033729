"""What a device may report: what its kind is for, and passes of its own."""

from dispatch import wire
from dispatch.device import Device
from dispatch.plausibility import Fault


def fault_of_sender(message: wire.Message, *, device: Device | None) -> Fault | None:
    """Say why a message is not for this device to send; None if it is.

    Args:
        device: who signed for it; None where devices are not registered.
    """
    if device is not None:
        patrols = isinstance(message, wire.Finding | wire.Sweep | wire.CrewVerdict)
        looks = isinstance(message, wire.PhotoResult)
        if (patrols and not device.kind.patrols) or (looks and not device.kind.sees_photos):
            return Fault(
                zh=f"设备 {device.id} 登记为{device.kind.zh}，不得发送这类报文；"
                "如用途已变，请由管理员重新发登记码",
                en=f"{device.id} is registered as {device.kind.en} and may not send this: "
                "if it serves another purpose now, have it invited anew",
            )
    return _fault_of_pass(message)


def _fault_of_pass(message: wire.Message) -> Fault | None:
    if not isinstance(message, wire.Finding | wire.Sweep):
        return None
    owner, colon, _ = message.pass_id.partition(":")
    if not colon or owner == message.device:
        return None
    return Fault(
        zh=f"巡查 {message.pass_id} 属于设备 {owner}，{message.device} 不得代报",
        en=f"pass {message.pass_id} is of {owner}: {message.device} may not speak for it",
    )
