"""What the vision worker made of a photo that a person took."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from dispatch.vocabulary.basis import Envelope, Instant, Label, Share
from dispatch.vocabulary.evidence import Evidence
from dispatch.vocabulary.sight import ModelRef


class PhotoResult(Envelope):
    """What the vision worker made of a photo that a person took: redacted, looked at, compared."""

    kind: Literal["photo_result"] = "photo_result"
    photo: Annotated[str, StringConstraints(pattern=r"^[0-9a-f-]{36}$")]
    looked_at: Instant
    model: ModelRef
    readable: bool
    refused: Annotated[str, StringConstraints(min_length=1, max_length=300)] | None = None
    seen: Annotated[dict[Label, Share], Field(max_length=64)] = {}  # noqa: RUF012 - a frozen model copies it
    same_place: Share | None = None
    evidence: Annotated[tuple[Evidence, ...], Field(max_length=2)] = ()

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        if self.readable == (self.refused is not None):
            raise ValueError("a photo is readable or says why it is not")
        if self.readable and not self.evidence:
            raise ValueError("a readable photo comes back redacted, as evidence")
        return self
