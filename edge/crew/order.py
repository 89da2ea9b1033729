"""What the crew ordered: a pass now, no pass now, or as the vehicle drives; it survives a restart.

An order that is forgotten ends by itself, so that no vehicle stays blind the day after.
"""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from edge.delivery.keys import replace_file

ORDER_FILE: Final = "crew-order.json"
LASTS: Final = timedelta(hours=12)
"""A long shift."""


class Order(StrEnum):
    """When a pass is under way."""

    AUTOMATIC = "automatic"
    """While the vehicle drives and knows where it is."""
    ON = "on"
    """Now, also while it stands."""
    OFF = "off"
    """Not now, though it drives."""


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    order: Order
    given_at: AwareDatetime


class Orders:
    """The order in force; safe to use from any thread."""

    def __init__(self, state: Path, *, now: Callable[[], datetime]) -> None:
        """Read the order that an earlier run was given.

        Args:
            state: the device's folder.
            now: the device's clock.
        """
        self._path, self._now, self._lock = state / ORDER_FILE, now, threading.Lock()
        self._kept = _read(self._path)

    def give(self, order: Order) -> None:
        """Take an order; it is on the disk when this returns.

        Raises:
            OSError: it cannot be kept, and is not in force.
        """
        kept = _Kept(order=order, given_at=self._now())
        with self._lock:
            replace_file(self._path, kept.model_dump_json().encode(), mode=0o600)
            self._kept = kept

    def in_force(self) -> Order:
        """Give the order in force."""
        kept = self._kept
        if kept is None or self._ends(kept) is None:
            return Order.AUTOMATIC
        return kept.order

    def ends_at(self) -> datetime | None:
        """Give when the order ends by itself; None for none."""
        kept = self._kept
        return None if kept is None else self._ends(kept)

    def _ends(self, kept: _Kept) -> datetime | None:
        # Either way: a clock that was set back must not hold an order for days.
        old = abs(self._now() - kept.given_at) >= LASTS
        return None if old or kept.order is Order.AUTOMATIC else kept.given_at + LASTS


def _read(path: Path) -> _Kept | None:
    try:
        return _Kept.model_validate_json(path.read_bytes())
    except (FileNotFoundError, ValidationError):
        # Without an order, or with one that a power cut spoilt, passes begin by themselves.
        return None
