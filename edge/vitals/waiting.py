"""How long the oldest unsent message has waited: by seconds that never leap, as far as known.

The outbox dates messages by the device's clock, which may be set in between; so that date only
names the message, and says how old it was when it was first seen waiting.
"""

from datetime import datetime

from dispatch.wire import EARLIEST


class LongestWait:
    """Follows the oldest message that waits."""

    def __init__(self) -> None:
        """Begin with nothing that waits."""
        self._oldest_at: float | None = None
        self._since_s = self._before_s = 0.0

    def age_s(self, oldest_at: float | None, *, now: datetime, elapsed_s: float) -> float:
        """Give the age of the oldest message, seconds; 0 with none.

        Args:
            oldest_at: when it was recorded, seconds since 1970 by the device's clock then.
            elapsed_s: seconds that never leap.
        """
        if oldest_at is None:
            self._oldest_at = None
            return 0.0
        if oldest_at != self._oldest_at:
            # Recorded before there were such devices: by a clock that was not set.
            dated = oldest_at >= EARLIEST.timestamp()
            self._before_s = max(0.0, now.timestamp() - oldest_at) if dated else 0.0
            self._oldest_at, self._since_s = oldest_at, elapsed_s
        return self._before_s + elapsed_s - self._since_s
