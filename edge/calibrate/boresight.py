"""Boresight of a vehicle's camera, told from where the road flows apart on straight stretches.

On a straight stretch a vehicle goes where its body points and along the road. So the direction of
the camera's way, in its own frame, is the body's forward axis, which gives yaw and pitch (the
vanishing point of forward motion); the normal of the road gives roll. Way over height comes out of
the road's flow too: with the speed of the track it gives a height to hold against the stated one.
A body nods, sways and drifts for seconds on end, so errors come from the means of blocks, widened
for their small number (the variance of Student's t).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edge.calibrate.drive import SLOWEST_M_S, Drive, Step
from edge.errors import EdgeError
from edge.placing.camera import BODY_FROM_CAMERA, Camera

Array = NDArray[np.float64]

STRAIGHTEST: Final = float(np.radians(2.0))
"""Turn rate, radians a second, up to which a stretch counts as straight."""
LEAST_STRAIGHT_S: Final = 15.0
HEIGHT_SLACK: Final = 0.05
"""Share of the height that is left to the lens and to a road that is not quite a plane."""
LENS_ERROR: Final = float(np.radians(0.05))
"""What a principal point that is one pixel of a thousand off does to every step alike."""
_LEAN_ERROR: Final = float(np.radians(1.0))
"""Of a roll that a drive did not tell."""
_AGREEING: Final = 0.5
_BLOCK_S: Final = 3.0
_FEWEST_BLOCKS: Final = 4
_OUTLYING: Final = 4.0


class TooLittleStraight(EdgeError):
    """A drive holds too little straight driving to tell a boresight."""

    def __init__(self, straight_s: float) -> None:
        super().__init__(
            f"能用的直线行驶只有 {straight_s:.0f} 秒，至少要 {LEAST_STRAIGHT_S:.0f} 秒；"
            f"请在直路上以 {SLOWEST_M_S:.0f} 米/秒以上录一段",
            f"only {straight_s:.0f} s of straight driving can be used, {LEAST_STRAIGHT_S:.0f} s "
            f"are needed: record a straight road at {SLOWEST_M_S:.0f} m/s or more",
        )
        self.straight_s = straight_s


@dataclass(frozen=True, slots=True)
class Told:
    """A value with its standard error."""

    value: float
    error: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Boresight:
    """How a camera is mounted, as a drive tells; radians and metres.

    Attributes:
        roll, height_m: None where the road was not made out.
        straight_s: of driving that it rests on.
    """

    yaw: Told
    pitch: Told
    roll: Told | None
    height_m: Told | None
    straight_s: float

    def height_fits(self, stated_m: float, stated_error_m: float) -> bool | None:
        """Say whether a stated height agrees with the flow of the road; None if it is unknown."""
        if self.height_m is None:
            return None
        slack_m = float(
            np.hypot(np.hypot(self.height_m.error, stated_error_m), HEIGHT_SLACK * stated_m)
        )
        return abs(self.height_m.value - stated_m) <= 2.0 * slack_m


def boresight_of(drive: Drive, camera: Camera) -> Boresight:
    """Tell the boresight of a drive's camera.

    Raises:
        TooLittleStraight: of straight driving.
    """
    steps, speeds = _straight(drive)
    straight_s = sum(step.span_s for step in steps)
    seconds = np.array([step.seconds for step in steps])
    if straight_s < LEAST_STRAIGHT_S or len(set(_block(seconds).tolist())) < _FEWEST_BLOCKS:
        raise TooLittleStraight(straight_s)
    roll, height_m = _road(steps, speeds)
    # A camera that leans mixes what it sees of yaw and pitch.
    lean = camera.mounting.roll if roll is None else roll.value
    ahead = np.array([BODY_FROM_CAMERA @ step.direction for step in steps])
    lean_error = _LEAN_ERROR if roll is None else roll.error
    upright = ahead @ _rolled(lean).T
    yaw = _usual(seconds, -np.arcsin(upright[:, 1]))
    pitch = _usual(seconds, np.arctan2(upright[:, 2], upright[:, 0]))
    return Boresight(
        yaw=_widened(yaw, pitch.value * lean_error),
        pitch=_widened(pitch, yaw.value * lean_error),
        roll=roll,
        height_m=height_m,
        straight_s=straight_s,
    )


def _straight(drive: Drive) -> tuple[list[Step], Array]:
    """Give the steps of straight driving with their speeds."""
    known = np.isfinite(drive.course.angle)
    told = np.where(known, drive.course.speed_m_s, np.nan)
    chosen: list[Step] = []
    speeds: list[float] = []
    for step in drive.steps:
        speed = float(
            np.interp(step.seconds, drive.course.seconds, told, left=np.nan, right=np.nan)
        )
        steady = abs(step.turn_rate) <= STRAIGHTEST and step.agreeing >= _AGREEING
        if steady and speed >= SLOWEST_M_S:
            chosen.append(step)
            speeds.append(speed)
    return chosen, np.array(speeds)


def _road(steps: list[Step], speeds: Array) -> tuple[Told | None, Told | None]:
    """Give roll and height of the camera over the road."""
    rows = [
        (step.seconds, speed * step.span_s, *(BODY_FROM_CAMERA @ step.road))
        for step, speed in zip(steps, speeds, strict=True)
        if step.road is not None
    ]
    seen = np.array(rows).reshape(-1, 5)
    if len(set(_block(seen[:, 0]).tolist())) < _FEWEST_BLOCKS:
        return None, None
    roll = _usual(seen[:, 0], np.arctan2(seen[:, 3], seen[:, 4]))
    height_m = _usual(seen[:, 0], seen[:, 1] / np.linalg.norm(seen[:, 2:], axis=1))
    return _widened(roll, 0.0), height_m


def _widened(told: Told, leaning: float) -> Told:
    """Add what the blocks of a drive cannot show: the lens, and a roll that is off."""
    return Told(told.value, float(np.hypot(np.hypot(told.error, LENS_ERROR), leaning)))


def _rolled(roll: float) -> Array:
    cosine, sine = np.cos(roll), np.sin(roll)
    return np.array([[1.0, 0.0, 0.0], [0.0, cosine, -sine], [0.0, sine, cosine]])


def _block(seconds: Array) -> NDArray[np.int64]:
    return (seconds // _BLOCK_S).astype(np.int64)


def _usual(seconds: Array, values: Array) -> Told:
    """Give the mean of a value without its outliers, with the error that its blocks show."""
    middle = float(np.median(values))
    spread = 1.4826 * float(np.median(np.abs(values - middle)))
    kept = np.abs(values - middle) <= max(_OUTLYING * spread, 1e-9)
    block = _block(seconds[kept])
    means = np.array([values[kept][block == number].mean() for number in np.unique(block)])
    count = len(means)
    if count < _FEWEST_BLOCKS:
        return Told(float(means.mean()), float(values.std()))
    few = (count - 1.0) / (count - 3.0)
    return Told(float(means.mean()), float(np.sqrt(means.var(ddof=1) * few / count)))
