"""The heartbeat: a device's signs and complaints, as the centre is told of them."""

from typing import Final

from dispatch.wire import CameraHealth, Heartbeat, Level, message_id
from edge.vitals.vitals import Rates, Report

MOST_COMPLAINTS: Final = 20
MOST_CAMERAS: Final = 8


def heartbeat_of(report: Report, *, device: str, version: str) -> Heartbeat:
    """Make a heartbeat of a report that holds signs.

    Raises:
        ValueError: the report was made before the first signs were taken.
    """
    signs = report.signs
    if signs is None:
        raise ValueError("a heartbeat needs signs")
    complaints = report.complaints[:MOST_COMPLAINTS]
    return Heartbeat(
        id=message_id(signs.at, device, "heartbeat"),
        device=device,
        at=signs.at,
        version=version,
        model=signs.model,
        pass_id=None if signs.agent is None else signs.agent.pass_id,
        outbox_depth=signs.outbox.waiting,
        oldest_unsent_s=signs.outbox.oldest_s,
        disk_free_bytes=signs.disk.free_bytes,
        fix_age_s=None if signs.receiver is None else signs.receiver.fix_age_s,
        ok=all(each.level is not Level.FAIL for each in complaints),
        complaints=tuple(f"{each.code}: {each.en}" for each in complaints),
        reasons=complaints,
        running=signs.running,
        models=() if signs.over_the_air is None else (signs.over_the_air,),
        cameras=_cameras(report),
        temperature_c=signs.temperature_c,
        clock_offset_s=signs.clock_offset_s,
    )


def _cameras(report: Report) -> tuple[CameraHealth, ...]:
    signs = report.signs
    assert signs is not None, "asked only of a report with signs"
    found = []
    for camera in signs.cameras[:MOST_CAMERAS]:
        rates = report.rates.get(camera.name, Rates())
        found.append(
            CameraHealth(
                name=camera.name[:64],
                frame_age_s=camera.last_frame_age_s(signs.at),
                camera_fps=camera.captured_fps,
                process_fps=max(0.0, rates.process_fps),
                skipped_fps=max(0.0, rates.skipped_fps),
                reconnects=camera.reconnects,
                veil_share=signs.veils.get(camera.name),
            )
        )
    return tuple(found)
