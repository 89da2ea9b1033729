"""What the slots remember: models that came over the air, slots, packages that were not taken."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from detect.statement import Role
from edge.durable import Row


class Stage(StrEnum):
    """How far a model that came over the air has got."""

    READY = "ready"
    """Checked and rehearsed; runs from the next pass on."""
    TRIAL = "trial"
    GOOD = "good"
    RETURNED = "returned"
    """Ran, and was given up for the one before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A model that came over the air."""

    role: Role
    sequence: int
    sha256: str
    folder: str
    name: str
    version: str
    expires: datetime
    stage: Stage
    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A role's slot.

    Attributes:
        floor: the highest sequence that ever ran; nothing at or below it comes in again.
        active: what runs; None for the model that came with the program.
        good: what ran well last; None for the same.
        running: whether a process is running it now, or died doing so.
        crashes: times a process died under the model on trial.
    """

    floor: int = 0
    active: int | None = None
    good: int | None = None
    running: bool = False
    crashes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A package that was offered and not taken."""

    role: Role
    sequence: int
    why: str
    zh: str
    en: str


def kept_of(row: Row) -> Kept:
    """Read a model of its row."""
    role, sequence, sha256, folder, name, version, expires, stage, zh, en = row
    return Kept(
        role=Role(str(role)),
        sequence=whole(sequence),
        sha256=str(sha256),
        folder=str(folder),
        name=str(name),
        version=str(version),
        expires=datetime.fromtimestamp(real(expires), UTC),
        stage=Stage(str(stage)),
        zh=str(zh),
        en=str(en),
    )


def refused_of(row: Row) -> Refused:
    """Read a refusal of its row."""
    role, sequence, why, zh, en = row
    return Refused(
        role=Role(str(role)), sequence=whole(sequence), why=str(why), zh=str(zh), en=str(en)
    )


def whole(value: object) -> int:
    """Read a whole number."""
    assert isinstance(value, int), "the schema says so"
    return value


def real(value: object) -> float:
    """Read a number."""
    assert isinstance(value, int | float), "the schema says so"
    return float(value)
