"""A heartbeat: how a device is."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from dispatch.vocabulary.basis import (
    Age,
    Envelope,
    Instant,
    PassId,
    Rate,
    Sentence,
    Share,
    ShortName,
    Wire,
    is_empty,
    is_none,
)
from dispatch.vocabulary.model import ModelState
from dispatch.vocabulary.sight import ModelRef


class Level(StrEnum):
    """How bad a complaint is."""

    WARN = "warn"
    """The device works, and somebody should see to it."""
    FAIL = "fail"
    """The device does not inspect, or what it finds does not arrive."""


class Complaint(Wire):
    """One thing that is not well with a device: a stable code, and words that say what to do."""

    code: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    level: Level
    zh: Sentence
    en: Sentence


class Running(Wire):
    """How a device's model really runs, after what its machine could not do was passed over."""

    precision: ShortName
    provider: ShortName


class CameraHealth(Wire):
    """How one camera of a device is; rates are frames a second over the last while."""

    name: ShortName
    frame_age_s: Age | None = None
    camera_fps: Rate
    process_fps: Rate
    skipped_fps: Rate
    reconnects: Annotated[int, Field(ge=0)] = 0
    veil_share: Share | None = None
    """Of what the camera sees of the street, the share that dirt or drops hide."""


class Heartbeat(Envelope):
    """How a device is."""

    kind: Literal["heartbeat"] = "heartbeat"
    at: Instant
    version: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    model: ModelRef | None = None
    pass_id: PassId | None = None
    outbox_depth: Annotated[int, Field(ge=0)]
    oldest_unsent_s: Annotated[float, Field(ge=0.0, allow_inf_nan=False)]
    disk_free_bytes: Annotated[int, Field(ge=0)]
    fix_age_s: Annotated[float, Field(ge=0.0, allow_inf_nan=False)] | None = None
    ok: bool
    complaints: Annotated[tuple[str, ...], Field(max_length=20)] = ()
    # Left out where nothing is known, so that what older devices sent keeps its bytes.
    reasons: Annotated[tuple[Complaint, ...], Field(max_length=20, exclude_if=is_empty)] = ()
    running: Annotated[Running | None, Field(exclude_if=is_none)] = None
    cameras: Annotated[tuple[CameraHealth, ...], Field(max_length=8, exclude_if=is_empty)] = ()
    temperature_c: Annotated[
        Annotated[float, Field(ge=-60.0, le=150.0, allow_inf_nan=False)] | None,
        Field(exclude_if=is_none),
    ] = None
    clock_offset_s: Annotated[
        Annotated[float, Field(allow_inf_nan=False)] | None, Field(exclude_if=is_none)
    ] = None
    """The centre's clock minus the device's, seconds."""
    models: Annotated[tuple[ModelState, ...], Field(max_length=4, exclude_if=is_empty)] = ()
    """Models over the air, by role; none of a device to which none ever came."""
