"""The unit of work in memory: for tests of rules, and the obvious twin of the SQL one."""

import threading
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from types import TracebackType
from typing import Self

from dispatch import wire
from dispatch.case.case import Case
from dispatch.case.photo import Photo
from dispatch.case.task import Task
from dispatch.case.tip import Tip
from dispatch.catalogue.component import Component
from dispatch.city.precedent import Precedent
from dispatch.devices.device import Device, Invitation, Quarantined
from dispatch.people.account import Account, Session
from dispatch.people.people import Person
from dispatch.ports.unit_of_work import Question, Tally
from dispatch.proof.erasure import Erasure, Removal
from dispatch.proof.ledger import Entry
from dispatch.sights.observation import Observation
from dispatch.sights.problem import Problem
from dispatch.sights.stretch import Told
from dispatch.store.memory_arrivals import Kept, MemoryArrivals
from dispatch.store.memory_case_list import MemoryCaseList
from dispatch.store.memory_case_map import MemoryCaseMap
from dispatch.store.memory_cases import MemoryCases, MemoryPhotos, MemoryTasks
from dispatch.store.memory_crew import MemoryCrewVerdicts
from dispatch.store.memory_erasures import MemoryErasures
from dispatch.store.memory_facts import MemoryFacts
from dispatch.store.memory_ledger import MemoryLedger
from dispatch.store.memory_map import MemoryObservations, MemoryProblems, MemorySweeps
from dispatch.store.memory_people import (
    MemoryAccounts,
    MemoryDevices,
    MemoryEvidence,
    MemoryPeople,
    MemoryQuarantine,
    MemoryVerdictCounts,
)
from dispatch.store.memory_registry import MemoryComponents, MemoryPrecedents
from dispatch.store.memory_stretches import MemoryStretches
from dispatch.store.memory_suppressed import Kept as KeptSights
from dispatch.store.memory_suppressed import MemorySuppressed
from dispatch.store.memory_tips import MemoryTips


@dataclass(slots=True)
class _State:
    cases: dict[str, Case] = field(default_factory=dict)
    tasks: dict[str, Task] = field(default_factory=dict)
    problems: dict[str, Problem] = field(default_factory=dict)
    observations: dict[str, Observation] = field(default_factory=dict)
    arrivals: Kept = field(default_factory=dict)
    sweeps: dict[str, wire.Sweep] = field(default_factory=dict)
    groundless: set[str] = field(default_factory=set)
    tellings: dict[str, tuple[Told, ...]] = field(default_factory=dict)
    lands: dict[datetime, dict[str, int]] = field(default_factory=dict)
    crew: dict[str, wire.CrewVerdict] = field(default_factory=dict)
    suppressed: KeptSights = field(default_factory=dict)
    evidence: set[str] = field(default_factory=set)
    photos: dict[str, Photo] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    devices: dict[str, Device] = field(default_factory=dict)
    invitations: dict[str, Invitation] = field(default_factory=dict)
    nonces: dict[tuple[str, str], datetime] = field(default_factory=dict)
    tips: dict[str, Tip] = field(default_factory=dict)
    quarantine: dict[str, Quarantined] = field(default_factory=dict)
    verdicts: dict[tuple[Question, str, str], Tally] = field(default_factory=dict)
    components: dict[tuple[str, date], Component] = field(default_factory=dict)
    precedents: dict[str, Precedent] = field(default_factory=dict)
    erasures: dict[str, Erasure] = field(default_factory=dict)
    removed: set[Removal] = field(default_factory=set)
    ledger: list[Entry] = field(default_factory=list)

    def copy(self) -> "_State":
        return replace(self, **{name: getattr(self, name).copy() for name in self.__slots__})


class MemoryStore:
    """What all units of work in memory share; one of them works at a time."""

    def __init__(self) -> None:
        self.state = _State()
        self.lock = threading.Lock()

    def unit_of_work(self) -> "MemoryUnitOfWork":
        """Give a transaction that is yet to begin."""
        return MemoryUnitOfWork(self)


class MemoryUnitOfWork:
    """One transaction; what is not committed when it ends is forgotten."""

    cases: MemoryCases
    case_list: MemoryCaseList
    case_map: MemoryCaseMap
    facts: MemoryFacts
    tasks: MemoryTasks
    problems: MemoryProblems
    observations: MemoryObservations
    arrivals: MemoryArrivals
    sweeps: MemorySweeps
    stretches: MemoryStretches
    crew: MemoryCrewVerdicts
    suppressed: MemorySuppressed
    evidence: MemoryEvidence
    photos: MemoryPhotos
    people: MemoryPeople
    accounts: MemoryAccounts
    devices: MemoryDevices
    tips: MemoryTips
    quarantine: MemoryQuarantine
    verdicts: MemoryVerdictCounts
    components: MemoryComponents
    precedents: MemoryPrecedents
    erasures: MemoryErasures
    ledger: MemoryLedger

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def __enter__(self) -> Self:
        """Begin."""
        self._store.lock.acquire()
        self.rollback()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Roll back what was not committed."""
        self._store.lock.release()

    def lock_map(self) -> None:
        """Let nobody else change the problem map: nobody else works at all."""

    def commit(self) -> None:
        """Keep everything, at once."""
        self._store.state = self._state.copy()

    def rollback(self) -> None:
        """Forget everything since the last commit."""
        state = self._state = self._store.state.copy()
        self.ledger = MemoryLedger(state.ledger)
        self.cases = MemoryCases(state.cases, self.ledger)
        self.case_list = MemoryCaseList(state.cases)
        self.case_map = MemoryCaseMap(state.cases)
        self.stretches = MemoryStretches(
            state.tellings,
            state.lands,
            state.sweeps,
            state.groundless,
            state.devices,
            ledger=self.ledger,
        )
        self.suppressed = MemorySuppressed(state.suppressed, self.ledger)
        self.facts = MemoryFacts(state.cases, self.stretches, self.suppressed)
        self.tasks = MemoryTasks(state.tasks)
        self.problems = MemoryProblems(state.problems)
        self.observations = MemoryObservations(state.observations, state.cases)
        self.arrivals = MemoryArrivals(state.arrivals)
        self.sweeps = MemorySweeps(state.sweeps, state.groundless)
        self.crew = MemoryCrewVerdicts(state.crew)
        self.evidence = MemoryEvidence(state.evidence, self.ledger, state.erasures)
        self.photos = MemoryPhotos(state.photos, state.erasures)
        self.people = MemoryPeople(state.people)
        self.accounts = MemoryAccounts(state.accounts, state.sessions)
        self.devices = MemoryDevices(state.devices, state.invitations, state.nonces)
        self.tips = MemoryTips(state.tips, state.cases)
        self.quarantine = MemoryQuarantine(state.quarantine)
        self.verdicts = MemoryVerdictCounts(state.verdicts)
        self.components = MemoryComponents(state.components)
        self.precedents = MemoryPrecedents(state.precedents)
        self.erasures = MemoryErasures(
            state.erasures,
            state.removed,
            cases=state.cases,
            observations=state.observations,
            photos=state.photos,
            suppressed=state.suppressed,
            sweeps=state.sweeps,
            groundless=state.groundless,
            tellings=state.tellings,
            quarantine=state.quarantine,
            ledger=self.ledger,
        )
