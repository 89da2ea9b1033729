"""A live frame in the decoder's own form, until it is looked at."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from av.video.frame import VideoFrame

from edge.frame import Frame
from edge.sources.decoded import pixels, sharpness_of

_NONE: Final = timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveFrame:
    """A captured frame, in the decoder's own form until it is looked at.

    Attributes:
        size: (width, height) in which it is developed: that of the pass's first frame.
        repeats: it shows what the frame before showed, though the vehicle may have moved.
    """

    at: datetime
    picture: VideoFrame = field(repr=False)
    size: tuple[int, int]
    repeats: bool = False

    def sharpness(self) -> float:
        """Give how sharp it is, 0 to 1."""
        return sharpness_of(self.picture)

    def develop(self, *, index: int = 0, shift: timedelta = _NONE) -> Frame:
        """Give its pixels.

        Args:
            index: its number among the frames of its pass that are looked at.
            shift: what to add to the device's time to get UTC.
        """
        at = self.at + shift
        return Frame(
            index=index,
            at=at,
            image=pixels(self.picture, self.size, form="bgr24"),
            name=f"{at:%H:%M:%S.%f}",
        )
