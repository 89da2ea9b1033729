"""How a device is, in the words and the shape that pages show."""

from typing import Final

from api.centre.wiring import Centre
from api.schemas.base import Words
from api.schemas.devices import ComplaintOut, DeviceOut
from dispatch.devices.condition import ALARMING, Condition, Standing, condition_of
from dispatch.devices.device import Device
from dispatch.wire import Heartbeat

STANDING: Final = {
    Standing.WELL: Words(zh="正常", en="Well"),
    Standing.CARE: Words(zh="需照看", en="Wants care"),
    Standing.FAILING: Words(zh="有故障", en="Failing"),
    Standing.SILENT: Words(zh="失联", en="Silent"),
    Standing.NEW: Words(zh="未报到", en="Not heard yet"),
    Standing.RECORDINGS: Words(zh="只传录像", en="Sends recordings"),
    Standing.REVOKED: Words(zh="已停用", en="Revoked"),
}


def devices_now(centre: Centre) -> list[DeviceOut]:
    """Give every device with how it stands now, by id."""
    with centre.read() as uow:
        known = uow.devices.all()
    profile, now = centre.profile, centre.now()
    silent_after = profile.patrol.silent_after
    return [
        device_out(
            device,
            condition_of(device, calendar=profile.calendar, silent_after=silent_after, at=now),
        )
        for device in known
    ]


def device_out(device: Device, condition: Condition) -> DeviceOut:
    """Give a device with its condition, in the shape of the answer."""
    beat = device.last_heartbeat
    return DeviceOut(
        id=device.id,
        name=device.name,
        kind=device.kind,
        kind_words=Words(zh=device.kind.zh, en=device.kind.en),
        registered_at=device.registered_at,
        revoked_at=device.revoked_at,
        standing=condition.standing,
        standing_words=STANDING[condition.standing],
        alarming=condition.standing in ALARMING,
        last_heard_at=device.heard_at or (beat.at if beat else None),
        ok=beat.ok if beat else None,
        complaints=[
            ComplaintOut(code=each.code, level=each.level, words=Words(zh=each.zh, en=each.en))
            for each in condition.complaints
        ],
        version=beat.version if beat else None,
        model=_model(beat),
        running=_running(beat),
        outbox_depth=beat.outbox_depth if beat else None,
        oldest_unsent_s=beat.oldest_unsent_s if beat else None,
        disk_free_bytes=beat.disk_free_bytes if beat else None,
        fix_age_s=beat.fix_age_s if beat else None,
        temperature_c=beat.temperature_c if beat else None,
        clock_offset_s=beat.clock_offset_s if beat else None,
        cameras=list(beat.cameras) if beat else [],
    )


def _model(beat: Heartbeat | None) -> str | None:
    if beat is None or beat.model is None:
        return None
    return f"{beat.model.name} {beat.model.version} {beat.model.sha256[:12]}"


def _running(beat: Heartbeat | None) -> str | None:
    if beat is None or beat.running is None:
        return None
    return f"{beat.running.precision} · {beat.running.provider}"
