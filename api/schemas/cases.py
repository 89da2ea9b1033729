"""A case as people read it in a list: what, where, whose, and how urgent."""

from datetime import datetime
from typing import Literal

from api.schemas.base import Shape, Words
from dispatch.case.case import Source
from dispatch.case.transition import Status
from dispatch.clocks.clock import Alarm
from dispatch.triage.sizing import SizeAnswer
from dispatch.wire import Evidence, Measure, Quantity, Unseen


class CounterpartOut(Shape):
    """The class of another directory that stands for a class."""

    standard: str
    code: str
    name: str
    """As that directory calls it, in Chinese."""
    relation: Words


class ClassOut(Shape):
    """The catalogue class as it was when the case was made."""

    standard: str
    code: str
    name: Words
    label: str | None
    hazard: bool
    counterparts: list[CounterpartOut]


class PlaceOut(Shape):
    """Where it is, and the ellipse that holds the truth with 90 % chance."""

    latitude: float
    longitude: float
    address: str
    ce90_m: float
    accuracy: str | None
    """Class of positional accuracy of city components, A, B or C; null beyond the last."""
    ellipse: list[tuple[float, float]]
    """Closed ring of longitude, latitude."""


class Directions(Shape):
    """Links that lead a phone to a place, in the datum that the app behind them reads."""

    android: str
    apple: str


class VerdictOut(Shape):
    """The latest verdict of later passes."""

    verdict: str
    words: Words
    probability_present: float
    sentence: Words | None
    at: datetime


class SizingOut(Shape):
    """What the measured sizes say of the filing condition, as now known."""

    answer: SizeAnswer
    words: Words
    why: Words


class UnseenOut(Shape):
    """A size that no picture of it tells."""

    quantity: Quantity
    reason: Unseen
    words: Words


class GoesOnOut(Shape):
    """The case that goes on in the place of one, over all that it was merged into."""

    id: str
    number: str
    status_words: Words


class CaseLine(Shape):
    """A case in a list."""

    id: str
    number: str
    version: int
    status: Status
    status_words: Words
    category: ClassOut
    place: PlaceOut
    directions: Directions
    grid: str | None
    grid_words: Words | None
    """The grid as people say it."""
    department: str | None
    department_words: Words | None
    reported_at: datetime
    due_at: datetime | None
    alarm: Alarm | None
    rendered: bool
    source: Source
    picture: Evidence | None
    measure: Measure | None
    sizes: list[Measure]
    """Over all sights, the one by which it is known first."""
    unseen: list[UnseenOut]
    sizing: SizingOut | None
    threshold: Words | None
    severity: Words | None
    lacks_before: bool
    """A picture of before the work is needed and there is none."""
    self_handled: bool
    """A collector put it right on the spot this time: if it is not done, it is filed."""
    verdict: VerdictOut | None
    merged_into: GoesOnOut | None


class CasePage(Shape):
    """A page of a list; `next` continues it."""

    cases: list[CaseLine]
    order: Literal["deadline", "newest"]
    """By deadline the next due comes first, and what is overdue before it."""
    next: str | None
    as_of: datetime


class QueueOut(Shape):
    """One queue of the desk: how many wait, and since when."""

    status: Status
    words: Words
    count: int
    more: bool
    """Whether there are more than `count`: what has ended is counted so far only."""
    oldest: datetime | None
    overdue: int
