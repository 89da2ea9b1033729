"""What both sides of a comparison answer: how long a frame took, and what is resident."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path


def timed(detect: Callable[[], int], rounds: int) -> Mapping:
    """Run a frame some times; give what each took, the boxes of the last, and the peak memory."""
    seconds, processor, boxes = [], [], 0
    for _ in range(rounds):
        start, worked = time.perf_counter(), time.process_time()
        boxes = detect()
        seconds.append(time.perf_counter() - start)
        processor.append(time.process_time() - worked)
    return {
        "seconds": seconds,
        "processor_s": processor,
        "boxes": boxes,
        "peak_kib": _peak_kib(),
    }


def _peak_kib() -> int:
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1])
