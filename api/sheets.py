"""The centre's route sheets, made anew at most every few minutes, however many vehicles ask."""

import threading
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from api.centre.wiring import Centre
from dispatch.loop.revisit import route_sheet
from dispatch.wire import RouteSheet

KEPT_FOR: Final = timedelta(minutes=5)


@dataclass(slots=True)
class Sheets:
    """Keeps the sheet of each area that was asked for; safe to use from any thread."""

    centre: Centre
    _kept: dict[str, RouteSheet] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of_area(self, area: str) -> RouteSheet:
        """Give the sheet of an area by leading digits of its grids; empty for the city."""
        now = self.centre.now()
        with self._lock:
            kept = self._kept.get(area)
            if kept is None or not timedelta(0) <= now - kept.made_at < KEPT_FOR:
                kept = route_sheet(
                    now=now, profile=self.centre.profile, uow=self.centre.read(), area=area
                )
                self._kept[area] = kept
            return kept
