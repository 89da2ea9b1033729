"""When a heartbeat is due, and how it goes out: by the outbox, or past it while a disk refuses.

A device whose disk takes nothing can record nothing, not even that it cannot; its heartbeats need
not last, so they go to the centre at once, and more often, until one can be recorded again.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from dispatch.wire import Heartbeat
from edge.delivery.outbox import Outbox
from edge.delivery.uplink import Uplink
from edge.disk import DiskTrouble

EVERY_S: Final = 60.0
REFUSED_EVERY_S: Final = 10.0


class Heartbeats:
    """The heartbeats of one device."""

    def __init__(
        self,
        outbox: Outbox,
        uplink: Uplink,
        *,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
    ) -> None:
        """Begin; the first is due at once."""
        self._outbox, self._uplink = outbox, uplink
        # Not by the clock of the day: one that jumps back would silence the device for as long.
        self._now, self._monotonic = now, monotonic
        self._due_s = float("-inf")

    def is_due(self) -> bool:
        """Say whether another heartbeat is due; the next is, some time after that."""
        elapsed_s = self._monotonic()
        if elapsed_s < self._due_s:
            return False
        self._due_s = elapsed_s + EVERY_S
        return True

    def keep(self, beat: Heartbeat) -> None:
        """Record a heartbeat for later: the centre is not to be spoken to now.

        Raises:
            DiskTrouble: it is not recorded.
        """
        self._outbox.record(beat, at=self._now())

    def record(self, beat: Heartbeat) -> None:
        """Record a heartbeat, to be sent with all else; or say it now if the disk refuses.

        Raises:
            DiskTrouble: the disk refuses; the centre was told, and is told again soon.
            CentreAway: the disk refuses, and the centre cannot be told.
        """
        try:
            self.keep(beat)
        except DiskTrouble:
            self._due_s = self._monotonic() + REFUSED_EVERY_S
            self._uplink.say(beat)
            raise
