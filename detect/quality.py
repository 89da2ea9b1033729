"""How good a frame is to look at: sharp, lit, and with anything on it at all.

Frames are judged at 640 px width, so that figures do not depend on the camera's resolution.
The limits stand between 150 real street photos (`detection/val` of the samples, each fourth) and
the same photos spoilt: see each limit. Grain hides blur: a dark, noisy, shaken frame may pass.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

import cv2
import numpy as np

from detect.pixels import Image, RawImage, small_grey

LEAST_SHARPNESS: Final = 0.50
"""Of sharp photos 99 % lie above 0.57; smeared over 9 px 95 % lie below 0.51, over 5 px 25 %."""

LEAST_BRIGHTNESS: Final = 20.0
"""The darkest of the photos has 51; lit to a fifth, with grain, half of them lie below 25."""

MOST_BRIGHTNESS: Final = 235.0
"""The brightest 5 % of the photos have 156 and more, none 235: little but burnt-out sky is left."""

LEAST_CONTRAST: Final = 6.0
"""The flattest of the photos, a smooth road, has 12; a covered lens has sensor noise only."""

NIGHT_BELOW: Final = 45.0
DIM_BELOW: Final = 70.0
"""Set by eye: the photos were taken by day, and 1 % of them lie below 75, none below 51."""

WIDTH: Final = 640
"""At most so wide is a frame judged, pixels."""

_SPAN: Final = 9

Light = Literal["day", "dim", "night"]


class QualityFault(StrEnum):
    """Why a frame neither files nor counts as seen."""

    BLURRED = "blurred"
    DARK = "dark"
    GLARING = "glaring"
    FLAT = "flat"

    @property
    def zh(self) -> str:
        """Say it in Chinese."""
        return _ZH[self]


_ZH: Final = {
    QualityFault.BLURRED: "画面模糊",
    QualityFault.DARK: "光线太暗",
    QualityFault.GLARING: "曝光过度",
    QualityFault.FLAT: "画面没有内容，镜头可能被遮挡",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameQuality:
    """What a frame is good for.

    Attributes:
        sharpness: 0 (smeared) to 1, in the direction that is smeared most.
        brightness: mean grey, 0 to 255.
        contrast: standard deviation of grey.
        light: day, dim or night by brightness; a camera that exposes long hides dusk.
        reason: why the frame is not usable, None if it is.
    """

    sharpness: float
    brightness: float
    contrast: float
    light: Light
    reason: QualityFault | None

    @property
    def usable(self) -> bool:
        """Whether the frame may file and counts as seen."""
        return self.reason is None


def judge(image: RawImage) -> FrameQuality:
    """Judge one frame.

    Raises:
        UnusableFrame: the frame is no picture.
    """
    grey = small_grey(image, WIDTH)
    mean, spread = (float(part[0, 0]) for part in cv2.meanStdDev(grey))
    sharpness = min(_crispness(grey), _crispness(np.ascontiguousarray(grey.T)))
    return FrameQuality(
        sharpness=sharpness,
        brightness=mean,
        contrast=spread,
        light="night" if mean < NIGHT_BELOW else "dim" if mean < DIM_BELOW else "day",
        reason=_fault(sharpness, mean, spread),
    )


def _fault(sharpness: float, brightness: float, contrast: float) -> QualityFault | None:
    if brightness < LEAST_BRIGHTNESS:
        return QualityFault.DARK
    if brightness > MOST_BRIGHTNESS:
        return QualityFault.GLARING
    if contrast < LEAST_CONTRAST:
        return QualityFault.FLAT
    return QualityFault.BLURRED if sharpness < LEAST_SHARPNESS else None


def _crispness(grey: Image) -> float:
    """Give the share of detail along the columns that smoothing along them takes away.

    A picture that is smeared already loses little. Source: Crete, Dolmiere, Ladret and Nicolas,
    The blur effect, Human Vision and Electronic Imaging XII (2007).
    """
    smooth = cv2.blur(grey, (1, _SPAN))
    detail = cv2.absdiff(grey[1:], grey[:-1])
    left = cv2.absdiff(smooth[1:], smooth[:-1])
    whole = cv2.sumElems(detail)[0]
    return cv2.sumElems(cv2.subtract(detail, left))[0] / whole if whole else 0.0
