"""A bounded queue that a live source never waits for: the oldest gives way to the newest."""

import threading
from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")


class Latest(Generic[T]):
    """Hands items from one thread to another, in order; what is too many is given back."""

    def __init__(self, *, most: int) -> None:
        """Begin empty.

        Args:
            most: items held, > 0.
        """
        self._items: deque[T] = deque()
        self._most, self._lock = most, threading.Lock()

    def __len__(self) -> int:
        return len(self._items)

    def put(self, item: T) -> T | None:
        """Add an item; give the oldest that had to go for it, if one had."""
        with self._lock:
            gone = self._items.popleft() if len(self._items) >= self._most else None
            self._items.append(item)
            return gone

    def oldest(self) -> T | None:
        """Give the item whose turn it is, and leave it in its place."""
        with self._lock:
            return self._items[0] if self._items else None

    def take(self, item: T) -> bool:
        """Take an item out if it is still the oldest; say whether it was."""
        with self._lock:
            if not self._items or self._items[0] is not item:
                return False
            self._items.popleft()
            return True

    def clear(self) -> int:
        """Throw everything away; give how many items that were."""
        with self._lock:
            count = len(self._items)
            self._items.clear()
            return count
