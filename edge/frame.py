"""A picture with its time, and what gives such pictures in order."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from dispatch.wire import Platform


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One decoded picture.

    Attributes:
        index: position in its source, from 0; ascending, gaps allowed.
        at: exposure time, aware, UTC.
        image: (H, W, 3) uint8, blue-green-red, as its camera file describes it: a video
            upright as the file says, a photo in sensor orientation (EXIF rotation not applied).
        name: what the source calls it (file name, presentation time).
    """

    index: int
    at: datetime
    image: NDArray[np.uint8]
    name: str


class FrameSource(Protocol):
    """Something that gives frames in order of time: a video, a folder of photos, a street."""

    @property
    def digest(self) -> str:
        """Hash (hex) of the recorded material; the pass id of recorded footage derives from it."""

    @property
    def platform(self) -> Platform:
        """What carried the camera."""

    @property
    def rendered(self) -> bool:
        """Whether the frames were drawn, not taken."""

    def frames(self) -> Iterator[Frame]:
        """Give the frames in order of time."""
