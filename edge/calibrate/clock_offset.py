"""How far a camera's clock is from its telemetry's, told from the turns of a drive.

The camera sees how fast the vehicle turns; the track says how fast its course turns. Both curves
are laid over each other: `seen(t) = gain * told(t + offset) + bias`, least squares in the offset.
The error is the larger of what the curvature of the sum of squares says (widened for residuals
that follow each other) and of a bootstrap over blocks of `_BLOCK_S`.

The course of an antenna ahead of the rear axle runs ahead of the heading: a body that rolls without
slip moves at L along itself in the direction yaw + L * yaw_rate / speed, which is the yaw L / speed
later (R. Rajamani, "Vehicle Dynamics and Control", chapter 2, kinematic model).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edge.errors import EdgeError

Array = NDArray[np.float64]

WIDEST_S: Final = 1.5
"""Largest offset looked for, to either side."""
LEAST_TURNING: Final = float(np.radians(1.2))
"""Spread of the course rate, radians a second, below which a drive is too straight to tell."""
LEAST_MATCH: Final = 0.7
"""Correlation below which camera and track did not make the same turns."""
MOST_ERROR_S: Final = 0.15
AXLE_ERROR_M: Final = 0.5
"""How well it is known how far the antenna sits ahead of the rear axle."""
_LEAST_S: Final = 15.0
_GRID_S: Final = 0.01
_WINDOW_S: Final = 1.5
_BLOCK_S: Final = 4.0
_DRAWS: Final = 300
_SEED: Final = 1


class UnknownOffset(EdgeError):
    """A drive does not tell how far camera and telemetry are apart in time, and why."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(
            f"无法估计相机与遥测的时间差：{zh}",
            f"the time offset of camera and telemetry cannot be told: {en}",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Turning:
    """How fast a vehicle turned as its camera saw it, as parallel arrays.

    Attributes:
        seconds: (n,) middles of the steps, camera time, ascending.
        rate: (n,) radians a second, clockwise from above.
    """

    seconds: Array
    rate: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Where a vehicle headed as its track tells, as parallel arrays.

    Attributes:
        seconds: (m,) telemetry time, ascending, at even steps.
        angle: (m,) radians, unwrapped; NaN where the track does not tell.
        speed_m_s: (m,).
    """

    seconds: Array
    angle: Array
    speed_m_s: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeOffset:
    """What to add to a camera's time to get the telemetry's, with its standard error.

    Attributes:
        match: correlation of the two curves there.
        gain: turns seen over turns told; near 1 where the field of view is right.
        seconds_used: of driving.
    """

    offset_s: float
    error_s: float
    match: float
    gain: float
    seconds_used: float


def estimate_offset(turning: Turning, course: Course, *, antenna_ahead_m: float) -> TimeOffset:
    """Estimate the offset of a drive.

    Args:
        antenna_ahead_m: of the rear axle, along the vehicle.

    Raises:
        UnknownOffset: too short, too straight, or camera and track do not agree.
    """
    shifts = np.arange(-WIDEST_S, WIDEST_S + _GRID_S / 2.0, _GRID_S)
    seconds, step_s, seen = _evenly(turning)
    told = _told(seconds, step_s, course, shifts, ahead_m=antenna_ahead_m)
    seen, told = _smooth(seen[:, None], step_s)[:, 0], _smooth(told, step_s)
    inside = np.isfinite(seen) & np.isfinite(told).all(axis=1)
    seconds, seen, told = seconds[inside], seen[inside], told[inside]
    used_s = len(seen) * step_s
    if used_s < _LEAST_S:
        raise UnknownOffset(
            f"只有 {used_s:.0f} 秒行驶同时有画面和航向，至少要 {_LEAST_S:.0f} 秒",
            f"only {used_s:.0f} s of driving have both pictures and a course, "
            f"{_LEAST_S:.0f} s are needed",
        )
    gain, match = _fits(seen, told)
    best = int(np.argmax(match))
    _check_turns(told[:, best], float(match[best]), at_rim=best in {0, len(shifts) - 1})
    centred = told - told.mean(axis=0)
    misfit = (seen[:, None] - seen.mean() - gain[best] * centred) ** 2
    offset_s = _lowest(misfit.sum(axis=0), shifts)
    speed = float(np.nanmedian(course.speed_m_s))
    spread_s = max(
        _from_curvature(misfit, seen - seen.mean() - gain[best] * centred[:, best]),
        _from_blocks(misfit, seconds, shifts),
    )
    error_s = float(np.hypot(spread_s, AXLE_ERROR_M / speed))
    if error_s > MOST_ERROR_S:
        raise UnknownOffset(
            f"误差 {error_s:.2f} 秒太大，请用转弯更多的行驶",
            f"its error would be {error_s:.2f} s: use a drive with more turns",
        )
    return TimeOffset(
        offset_s=offset_s,
        error_s=error_s,
        match=float(match[best]),
        gain=float(gain[best]),
        seconds_used=used_s,
    )


def _evenly(turning: Turning) -> tuple[Array, float, Array]:
    """Give the turns on an even scale of seconds, its step, and NaN where none was seen."""
    if len(turning.seconds) < 2:
        return np.zeros(0), 1.0, np.zeros(0)
    step_s = float(np.median(np.diff(turning.seconds)))
    place = np.round((turning.seconds - turning.seconds[0]) / step_s).astype(np.int64)
    rates = np.full(int(place[-1]) + 1, np.nan)
    rates[place] = turning.rate
    return turning.seconds[0] + step_s * np.arange(len(rates)), step_s, rates


def _told(seconds: Array, step_s: float, course: Course, shifts: Array, *, ahead_m: float) -> Array:
    """Give the told turn rates (n, shifts) around times of the camera, NaN where not told."""
    if not len(course.seconds):
        return np.full((len(seconds), len(shifts)), np.nan)
    # The heading at a time is the antenna's course a moment before.
    clock = course.seconds + ahead_m / np.maximum(course.speed_m_s, 1.0)
    at = seconds[:, None] + shifts
    before, after = (
        np.interp(at + half, clock, course.angle, left=np.nan, right=np.nan)
        for half in (-step_s / 2.0, step_s / 2.0)
    )
    rates: Array = (after - before) / step_s
    return rates


def _smooth(rates: Array, step_s: float) -> Array:
    """Give means over `_WINDOW_S` (n, …), which keeps turns and drops a receiver's noise."""
    wide = max(1, round(_WINDOW_S / step_s))
    if len(rates) < wide:
        return np.full(rates.shape, np.nan)
    start = (wide - 1) // 2
    means = np.full(rates.shape, np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(rates, wide, axis=0)
    means[start : start + len(windows)] = windows.mean(axis=-1)
    return means


def _fits(seen: Array, told: Array) -> tuple[Array, Array]:
    """Give gain and correlation for every shift, (shifts,)."""
    centred, own = told - told.mean(axis=0), seen - seen.mean()
    power = np.maximum((centred**2).sum(axis=0), 1e-18)
    cross = own @ centred
    match: Array = cross / np.sqrt(power * max(float(own @ own), 1e-18))
    return cross / power, match


def _check_turns(told: Array, match: float, *, at_rim: bool) -> None:
    turning = float(told.std())
    if turning < LEAST_TURNING:
        raise UnknownOffset(
            f"路线太直（航向变化 {np.degrees(turning):.1f} 度/秒），请用有转弯的行驶",
            f"the drive is too straight (its course turns by {np.degrees(turning):.1f} degrees a "
            "second): use one with turns",
        )
    if match < LEAST_MATCH or at_rim:
        raise UnknownOffset(
            f"画面与轨迹的转弯不吻合（相关 {match:.2f}），请检查文件是否配对、相差是否超过 "
            f"{WIDEST_S} 秒",
            f"the turns of pictures and track do not agree (correlation {match:.2f}): check that "
            f"they belong together and are less than {WIDEST_S} s apart",
        )


def _lowest(sums: Array, shifts: Array) -> float:
    """Give where a curve is lowest, between its samples by a parabola."""
    number = min(max(int(np.argmin(sums)), 1), len(sums) - 2)
    before, here, after = sums[number - 1 : number + 2]
    bend = before - 2.0 * here + after
    part = 0.0 if bend <= 0.0 else float(np.clip(0.5 * (before - after) / bend, -1.0, 1.0))
    return float(shifts[number] + part * _GRID_S)


def _from_curvature(misfit: Array, left: Array) -> float:
    """Give the standard error that the bend of the sum of squares allows."""
    sums = misfit.sum(axis=0)
    wide = 5
    number = min(max(int(np.argmin(sums)), wide), len(sums) - 1 - wide)
    bend = (sums[number - wide] - 2.0 * sums[number] + sums[number + wide]) / (wide * _GRID_S) ** 2
    if bend <= 0.0:
        return float("inf")
    echo = float(np.clip((left[1:] @ left[:-1]) / max(float(left @ left), 1e-18), 0.0, 0.95))
    return float(np.sqrt(2.0 * left.var() * (1.0 + echo) / (1.0 - echo) / bend))


def _from_blocks(misfit: Array, seconds: Array, shifts: Array) -> float:
    """Give the spread of the offset over drives put together from blocks of this one."""
    block = ((seconds - seconds[0]) // _BLOCK_S).astype(np.int64)
    sums = np.array([misfit[block == number].sum(axis=0) for number in np.unique(block)])
    rng = np.random.default_rng(_SEED)
    drawn = rng.integers(0, len(sums), (_DRAWS, len(sums)))
    return float(np.std([_lowest(sums[chosen].sum(axis=0), shifts) for chosen in drawn]))
