"""The signs of one moment by which a device is judged; ages and rates, no positions, no pictures.

A sign that a device does not have (no thermometer, no receiver, no live camera) is None, never 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from dispatch.wire import ModelRef, ModelState, Running
from edge.state import AgentState, CameraState
from edge.telemetry.live_state import LiveState


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxSigns:
    """What waits for the centre.

    Attributes:
        oldest_s: age of the oldest message that waits, 0 with none.
        held: messages of passes that a person must look at first.
        away: why the centre did not answer the last time, None if it did.
        shut_out: what it said that does not let this device in, in Chinese and English, with what
            to do; None if it does.
    """

    waiting: int
    refused: int
    held: int
    oldest_s: float
    evidence_waiting: int = 0
    evidence_bytes: int = 0
    away: str | None = None
    shut_out: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DiskSigns:
    """The disk of the state folder, in bytes.

    Attributes:
        refuses: what it refuses now, in Chinese and English; None if it takes what it is given.
    """

    free_bytes: int
    total_bytes: int
    refuses: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """All signs of one moment.

    Attributes:
        agent: threads and live cameras; None for an agent that has none yet.
        veils: by camera, the share of the street that dirt hides; cameras not judged are left out.
        receiver: the navigation receiver; None for an agent that listens to none.
        model: the model that is loaded; None while none is.
        over_the_air: how the model stands where any ever came over the air.
        expired_stops: whether policy lets no expired model begin a pass.
        idle: whether the device waits for work, so that no model has to be loaded yet.
        footage_gone: the folder that is watched, where it is not there or cannot be read.
        clock_offset_s: the centre's clock minus the device's; None before the centre told.
    """

    at: datetime
    outbox: OutboxSigns
    disk: DiskSigns
    agent: AgentState | None = None
    veils: Mapping[str, float] = field(default_factory=dict)
    receiver: LiveState | None = None
    model: ModelRef | None = None
    over_the_air: ModelState | None = None
    expired_stops: bool = False
    running: Running | None = None
    idle: bool = False
    footage_gone: Path | None = None
    temperature_c: float | None = None
    clock_offset_s: float | None = None

    @property
    def cameras(self) -> tuple[CameraState, ...]:
        """The live cameras; none for an agent of recorded footage."""
        return () if self.agent is None else self.agent.cameras
