"""What it costs to judge a frame: sharp, lit, and looked at through a clean lens."""

import time
from statistics import median

from tests.benchmarks.figure import Measured, benchmark

FRAMES = 200
FRAME = (1080, 1920)


@benchmark(name="detect.quality_ms", unit="ms")
def quality_of_a_frame() -> Measured:
    """Time the judging of 1080p frames, one thread: made small, judged, learnt from."""
    import cv2
    import numpy as np

    from detect.pixels import small_grey
    from detect.quality import WIDTH, judge
    from detect.veil import VeilSearch

    cv2.setNumThreads(1)
    rng = np.random.default_rng(5)
    wide = cv2.resize(rng.integers(0, 255, (270, 960, 3), np.uint8), None, fx=4, fy=4)
    search = VeilSearch((0.5, 0.4))
    nobody = np.zeros((0, 4), np.float32)
    shrinking, judging, learning = [], [], []
    for number in range(FRAMES):
        left = 9 * number
        frame = np.ascontiguousarray(wide[:, left : left + FRAME[1]])
        times = [time.perf_counter()]
        small = small_grey(frame, WIDTH)
        times.append(time.perf_counter())
        judge(small)
        times.append(time.perf_counter())
        search.take(small, before=nobody)
        times.append(time.perf_counter())
        for kept, begin, end in zip(
            (shrinking, judging, learning), times[:-1], times[1:], strict=True
        ):
            kept.append(1e3 * (end - begin))
    judged = median(a + b for a, b in zip(judging, learning, strict=True))
    return Measured(
        value=judged,
        how=f"median of {FRAMES} frames at {WIDTH} px width: judged in {median(judging):.2f} ms, "
        f"learnt from for the veil in {median(learning):.2f} ms; making a 1080p frame small and "
        f"grey before takes {median(shrinking):.2f} ms",
    )
