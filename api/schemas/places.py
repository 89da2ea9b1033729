"""Where a person says that something is."""

from typing import Annotated, Literal

from pydantic import Field

from api.schemas.base import Shape

Latitude = Annotated[float, Field(ge=-90.0, le=90.0, allow_inf_nan=False)]
Longitude = Annotated[float, Field(ge=-180.0, le=180.0, allow_inf_nan=False)]


class PhonePlace(Shape):
    """The phone's own position, WGS 84, with the radius of error that it states, metres."""

    by: Literal["phone"]
    latitude: Latitude
    longitude: Longitude
    accuracy_m: Annotated[float, Field(gt=0.0, le=5_000.0, allow_inf_nan=False)]


class PinPlace(Shape):
    """A pin on the map, WGS 84."""

    by: Literal["pin"]
    latitude: Latitude
    longitude: Longitude


class AreaPlace(Shape):
    """An area by the leading digits of its grid ids, where the phone has no position."""

    by: Literal["area"]
    area: Annotated[str, Field(pattern=r"^\d{6,15}$")]
