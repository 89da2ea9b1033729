"""When a pass begins and ends: it is there while the vehicle drives and knows where it is."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from edge.crew.order import Order

MOVING_M_S: Final = 1.5
"""Slower than this a receiver's speed may be its noise."""


@dataclass(slots=True, kw_only=True)
class PassGate:
    """Tells passes from the time between them.

    Attributes:
        ends_standing: how long standing ends a pass.
        ends_without_fix: how long without a position ends a pass.
    """

    ends_standing: timedelta
    ends_without_fix: timedelta
    is_open: bool = field(default=False, init=False)
    _moved_at: datetime | None = field(default=None, init=False)
    _fixed_at: datetime | None = field(default=None, init=False)

    def update(
        self, at: datetime, speed_m_s: float | None, *, order: Order = Order.AUTOMATIC
    ) -> bool:
        """Take how the vehicle is now; say whether a pass is under way.

        Args:
            speed_m_s: None without a fix.
            order: what the crew wants; it goes before what the vehicle does.
        """
        if order is not Order.AUTOMATIC:
            self._moved_at = self._fixed_at = at
            self.is_open = order is Order.ON
            return self.is_open
        if speed_m_s is not None:
            self._fixed_at = at
            if speed_m_s >= MOVING_M_S:
                self._moved_at, self.is_open = at, True
        elif self._moved_at is not None and self.is_open:
            # Without a fix nobody knows whether it stands.
            self._moved_at = at
        if self.is_open and (
            _is_over(self._moved_at, self.ends_standing, at)
            or _is_over(self._fixed_at, self.ends_without_fix, at)
        ):
            self.is_open = False
        return self.is_open


def _is_over(since: datetime | None, limit: timedelta, at: datetime) -> bool:
    # A clock that was set back says nothing about how long ago that was.
    return since is None or at - since > limit
