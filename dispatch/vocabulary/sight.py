"""What looked, in which light, and how long something stood there."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from dispatch.vocabulary.basis import Metres, Sha256, Share, Wire
from dispatch.vocabulary.size import Measure


class Platform(StrEnum):
    """What carried the camera."""

    VEHICLE = "vehicle"
    DRONE = "drone"
    PHONE = "phone"


class Light(StrEnum):
    """The light in which a frame was taken."""

    DAY = "day"
    DIM = "dim"
    NIGHT = "night"


class ModelRef(Wire):
    """The model that saw, by name, version and the hash of its file."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
    version: Annotated[str, StringConstraints(pattern=r"^[0-9]+\.[0-9]+\.[0-9]+$")]
    sha256: Sha256


class Stay(Wire):
    """How long a thing that can drive away stood, as one pass saw it, and how it looks from afar.

    Height and a coarse colour tell two vehicles apart that stood in one place, and no more: they
    name neither the vehicle nor its driver, and there is no plate here.
    """

    seconds: Annotated[float, Field(ge=0.0, le=86_400.0, allow_inf_nan=False)]
    moved_m: Metres
    moved_sigma_m: Annotated[float, Field(gt=0.0, le=1e5, allow_inf_nan=False)]
    height: Measure | None = None
    colour: tuple[Share, Share, Share] | None = None
    """Mean red, green and blue of its middle."""
