"""What casework needs of a store: one unit of work over repositories, each a few plain methods."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import TracebackType
from typing import Protocol, Self

from dispatch import wire
from dispatch.account import Account, Session
from dispatch.case import Case
from dispatch.device import Device, Invitation, Quarantined
from dispatch.formula import Grouping, Part
from dispatch.ids import CaseId, DepartmentId, PersonId, PhotoId, ProblemId, TaskId
from dispatch.ledger import Entry, Note
from dispatch.number import NumberPart
from dispatch.observation import Observation
from dispatch.people import Person
from dispatch.period import Window
from dispatch.photo import Photo
from dispatch.problem import Problem
from dispatch.task import Task, TaskKind
from dispatch.transition import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """Which cases are asked for; None asks for all of that kind.

    Args:
        area: leading digits of the grid id; empty means the whole city.
        cells: look-up cells (H3, `place.LOOKUP_RESOLUTION`) of the cases' places.
        overdue: those that are open and of which a limit had passed at this time.
        numbered: what people know of a number.
    """

    statuses: frozenset[Status] | None = None
    department: DepartmentId | None = None
    area: str = ""
    label: str | None = None
    cells: frozenset[int] | None = None
    overdue: datetime | None = None
    numbered: NumberPart | None = None


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

    def known(self, ids: Collection[CaseId]) -> Mapping[CaseId, Case]:
        """Give those of the ids that are cases, all at once, to be read."""
        ...

    def newest(self, problems: Collection[ProblemId]) -> Mapping[ProblemId, tuple[CaseId, Status]]:
        """Give the newest case of each problem that has any, and how it stands."""
        ...

    def find(
        self, wanted: CaseFilter, *, limit: int, after: CaseId | None = None
    ) -> Sequence[Case]:
        """Give cases by id, the newest first, from below `after` on."""
        ...

    def count(self, wanted: CaseFilter) -> dict[Status, int]:
        """Count cases by status."""
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
    """What case histories say, kept so that it can be counted; it follows every saved case."""

    def count(
        self, parts: Collection[Part], window: Window, wanted: FactFilter
    ) -> Mapping[str, Mapping[Part, int]]:
        """Count, in each group that has any, the facts of each part of a formula."""
        ...

    def cases(self, part: Part, window: Window, wanted: FactFilter) -> Sequence[CaseId]:
        """Give the case of each fact that a part of a formula counts, by id."""
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


class ProblemRepository(Protocol):
    """The problem map."""

    def get(self, id_: ProblemId) -> Problem:
        """Give a problem; raises NotFound."""
        ...

    def known(self, ids: Collection[str]) -> Sequence[Problem]:
        """Give those of the ids that are problems, by id."""
        ...

    def save(self, problem: Problem) -> None:
        """Keep a new or changed problem."""
        ...

    def remove(self, id_: ProblemId) -> None:
        """Drop a problem that was merged into another."""
        ...

    def near(self, cells: Collection[int]) -> Sequence[Problem]:
        """Give the problems in look-up cells, by id."""
        ...


class ObservationRepository(Protocol):
    """The findings taken in."""

    def get(self, id_: str) -> Observation | None:
        """Give an observation, or None."""
        ...

    def known(self, ids: Collection[str]) -> Mapping[str, Observation]:
        """Give those of the ids that were taken in, all at once."""
        ...

    def save(self, observation: Observation) -> None:
        """Keep a new, revised or re-linked observation."""
        ...

    def of_problem(self, problem: ProblemId) -> Sequence[Observation]:
        """Give a problem's observations in their `order`."""
        ...

    def of_problems(
        self, problems: Collection[ProblemId]
    ) -> Mapping[ProblemId, Sequence[Observation]]:
        """Give the observations of each problem that has any, in their `order`, all at once."""
        ...

    def of_pass(
        self, pass_id: str, *, during: tuple[datetime, datetime] | None = None
    ) -> Sequence[Observation]:
        """Give a pass's observations in their `order`, all or those captured in a span of time."""
        ...

    def near(self, cells: Collection[int]) -> Sequence[Observation]:
        """Give the observations in look-up cells, in their `order`."""
        ...

    def without_place(self, *, limit: int) -> Sequence[Observation]:
        """Give observations that a person has to place, the newest first."""
        ...


