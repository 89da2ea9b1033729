"""Whether what lies where a cell should be moves as the ground does.

The last frame is laid over the present one by the homography that the poses give to the ground
plane, both as a lens without distortion would show them. What rises from it (a lorry the detector
missed, a wall, a stall) does not land on itself, and its parts that cover one piece of ground
differ from view to view. Independent of any detector.
Compared at 320 px width, blurred over what the pose may be off. On 40 s of rendered street the
limits keep 92 % of looks at free ground and 15 % of looks at a vehicle's side; a smooth side that
fills the whole cell passes, so this stands beside the detector, not in its place.
"""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.placing.camera import Camera
from edge.placing.straightening import Straightening, straightening_of
from edge.placing.terrain import Stance

Array = NDArray[np.float64]
Image = NDArray[np.uint8]

MOST_SHIFT: Final = 6.0
"""Grey levels by which a cell's mean may change between two frames."""
MOST_DIFFERENCE: Final = 10.0
"""Grey levels by which its pixels may differ, on average."""
_WIDTH: Final = 320
_BLUR_PX: Final = 1.0
_MOST_TURN_PX: Final = 8.0
"""Two degrees of a common lens."""
_OUTSIDE: Final = -1000.0


@dataclass(frozen=True, slots=True)
class _Laid:
    """A small grey frame laid straight; (3, 3) leads from the ground plane to its pixels."""

    grey: NDArray[np.float32]
    pixel_from_ground: Array
    lens: Straightening


@dataclass(frozen=True, slots=True)
class Comparison:
    """Sums over the difference of a frame and the one before it, laid on the ground plane."""

    signed: Array
    absolute: Array
    scale: float

    def steady(self, low: Array, high: Array) -> NDArray[np.bool_]:
        """Say of boxes of pixels (n, 2) to (n, 2) whether their content lay still on the ground."""
        limit = np.array([self.signed.shape[1] - 1, self.signed.shape[0] - 1])
        first = np.clip(np.floor(low * self.scale).astype(np.int64), 0, limit - 1)
        last = np.clip(np.ceil(high * self.scale).astype(np.int64), first + 1, limit)
        area = (last - first).prod(axis=1)
        shift = np.abs(_sums(self.signed, first, last)) / area
        difference = _sums(self.absolute, first, last) / area
        calm: NDArray[np.bool_] = (shift < MOST_SHIFT) & (difference < MOST_DIFFERENCE)
        return calm


class Steadiness:
    """Compares each frame of a pass with the one before."""

    def __init__(self) -> None:
        self._before: _Laid | None = None

    def compare(
        self, image: Image, *, stance: Stance, origin: Array, camera: Camera
    ) -> Comparison | None:
        """Compare a frame with the last one; None for the first.

        Args:
            origin: (2,) east and north of the carrier's reference point.
        """
        now = _lay(image, stance=stance, origin=origin, camera=camera)
        before, self._before = self._before, now
        if before is None:
            return None
        size = now.lens.size
        moved = now.pixel_from_ground @ np.linalg.inv(before.pixel_from_ground)
        laid = _warp(before.grey, moved, size)
        difference = _difference(now.grey, laid, now.lens)
        # What the headings of the two poses are off by shifts the whole picture alike.
        shift = _shift(now.grey, laid)
        turned = _difference(now.grey, _warp(before.grey, shift @ moved, size), now.lens)
        if _misfit(turned) < _misfit(difference):
            difference = turned
        return Comparison(
            signed=np.asarray(cv2.integral(difference), np.float64),
            absolute=np.asarray(cv2.integral(np.abs(difference)), np.float64),
            scale=_WIDTH / camera.width,
        )


def _warp(grey: NDArray[np.float32], homography: Array, size: tuple[int, int]) -> Array:
    laid = cv2.warpPerspective(grey, homography, size, borderValue=_OUTSIDE)
    return np.asarray(laid, np.float64)


def _difference(now: NDArray[np.float32], laid: Array, lens: Straightening) -> Array:
    """Give (h, w), as taken, what changed but for exposure; large where a frame showed nothing."""
    change: Array = now - laid
    change[now < _OUTSIDE / 2.0] = -_OUTSIDE
    difference = lens.bent(change, outside=-_OUTSIDE)
    sample = difference[len(difference) // 2 :: 3, ::3]
    common = sample[np.abs(sample) < -_OUTSIDE / 2.0]
    return difference - (float(np.median(common)) if len(common) else 0.0)


def _misfit(difference: Array) -> float:
    """Give the usual difference of the lower half, which is mostly ground."""
    return float(np.median(np.abs(difference[len(difference) // 2 :: 3, ::3])))


def _shift(now: NDArray[np.float32], laid: Array) -> Array:
    """Give the translation (3, 3) that brings the lower halves together, by phase correlation."""
    half = len(laid) // 2
    shown = (now[half:] > _OUTSIDE / 2.0) & (laid[half:] > _OUTSIDE / 2.0)
    present = np.where(now[half:] > _OUTSIDE / 2.0, now[half:], 0.0).astype(np.float64)
    past = np.where(shown, laid[half:], present)
    window = cv2.createHanningWindow((present.shape[1], present.shape[0]), cv2.CV_64F)
    (across, down), _ = cv2.phaseCorrelate(past, present, window)
    near = abs(across) <= _MOST_TURN_PX and abs(down) <= _MOST_TURN_PX
    step = (across, down) if near else (0.0, 0.0)
    return np.array([[1.0, 0.0, step[0]], [0.0, 1.0, step[1]], [0.0, 0.0, 1.0]])


def _lay(image: Image, *, stance: Stance, origin: Array, camera: Camera) -> _Laid:
    height = round(camera.height * _WIDTH / camera.width)
    bright = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    grey = cv2.resize(bright, (_WIDTH, height), interpolation=cv2.INTER_AREA).astype(np.float32)
    blurred = np.asarray(cv2.GaussianBlur(grey, (0, 0), _BLUR_PX), np.float32)
    lens = straightening_of(camera, _WIDTH)
    eye = stance.position + np.array([origin[0], origin[1], 0.0])
    turned = stance.rotation.T
    return _Laid(
        lens.straight(blurred, outside=_OUTSIDE),
        lens.lens @ np.column_stack([turned[:, 0], turned[:, 1], -turned @ eye]),
        lens,
    )


def _sums(integral: Array, first: NDArray[np.int64], last: NDArray[np.int64]) -> Array:
    total: Array = (
        integral[last[:, 1], last[:, 0]]
        - integral[first[:, 1], last[:, 0]]
        - integral[last[:, 1], first[:, 0]]
        + integral[first[:, 1], first[:, 0]]
    )
    return total
