"""Model packages with their rollouts and what devices run, in the shape of the answer."""

from api.centre.wiring import Centre
from api.schemas.models import PackageOut, RolloutOut, RunningOut
from dispatch.devices.device import Device
from dispatch.devices.rollout import Registered, Rollout
from dispatch.wire import ModelState


def packages_now(centre: Centre) -> list[PackageOut]:
    """Give every package, the newest first."""
    with centre.read() as uow:
        devices = [each for each in uow.devices.all() if each.revoked_at is None]
    rollouts = centre.packages.rollouts()
    newest = sorted(
        centre.packages.registered().values(), key=lambda each: each.sequence, reverse=True
    )
    return [_package(each, rollouts.get(each.sha256), devices) for each in newest]


def _package(of: Registered, rollout: Rollout | None, devices: list[Device]) -> PackageOut:
    return PackageOut(
        sha256=of.sha256,
        size_bytes=of.size_bytes,
        role=of.role,
        name=of.name,
        version=of.version,
        sequence=of.sequence,
        not_before=of.not_before,
        expires=of.expires,
        labels=list(of.labels),
        registered_at=of.registered_at,
        registered_by=of.registered_by,
        rollout=None if rollout is None else _rollout(rollout),
        devices=[found for each in devices if (found := _running(each, of, rollout))],
    )


def _rollout(of: Rollout) -> RolloutOut:
    return RolloutOut(
        devices=list(of.devices),
        share=of.share,
        paused=of.paused,
        changed_at=of.changed_at,
        changed_by=of.changed_by,
    )


def _running(device: Device, of: Registered, rollout: Rollout | None) -> RunningOut | None:
    state = _state(device, of.role)
    is_offered = rollout is not None and rollout.reaches(device.id)
    told = {each.sequence for each in ((state.given_up, state.refused) if state else ()) if each}
    if not is_offered and (state is None or of.sequence not in {state.sequence, *told}):
        return None
    return RunningOut(device=device.id, offered=is_offered, state=state)


def _state(device: Device, role: str) -> ModelState | None:
    beat = device.last_heartbeat
    return next((each for each in beat.models if each.role == role), None) if beat else None
