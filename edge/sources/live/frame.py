"""A live frame in the decoder's own form, until it is looked at."""

from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from av.video.frame import VideoFrame

from edge.frame import Frame
from edge.sources.decoded import sharpness_of


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveFrame:
    """A captured frame, in the decoder's own form until it is looked at.

    Attributes:
        size: (width, height) in which it is developed: that of the pass's first frame.
    """

    index: int
    at: datetime
    picture: VideoFrame = field(repr=False)
    size: tuple[int, int]

    def sharpness(self) -> float:
        """Give how sharp it is, 0 to 1."""
        return sharpness_of(self.picture)

    def develop(self) -> Frame:
        """Give its pixels."""
        width, height = self.size
        image = self.picture.to_ndarray(format="bgr24", width=width, height=height)
        at = f"{self.at:%H:%M:%S.%f}"
        return Frame(index=self.index, at=self.at, image=np.asarray(image, np.uint8), name=at)
