"""A detector that is watched: what it answers, what that takes, and when it fails."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from detect.decode import UnusableOutput
from detect.detections import Detections
from detect.detector import DEFAULT_FLOOR, Detector
from detect.manifest import Precision
from detect.pixels import RawImage
from detect.provider import Provider
from detect.session import RunFailed
from edge.updates.trial import Tally


class WatchedDetector(Detector):
    """Counts while it detects; see `Tally`."""

    def __init__(
        self,
        folder: Path,
        *,
        threads: int = 2,
        shape: tuple[int, int] | None = None,
        floor: float = DEFAULT_FLOOR,
        precision: Precision | None = None,
        provider: Provider | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Load a model, as `Detector` does.

        Raises:
            UnusableModel: the folder, the file or its inputs and outputs do not fit the manifest.
        """
        super().__init__(
            folder,
            threads=threads,
            shape=shape,
            floor=floor,
            precision=precision,
            provider=provider,
        )
        self.folder = folder
        self.done = Tally()
        self._monotonic = monotonic
        self._least = np.array([entry.threshold for entry in self.manifest.classes], np.float32)

    def detect_batch(self, images: Sequence[RawImage]) -> tuple[Detections, ...]:
        """Find what several frames show, and count it.

        Raises:
            UnusableFrame: a frame is no picture; that is not the model's fault.
            UnusableOutput, RunFailed: counted as failures.
        """
        began = self._monotonic()
        try:
            found = super().detect_batch(images)
        except (UnusableOutput, RunFailed):
            self.done = self.done.failed()
            raise
        boxes = sum(int((each.score >= self._least[each.label]).sum()) for each in found)
        took = self._monotonic() - began
        self.done = self.done.answered(frames=len(found), boxes=boxes, seconds=took)
        return found
