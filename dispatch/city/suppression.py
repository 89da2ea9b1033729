"""Approved areas and hours (核准区域) in which a class is not to be reported: kept, never a case.

A place is a normal error, never a point: it lies in an approved area with a chance, and between
two thresholds a person decides. What endangers people is reported all the same, unless the
approval itself says otherwise.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fnmatch import fnmatchcase
from typing import Final

import shapely
from pydantic import JsonValue

from dispatch.clocks.worktime import Calendar
from dispatch.ground.place import Place
from dispatch.ground.zone import Zone, ZoneMap, ZoneShare
from dispatch.ids import GridId, ProblemId

NEAR_DEG: Final = 0.002
"""Farther (some 200 m) than any later sight moves a thing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """One approval: on which ground and when a class is not to be reported, and why.

    Args:
        zone: ground and hours; its kind is the label pattern.
        approval: by which the approval is found, e.g. the number of a permit.
        hazards: whether it holds even for what endangers people.
    """

    zone: Zone
    reason_zh: str
    reason_en: str
    approval: str
    hazards: bool = False

    @property
    def label(self) -> str:
        """Give the label, or the pattern of labels, of which it speaks."""
        return self.zone.kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppressed:
    """A sight that an approval kept from becoming a case, with the approval as it was then.

    Args:
        finding: the sight.
        suppression: the approval's id in the profile.
        label: the class under which it would have been filed.
        share: chance that it lay in the area, 0 to 1.
        ends_on: the approval's last day.
        at: when the centre counted it first; it counts for this moment's period.
        model: name and version.
    """

    finding: str
    problem: ProblemId
    suppression: str
    label: str
    name_zh: str
    name_en: str
    reason_zh: str
    reason_en: str
    approval: str
    ends_on: date | None
    share: float
    place: Place
    grid: GridId | None
    seen_at: datetime
    rendered: bool
    at: datetime
    device: str
    platform: str
    model: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSight:
    """What was known of a suppressed sight in a span of time."""

    one: Suppressed
    known_from: datetime
    known_to: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What an approval says of a sight.

    Args:
        sure: whether it is kept from becoming a case; else a person is asked.
    """

    suppression: Suppression
    share: float
    sure: bool

    @property
    def why(self) -> tuple[str, str]:
        """Say what is left to a person, Chinese and English."""
        zone = self.suppression.zone
        return (
            f"在核准区域“{zone.name_zh}”内的可能性 {self.share:.0%}，是否在许可范围内由人核实",
            f"{self.share:.0%} sure to lie in the approved area '{zone.name_en}': a person looks",
        )

    @property
    def grounds(self) -> dict[str, JsonValue]:
        """Give it for a case's history."""
        zh, en = self.why
        return {
            "suppression": {
                "id": self.suppression.zone.id,
                "approval": self.suppression.approval,
                "inside": round(self.share, 3),
                "why_zh": zh,
                "why_en": en,
            }
        }


class Suppressions:
    """The approvals of a city, and how sure a place has to be in one."""

    def __init__(self, rows: Sequence[Suppression], *, inside: float, ask_inside: float) -> None:
        """Index the approvals; those that hold for hazards too apart.

        Args:
            inside: chance from which a thing is in an area.
            ask_inside: chance from which a person is asked whether it is.
        """
        self.rows = tuple(rows)
        self._inside, self._ask_inside = inside, ask_inside
        self._by_id = {row.zone.id: row for row in rows}
        self._all = ZoneMap([row.zone for row in rows])
        self._hazards = ZoneMap([row.zone for row in rows if row.hazards])

    def about(
        self,
        place: Place,
        *,
        labels: Collection[str],
        hazard: bool,
        at: datetime,
        calendar: Calendar,
    ) -> Found | None:
        """Give what the likeliest approval says of a thing, or None where none reaches it.

        Args:
            labels: what the thing is called, by the detector and as a class.
            hazard: whether it endangers people.
        """
        zones = self._hazards if hazard else self._all
        found = max(
            self._shares(zones, place, labels, at, calendar),
            key=lambda each: each.share,
            default=None,
        )
        if found is None or found.share < self._ask_inside:
            return None
        return Found(
            suppression=self._by_id[found.zone.id],
            share=found.share,
            sure=found.share >= self._inside,
        )

    def is_near(self, place: Place, *, labels: Collection[str], hazard: bool) -> bool:
        """Say whether an earlier word on a thing's place may have put it into an approved area."""
        zones = self._hazards if hazard else self._all
        here = shapely.Point(place.longitude, place.latitude)
        return any(
            shapely.dwithin(zone.polygon, here, NEAR_DEG)
            for zone in zones.zones
            if any(fnmatchcase(label, zone.kind) for label in labels)
        )

    def _shares(
        self,
        zones: ZoneMap,
        place: Place,
        labels: Collection[str],
        at: datetime,
        calendar: Calendar,
    ) -> Iterator[ZoneShare]:
        for kind in sorted({zone.kind for zone in zones.zones}):
            if any(fnmatchcase(label, kind) for label in labels):
                share = zones.about(place, kind=kind, at=at, calendar=calendar)
                if share is not None:
                    yield share
