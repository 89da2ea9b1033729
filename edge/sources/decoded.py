"""A decoded frame in the decoder's own form: small, grey, and how sharp, without its colours."""

import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from detect.quality import WIDTH, judge


def grey(picture: VideoFrame, size: tuple[int, int]) -> NDArray[np.uint8]:
    """Give a frame in grey, (height, width), at a size (width, height)."""
    width, height = size
    return np.asarray(picture.to_ndarray(format="gray", width=width, height=height), np.uint8)


def sharpness_of(picture: VideoFrame) -> float:
    """Give how sharp a frame is, 0 to 1, judged at the width of every judgement."""
    height = max(1, round(picture.height * WIDTH / picture.width))
    return judge(grey(picture, (WIDTH, height))).sharpness
