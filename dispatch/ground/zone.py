"""Zones (管控区): ground on which a city has rules of its own, and when they hold there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
import shapely

from dispatch.clocks.window import Window
from dispatch.clocks.worktime import Calendar
from dispatch.ground.place import Place, error_points

_RINGS: Final = 24
_WAYS: Final = 24
"""Points that stand for a position's error: a share at a straight border is exact to 1 %."""
GONE_AFTER_S: Final = 4 * 3600.0
"""A vehicle that was not seen for so long counts as gone; another that stands there is another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone(Window):
    """One zone, and when its rules hold.

    Args:
        kind: what it is, in the profile's words, e.g. `no_stopping`; rules name it.
        polygon: its ground, longitude and latitude.
    """

    id: str
    kind: str
    name_zh: str
    name_en: str
    polygon: shapely.Polygon


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneRule:
    """A row of the city's zone rules: a thing in a zone, for how long, is filed as a class.

    Without a dwell and without a second sight, to lie there is enough; with both, either is.

    Args:
        label: what the detector calls the thing.
        kind: of the zones in which the rule holds.
        dwell_s: seconds that one pass has to see it stand.
        again_min: (least, most) minutes between two sights of it.
        becomes: the label of the class, as in the profile's classes.
    """

    rule: str
    label: str
    kind: str
    becomes: str
    dwell_s: float | None = None
    again_min: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneShare:
    """The zones of a kind about a place.

    Args:
        share: chance that the thing lies in any of them, 0 to 1.
        zone: the one that most likely holds it.
    """

    share: float
    zone: Zone


class ZoneMap:
    """The zones of a city, found by place."""

    def __init__(self, zones: Sequence[Zone]) -> None:
        """Index the zones."""
        self.zones = tuple(sorted(zones, key=lambda zone: zone.id))
        self._tree = shapely.STRtree([zone.polygon for zone in self.zones])

    def about(
        self, place: Place, *, kind: str, at: datetime, calendar: Calendar
    ) -> ZoneShare | None:
        """Tell how likely a thing lies in zones of a kind that count at a moment.

        Zones that meet share the error of a place at their common border and none of it is lost.

        Returns:
            None where no such zone is within reach of the place's error.
        """
        points = error_points(place, rings=_RINGS, ways=_WAYS)
        reach = shapely.MultiPoint(points).envelope
        inside = {
            index: shapely.contains_xy(self.zones[index].polygon, points)
            for index in sorted(self._tree.query(reach, predicate="intersects").tolist())
            if self.zones[index].kind == kind and self.zones[index].counts_at(at, calendar)
        }
        if not any(held.any() for held in inside.values()):
            return None
        likeliest = max(inside, key=lambda index: (int(inside[index].sum()), -index))
        anywhere = np.logical_or.reduce(list(inside.values()))
        return ZoneShare(share=float(anywhere.mean()), zone=self.zones[likeliest])
