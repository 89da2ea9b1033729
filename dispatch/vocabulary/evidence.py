"""Redacted pictures, named by the hash of their bytes."""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from dispatch.vocabulary.basis import Instant, Sha256, Wire, is_empty, is_none
from dispatch.vocabulary.sight import ModelRef


class RegionKind(StrEnum):
    """What a part of a picture shows that was made unrecognisable."""

    FACE = "face"
    PLATE = "plate"
    PERSON = "person"
    TWO_WHEELER = "two_wheeler"
    VEHICLE = "vehicle"


class Redaction(Wire):
    """What was made unrecognisable in a picture before it was written anywhere.

    `kinds` counts the regions by what they show, and `models` names every model whose boxes were
    used; devices of earlier versions leave both out.
    """

    method: Literal["pixelate"]
    by: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    regions: Annotated[int, Field(ge=0, le=10_000)]
    kinds: Annotated[
        dict[RegionKind, Annotated[int, Field(gt=0, le=10_000)]] | None,
        Field(exclude_if=is_none),
    ] = None
    models: Annotated[tuple[ModelRef, ...], Field(max_length=8, exclude_if=is_empty)] = ()

    @model_validator(mode="after")
    def _counts_every_region(self) -> Self:
        if self.kinds is not None and sum(self.kinds.values()) != self.regions:
            raise ValueError("kinds must add up to regions")
        return self


class EvidenceKind(StrEnum):
    """What a picture shows of the subject."""

    NEAR = "near"
    CONTEXT = "context"


class Evidence(Wire):
    """A redacted picture, named by the hash of its bytes; the bytes travel apart."""

    sha256: Sha256
    kind: EvidenceKind
    media_type: Literal["image/jpeg", "image/webp"]
    size_bytes: Annotated[int, Field(gt=0, le=25_000_000)]
    width_px: Annotated[int, Field(gt=0, le=20_000)]
    height_px: Annotated[int, Field(gt=0, le=20_000)]
    box_xyxy_px: tuple[float, float, float, float] | None = None
    taken_at: Instant
    redaction: Redaction
