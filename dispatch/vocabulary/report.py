"""A report (上报): one problem as a person saw it, without a model and without a pass.

It stands beside a finding wherever a sight is compared with others: both say what, where, how
surely and when. What only a patrol has (frames, light, a model, ground inspected) a report lacks.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Final, Literal, Self

from pydantic import Field, StringConstraints

from dispatch.vocabulary.basis import Instant, Label, MessageId, Wire
from dispatch.vocabulary.evidence import Evidence, EvidenceKind
from dispatch.vocabulary.place import Position
from dispatch.vocabulary.sight import Platform, Stay
from dispatch.vocabulary.size import Measure, NotObservable

MOST_PHOTOS: Final = 4
UUID_PATTERN: Final = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"


class Reporter(StrEnum):
    """Who reports."""

    COLLECTOR = "collector"
    PUBLIC = "public"


class Placing(StrEnum):
    """How a person said where it is."""

    PHONE = "phone"
    """The phone's own position."""
    PIN = "pin"
    """A pin that the person put on the map."""
    AREA = "area"
    """An area that the person chose, where the phone has no position."""


class ReportedPhoto(Wire):
    """A photo of the report, by its id, and what it shows."""

    photo: Annotated[str, StringConstraints(pattern=UUID_PATTERN)]
    kind: EvidenceKind


class Report(Wire):
    """One problem as a person saw it (上报).

    `evidence` is empty until the vision worker has redacted the photos; it then comes by a
    revision. A report is a pass of its own, which inspected no ground.
    """

    v: Literal[1] = 1
    kind: Literal["report"] = "report"
    id: MessageId
    revision: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    source: Reporter
    by: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    captured_at: Instant
    label: Label
    position: Position
    placed_by: Placing
    note: Annotated[str, StringConstraints(max_length=500)] = ""
    photos: Annotated[tuple[ReportedPhoto, ...], Field(max_length=MOST_PHOTOS)] = ()
    evidence: Annotated[tuple[Evidence, ...], Field(max_length=MOST_PHOTOS)] = ()

    def shows(self, photo: str) -> bool:
        """Say whether a photo is one of its own."""
        return any(each.photo == photo for each in self.photos)

    def with_pictures(self, photo: str, pictures: Sequence[Evidence]) -> Self:
        """Give its next revision, with what the vision worker made of one of its photos."""
        kind = next(each.kind for each in self.photos if each.photo == photo)
        fresh = tuple(each.model_copy(update={"kind": kind}) for each in pictures)
        kept = tuple(each for each in self.evidence if each.sha256 not in _hashes(fresh))
        shown = (*kept, *fresh)[:MOST_PHOTOS]
        return self.model_copy(update={"evidence": shown, "revision": self.revision + 1})

    @property
    def pass_id(self) -> str:
        """Give the name of the pass that it is, alone."""
        return f"report:{self.id}"

    @property
    def device(self) -> str:
        """Name no device: a person saw it."""
        return ""

    @property
    def platform(self) -> Platform:
        """Say that a phone carried the camera."""
        return Platform.PHONE

    @property
    def rendered(self) -> bool:
        """Say that people report what is there, not what was rendered."""
        return False

    @property
    def first_seen_at(self) -> Instant:
        """Give when it was seen."""
        return self.captured_at

    @property
    def last_seen_at(self) -> Instant:
        """Give when it was seen."""
        return self.captured_at

    @property
    def probabilities(self) -> dict[str, float]:
        """Give the class that the person chose, without a doubt of the kind a model has."""
        return {self.label: 1.0}

    @property
    def measure(self) -> Measure | None:
        """Give no size: nobody measured."""
        return None

    @property
    def also_measured(self) -> tuple[Measure, ...]:
        """Give no size: nobody measured."""
        return ()

    @property
    def not_observable(self) -> tuple[NotObservable, ...]:
        """Say nothing of sizes."""
        return ()

    @property
    def pixels_per_metre(self) -> float | None:
        """Give none: no model looked."""
        return None

    @property
    def stay(self) -> Stay | None:
        """Say nothing of how long it stood."""
        return None


def _hashes(pictures: Sequence[Evidence]) -> frozenset[str]:
    return frozenset(each.sha256 for each in pictures)
