"""What people decide on a case, and what comes back."""

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from api.schemas.base import Shape
from api.schemas.places import PhonePlace, PinPlace
from dispatch.case.transition import Status
from dispatch.loop.closing import CheckResult


class Decided(Shape):
    """A decision on a case at a version that the person saw."""

    version: Annotated[int, Field(ge=0)]
    id: UUID | None = None
    """What the sender calls it: the same one again is answered as the first time."""
    note: Annotated[str, Field(max_length=2000)] = ""
    code: Annotated[str, Field(max_length=16)] = ""
    """The reason, where the city has codes for the action."""
    severity: Annotated[str, Field(max_length=32)] = ""
    """How grave it is, where the action lets the person say so."""


class DispatchOrder(Decided):
    """Which department shall handle it."""

    department: str


class CorrectOrder(Decided):
    """The right class by its label, the right place, or both; what is left out stays."""

    label: Annotated[str, Field(max_length=64)] | None = None
    place: Annotated[PhonePlace | PinPlace, Field(discriminator="by")] | None = None


class CheckOrder(Decided):
    """What a person found on the spot."""

    result: CheckResult


class EraseOrder(Decided):
    """What a person asks to have erased: one photo, the contacts of the reporters, or both."""

    photo: Annotated[str, Field(max_length=64)] | None = None
    contacts: bool = False


class ComponentOrder(Decided):
    """Which component of the registry it is."""

    component: Annotated[str, Field(pattern=r"^\d{16,17}$")]


class MergeOrder(Decided):
    """Which case goes on in this one's place."""

    into: str


class SuspendOrder(Decided):
    """Until when the case is suspended."""

    until: AwareDatetime


class PhotoKept(Shape):
    """A photo that was handed in; it is seen once it was redacted."""

    id: str


class DecidedOut(Shape):
    """The case after a decision."""

    id: str
    status: Status
    version: int
