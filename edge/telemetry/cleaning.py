"""Which fixes of a track are believed.

A receiver that loses its satellites reports 0, 0, repeats itself, or leaps by tens of metres. A
carrier is bound by its speed and its acceleration, so a fix that breaks either is dropped. Among
strands that no carrier could have travelled between, the one with the most fixes is believed: a
wild first fix must not throw out the whole drive.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edge.placing.geodesy import LocalPlane
from edge.telemetry.track import Fix

Array = NDArray[np.float64]

MAX_SPEED_M_S: Final = 70.0
MAX_TURN_M_S2: Final = 10.0
"""Hard braking on a dry road; drones stay below it."""
NOISE_M: Final = 4.0
"""How far neighbouring fixes of one receiver may differ by noise alone."""
_NEIGHBOURS_S: Final = 3.0
_STRANDS: Final = 16
_HELD_S: Final = 1.0
_HELD_TURNING_S: Final = 0.2
_PASSES: Final = 8
_FIRST_GPS: Final = datetime(2000, 5, 2, tzinfo=UTC)
"""Earlier stamps are clocks that were never set (1970, 1980) or have lost a week count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """Fixes in order of time, and how many were dropped and why.

    Attributes:
        impossible: without a possible place: out of range, not a number, or 0, 0.
        undated: stamped before civil receivers could be trusted.
        out_of_order: not later than the fix before.
        held: repeats of a place faster than the receiver measures.
        jumps: farther off than the carrier could have gone.
    """

    fixes: tuple[Fix, ...]
    impossible: int
    undated: int
    out_of_order: int
    held: int
    jumps: int


def clean(fixes: Sequence[Fix]) -> Cleaned:
    """Drop fixes that cannot be, and count them by reason."""
    possible = [fix for fix in fixes if fix.is_possible]
    dated = [fix for fix in possible if fix.at >= _FIRST_GPS]
    ordered = _later(dated)
    fresh = _moving_on(ordered)
    believed = _without_spikes(_longest_strand(fresh))
    return Cleaned(
        fixes=tuple(believed),
        impossible=len(fixes) - len(possible),
        undated=len(possible) - len(dated),
        out_of_order=len(dated) - len(ordered),
        held=len(ordered) - len(fresh),
        jumps=len(fresh) - len(believed),
    )


def _later(fixes: Sequence[Fix]) -> list[Fix]:
    """Keep the most fixes that follow each other in time, so that no single stamp empties a log."""
    kept: list[Fix] = []
    for fix in fixes:
        if kept and fix.at < kept[-1].at and (len(kept) < 2 or fix.at > kept[-2].at):
            kept[-1] = fix
        elif not kept or fix.at > kept[-1].at:
            kept.append(fix)
    return kept


def _moving_on(fixes: Sequence[Fix]) -> list[Fix]:
    """Leave out places that a file repeats between two measurements of its receiver."""
    kept: list[Fix] = []
    for fix in fixes:
        before = kept[-1] if kept else None
        held_s = _HELD_S if fix.yaw is None else _HELD_TURNING_S
        if (
            before is not None
            and fix.velocity is None
            and (fix.latitude, fix.longitude) == (before.latitude, before.longitude)
            and fix.at - before.at < timedelta(seconds=held_s)
        ):
            continue
        kept.append(fix)
    return kept


def _longest_strand(fixes: Sequence[Fix]) -> list[Fix]:
    strands: list[list[Fix]] = []
    for fix in fixes:
        within = [strand for strand in strands if _reachable(strand[-1], fix)]
        if within:
            max(within, key=len).append(fix)
            continue
        strands.append([fix])
        if len(strands) > _STRANDS:
            strands.remove(min(strands[:-1], key=len))
    return max(strands, key=len, default=[])


def _reachable(before: Fix, after: Fix) -> bool:
    way = LocalPlane(latitude=before.latitude, longitude=before.longitude).east_north(
        after.latitude, after.longitude
    )
    seconds = (after.at - before.at) / timedelta(seconds=1)
    return float(np.hypot(way[0], way[1])) <= NOISE_M + MAX_SPEED_M_S * seconds


def _without_spikes(fixes: list[Fix]) -> list[Fix]:
    """Drop fixes that lie off the line between their neighbours by more than a carrier can turn.

    Over dt1 + dt2 a body under acceleration a leaves the chord by at most a dt1 dt2 / 2.
    """
    for _ in range(_PASSES):
        if len(fixes) < 3:
            return fixes
        over = _off_the_line(fixes)
        worst = (over > 0.0) & (over >= np.r_[0.0, over[:-1]]) & (over >= np.r_[over[1:], 0.0])
        if not worst.any():
            return fixes
        fixes = [fix for fix, spike in zip(fixes, worst, strict=True) if not spike]
    return fixes


def _off_the_line(fixes: Sequence[Fix]) -> Array:
    """Give (n,) metres by which each fix exceeds what its neighbours allow; ends give -inf."""
    seconds = np.array([(fix.at - fixes[0].at) / timedelta(seconds=1) for fix in fixes])
    plane = LocalPlane(latitude=fixes[0].latitude, longitude=fixes[0].longitude)
    places = plane.east_north(
        np.array([fix.latitude for fix in fixes]), np.array([fix.longitude for fix in fixes])
    )
    noise = np.array([max(NOISE_M, 3.0 * (fix.sigma_m or 0.0)) for fix in fixes])
    before, after = np.diff(seconds)[:-1], np.diff(seconds)[1:]
    share = (before / (before + after))[:, None]
    off = np.linalg.norm(places[1:-1] - (1.0 - share) * places[:-2] - share * places[2:], axis=-1)
    allowed = noise[1:-1] + MAX_TURN_M_S2 * before * after / 2.0
    over = np.full(len(fixes), -np.inf)
    near = (before <= _NEIGHBOURS_S) & (after <= _NEIGHBOURS_S)
    over[1:-1][near] = (off - allowed)[near]
    return over
