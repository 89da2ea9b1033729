"""The route sheet (巡查路线单): spots that the centre asks the next patrol to look at again."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from dispatch.vocabulary.basis import WIRE_VERSION, Instant, Sentence, ShortName, Wire

Degrees = Annotated[float, Field(ge=-180.0, le=180.0, allow_inf_nan=False)]
Latitude = Annotated[float, Field(ge=-90.0, le=90.0, allow_inf_nan=False)]


class SpotKind(StrEnum):
    """Why a spot is on the sheet."""

    CANNOT_TELL = "cannot_tell"
    """Handled, and no pass since could tell whether it is repaired."""
    STALE = "stale"
    """Ground that no pass inspected for too long."""


class Spot(Wire):
    """One spot to be looked at; WGS 84.

    Attributes:
        name_zh: what is looked for, e.g. the class and number of a case.
        why_zh: why another look is needed, and how to look.
        hazard: somebody may get hurt: these come first.
        since: when it was last looked at, or reported as handled.
    """

    kind: SpotKind
    latitude: Latitude
    longitude: Degrees
    name_zh: ShortName
    name_en: ShortName
    why_zh: Sentence
    why_en: Sentence
    hazard: bool
    since: Instant
    case: Annotated[str, StringConstraints(min_length=1, max_length=64)] | None = None


class RouteSheet(Wire):
    """Spots in the order of a round.

    Attributes:
        left_out: spots that did not fit, the least pressing ones.
    """

    v: Literal[1] = WIRE_VERSION
    made_at: Instant
    length_m: Annotated[float, Field(ge=0.0, allow_inf_nan=False)]
    spots: Annotated[tuple[Spot, ...], Field(max_length=500)] = ()
    left_out: Annotated[int, Field(ge=0)] = 0
