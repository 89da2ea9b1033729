"""Observations of a simulated drive: what a device would have sent of a thing it saw."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, degrees, radians
from typing import Final

from dispatch.ground.place import EARTH_RADIUS_M
from dispatch.sights.observation import Observation
from dispatch.wire import (
    Covariance,
    Finding,
    Light,
    Measure,
    ModelRef,
    Platform,
    Position,
    Quantity,
    message_id,
)

ORIGIN: Final = (30.0, 110.0)
"""Latitude and longitude of the simulated plane's origin."""
MODEL: Final = ModelRef(name="simulated", version="0.1.0", sha256="0" * 64)


def latitude_longitude(east_m: float, north_m: float) -> tuple[float, float]:
    """Give the point of the simulated plane, WGS 84."""
    latitude, longitude = ORIGIN
    shrink = EARTH_RADIUS_M * cos(radians(latitude))
    return latitude + degrees(north_m / EARTH_RADIUS_M), longitude + degrees(east_m / shrink)


@dataclass(frozen=True, slots=True, kw_only=True)
class Errors:
    """Standard errors per axis, in metres, as the device states them."""

    shared_m: float = 2.0
    own_m: float = 0.4


def sighting(
    *,
    pass_id: str,
    name: str,
    at: datetime,
    east_m: float,
    north_m: float,
    label: str = "road.pothole",
    errors: Errors,
) -> Observation:
    """Make the observation of a thing that a device placed at a point."""
    latitude, longitude = latitude_longitude(east_m, north_m)
    finding = Finding(
        id=message_id(at, "simulated", pass_id, name),
        device="simulated",
        pass_id=pass_id,
        platform=Platform.VEHICLE,
        rendered=True,
        captured_at=at,
        first_seen_at=at - timedelta(seconds=1),
        last_seen_at=at,
        label=label,
        score=0.7,
        threshold=0.3,
        probabilities={label: 0.8},
        frames_seen=6,
        frames_offered=8,
        position=Position(
            latitude=latitude,
            longitude=longitude,
            shared=_round(errors.shared_m),
            own=_round(errors.own_m),
        ),
        measure=Measure(quantity=Quantity.AREA_M2, value=0.64, sigma=0.1),
        pixels_per_metre=90.0,
        light=Light.DAY,
        model=MODEL,
        evidence=(),
    )
    return Observation(finding=finding, received_at=at)


def _round(sigma_m: float) -> Covariance:
    return Covariance(ee=sigma_m**2, en=0.0, nn=sigma_m**2)
