"""A sweep (巡检覆盖): the ground that a pass truly inspected, and what it could not."""

from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from dispatch.vocabulary.basis import Envelope, Instant, Label, Metres, PassId, Share, Wire, is_none
from dispatch.vocabulary.cells import unpack_cells, unpack_ppm
from dispatch.vocabulary.sight import Light, ModelRef, Platform


class Inspected(Wire):
    """Ground that one class group's problems of filing size would have been visible on.

    `cells` packs H3 cells of `resolution`, ascending (`pack_cells`); `pixels_per_metre` holds the
    best view of each cell in the same order (`pack_bytes`, a quarter-octave scale: see `pack_ppm`).
    """

    labels: Annotated[tuple[Label, ...], Field(min_length=1, max_length=64)]
    resolution: Annotated[int, Field(ge=11, le=15)]
    cells: str
    pixels_per_metre: str
    quality: Share
    light: Light

    @model_validator(mode="after")
    def _unpacks(self) -> Self:
        if len(unpack_cells(self.cells)) != len(unpack_ppm(self.pixels_per_metre)):
            raise ValueError("pixels_per_metre does not have one value for each cell")
        return self


class NotInspected(StrEnum):
    """Why ground within reach of the camera does not count as inspected."""

    OCCLUDED = "occluded"
    TOO_FAR = "too_far"
    DARK = "dark"
    BLURRED = "blurred"
    VEILED = "veiled"
    """By dirt or drops on the lens, or by the carrier itself."""


class Hidden(Wire):
    """Ground that lay in view but was not inspected, and why."""

    reason: NotInspected
    resolution: Annotated[int, Field(ge=11, le=15)]
    cells: str

    @model_validator(mode="after")
    def _unpacks(self) -> Self:
        unpack_cells(self.cells)
        return self


class Sweep(Envelope):
    """The ground that one stretch (at most a minute) of a pass truly inspected (巡检覆盖)."""

    kind: Literal["sweep"] = "sweep"
    pass_id: PassId
    platform: Platform
    rendered: bool = False
    stretch: Annotated[int, Field(ge=0, le=100_000)]
    started_at: Instant
    ended_at: Instant
    distance_m: Metres
    frames: Annotated[int, Field(ge=0, le=1_000_000)]
    frame_distance_m: Metres
    position_sigma_m: Metres
    model: ModelRef
    inspected: Annotated[tuple[Inspected, ...], Field(max_length=16)]
    hidden: Annotated[tuple[Hidden, ...], Field(max_length=8)] = ()
    last: bool = False
    # How densely the way was looked at: between one usable frame and the next. An older device
    # does not say, and a stretch with one usable frame has no gap.
    frame_gap_median_m: Annotated[Metres | None, Field(exclude_if=is_none)] = None
    frame_gap_most_m: Annotated[Metres | None, Field(exclude_if=is_none)] = None
    frames_left_out: Annotated[int | None, Field(ge=0, le=10_000_000, exclude_if=is_none)] = None

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if not self.started_at <= self.ended_at <= self.started_at + timedelta(hours=1):
            raise ValueError("a sweep ends after it starts and lasts at most an hour")
        return self

    @model_validator(mode="after")
    def _gaps_agree(self) -> Self:
        median, most = self.frame_gap_median_m, self.frame_gap_most_m
        if (median is None) != (most is None):
            raise ValueError("a sweep tells both the usual and the largest gap, or neither")
        if median is not None and most is not None and median > most:
            raise ValueError("the usual gap between frames cannot exceed the largest")
        return self
