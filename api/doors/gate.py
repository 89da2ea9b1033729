"""How many requests an hour may come through a door without accounts, in all and of one address.

Kept in memory and by process: addresses are written nowhere.
"""

import ipaddress
import threading
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from api.errors import ApiError

WINDOW: Final = timedelta(hours=1)
MOST_ADDRESSES: Final = 100_000
"""Beyond it the door stays shut: so many addresses in an hour are no citizens."""


class TooMany(ApiError):
    """More came in an hour than the city lets in."""

    def __init__(self) -> None:
        super().__init__(
            "[上报]太频繁，请一小时后再试；紧急情况请直接打 12345",
            "too many reports: try again in an hour, and call 12345 if it is urgent",
        )


class Gate:
    """Counts those that came within the last hour."""

    def __init__(self, *, most: int, most_of_an_address: int, now: Callable[[], datetime]) -> None:
        self._most, self._most_of_an_address, self._now = most, most_of_an_address, now
        self._all: deque[tuple[datetime, str]] = deque()
        self._of: dict[str, int] = {}
        self._lock = threading.Lock()

    def pass_through(self, address: str) -> None:
        """Let one more in.

        Raises:
            TooMany: an hour's share is spent, of the address or of all.
        """
        who = _network(address)
        with self._lock:
            self._forget()
            known = self._of.get(who, 0)
            full = len(self._all) >= self._most or len(self._of) >= MOST_ADDRESSES
            if full or known >= self._most_of_an_address:
                raise TooMany
            self._all.append((self._now(), who))
            self._of[who] = known + 1

    def _forget(self) -> None:
        before = self._now() - WINDOW
        while self._all and self._all[0][0] <= before:
            _, who = self._all.popleft()
            self._of[who] -= 1
            if not self._of[who]:
                del self._of[who]


def _network(address: str) -> str:
    """Give what one household has: an address of IPv4, the first 64 bits of one of IPv6."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((known, 64), strict=False))
    return str(known)
