"""A decoded frame in the decoder's own form: its pixels when asked for, and how sharp it is."""

import threading
from typing import Final

import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray

from detect.quality import WIDTH, judge


class _OfThread(threading.local):
    """What converts frames in one thread.

    A frame's own converter waits for ever when two threads use it at once, as those of the camera
    and of the patrol may do with the newest frame.
    """

    def __init__(self) -> None:
        """Make it."""
        self.reformatter = VideoReformatter()


_OF_THREAD: Final = _OfThread()


def pixels(picture: VideoFrame, size: tuple[int, int], *, form: str) -> NDArray[np.uint8]:
    """Give a frame's pixels at a size (width, height), from any thread.

    Args:
        form: what FFmpeg calls it: `bgr24` for (height, width, 3), `gray` for (height, width).
    """
    width, height = size
    converted = _OF_THREAD.reformatter.reformat(picture, width=width, height=height, format=form)
    return np.asarray(converted.to_ndarray(), np.uint8)


def grey(picture: VideoFrame, size: tuple[int, int]) -> NDArray[np.uint8]:
    """Give a frame in grey, (height, width), at a size (width, height)."""
    return pixels(picture, size, form="gray")


def sharpness_of(picture: VideoFrame) -> float:
    """Give how sharp a frame is, 0 to 1, judged at the width of every judgement."""
    height = max(1, round(picture.height * WIDTH / picture.width))
    return judge(grey(picture, (WIDTH, height))).sharpness
