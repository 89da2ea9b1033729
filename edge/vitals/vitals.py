"""The device's latest signs and complaints, kept for whoever asks, and the pulse of its loop.

The agent's loop writes; the loopback server's threads read. A loop that stops moving is noticed by
the readers: its signs grow old, and it complains of itself.
"""

import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from dispatch.wire import Complaint, Level
from edge.config import HealthConfig
from edge.vitals.complaints import complaints_of, stalled
from edge.vitals.service import ServiceManager
from edge.vitals.signs import Signs

RATE_OVER_S: Final = 60.0
"""Rates of frames looked at are told over so long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Frames a second of one camera: looked at, and lost before they could be."""

    process_fps: float = 0.0
    skipped_fps: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """How the device is now.

    Attributes:
        signs: None before the first were taken.
        moved_s: since the loop last moved.
    """

    signs: Signs | None
    complaints: tuple[Complaint, ...]
    rates: Mapping[str, Rates]
    moved_s: float
    alive: bool

    @property
    def ready(self) -> bool:
        """Whether the device inspects, and what it finds arrives."""
        failed = any(each.level is Level.FAIL for each in self.complaints)
        return self.alive and self.signs is not None and not failed


class Vitals:
    """Keeps how the device is; safe to use from any thread."""

    def __init__(
        self, limits: HealthConfig, *, monotonic: Callable[[], float], service: ServiceManager
    ) -> None:
        """Begin with a loop that has just moved."""
        self._limits, self._monotonic, self._service = limits, monotonic, service
        self._lock = threading.Lock()
        self._moved_at = monotonic()
        self._signs: Signs | None = None
        self._complaints: tuple[Complaint, ...] = ()
        self._counted: deque[tuple[float, Mapping[str, tuple[int, int]]]] = deque()

    def moved(self) -> None:
        """Say that the loop got on with its work."""
        with self._lock:
            self._moved_at = self._monotonic()
        self._service.moved()

    def take(self, signs: Signs) -> Report:
        """Take new signs and judge them."""
        complaints = complaints_of(signs, self._limits)
        with self._lock:
            now = self._monotonic()
            self._signs, self._complaints = signs, complaints
            self._counted.append((now, _counts(signs)))
            while len(self._counted) > 2 and now - self._counted[1][0] >= RATE_OVER_S:
                self._counted.popleft()
        self._service.status("; ".join(each.en for each in complaints) or "well")
        return self.report()

    def report(self) -> Report:
        """Give how the device is now; a loop that hangs is complained of."""
        with self._lock:
            moved_s = self._monotonic() - self._moved_at
            alive = moved_s <= self._limits.stalled_after_s
            found = self._complaints if alive else (stalled(moved_s), *self._complaints)
            return Report(
                signs=self._signs,
                complaints=found,
                rates=self._rates(),
                moved_s=moved_s,
                alive=alive,
            )

    def _rates(self) -> dict[str, Rates]:
        if len(self._counted) < 2:
            return {}
        (began, before), (ended, after) = self._counted[0], self._counted[-1]
        span = max(ended - began, 1e-3)
        return {
            name: Rates(
                process_fps=(looked - before.get(name, (0, 0))[0]) / span,
                skipped_fps=(lost - before.get(name, (0, 0))[1]) / span,
            )
            for name, (looked, lost) in after.items()
        }


def _counts(signs: Signs) -> dict[str, tuple[int, int]]:
    return {
        camera.name: (
            camera.looked_at,
            sum(count for reason, count in camera.passed.items() if reason.is_loss),
        )
        for camera in signs.cameras
    }
