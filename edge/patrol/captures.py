"""The capture threads of a device's cameras: started, watched over, started again if they die."""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from edge.board import StateBoard
from edge.sources.live.capture import LONGEST_PAUSE_S, OPEN_S, STALL_S, Capture, LiveCamera
from edge.sources.live.frame import LiveFrame
from edge.sources.live.latest import Latest

HUNG: Final = timedelta(seconds=2.0 * (OPEN_S + STALL_S + LONGEST_PAUSE_S))
"""A thread that shows no sign of life for so long hangs in a driver, and is left behind."""
JOIN_S: Final = 2.0

_log = logging.getLogger(__name__)

MakeCapture = Callable[[LiveCamera, Latest[LiveFrame]], Capture]


@dataclass(slots=True)
class _Running:
    """A camera's thread."""

    capture: Capture
    thread: threading.Thread


class Captures:
    """All cameras of a device."""

    def __init__(
        self,
        cameras: Sequence[LiveCamera],
        *,
        make: MakeCapture,
        board: StateBoard,
        most: int,
        now: Callable[[], datetime],
    ) -> None:
        """Start capturing.

        Args:
            most: frames of each camera that may wait.
        """
        self._make, self._board, self._now = make, board, now
        self._cameras = {camera.name: camera for camera in cameras}
        self.queues: Mapping[str, Latest[LiveFrame]] = {
            name: Latest(most=most) for name in self._cameras
        }
        self._running: dict[str, _Running] = {}
        for name in self._cameras:
            queue = self.queues[name]
            board.add_camera(name, queued=queue.__len__)
            self._start(name)
            board.watch_thread(f"camera-{name}", partial(self._lives, name))

    def tend(self) -> None:
        """Start threads again that died or hang."""
        for name, running in tuple(self._running.items()):
            if not self._lives(name):
                running.capture.end()
                _log.error("the capture of camera %s died, starting again / 采集线程重启", name)
                self._board.restarted(name)
                self._start(name)

    def newest(self) -> tuple[LiveFrame, ...]:
        """Give the newest frame of each camera that has one, whether or not it is looked at."""
        found = (running.capture.newest for running in self._running.values())
        return tuple(frame for frame in found if frame is not None)

    def close(self) -> None:
        """End all; one that hangs in a driver is not waited for."""
        for running in self._running.values():
            running.capture.end()
        for running in self._running.values():
            running.thread.join(JOIN_S)

    def _lives(self, name: str) -> bool:
        running = self._running[name]
        return running.thread.is_alive() and self._now() - running.capture.beat_at < HUNG

    def _start(self, name: str) -> None:
        capture = self._make(self._cameras[name], self.queues[name])
        thread = threading.Thread(target=capture.run, name=f"camera-{name}", daemon=True)
        self._running[name] = _Running(capture, thread)
        thread.start()
