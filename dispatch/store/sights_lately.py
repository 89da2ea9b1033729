"""Sights as they were written or read lately, so that they are not read anew.

Those of a pass are asked for until it is told, and by each later pass over the same ground.
"""

from threading import Lock
from typing import Final

from dispatch.wire import SIGHT, Sight

_SOME: Final = 4_096
"""About 40 MB; the sights that five passes over 800 problems left to be read."""


class SightsLately:
    """Sights by the text that they are kept as; beyond so many, the first is forgotten."""

    def __init__(self, *, most: int = _SOME) -> None:
        self._most = most
        self._sights: dict[str, Sight] = {}
        self._one_at_once = Lock()

    def keep(self, written: str, sight: Sight) -> None:
        """Keep what a text is of."""
        with self._one_at_once:
            self._sights[written] = sight
            if len(self._sights) > self._most:
                del self._sights[next(iter(self._sights))]

    def of(self, written: str) -> Sight:
        """Give what a text is of, read anew only where it is not kept."""
        sight = self._sights.get(written)
        if sight is None:
            sight = SIGHT.validate_json(written)
            self.keep(written, sight)
        return sight
