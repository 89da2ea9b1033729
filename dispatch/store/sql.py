"""The unit of work over SQLite or PostgreSQL."""

from contextlib import ExitStack
from types import TracebackType
from typing import Final, Self

from sqlalchemy import Connection, Engine, text

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
from dispatch.ports.unit_of_work import (
    CaseRepository,
    FactRepository,
    LedgerRepository,
    TaskRepository,
    VerdictCounts,
)
from dispatch.store.rows import Rows
from dispatch.store.sql_arrivals import SqlArrivals
from dispatch.store.sql_case_list import SqlCaseList
from dispatch.store.sql_case_map import SqlCaseMap
from dispatch.store.sql_cases import SqlCases
from dispatch.store.sql_covered import SqlCovered
from dispatch.store.sql_crew import SqlCrewVerdicts
from dispatch.store.sql_devices import SqlDevices, SqlEvidence, SqlQuarantine
from dispatch.store.sql_erasures import SqlErasures
from dispatch.store.sql_facts import SqlFacts
from dispatch.store.sql_ledger import SqlLedger
from dispatch.store.sql_map import SqlObservations, SqlProblems, SqlSweeps
from dispatch.store.sql_people import SqlAccounts, SqlPeople, SqlVerdictCounts
from dispatch.store.sql_registry import SqlComponents, SqlPrecedents
from dispatch.store.sql_stretches import SqlStretches
from dispatch.store.sql_suppressed import SqlSuppressed
from dispatch.store.sql_tasks import SqlPhotos, SqlTasks
from dispatch.store.sql_tips import SqlTips

_MAP_LOCK: Final = 20_261_121
_LEDGER_LOCK: Final = 20_261_122
_COVERED_LOCK: Final = 20_261_123
"""Taken last, just before the commit, and the ledger's after it: who waits, waits for one write."""


class SqlUnitOfWork:
    """One transaction; what is not committed when it ends is rolled back.

    Args:
        reads_only: on SQLite, readers pass writers by; one that writes all the same may be refused.
    """

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

    def __init__(self, engine: Engine, *, reads_only: bool = False) -> None:
        self._engine = engine.execution_options(reads_only=reads_only)
        self._open = ExitStack()

    def __enter__(self) -> Self:
        """Begin."""
        self._connection: Connection = self._open.enter_context(self._engine.connect())
        rows = self._rows = Rows(self._connection)
        self.ledger = self._ledger = SqlLedger(rows)
        self.cases = SqlCases(rows, self._ledger)
        self.case_map = SqlCaseMap(rows)
        self._covered = SqlCovered(rows, lambda: self._lock(_COVERED_LOCK))
        self.stretches = SqlStretches(rows, self._covered, self._ledger)
        self.suppressed = SqlSuppressed(rows, self._ledger)
        facts = self.facts = SqlFacts(rows, self.stretches, self.suppressed)
        self.case_list = SqlCaseList(rows, facts)
        self.tasks = SqlTasks(rows)
        self.problems = SqlProblems(rows)
        self.observations = SqlObservations(rows)
        self.arrivals = SqlArrivals(rows)
        self.sweeps = SqlSweeps(rows)
        self.crew = SqlCrewVerdicts(rows)
        self.evidence = SqlEvidence(rows, self._ledger)
        self.photos = SqlPhotos(rows)
        self.people = SqlPeople(rows)
        self.accounts = SqlAccounts(rows)
        self.devices = SqlDevices(rows)
        self.tips = SqlTips(rows)
        self.quarantine = SqlQuarantine(rows)
        self.verdicts = self._verdicts = SqlVerdictCounts(rows)
        self.components = SqlComponents(rows)
        self.precedents = SqlPrecedents(rows)
        self.erasures = SqlErasures(rows, self._ledger)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Roll back what was not committed."""
        self._rows.forget()
        self._open.close()

    def lock_map(self) -> None:
        """Let nobody else change the problem map until this transaction ends.

        Two devices that see one thing at once would otherwise both find it new. On SQLite whoever
        writes is alone already.
        """
        self._lock(_MAP_LOCK)

    def commit(self) -> None:
        """Make everything durable, at once."""
        self._covered.settle()
        if self._ledger.has_notes:
            self._lock(_LEDGER_LOCK)
            self._ledger.enter_notes()
        self._rows.flush()
        self._verdicts.forget()
        self._connection.commit()

    def rollback(self) -> None:
        """Forget everything since the last commit."""
        self._rows.forget()
        self._ledger.forget_notes()
        self._covered.forget()
        self._verdicts.forget()
        self._connection.rollback()

    def _lock(self, key: int) -> None:
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})