class SweepRepository(Protocol):
    """The ground that passes inspected."""

    def get(self, id_: str) -> wire.Sweep | None:
        """Give a sweep, or None."""
        ...

    def save(self, sweep: wire.Sweep) -> None:
        """Keep a new or revised sweep."""
        ...

    def of_pass(self, pass_id: str) -> Sequence[wire.Sweep]:
        """Give a pass's stretches in order."""
        ...

    def has_ended(self, pass_id: str) -> bool:
        """Say whether a pass's last sweep has come."""
        ...

    def near(self, cells: Collection[int]) -> Sequence[wire.Sweep]:
        """Give the sweeps that inspected or hid ground in look-up cells, by start."""
        ...

    def latest(self, *, limit: int) -> Sequence[wire.Sweep]:
        """Give the sweeps that started last, the newest first."""
        ...

    def stale(self, before: datetime, *, limit: int) -> Sequence[tuple[int, datetime]]:
        """Give look-up cells that no sweep touched since a time, the longest untouched first.

        With each cell when it was touched last; ground that was never touched is not known.
        """
        ...


class CrewVerdictRepository(Protocol):
    """What crews said of finds from the seat; kept apart from the verdicts of triage."""

    def get(self, finding: str) -> wire.CrewVerdict | None:
        """Give the crew's word on a finding, or None."""
        ...

    def save(self, verdict: wire.CrewVerdict) -> None:
        """Keep a new or revised word."""
        ...

    def known(self, findings: Collection[str]) -> Mapping[str, wire.CrewVerdict]:
        """Give the words on those of the findings that have one, by finding."""
        ...


class EvidenceRepository(Protocol):
    """Which pictures the centre holds."""

    def missing(self, hashes: Collection[str]) -> Sequence[str]:
        """Give those of the hashes whose bytes have not arrived, sorted."""
        ...

    def received(self, sha256: str, *, at: datetime) -> None:
        """Note that the bytes of a picture are kept."""
        ...


class PhotoRepository(Protocol):
    """Photos that people took."""

    def get(self, id_: PhotoId) -> Photo:
        """Give a photo; raises PhotoNotFound."""
        ...

    def save(self, photo: Photo) -> None:
        """Keep a new photo, or one with its result."""
        ...

    def of_case(self, case: CaseId) -> Sequence[Photo]:
        """Give a case's photos, the oldest first."""
        ...

    def unseen(self, *, limit: int) -> Sequence[Photo]:
        """Give photos that the vision worker has not looked at, the oldest first."""
        ...


class PeopleRepository(Protocol):
    """The people."""

    def get(self, id_: PersonId) -> Person:
        """Give a person; raises PersonNotFound."""
        ...

    def save(self, person: Person) -> None:
        """Keep a new or changed person."""
        ...

    def all(self) -> Sequence[Person]:
        """Give everybody, by id."""
        ...


class AccountRepository(Protocol):
    """Accounts and their sessions."""

    def by_name(self, name: str) -> Account | None:
        """Give the account with a sign-in name, or None."""
        ...

    def save(self, account: Account) -> None:
        """Keep a new or changed account."""
        ...

    def session(self, token_sha256: str) -> Session | None:
        """Give a session, or None."""
        ...

    def save_session(self, session: Session) -> None:
        """Keep a session."""
        ...

    def end_session(self, token_sha256: str) -> None:
        """Forget a session."""
        ...


class DeviceRepository(Protocol):
    """The devices and their keys."""

    def get(self, id_: str) -> Device | None:
        """Give a device, or None."""
        ...

    def save(self, device: Device) -> None:
        """Keep a new or changed device."""
        ...

    def all(self) -> Sequence[Device]:
        """Give every device, by id."""
        ...

    def invite(self, invitation: Invitation) -> None:
        """Keep a one-time code's hash."""
        ...

    def redeem(self, code_sha256: str, *, at: datetime) -> Invitation | None:
        """Take an invitation that is still good at a time; it is good for nobody afterwards."""
        ...

    def spend_nonce(self, device: str, nonce: str, *, at: datetime) -> bool:
        """Note a request's nonce and forget those older than a day; False if it was used before."""
        ...


class QuarantineRepository(Protocol):
    """Messages that could not be taken."""

    def add(self, entry: Quarantined) -> None:
        """Keep a message with its reason; the same id again changes nothing."""
        ...

    def latest(self, *, limit: int) -> Sequence[Quarantined]:
        """Give the newest."""
        ...


class Question(StrEnum):
    """What people's verdicts answer."""

    FIND_TRUE = "find_true"
    """Was the find true? `who` is model name and version."""
    DONE_FALSE = "done_false"
    """Was it not done although reported as done? `who` is the department."""
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
    facts: FactRepository
    tasks: TaskRepository
    problems: ProblemRepository
    observations: ObservationRepository
    sweeps: SweepRepository
    crew: CrewVerdictRepository
    evidence: EvidenceRepository
    photos: PhotoRepository
    people: PeopleRepository
    accounts: AccountRepository
    devices: DeviceRepository
    quarantine: QuarantineRepository
    verdicts: VerdictCounts
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
