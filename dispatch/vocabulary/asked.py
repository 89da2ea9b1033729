"""Where the centre asks for vehicles that stand; elsewhere they are nobody's business."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from dispatch.vocabulary.basis import MOVABLE, WIRE_VERSION, Label, Wire

Corner = tuple[
    Annotated[float, Field(ge=-180.0, le=180.0, allow_inf_nan=False)],
    Annotated[float, Field(ge=-90.0, le=90.0, allow_inf_nan=False)],
]
Ring = Annotated[tuple[Corner, ...], Field(min_length=4, max_length=10_000)]


class AskedZone(Wire):
    """Ground on which the centre asks for what is none of its business elsewhere (询问区).

    `rings` hold longitude and latitude, closed: the outline first, then its holes.
    """

    zone: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    labels: Annotated[tuple[Label, ...], Field(min_length=1, max_length=16)]
    rings: Annotated[tuple[Ring, ...], Field(min_length=1, max_length=100)]

    @model_validator(mode="after")
    def _asks_for_no_persons(self) -> Self:
        if not MOVABLE.issuperset(self.labels):
            raise ValueError("only what drives away is asked for, and nobody may ask for persons")
        return self


class Asked(Wire):
    """All that the centre asks its devices for."""

    v: Literal[1] = WIRE_VERSION
    zones: Annotated[tuple[AskedZone, ...], Field(max_length=5000)] = ()
