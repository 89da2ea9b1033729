"""What the cameras see, with what was found drawn in: redacted, slow, and free while nobody looks.

The agent hands over a frame only while somebody watches. Redaction and drawing happen in the
watcher's thread, before a byte leaves memory; a model that cannot redact has no preview.
"""

import threading
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Final

import cv2

from detect.detections import Detections
from edge.evidence.annotate import Annotator, Image
from edge.evidence.pictures import encode_jpeg

MIN_INTERVAL_S: Final = 0.5
MAX_WATCHERS: Final = 4
WAIT_S: Final = 5.0
LIVE_S: Final = 2.0
"""From here on a picture says its age: a parked camera brings one in some seconds only."""


@dataclass(slots=True)
class _Shown:
    """The newest frame, and whom it concerns."""

    fresh: threading.Condition = field(default_factory=threading.Condition)
    frame: tuple[Image, Detections] | None = None
    taken_s: float = 0.0
    number: int = 0
    watchers: int = 0


class Preview:
    """Hands the newest frames to whoever watches; safe to use from any thread."""

    def __init__(
        self,
        annotator: Annotator,
        *,
        pause: Callable[[float], object],
        monotonic: Callable[[], float],
    ) -> None:
        """Make a preview.

        Args:
            annotator: redacts and draws; there is none for a model that cannot redact.
            pause: sleeps so many seconds.
            monotonic: seconds that never leap.
        """
        self._annotator, self._pause, self._monotonic = annotator, pause, monotonic
        self._shown = _Shown()

    @property
    def watched(self) -> bool:
        """Whether anybody looks; nothing need be shown otherwise."""
        return self._shown.watchers > 0

    @property
    def age_s(self) -> float | None:
        """How old the picture is that is shown now, seconds; None while none is."""
        with self._shown.fresh:
            shown = self._shown.frame is not None
            return self._monotonic() - self._shown.taken_s if shown else None

    def show(self, image: Image, detections: Detections, *, age_s: float = 0.0) -> None:
        """Take the newest frame, if somebody looks.

        Args:
            image: (H, W, 3) uint8, not written to afterwards.
            detections: of the whole frame, in its pixels.
            age_s: since it was taken, as far as it was held back before.
        """
        shown = self._shown
        if not shown.watchers:
            return
        with shown.fresh:
            shown.frame, shown.number = (image, detections), shown.number + 1
            shown.taken_s = self._monotonic() - max(0.0, age_s)
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
                picture = self._annotator.draw(*frame)
                _say_age(picture, self.age_s or 0.0)
                yield encode_jpeg(picture)
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


def _say_age(picture: Image, age_s: float) -> None:
    """Write on a picture how old it is, where it is not live."""
    if age_s >= LIVE_S:
        said, at, font = f"-{age_s:.0f} s", (8, picture.shape[0] - 10), cv2.FONT_HERSHEY_SIMPLEX
        cv2.putText(picture, said, at, font, 0.8, (0, 0, 0), 5, cv2.LINE_AA)
        cv2.putText(picture, said, at, font, 0.8, (255, 255, 255), 2, cv2.LINE_AA)
