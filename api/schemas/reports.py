"""What a person reports from the street, and what they choose from."""

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from api.schemas.base import Shape, Words
from api.schemas.cases import CaseLine
from api.schemas.places import AreaPlace, PhonePlace, PinPlace
from dispatch.case.transition import Status
from dispatch.wire import Label


class ReportOrder(Shape):
    """One report; `id` is the phone's own, so that sending it again changes nothing."""

    id: UUID
    label: Label
    taken_at: AwareDatetime
    note: Annotated[str, Field(max_length=500)] = ""
    place: Annotated[PhonePlace | PinPlace | AreaPlace, Field(discriminator="by")]


class ReportedOut(Shape):
    """What became of a report."""

    case: str
    number: str
    status: Status
    status_words: Words
    joined: bool
    """The problem had an open case already."""
    handled: bool
    """It was recorded as put right on the spot."""


class ReportClass(Shape):
    """A class that may be reported."""

    label: str
    name: Words
    major: str
    code: str


class MyReport(Shape):
    """A case that a collector reported first."""

    line: CaseLine
    may_reopen: bool
    """It is closed, and who reported it may say that it was not repaired."""


class ReportArea(Shape):
    """A grid that may be chosen, by the name of the community that it lies in."""

    id: str
    name: Words


class ReportChoices(Shape):
    """What a report chooses from, kept on the phone so that it is there offline."""

    classes: list[ReportClass]
    """The most reported of late first."""
    areas: list[ReportArea]
    """The grids of the person's area that count today."""
