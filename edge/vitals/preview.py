"""What the cameras see, with what was found drawn in: redacted, slow, and free while nobody looks.

The agent hands over a frame only while somebody watches. Redaction and drawing happen in the
watcher's thread, before a byte leaves memory; a model that cannot redact has no preview.
"""

import threading
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Final

from detect.detections import Detections
from edge.evidence.annotate import Annotator, Image
from edge.evidence.pictures import encode_jpeg

MIN_INTERVAL_S: Final = 0.5
MAX_WATCHERS: Final = 4
WAIT_S: Final = 5.0


@dataclass(slots=True)
class _Shown:
    """The newest frame, and whom it concerns."""

    fresh: threading.Condition = field(default_factory=threading.Condition)
    frame: tuple[Image, Detections] | None = None
    number: int = 0
    watchers: int = 0


class Preview:
    """Hands the newest frames to whoever watches; safe to use from any thread."""

    def __init__(self, annotator: Annotator, *, pause: Callable[[float], object]) -> None:
        """Make a preview.

        Args:
            annotator: redacts and draws; there is none for a model that cannot redact.
            pause: sleeps so many seconds.
        """
        self._annotator, self._pause, self._shown = annotator, pause, _Shown()

    @property
    def watched(self) -> bool:
        """Whether anybody looks; nothing need be shown otherwise."""
        return self._shown.watchers > 0

    def show(self, image: Image, detections: Detections) -> None:
        """Take the newest frame, if somebody looks.

        Args:
            image: (H, W, 3) uint8, not written to afterwards.
            detections: of the whole frame, in its pixels.
        """
        shown = self._shown
        if not shown.watchers:
            return
        with shown.fresh:
            shown.frame, shown.number = (image, detections), shown.number + 1
            shown.fresh.notify_all()

    def watch(self) -> Generator[bytes | None]:
        """Give redacted JPEGs as they come, at most two a second; None while nothing comes."""
        shown, seen = self._shown, 0
        with shown.fresh:
            shown.watchers += 1
        try:
            while True:
                frame, seen = self._next(seen)
                if frame is None:
                    yield None
                    continue
                yield encode_jpeg(self._annotator.draw(*frame))
                self._pause(MIN_INTERVAL_S)
        finally:
            with shown.fresh:
                shown.watchers -= 1
                if not shown.watchers:
                    shown.frame = None

    def _next(self, seen: int) -> tuple[tuple[Image, Detections] | None, int]:
        shown = self._shown
        with shown.fresh:
            came = shown.fresh.wait_for(lambda: shown.number > seen, timeout=WAIT_S)
            return (shown.frame if came else None), shown.number
