"""The whole story of a case: what was seen, said and done, and what may be done next."""

from datetime import datetime

from pydantic import JsonValue

from api.schemas.base import Shape, Words
from api.schemas.cases import CaseLine, ClassOut, PlaceOut
from api.schemas.choices import ChoiceOut
from api.schemas.tasks import TaskOut
from dispatch.case.transition import Action, Status
from dispatch.catalogue.component import Standing
from dispatch.clocks.clock import Alarm, Stage
from dispatch.wire import Evidence, Measure, ModelRef, Placing, Platform, Reporter


class LookalikeOut(Shape):
    """What people take a class for, and what tells the two apart."""

    label: str | None
    """What a correction calls it; null where the city does not handle it."""
    code: str
    name: str
    note: Words


class ClockOut(Shape):
    """A limit that runs."""

    stage: Stage
    limit: str
    started_at: datetime
    due_at: datetime
    alarm: Alarm
    runs: bool


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


class MergedOut(Shape):
    """A case that ended because this one goes on in its place, with what was seen of it."""

    id: str
    number: str
    category: ClassOut
    place: PlaceOut
    reported_at: datetime
    merged_at: datetime
    sights: list[SightOut]
    """Those that are not of the same problem as another case told before."""
    reports: list[ReportOut]
    photos: list[PhotoOut]


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
    merged: list[MergedOut]


class ContactsOut(Shape):
    """How the citizens who reported a case may be asked, where they said so."""

    contacts: list[str]
