"""What the vision worker made of a photo that a person took."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from dispatch.vocabulary.basis import (
    Envelope,
    Instant,
    Label,
    Sha256,
    Share,
    is_empty,
    is_none,
)
from dispatch.vocabulary.evidence import Evidence
from dispatch.vocabulary.sight import ModelRef

Imprint = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{252}$")]
"""What a picture looks like, by which a copy is known: seven prints of 36 hex digits."""


class PhotoResult(Envelope):
    """What the vision worker made of a photo that a person took: redacted, looked at, compared.

    `before_imprint` is of the picture from before the handling with which it was compared,
    `compared` of the others against which the centre wanted it held, by their bytes' hash.
    """

    kind: Literal["photo_result"] = "photo_result"
    photo: Annotated[str, StringConstraints(pattern=r"^[0-9a-f-]{36}$")]
    looked_at: Instant
    model: ModelRef
    readable: bool
    refused: Annotated[str, StringConstraints(min_length=1, max_length=300)] | None = None
    seen: Annotated[dict[Label, Share], Field(max_length=64)] = {}  # noqa: RUF012 - a frozen model copies it
    same_place: Share | None = None
    evidence: Annotated[tuple[Evidence, ...], Field(max_length=2)] = ()
    # Left out where there is none: a result that has none keeps the bytes it always had.
    imprint: Annotated[Imprint | None, Field(exclude_if=is_none)] = None
    before_imprint: Annotated[Imprint | None, Field(exclude_if=is_none)] = None
    compared: Annotated[dict[Sha256, Imprint], Field(max_length=16, exclude_if=is_empty)] = {}  # noqa: RUF012

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        if self.readable == (self.refused is not None):
            raise ValueError("a photo is readable or says why it is not")
        if self.readable and not self.evidence:
            raise ValueError("a readable photo comes back redacted, as evidence")
        return self
