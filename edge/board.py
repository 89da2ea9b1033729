"""Where the agent's threads write what they did, and from which its state is read.

Capture, looking and sending run in threads of their own; each writes to the one board, and a
reader takes a whole `AgentState` from it.
"""

import threading
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from edge.state import AgentState, CameraState, Passed

RATE_OVER: Final = timedelta(seconds=10)
"""Frame rates are told over so long."""


@dataclass(slots=True)
class _Camera:
    """What is counted of one camera."""

    arrived: deque[datetime] = field(default_factory=deque)
    captured: int = 0
    looked_at: int = 0
    passed: Counter[Passed] = field(default_factory=Counter)
    last_frame_at: datetime | None = None
    reconnects: int = 0
    restarts: int = 0
    open: bool = False
    wrong: tuple[str, str] | None = None
    queued: Callable[[], int] = lambda: 0


class StateBoard:
    """Where the agent's threads write what they did; safe to use from any of them."""

    def __init__(self, *, now: Callable[[], datetime]) -> None:
        """Begin counting.

        Args:
            now: the device's clock, aware.
        """
        self._now, self._lock = now, threading.Lock()
        self._started_at = now()
        self._cameras: dict[str, _Camera] = {}
        self._threads: dict[str, Callable[[], bool]] = {}
        self._pass_id: str | None = None
        self._passes = self._findings = self._unsent = 0
        self._first_s: float | None = None
        self._last_at: datetime | None = None
        self._inference_s: float | None = None
        self._away: str | None = None
        self._metered, self._metered_bytes = False, 0
        self._disk: tuple[str, str] | None = None

    def add_camera(self, name: str, *, queued: Callable[[], int]) -> None:
        """Begin to count for a camera.

        Args:
            queued: gives how many of its frames wait.
        """
        with self._lock:
            self._cameras[name] = _Camera(queued=queued)

    def watch_thread(self, name: str, alive: Callable[[], bool]) -> None:
        """Name a thread that should run, and how to tell whether it does."""
        with self._lock:
            self._threads[name] = alive

    def captured(self, camera: str, at: datetime) -> None:
        """Count a frame that came."""
        with self._lock:
            of, arrived = self._cameras[camera], self._now()
            of.captured += 1
            of.last_frame_at = at
            of.arrived.append(arrived)
            _forget(of.arrived, arrived)

    def passed(self, camera: str, reason: Passed) -> None:
        """Count a frame that is not looked at."""
        with self._lock:
            self._cameras[camera].passed[reason] += 1

    def looked(self, camera: str, at: datetime, *, took_s: float) -> None:
        """Count a frame that went through the model."""
        with self._lock:
            self._cameras[camera].looked_at += 1
            self._last_at, self._inference_s = at, took_s
            if self._first_s is None:
                self._first_s = (self._now() - self._started_at).total_seconds()

    def is_open(self, camera: str, *, again: bool = False) -> None:
        """Say that frames come from a camera, after it was lost or for the first time."""
        with self._lock:
            of = self._cameras[camera]
            of.open, of.wrong = True, None
            of.reconnects += again

    def is_lost(self, camera: str, zh: str, en: str) -> None:
        """Say that no frames come from a camera, and why."""
        with self._lock:
            of = self._cameras[camera]
            of.open, of.wrong = False, (zh, en)

    def is_wrong(self, camera: str, said: tuple[str, str] | None) -> None:
        """Say what is wrong with a camera's frames, though they come; None if nothing is."""
        with self._lock:
            self._cameras[camera].wrong = said

    def restarted(self, camera: str) -> None:
        """Count a capture thread that had died and was started again."""
        with self._lock:
            self._cameras[camera].restarts += 1

    def pass_began(self, pass_id: str) -> None:
        """Say that a pass is under way."""
        with self._lock:
            self._pass_id = pass_id
            self._passes += 1

    def pass_ended(self) -> None:
        """Say that no pass is under way."""
        with self._lock:
            self._pass_id = None

    def found(self) -> None:
        """Count a finding that was recorded."""
        with self._lock:
            self._findings += 1

    def sent(
        self, *, unsent: int, away: str | None, metered: bool = False, metered_bytes: int = 0
    ) -> None:
        """Say what is left after trying to send, and how sparingly it was tried."""
        with self._lock:
            self._unsent, self._away = unsent, away
            self._metered, self._metered_bytes = metered, metered_bytes

    def disk(self, refuses: tuple[str, str] | None) -> None:
        """Say what the disk refuses, in Chinese and English; None if nothing."""
        with self._lock:
            self._disk = refuses

    def state(self) -> AgentState:
        """Give the agent as it is now."""
        with self._lock:
            now = self._now()
            return AgentState(
                started_at=self._started_at,
                pass_id=self._pass_id,
                passes=self._passes,
                findings=self._findings,
                first_detection_s=self._first_s,
                last_detection_at=self._last_at,
                inference_s=self._inference_s,
                unsent=self._unsent,
                away=self._away,
                metered=self._metered,
                metered_bytes=self._metered_bytes,
                cameras=tuple(_told(name, of, now) for name, of in self._cameras.items()),
                threads={name: alive() for name, alive in self._threads.items()},
                disk=self._disk,
            )


def _told(name: str, of: _Camera, now: datetime) -> CameraState:
    _forget(of.arrived, now)
    return CameraState(
        name=name,
        open=of.open,
        captured=of.captured,
        captured_fps=len(of.arrived) / RATE_OVER.total_seconds(),
        looked_at=of.looked_at,
        passed=dict(of.passed),
        last_frame_at=of.last_frame_at,
        reconnects=of.reconnects,
        restarts=of.restarts,
        queued=of.queued(),
        wrong=of.wrong,
    )


def _forget(arrived: deque[datetime], now: datetime) -> None:
    while arrived and now - arrived[0] > RATE_OVER:
        arrived.popleft()
