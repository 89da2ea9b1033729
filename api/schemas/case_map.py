"""The cases on a map: one by one where there are few, in groups where there are many."""

from datetime import datetime

from api.schemas.base import Shape
from api.schemas.cases import CaseLine


class CaseGroupOut(Shape):
    """Cases that lie close together."""

    count: int
    open: int
    """How many of them have not ended."""
    latitude: float
    longitude: float
    """The mean of their places."""
    only: str | None
    """The case, where it is one."""


class CaseMap(Shape):
    """The cases of a view: either `cases` or `groups`, and `total` of either."""

    cases: list[CaseLine]
    groups: list[CaseGroupOut]
    total: int
    as_of: datetime
