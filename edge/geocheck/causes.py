"""What can be wrong with all frames alike: focal length, height, pitch or clock."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edge.geocheck.agreement import Change

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Something that can be wrong with all frames alike.

    Attributes:
        called_zh, called_en: what it is called.
        zh, en: the fault, with its value as `{}`.
        unit: of a distance from neutral, shown after its number.
        values: what is tried, ascending; the neutral value is among them.
        tolerance: distance from `neutral` that is no fault.
        ratio: whether values are factors.
        change: the change that a value stands for.
    """

    name: str
    called_zh: str
    called_en: str
    zh: str
    en: str
    unit: str
    values: Array
    tolerance: float
    ratio: bool
    change: Callable[[float], Change]

    def distance(self, value: float) -> float:
        """Give how far a value is from neutral: in its unit, or as a share for a factor."""
        return math.expm1(abs(math.log(value))) if self.ratio else abs(value)


ZOOM: Final = Cause(
    name="field_of_view",
    called_zh="视场角",
    called_en="field of view",
    unit=" %",
    zh="视场角不对：真实焦距约为所写的 {:.2f} 倍",
    en="wrong field of view: the true focal length is about {:.2f} x the stated one",
    values=np.geomspace(0.5, 2.0, 29),
    tolerance=0.12,
    ratio=True,
    change=lambda value: Change(zoom=value),
)
HEIGHT: Final = Cause(
    name="height",
    called_zh="高度",
    called_en="height",
    unit=" %",
    zh="高度不对：真实高度约为所写的 {:.2f} 倍",
    en="wrong height: the true height is about {:.2f} x the stated one",
    values=np.geomspace(0.5, 2.0, 29),
    tolerance=0.12,
    ratio=True,
    change=lambda value: Change(height=value),
)
PITCH: Final = Cause(
    name="pitch",
    called_zh="俯仰角",
    called_en="pitch",
    unit="°",
    zh="相机俯仰角不对：约差 {:+.1f}°",
    en="wrong camera pitch: off by about {:+.1f} degrees",
    values=np.linspace(-8.0, 8.0, 17),
    tolerance=1.0,
    ratio=False,
    change=lambda value: Change(pitch=math.radians(value)),
)
CLOCK: Final = Cause(
    name="time_offset",
    called_zh="时间差",
    called_en="time offset",
    unit=" s",
    zh="画面与轨迹的时间差不对：画面约晚 {:+.2f} 秒",
    en="wrong time offset: the pictures are about {:+.2f} s later than the track says",
    values=np.linspace(-3.0, 3.0, 25),
    tolerance=0.15,
    ratio=False,
    change=lambda value: Change(later_s=value),
)
