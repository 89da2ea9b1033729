"""What casework needs of a store: one unit of work over repositories, each a few plain methods."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import TracebackType
from typing import Protocol, Self

from dispatch.case.case import Case
from dispatch.case.due_order import DueKey
from dispatch.case.number import NumberPart
from dispatch.case.task import Task, TaskKind
from dispatch.case.transition import Status
from dispatch.clocks.period import Window
from dispatch.ids import CaseId, DepartmentId, PersonId, ProblemId, TaskId
from dispatch.indicators.formula import Grouping, Part
from dispatch.people.people import Person
from dispatch.ports.of_lists import CaseListRepository
from dispatch.ports.of_map import CaseMapRepository
from dispatch.ports.of_people import (
    AccountRepository,
    DeviceRepository,
    PeopleRepository,
    QuarantineRepository,
    TipRepository,
)
from dispatch.ports.of_registry import ComponentRepository, PrecedentRepository
from dispatch.ports.of_retention import ErasureRepository
from dispatch.ports.of_sights import (
    ArrivalRepository,
    CrewVerdictRepository,
    EvidenceRepository,
    ObservationRepository,
    PhotoRepository,
    ProblemRepository,
    StretchRepository,
    SweepRepository,
)
from dispatch.ports.of_suppressed import SuppressedRepository
from dispatch.proof.ledger import Entry, Note


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """Which cases are asked for; None asks for all of that kind.

    Args:
        area: leading digits of the grid id; empty means the whole city.
        cells: look-up cells (H3, `place.LOOKUP_RESOLUTION`) of the cases' places.
        overdue: those that are open and of which a limit had passed at this time.
        numbered: what people know of a number.
        as_numbered: these go on in the place of cases with such a number, and are given with them.
        reporter: who reported it first.
    """

    statuses: frozenset[Status] | None = None
    department: DepartmentId | None = None
    area: str = ""
    label: str | None = None
    cells: frozenset[int] | None = None
    overdue: datetime | None = None
    numbered: NumberPart | None = None
    as_numbered: frozenset[CaseId] = frozenset()
    reporter: PersonId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """What waits at one stage: how much, since when, and how much of it is overdue."""

    count: int
    oldest: datetime
    overdue: int


class CaseRepository(Protocol):
    """The cases with their histories."""

    def get(self, id_: CaseId) -> Case:
        """Give a case to decide on; raises CaseNotFound."""
        ...

    def add(self, case: Case) -> None:
        """Keep a new case."""
        ...

    def save(self, case: Case) -> None:
        """Keep a changed case and its new steps; raises StaleCase; raises its version by one."""
        ...

    def of_problem(self, problem: ProblemId) -> Sequence[Case]:
        """Give the cases of a problem, the oldest first."""
        ...

    def merged_into(self, cases: Collection[CaseId]) -> Sequence[Case]:
        """Give the cases that ended because one of these goes on in their place, by id."""
        ...

    def merged_near(self, cells: Collection[int]) -> Sequence[Case]:
        """Give the cases in some look-up cells that ended because another goes on, by id."""
        ...

    def corrected_near(self, cells: Collection[int], *, labels: Collection[str]) -> Sequence[Case]:
        """Give the cases of some classes in some look-up cells that a person corrected, by id."""
        ...

    def known(self, ids: Collection[CaseId]) -> Mapping[CaseId, Case]:
        """Give those of the ids that are cases, all at once, to be read."""
        ...

    def newest(self, problems: Collection[ProblemId]) -> Mapping[ProblemId, tuple[CaseId, Status]]:
        """Give the newest case of each problem that has any, and how it stands."""
        ...

    def going_on(self, cases: Collection[CaseId]) -> Mapping[CaseId, tuple[CaseId, Status]]:
        """Give the case that goes on in the place of each, over all merges, and how it stands.

        Of those that were not merged it is they themselves; what is no case is left out.
        """
        ...

    def under(self, part: NumberPart) -> frozenset[CaseId]:
        """Give the cases that go on in the place of those with such a number, over all merges."""
        ...

    def find(
        self, wanted: CaseFilter, *, limit: int, after: CaseId | None = None
    ) -> Sequence[Case]:
        """Give cases by id, the newest first, from below `after` on."""
        ...

    def due(self, wanted: CaseFilter, *, limit: int, after: DueKey | None = None) -> Sequence[Case]:
        """Give open cases by deadline: what is longest overdue first, from behind `after` on.

        Those of which no limit runs come last, the newest first. Leafed through page by page, a
        case whose deadline and status stay as they were comes exactly once.
        """
        ...

    def count_ended(self, wanted: CaseFilter, *, most: int) -> dict[Status, int]:
        """Count the cases that ended by status, those of each at most so far; none is left out."""
        ...

    def queues(self, wanted: CaseFilter, *, now: datetime) -> dict[Status, Queue]:
        """Sum up the cases that have not ended, by status."""
        ...

    def ringing(self, now: datetime, *, limit: int) -> Sequence[Case]:
        """Give cases whose `rings_at` is not after `now`, the oldest first, skipping locked."""
        ...

    def touching(self, start: datetime, end: datetime) -> Iterator[Case]:
        """Give cases reported before `end` that were open at or after `start`, by id."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FactFilter:
    """Whose facts are asked for: those of an area, and of one group where one is named.

    Args:
        area: leading digits of the grid id; empty means the whole city.
        group: of `by`; None for all.
    """

    area: str = ""
    by: Grouping = Grouping.CITY
    group: str | None = None


