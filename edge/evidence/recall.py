"""What the device still remembers of the frames behind it, until their tracks have ended.

Frames are kept in memory only, as JPEG of high quality, because they are not redacted yet; a frame
is redacted when it becomes evidence, with the boxes that were found in it.
"""

from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detect.quality import FrameQuality
from edge.evidence.pictures import encode_jpeg
from edge.evidence.redaction import PrivateBox
from edge.frame import Frame
from edge.placing.pose import Pose

BUDGET_BYTES: Final = 64 << 20
MOST_LOOKS: Final = 3000
"""Ten minutes at 5 frames a second: a standing camera's tracks may live that long."""
KEPT_QUALITY: Final = 95


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One frame as it was looked at.

    Attributes:
        size: (width, height) of the frame.
        pose: None where telemetry has none; then `no_pose` says why, in both languages.
        input_scale: model-input pixels per pixel of the frame.
    """

    at: datetime
    size: tuple[int, int]
    pose: Pose | None
    no_pose: str | None
    quality: FrameQuality
    input_scale: float
    private: tuple[PrivateBox, ...]


class Recall:
    """Looks of a pass by frame index, and the pixels of as many of them as fit a budget."""

    def __init__(self, *, budget_bytes: int = BUDGET_BYTES) -> None:
        self._budget = budget_bytes
        self._looks: OrderedDict[int, Look] = OrderedDict()
        self._pixels: OrderedDict[int, bytes] = OrderedDict()
        self._held = 0

    def keep(self, frame: Frame, look: Look, *, with_pixels: bool) -> None:
        """Remember a frame; its pixels only where a subject may be seen in it."""
        self._looks[frame.index] = look
        if len(self._looks) > MOST_LOOKS:
            self._looks.popitem(last=False)
        if not with_pixels:
            return
        content = encode_jpeg(frame.image, quality=KEPT_QUALITY)
        self._pixels[frame.index] = content
        self._held += len(content)
        while self._held > self._budget and len(self._pixels) > 1:
            _, oldest = self._pixels.popitem(last=False)
            self._held -= len(oldest)

    def keep_only(self, shown: Collection[int]) -> None:
        """Forget the pixels of all other frames."""
        for index in self._pixels.keys() - shown:
            self._held -= len(self._pixels.pop(index))

    def look(self, index: int) -> Look | None:
        """Give how a frame was looked at, or None if it is forgotten."""
        return self._looks.get(index)

    def has_pixels(self, index: int) -> bool:
        """Say whether a frame can still be shown."""
        return index in self._pixels

    def image(self, index: int) -> NDArray[np.uint8]:
        """Give a frame's pixels again, not redacted.

        Raises:
            KeyError: they are forgotten.
        """
        content = np.frombuffer(self._pixels[index], dtype=np.uint8)
        return np.asarray(cv2.imdecode(content, cv2.IMREAD_COLOR), dtype=np.uint8)
