"""A finding (发现): one problem as one device saw it on one pass."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from dispatch.vocabulary.basis import Envelope, Instant, Label, PassId, Share, is_empty, is_none
from dispatch.vocabulary.evidence import Evidence
from dispatch.vocabulary.place import Position
from dispatch.vocabulary.sight import Light, ModelRef, Platform, Stay
from dispatch.vocabulary.size import Measure, NotObservable


class Finding(Envelope):
    """One problem as one device saw it on one pass (发现)."""

    kind: Literal["finding"] = "finding"
    pass_id: PassId
    platform: Platform
    rendered: bool = False
    captured_at: Instant
    first_seen_at: Instant
    last_seen_at: Instant
    label: Label
    score: Share
    threshold: Share
    probabilities: Annotated[dict[Label, Share], Field(min_length=1, max_length=64)]
    frames_seen: Annotated[int, Field(ge=1, le=1_000_000)]
    frames_offered: Annotated[int, Field(ge=1, le=1_000_000)]
    position: Position | None
    position_refused: Annotated[str, StringConstraints(min_length=1, max_length=300)] | None = None
    measure: Measure | None = None
    pixels_per_metre: Annotated[float, Field(gt=0.0, le=1e5, allow_inf_nan=False)] | None = None
    light: Light
    model: ModelRef
    evidence: Annotated[tuple[Evidence, ...], Field(max_length=8)]
    # Left out where there is none: a finding that has none keeps the bytes it always had.
    stay: Annotated[Stay | None, Field(exclude_if=is_none)] = None
    position_note: Annotated[
        Annotated[str, StringConstraints(min_length=1, max_length=300)] | None,
        Field(exclude_if=is_none),
    ] = None
    also_measured: Annotated[tuple[Measure, ...], Field(max_length=4, exclude_if=is_empty)] = ()
    not_observable: Annotated[
        tuple[NotObservable, ...], Field(max_length=8, exclude_if=is_empty)
    ] = ()

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        if (self.position is None) == (self.position_refused is None):
            raise ValueError("a finding has a position or says why it has none")
        if not self.first_seen_at <= self.captured_at <= self.last_seen_at:
            raise ValueError("captured_at lies between first_seen_at and last_seen_at")
        if self.frames_seen > self.frames_offered:
            raise ValueError("frames_seen cannot exceed frames_offered")
        if self.label not in self.probabilities:
            raise ValueError(f"probabilities do not name the label {self.label}")
        return self
