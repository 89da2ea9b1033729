"""How large something is on the ground, with its error, and what no picture tells."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from dispatch.vocabulary.basis import Wire, is_none


class Quantity(StrEnum):
    """What a measure is of."""

    AREA_M2 = "area_m2"
    LENGTH_M = "length_m"
    """The longer side of what lies there, or the way along a crack."""
    WIDTH_M = "width_m"
    DEPTH_M = "depth_m"
    STEP_M = "step_m"
    """How far one edge stands above the other: of a cover and the road around it, say."""


class Method(StrEnum):
    """What of a picture a size was taken from."""

    BOX = "box"
    """The ground that the model's box encloses, and how much of such ground its class fills."""
    FOOTPRINT = "footprint"
    """The near edge of what stands, and how deep such things are."""


class Measure(Wire):
    """A size of the subject on the ground, with its standard error.

    `of_shape` is the part of that error which every look at the same thing shares, because its
    shape is not known: it does not grow less with more passes.
    """

    quantity: Quantity
    value: Annotated[float, Field(ge=0.0, le=1e6, allow_inf_nan=False)]
    sigma: Annotated[float, Field(gt=0.0, le=1e6, allow_inf_nan=False)]
    # Left out where there is none: a measure that has none keeps the bytes it always had.
    of_shape: Annotated[
        Annotated[float, Field(ge=0.0, le=1e6, allow_inf_nan=False)] | None,
        Field(exclude_if=is_none),
    ] = None
    method: Annotated[Method | None, Field(exclude_if=is_none)] = None

    @model_validator(mode="after")
    def _holds_its_parts(self) -> Self:
        if self.of_shape is not None and self.of_shape > self.sigma:
            raise ValueError("of_shape is a part of sigma and cannot exceed it")
        return self


class Unseen(StrEnum):
    """Why a size cannot be told from a picture."""

    ONE_CAMERA = "one_camera"
    """One camera sees no heights and depths of what lies in the road."""
    FINER_THAN_PIXELS = "finer_than_pixels"
    CUT_OFF = "cut_off"
    """The border of the picture cuts it, or it is too small or too near the horizon."""
    NO_PLACE = "no_place"
    """Where it lies is not known, so neither is its scale."""


class NotObservable(Wire):
    """A size of the subject that the device cannot tell, and why."""

    quantity: Quantity
    reason: Unseen
