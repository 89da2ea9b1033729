"""What approvals kept from becoming cases, and what a city should know of its calendar."""

from datetime import date, datetime

from api.schemas.base import Shape, Words
from api.schemas.cases import PlaceOut


class ApprovalOut(Shape):
    """One approval, and how much it kept back in the month.

    `holds` says whether it counts at this moment; `known` is false where the city's profile has it
    no longer and only its sights are left.
    """

    id: str
    name: Words
    label: str
    reason: Words
    approval: str
    ends_on: date | None
    holds: bool
    ended: bool
    known: bool
    sights: int
    problems: int


class SuppressedOut(Shape):
    """A sight that an approval kept from becoming a case."""

    finding: str
    approval_id: str
    name: Words
    reason: Words
    approval: str
    share: float
    place: PlaceOut
    seen_at: datetime
    rendered: bool


class SuppressedPage(Shape):
    """A month's approvals with their counts, and the newest sights."""

    as_of: datetime
    start: datetime
    end: datetime
    approvals: list[ApprovalOut]
    sights: list[SuppressedOut]


class Notice(Shape):
    """Something on which deadlines or figures lean and that somebody has to put right."""

    words: Words
