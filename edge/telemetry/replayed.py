"""The simulated twin of a live receiver: a recording, said again at its own pace.

Over TCP every caller hears it from the start; over a pseudo-terminal it is said once, to whoever
listens, and lost where nobody does, as on a real serial line. At its end the line is let go.
"""

import os
import socket
import threading
import tty
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Self

from edge.telemetry.epochs import moment_of
from edge.telemetry.receiver import Message, Sentence, pieces

_LISTEN_S: Final = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What is said of one moment; seconds after the first."""

    after_s: float
    content: bytes


def paced(recording: bytes) -> tuple[Said, ...]:
    """Cut a recording of UBX or NMEA into what was said of each moment; noise stays in place."""
    said: list[Said] = []
    start, first, now = 0, None, 0.0
    for at, found, _ in pieces(recording):
        moment = moment_of(found) if isinstance(found, Message | Sentence) else None
        if moment is None:
            continue
        seconds, period_s = moment
        first = seconds if first is None else first
        after_s = (seconds - first) % period_s
        if after_s != now and at > start:
            said.append(Said(after_s=now, content=recording[start:at]))
            start = at
        now = after_s
    said.append(Said(after_s=now, content=recording[start:]))
    return tuple(said)


class ReplayedReceiver:
    """Says a recording over a line; a context that ends with the line."""

    def __init__(
        self, said: Sequence[Said], *, steady: Callable[[], float], speed: float = 1.0
    ) -> None:
        """Take a paced recording.

        Args:
            speed: how many of its seconds pass in one of `steady`.
        """
        self._said, self._steady, self._speed = tuple(said), steady, speed
        self._ended = threading.Event()
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_fault: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()

    def over_tcp(self, port: int = 0) -> str:
        """Answer callers on this machine; give the address to call."""
        server = socket.create_server(("127.0.0.1", port))
        server.settimeout(_LISTEN_S)
        self._start(self._answer, server)
        return f"tcp://127.0.0.1:{server.getsockname()[1]}"

    def over_terminal(self) -> str:
        """Say it on a pseudo-terminal; give the address of its other end."""
        ours, theirs = os.openpty()
        tty.setraw(theirs)
        os.set_blocking(ours, False)
        address = f"serial://{os.ttyname(theirs)}?baud=115200"
        self._start(self._talk, ours, theirs)
        return address

    def _start(self, what: Callable[..., None], *given: object) -> None:
        thread = threading.Thread(target=what, args=given, name="replayed receiver", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _answer(self, server: socket.socket) -> None:
        with server:
            while not self._ended.is_set():
                try:
                    caller, _ = server.accept()
                except TimeoutError:
                    continue
                with caller:
                    self._say(caller.sendall)

    def _talk(self, ours: int, theirs: int) -> None:
        try:
            self._say(lambda content: _write(ours, content))
        finally:
            os.close(theirs)
            os.close(ours)

    def _say(self, send: Callable[[bytes], None]) -> None:
        begun_s = self._steady()
        for one in self._said:
            wait_s = one.after_s / self._speed - (self._steady() - begun_s)
            if self._ended.wait(max(0.0, wait_s)):
                return
            try:
                send(one.content)
            except OSError:
                return


def _write(port: int, content: bytes) -> None:
    """Write what the line takes; what it has no room for is lost, as nobody listens."""
    try:
        os.write(port, content)
    except BlockingIOError:
        return
