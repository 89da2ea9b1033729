"""Make a sweep of a stretch: the claim to have inspected ground, as the centre reads it."""

from datetime import datetime, timedelta
from typing import Final

from dispatch.wire import Sweep, message_id
from edge.coverage.stretch import Stretch
from edge.findings.report import Pass

MOST_HOLE: Final = timedelta(hours=1)


def sweep_of(stretch: Stretch, *, of: Pass, last: bool) -> Sweep:
    """Make the sweep of a stretch."""
    return Sweep(
        id=_id(stretch.started_at, stretch.number, of=of),
        device=of.device,
        pass_id=of.id,
        platform=of.platform,
        rendered=of.rendered,
        stretch=stretch.number,
        started_at=stretch.started_at,
        ended_at=min(stretch.ended_at, stretch.started_at + MOST_HOLE),
        distance_m=stretch.distance_m,
        frames=stretch.frames,
        frame_distance_m=stretch.frame_distance_m,
        position_sigma_m=stretch.position_sigma_m,
        model=of.model,
        inspected=stretch.inspected,
        hidden=stretch.hidden,
        last=last,
        frame_gap_median_m=stretch.gap_median_m,
        frame_gap_most_m=stretch.gap_most_m,
        frames_left_out=stretch.frames_left_out,
    )


def blind_sweep(number: int, *, of: Pass, at: datetime, frames: int) -> Sweep:
    """Make the last sweep of a pass whose end has no pose: it claims no ground, but ends it.

    Args:
        at: time of the last frame.
    """
    return Sweep(
        id=_id(at, number, of=of),
        device=of.device,
        pass_id=of.id,
        platform=of.platform,
        rendered=of.rendered,
        stretch=number,
        started_at=at,
        ended_at=at,
        distance_m=0.0,
        frames=frames,
        frame_distance_m=0.0,
        position_sigma_m=0.0,
        model=of.model,
        inspected=(),
        last=True,
    )


def _id(at: datetime, number: int, *, of: Pass) -> str:
    return message_id(at, of.device, of.id, "sweep", str(number))
