"""What holds a device's memory, step by step: `python -m tests.benchmarks.held_memory`.

Each step is taken in one process, as a device takes it, over one drawn frame of 1920x1080.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from edge.memory import give_back_freed, tidy

RESET_PEAK: Final = "5"
"""Written to clear_refs it makes the peak begin anew; source: proc_pid_clear_refs(5)."""
LOOKS: Final = 3


class Steps:
    """Steps so far: what each left behind, and the most that was held during it."""

    def __init__(self) -> None:
        """Begin with the bare process."""
        bare = _held("VmRSS")
        self.rows: list[tuple[str, float, float]] = [("the interpreter", bare, bare)]

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Measure what happens within."""
        tidy()
        before = _held("VmRSS")
        Path("/proc/self/clear_refs").write_text(RESET_PEAK, encoding="utf-8")
        yield
        most = _held("VmHWM")
        tidy()
        self.rows.append((name, _held("VmRSS") - before, most - before))

    def table(self) -> str:
        """Give the steps as Markdown."""
        lines = [f"| {name} | {left:.0f} | {most:.0f} |" for name, left, most in self.rows]
        head = "| step | stays, MiB | at most meanwhile, MiB |\n|---|---|---|\n"
        return head + "\n".join(lines) + f"\n| all of it | {_held('VmRSS'):.0f} | |\n"


def _held(field: str) -> float:
    # Nothing that measures may be imported before the first step.
    said = Path("/proc/self/status").read_text(encoding="utf-8")
    (found,) = (line for line in said.splitlines() if line.startswith(f"{field}:"))
    return int(found.split()[1]) / 1024.0


def measured() -> Steps:
    """Take the steps of a device from its start to its first evidence."""
    give_back_freed()
    steps = Steps()
    with steps.step("libraries of pictures, videos and models"):
        import av
        import cv2
        import numpy as np
        import onnxruntime  # noqa: F401 - only its memory counts
    with steps.step("the program"):
        import edge.patrol.agent  # noqa: F401 - only its memory counts
    from detect.detector import Detector
    from edge.evidence.finder import shipped_finder
    from edge.evidence.pictures import CONTEXT_WIDTH_PX, NEAR_SIDE_PX, encode_jpeg
    from edge.evidence.recall import KEPT_QUALITY
    from models.registry.registry import default_model
    from tests.benchmarks.live_device import street_picture

    frame = street_picture()
    height, width = frame.shape[:2]
    with steps.step("the street model, once it has looked"):
        detector = Detector(default_model(), threads=2)
        _repeat(lambda: detector.detect(frame))
    finder = shipped_finder()
    assert finder is not None, "the program comes with one"
    near = np.ascontiguousarray(frame[:NEAR_SIDE_PX, :NEAR_SIDE_PX])
    size = (CONTEXT_WIDTH_PX, round(height * CONTEXT_WIDTH_PX / width))
    context = np.asarray(cv2.resize(frame, size), np.uint8)
    with steps.step("looks for faces and plates in near crops"):
        _repeat(lambda: finder.find(near))
    with steps.step("looks for faces and plates in context frames"):
        _repeat(lambda: finder.find(context))
    kept: list[bytes] = []
    with steps.step("ten frames that may become evidence"):
        kept += [encode_jpeg(np.roll(frame, n, axis=1), quality=KEPT_QUALITY) for n in range(10)]
    waiting: list[av.VideoFrame] = []
    with steps.step("ten frames that wait, as they were decoded"):
        waiting += [
            av.VideoFrame.from_ndarray(frame, format="bgr24").reformat(format="yuv420p")
            for _ in range(10)
        ]
    return steps


def _repeat(look: Callable[[], object]) -> None:
    for _ in range(LOOKS):
        look()


def main() -> int:
    """Print the steps."""
    sys.stdout.write(measured().table())
    return 0


if __name__ == "__main__":
    sys.exit(main())