class FactRepository(Protocol):
    """What case histories and passes say, kept so that it can be counted."""

    def count(
        self, parts: Collection[Part], window: Window, wanted: FactFilter
    ) -> Mapping[str, Mapping[Part, int]]:
        """Reckon, in each group that has any, each part of a formula."""
        ...

    def cases(self, part: Part, window: Window, wanted: FactFilter) -> Sequence[CaseId]:
        """Give the case of each fact that a part of a formula takes, by id; none of patrols."""
        ...

    def reasons(self, part: Part, window: Window, wanted: FactFilter) -> Mapping[str, int]:
        """Count what a part of a formula counts by its reason, where one was given."""
        ...


class TaskRepository(Protocol):
    """The tasks."""

    def get(self, id_: TaskId) -> Task:
        """Give a task; raises TaskNotFound."""
        ...

    def add(self, task: Task) -> None:
        """Keep a new task."""
        ...

    def save(self, task: Task) -> None:
        """Keep a changed task; raises StaleCase; raises its version by one."""
        ...

    def of_case(self, case: CaseId) -> Sequence[Task]:
        """Give a case's tasks, the oldest first."""
        ...

    def waiting(self, cases: Collection[CaseId], *, kind: TaskKind) -> frozenset[CaseId]:
        """Give those of the cases that have an open task of a kind."""
        ...

    def open_for(self, person: Person, *, limit: int) -> Sequence[Task]:
        """Give the open tasks that fit a person (`Task.fits`), the first due first."""
        ...


class Question(StrEnum):
    """What people's verdicts answer."""

    FIND_TRUE = "find_true"
    """Was the find true? `who` is model name and version."""
    DONE_FALSE = "done_false"
    """Was it not done although reported as done? `who` is the department, empty where a collector
    put it right on the spot."""
    CLOSURE_FALSE = "closure_false"
    """Was a case closed, or about to be, on the machine's word wrongly? `who` is empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How often people answered yes and no."""

    yes: int = 0
    no: int = 0


class LedgerRepository(Protocol):
    """The chain over all cases and pictures; steps and pictures enter it as they are kept."""

    def note(self, note: Note) -> None:
        """Have something entered when the transaction ends."""
        ...

    def last(self) -> Entry | None:
        """Give the last entry, or None."""
        ...

    def entries(self) -> Iterator[Entry]:
        """Give every entry from the first on."""
        ...

    def frozen(self, period: str) -> str | None:
        """Give the hash under which a month was frozen, or None."""
        ...


class VerdictCounts(Protocol):
    """People's verdicts, counted: the priors of verification and triage."""

    def count(self, question: Question, *, label: str, who: str) -> Tally:
        """Give the answers for a class and whom it is about."""
        ...

    def add(self, question: Question, *, label: str, who: str, answer: bool) -> None:
        """Count one more answer."""
        ...


class UnitOfWork(Protocol):
    """One transaction: what is not committed when it ends is rolled back."""

    cases: CaseRepository
    case_list: CaseListRepository
    case_map: CaseMapRepository
    facts: FactRepository
    tasks: TaskRepository
    problems: ProblemRepository
    observations: ObservationRepository
    arrivals: ArrivalRepository
    sweeps: SweepRepository
    stretches: StretchRepository
    crew: CrewVerdictRepository
    suppressed: SuppressedRepository
    evidence: EvidenceRepository
    photos: PhotoRepository
    people: PeopleRepository
    accounts: AccountRepository
    devices: DeviceRepository
    tips: TipRepository
    quarantine: QuarantineRepository
    verdicts: VerdictCounts
    components: ComponentRepository
    precedents: PrecedentRepository
    erasures: ErasureRepository
    ledger: LedgerRepository

    def __enter__(self) -> Self:
        """Begin."""
        ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Roll back what was not committed."""
        ...

    def lock_map(self) -> None:
        """Let nobody else change the problem map until this transaction ends.

        Two devices that see one thing at once would otherwise both find it new.
        """
        ...

    def commit(self) -> None:
        """Make everything durable, at once."""
        ...

    def rollback(self) -> None:
        """Forget everything since the last commit."""
        ...
