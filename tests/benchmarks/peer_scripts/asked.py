"""What both sides of a comparison answer: how long a frame took, and what is resident."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path


def timed(detect: Callable[[], int], rounds: int) -> Mapping:
    """Run a frame some times; give seconds each, the boxes of the last, and the peak memory."""
    seconds, boxes = [], 0
    for _ in range(rounds):
        start = time.perf_counter()
        boxes = detect()
        seconds.append(time.perf_counter() - start)
    return {"seconds": seconds, "boxes": boxes, "peak_kib": _peak_kib()}


def _peak_kib() -> int:
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1])
