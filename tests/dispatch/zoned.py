"""A street with zones for tests, laid out in metres east and north of the usual place."""

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Final

import shapely

from dispatch import wire
from dispatch.city.policies import ZonePolicy
from dispatch.city.profile import Profile, Zoning
from dispatch.ground.place import Place
from dispatch.ground.zone import Zone, ZoneMap, ZoneRule
from dispatch.sights.observation import Observation
from tests.dispatch import making
from tests.dispatch.city import demo_profile

CAR: Final = "traffic.vehicle"
HEAP: Final = "sanitation.garbage_pile"
SILVER: Final = (0.66, 0.67, 0.68)
RED: Final = (0.62, 0.12, 0.10)
POLICY: Final = ZonePolicy(
    inside=0.9, ask_inside=0.5, same=0.8, ask_same=0.4, prior_same=0.5, still_m=3.0
)
TWICE: Final = ZoneRule(
    rule="Z2",
    label=CAR,
    kind="no_stopping",
    becomes="street.vehicle_parking",
    dwell_s=180.0,
    again_min=(10.0, 120.0),
)
FIRE: Final = ZoneRule(
    rule="Z1",
    label=CAR,
    kind="fire_lane",
    becomes="street.fire_lane",
    dwell_s=60.0,
    again_min=(5.0, 120.0),
)
GREEN: Final = ZoneRule(rule="Z5", label=HEAP, kind="green", becomes="sanitation.green_untidy")


def degrees(east_m: float, north_m: float) -> tuple[float, float]:
    """Give longitude and latitude of a point."""
    wide = making.M_PER_DEGREE * math.cos(math.radians(making.LATITUDE))
    return making.LONGITUDE + east_m / wide, making.LATITUDE + north_m / making.M_PER_DEGREE


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    """Give a rectangle."""
    corners = ((west, south), (east, south), (east, north), (west, north))
    return shapely.Polygon([degrees(*corner) for corner in corners])


def zone(
    name: str = "NS1",
    kind: str = "no_stopping",
    ground: shapely.Polygon | None = None,
    **facts: object,
) -> Zone:
    """Make a zone; without ground, 100 m of the street's north side."""
    made = Zone(
        id=name,
        kind=kind,
        name_zh="示范路北侧",
        name_en="North side",
        polygon=ground if ground is not None else box(-50.0, -10.0, 50.0, 10.0),
        valid_from=date(2026, 1, 1),
    )
    return replace(made, **facts)  # type: ignore[arg-type]  # a test names fields of Zone


def zoning(zones: Sequence[Zone], rules: Sequence[ZoneRule] = (TWICE,)) -> Zoning:
    """Put zones and rules together."""
    return Zoning(zones=ZoneMap(zones), rules=tuple(rules), policy=POLICY)


def profile(zones: Sequence[Zone], rules: Sequence[ZoneRule] = (TWICE,)) -> Profile:
    """Give the demonstration city other zones and rules."""
    return replace(demo_profile(), zoning=zoning(zones, rules))


def place(east_m: float = 0.0, north_m: float = 0.0, *, sigma_m: float = 1.0) -> Place:
    """Give a place with a round error."""
    longitude, latitude = degrees(east_m, north_m)
    return Place(latitude=latitude, longitude=longitude, ee=sigma_m**2, en=0.0, nn=sigma_m**2)


def stay(
    *,
    seconds: float = 3.0,
    moved_m: float = 0.4,
    sigma_m: float = 0.6,
    height_m: float = 1.47,
    colour: tuple[float, float, float] = SILVER,
) -> wire.Stay:
    """Say how a car stood."""
    return wire.Stay(
        seconds=seconds,
        moved_m=moved_m,
        moved_sigma_m=sigma_m,
        height=wire.Measure(quantity=wire.Quantity.LENGTH_M, value=height_m, sigma=0.12),
        colour=colour,
    )


def seen(
    at: datetime,
    *,
    label: str = CAR,
    pass_id: str = "vehicle-07:1",
    east_m: float = 0.0,
    north_m: float = 0.0,
    sigma_m: float = 1.0,
    stood: wire.Stay | None = None,
) -> wire.Finding:
    """Make a finding of a pass."""
    longitude, latitude = degrees(east_m, north_m)
    error = wire.Covariance(ee=sigma_m**2 / 2.0, en=0.0, nn=sigma_m**2 / 2.0)
    where = wire.Position(latitude=latitude, longitude=longitude, shared=error, own=error)
    found = making.finding(
        f"{at.isoformat()} {east_m} {north_m}",
        device=pass_id.split(":", maxsplit=1)[0],
        pass_id=pass_id,
        at=at,
        label=label,
        where=where,
    )
    shown = stood or (stay() if label == CAR else None)
    return found.model_copy(update={"stay": shown, "measure": None})


def observed(*found: wire.Finding) -> list[Observation]:
    """Take findings in as they are."""
    return [making.observation(each) for each in found]
