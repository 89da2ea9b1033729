"""A case as people read it: a line in a list, and the whole story."""

from datetime import datetime
from enum import StrEnum

from pydantic import JsonValue

from api.schemas.base import Shape, Words
from dispatch.case import Source
from dispatch.clock import Alarm, Stage
from dispatch.component import Standing
from dispatch.people import Role
from dispatch.sizing import SizeAnswer
from dispatch.transition import Action, Status
from dispatch.wire import Evidence, Measure, ModelRef, Placing, Platform, Quantity, Reporter, Unseen


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


class LookalikeOut(Shape):
    """What people take a class for, and what tells the two apart."""

    label: str | None
    """What a correction calls it; null where the city does not handle it."""
    code: str
    name: str
    note: Words


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


class ClockOut(Shape):
    """A limit that runs."""

    stage: Stage
    limit: str
    started_at: datetime
    due_at: datetime
    alarm: Alarm
    runs: bool


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
    verdict: VerdictOut | None


class CasePage(Shape):
    """A page of a list; `next` continues it."""

    cases: list[CaseLine]
    next: str | None
    as_of: datetime


class SightOut(Shape):
    """One finding: what was seen, with which certainty, by what."""

    id: str
    pass_id: str
    platform: Platform
    rendered: bool
    captured_at: datetime
    label: str
    score: float
    threshold: float
    probability: float
    frames_seen: int
    frames_offered: int
    measure: Measure | None
    place: PlaceOut | None
    model: ModelRef
    evidence: list[Evidence]
    crew: bool | None
    """What the crew said of it from the seat: right or wrong; None if nothing."""


class ReportOut(Shape):
    """What one person reported; `evidence` is there once its photos were redacted."""

    id: str
    source: Reporter
    by: str
    captured_at: datetime
    label: str
    note: str
    placed_by: Placing
    place: PlaceOut
    evidence: list[Evidence]


class PhotoOut(Shape):
    """A photo that a person took; `evidence` is there once it was redacted."""

    id: str
    purpose: str
    by: str
    taken_at: datetime
    readable: bool | None
    refused: str | None
    same_place: float | None
    seen: dict[str, float]
    evidence: list[Evidence]
    copy_of: Words | None
    """The pictures that a photo of the work looks the same as; null where there is none."""


class StepOut(Shape):
    """One thing that happened, by whom and why."""

    number: int
    action: Action
    action_words: Words
    after: Status
    by: str
    role: Words
    at: datetime
    note: str
    why: Words | None
    grounds: dict[str, JsonValue]
    seal: str


class LookOut(Shape):
    """What one later pass says of the repair."""

    pass_id: str
    at: datetime
    seen: str
    words: Words
    """What it brought, and why it says little where it does."""
    inspected_chance: float
    probability_present: float


class Need(StrEnum):
    """What a decision takes beside a note."""

    DEPARTMENT = "department"
    UNTIL = "until"
    RESULT = "result"
    PHOTO = "photo"
    PHOTO_OF_NOW = "photo_of_now"
    """How it is now, before the case is taken up again."""
    ANY_PHOTO_OF_NOW = "any_photo_of_now"
    """The same, where there is one."""
    CODE = "code"
    SEVERITY = "severity"
    INTO = "into"
    """The case that goes on in its place."""
    CORRECTION = "correction"
    """The right class of the options, or the right place."""


class OptionOut(Shape):
    """One thing to choose, by its id."""

    id: str
    words: Words


class ChoiceOut(Shape):
    """Something the reader may do now, and what has to be said with it."""

    action: Action
    words: Words
    reason: bool
    needs: Need | None
    options: list[OptionOut]
    chosen: str | None
    """The option that holds unless another is chosen."""


class TaskOut(Shape):
    """A task of the case."""

    id: str
    kind: str
    kind_words: Words
    role: Role
    person: str | None
    made_at: datetime
    due_at: datetime | None
    status: str
    suggestion: str | None


class FittingOut(Shape):
    """A component that a case may be of."""

    id: str
    name: str
    owner: str
    latitude: float
    longitude: float


class ComponentOut(Shape):
    """What the registry says of a case, or a person after it."""

    standing: Standing
    words: Words
    id: str | None
    name: str
    owner: str | None
    distance_m: float | None
    """From the case's place to the component, or to the first that fits."""
    latitude: float | None
    longitude: float | None
    fitting: list[FittingOut]
    """Of several, those among which a person names the one."""


class PrecedentOut(Shape):
    """How often people named a department for the same class, owner and grid."""

    department: str
    words: Words
    count: int


class CaseStory(Shape):
    """Everything about a case, in the order in which it is read."""

    line: CaseLine
    sights: list[SightOut]
    reports: list[ReportOut]
    clocks: list[ClockOut]
    photos: list[PhotoOut]
    looks: list[LookOut]
    steps: list[StepOut]
    tasks: list[TaskOut]
    choices: list[ChoiceOut]
    history_intact: bool
    lookalikes: list[LookalikeOut]
    component: ComponentOut | None
    undecided: Words | None
    """Why a person has to name the department; null where nobody is asked."""
    precedents: list[PrecedentOut]


class ContactsOut(Shape):
    """How the citizens who reported a case may be asked, where they said so."""

    contacts: list[str]


class QueueOut(Shape):
    """One queue of the desk: how many wait, and since when."""

    status: Status
    words: Words
    count: int
    more: bool
    """Whether there are more than `count`: what has ended is counted so far only."""
    oldest: datetime | None
    overdue: int


class TaskEntry(Shape):
    """A task with its case, as a worker's queue shows it."""

    task: TaskOut
    line: CaseLine


class TaskQueue(Shape):
    """What one person has to do, the first due first."""

    tasks: list[TaskEntry]
    more: bool
    """Whether more wait than are listed."""
    reasons: dict[str, list[OptionOut]]
    """The city's reason codes by the action's path, so that a phone has them offline."""
    as_of: datetime
