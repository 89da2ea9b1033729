"""How a device stands, as the centre sees it: well, complaining, or silent while a shift runs.

A device that fails loudly is easy to see. One that falls silent is not, so silence is reckoned by
the centre: by its own clock, and only over the hours of the city's shifts, so that a vehicle parked
overnight is not missed and one that does not start in the morning is.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from dispatch.clocks.worktime import Calendar, ClockType
from dispatch.devices.device import Device
from dispatch.wire import Complaint, Level

UNNAMED: Final = "unnamed"
"""The code of what a device complains of that names no codes yet."""


class Standing(StrEnum):
    """How a device stands; the values are stable."""

    WELL = "well"
    CARE = "care"
    """It works, and somebody should see to it."""
    FAILING = "failing"
    SILENT = "silent"
    NEW = "new"
    """Registered just now; nothing was heard yet."""
    RECORDINGS = "recordings"
    """It never ran unattended: recordings are replayed now and then, and silence is nothing."""
    REVOKED = "revoked"


ALARMING: Final = frozenset({Standing.FAILING, Standing.SILENT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """How a device stands, and what is wrong, the gravest first.

    Attributes:
        silent_for: working time since the last heartbeat, if that is too long.
    """

    standing: Standing
    complaints: tuple[Complaint, ...] = ()
    silent_for: timedelta | None = None


def condition_of(
    device: Device, *, calendar: Calendar, silent_after: timedelta, at: datetime
) -> Condition:
    """Judge a device by what it last said and how long ago that was.

    Args:
        silent_after: working time without a heartbeat.
    """
    if device.revoked_at is not None:
        return Condition(standing=Standing.REVOKED)
    heard = device.heard_at or device.registered_at
    quiet = calendar.between(heard, at, ClockType.WORKING_HOURS)
    said = _complaints(device)
    replays = device.heard_at is not None and device.last_heartbeat is None
    if quiet > silent_after and not replays:
        silence = _silence(quiet, ever=device.heard_at is not None)
        return Condition(standing=Standing.SILENT, complaints=(silence, *said), silent_for=quiet)
    return Condition(standing=_standing(device, said), complaints=said)


def _standing(device: Device, said: tuple[Complaint, ...]) -> Standing:
    if device.last_heartbeat is None:
        return Standing.NEW if device.heard_at is None else Standing.RECORDINGS
    if not device.last_heartbeat.ok:
        return Standing.FAILING
    return Standing.CARE if said else Standing.WELL


def _complaints(device: Device) -> tuple[Complaint, ...]:
    beat = device.last_heartbeat
    if beat is None:
        return ()
    if beat.reasons or not beat.complaints:
        return beat.reasons
    level = Level.WARN if beat.ok else Level.FAIL
    return tuple(
        Complaint(code=UNNAMED, level=level, zh=said[:300], en=said[:300])
        for said in beat.complaints
        if said
    )


def _silence(quiet: timedelta, *, ever: bool) -> Complaint:
    minutes = int(quiet.total_seconds() // 60)
    zh = f"{minutes} 分钟" if minutes < 120 else f"{minutes // 60} 小时"
    en = f"{minutes} min" if minutes < 120 else f"{minutes // 60} h"
    since = f"班次内已 {zh}没有消息" if ever else f"登记后 {zh}从未报到"
    ago = f"nothing heard for {en} of the shift"
    never = f"registered {en} of the shift ago and never heard"
    return Complaint(
        code="silent",
        level=Level.FAIL,
        zh=f"{since}：请联系车上人员，查看设备电源和网络；不再使用的设备请停用",
        en=f"{ago if ever else never}: call the crew, check the device's power and network; "
        "revoke a device that is out of use",
    )
