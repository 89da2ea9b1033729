"""What the service manager is told: ready, alive, stopping.

The protocol of sd_notify(3): datagrams of NAME=VALUE lines to the socket that NOTIFY_SOCKET names.
The watchdog is fed where the agent's loop moves, never by a timer, so a loop that hangs is
restarted though its process lives.
"""

import socket
from collections.abc import Callable, Mapping
from typing import Final, Self

FEEDINGS: Final = 4
"""Times the watchdog is fed within its limit, so that a late one does no harm."""


class ServiceManager:
    """Tells systemd how the agent is; without systemd it tells nobody."""

    def __init__(
        self, address: str | None, *, watchdog_s: float | None, monotonic: Callable[[], float]
    ) -> None:
        """Speak to a socket.

        Args:
            address: path of the socket, `@` first for an abstract one; None tells nobody.
            watchdog_s: after so long without a word the manager ends the agent; None never does.
        """
        self._address = None if address is None else address.replace("@", "\0", 1)
        self._every_s = None if watchdog_s is None else watchdog_s / FEEDINGS
        self._monotonic = monotonic
        self._fed_at = float("-inf")

    @classmethod
    def of(cls, environment: Mapping[str, str], *, monotonic: Callable[[], float]) -> Self:
        """Read who started this process and how patient it is."""
        limit = environment.get("WATCHDOG_USEC", "")
        return cls(
            environment.get("NOTIFY_SOCKET") or None,
            watchdog_s=int(limit) / 1e6 if limit.isdecimal() and int(limit) else None,
            monotonic=monotonic,
        )

    @property
    def listens(self) -> bool:
        """Whether there is a manager that hears what it is told."""
        return self._address is not None

    def ready(self) -> None:
        """Say that the agent works."""
        self._tell("READY=1")

    def stopping(self) -> None:
        """Say that the agent is ending as it was asked to."""
        self._tell("STOPPING=1")

    def status(self, text: str) -> None:
        """Say in one line how the agent is."""
        self._tell("STATUS=" + " ".join(text.split()))

    def moved(self) -> None:
        """Say that the agent's loop got on; told on when the watchdog is due."""
        now = self._monotonic()
        if self._every_s is not None and now - self._fed_at >= self._every_s:
            self._fed_at = now
            self._tell("WATCHDOG=1")

    def _tell(self, line: str) -> None:
        if self._address is None:
            return
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as to:
            # A manager that is gone for a moment is no reason to stop inspecting.
            to.setblocking(False)
            to.connect_ex(self._address)
            try:
                to.send(line.encode())
            except OSError:
                return
