"""Cases, tasks and photos in memory."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from copy import deepcopy
from datetime import UTC, datetime

from dispatch.case.case import Case
from dispatch.case.due_order import DueKey
from dispatch.case.number import NumberPart
from dispatch.case.photo import Photo
from dispatch.case.task import Task, TaskKind, TaskStatus
from dispatch.case.transition import ENDED, Status
from dispatch.ids import CaseId, PhotoId, ProblemId, TaskId
from dispatch.missing import CaseNotFound, PhotoNotFound, StaleCase, TaskNotFound
from dispatch.people.people import Person
from dispatch.ports.unit_of_work import CaseFilter, Queue
from dispatch.proof.erasure import Erasure, photo_subject
from dispatch.proof.ledger import step_note
from dispatch.store.memory_ledger import MemoryLedger

_LATEST = datetime.max.replace(tzinfo=UTC)


class MemoryCases:
    """The cases with their histories."""

    def __init__(self, kept: dict[str, Case], ledger: MemoryLedger) -> None:
        self._kept, self._ledger = kept, ledger

    def get(self, id_: CaseId) -> Case:
        """Give a case to decide on.

        Raises:
            CaseNotFound: no case has this id.
        """
        if id_ not in self._kept:
            raise CaseNotFound(id_)
        return deepcopy(self._kept[id_])

    def add(self, case: Case) -> None:
        """Keep a new case."""
        self._enter(case, known=0)
        self._kept[case.id] = deepcopy(case)

    def save(self, case: Case) -> None:
        """Keep a changed case and its new steps.

        Raises:
            StaleCase: somebody else changed it since it was read.
        """
        if case.id not in self._kept or self._kept[case.id].version != case.version:
            raise StaleCase(case.id)
        case.version += 1
        self._enter(case, known=len(self._kept[case.id].history))
        self._kept[case.id] = deepcopy(case)

    def _enter(self, case: Case, *, known: int) -> None:
        for step in case.history[known:]:
            self._ledger.note(step_note(case.id, step.number, step.seal))

    def of_problem(self, problem: ProblemId) -> Sequence[Case]:
        """Give the cases of a problem, the oldest first."""
        found = [case for case in self._kept.values() if case.problem == problem]
        return deepcopy(sorted(found, key=lambda case: (case.reported_at, case.id)))

    def merged_into(self, cases: Collection[CaseId]) -> Sequence[Case]:
        """Give the cases that ended because one of these goes on in their place, by id."""
        return self._merged(lambda case: case.merged_into in cases)

    def merged_near(self, cells: Collection[int]) -> Sequence[Case]:
        """Give the cases in some look-up cells that ended because another goes on, by id."""
        return self._merged(lambda case: case.cell in cells)

    def _merged(self, wanted: Callable[[Case], bool]) -> Sequence[Case]:
        found = [case for case in self._kept.values() if case.merged_into and wanted(case)]
        return deepcopy(sorted(found, key=lambda case: case.id))

    def corrected_near(self, cells: Collection[int], *, labels: Collection[str]) -> Sequence[Case]:
        """Give the cases of some classes in some look-up cells that a person corrected, by id."""
        found = [
            case
            for case in self._kept.values()
            if case.was_corrected and case.cell in cells and case.category.label in labels
        ]
        return deepcopy(sorted(found, key=lambda case: case.id))

    def known(self, ids: Collection[CaseId]) -> Mapping[CaseId, Case]:
        """Give those of the ids that are cases, all at once, to be read."""
        return {id_: self.get(id_) for id_ in ids if id_ in self._kept}

    def newest(self, problems: Collection[ProblemId]) -> Mapping[ProblemId, tuple[CaseId, Status]]:
        """Give the newest case of each problem that has any, and how it stands."""
        found = [case for case in self._kept.values() if case.problem in problems]
        found.sort(key=lambda case: (case.reported_at, case.id))
        return {case.problem: (case.id, case.status) for case in found}

    def going_on(self, cases: Collection[CaseId]) -> Mapping[CaseId, tuple[CaseId, Status]]:
        """Give the case that goes on in the place of each, over all merges, and how it stands."""
        found: dict[CaseId, tuple[CaseId, Status]] = {}
        for id_ in cases:
            if id_ not in self._kept:
                continue
            case = self._kept[id_]
            while case.merged_into is not None and case.merged_into != case.id:
                case = self._kept[case.merged_into]
            found[id_] = case.id, case.status
        return found

    def under(self, part: NumberPart) -> frozenset[CaseId]:
        """Give the cases that go on in the place of those with such a number, over all merges."""
        merged = self._merged(lambda case: _is_numbered(case, part))
        return frozenset(into for into, _ in self.going_on([case.id for case in merged]).values())

    def find(
        self, wanted: CaseFilter, *, limit: int, after: CaseId | None = None
    ) -> Sequence[Case]:
        """Give cases by id, the newest first, from below `after` on."""
        found = [case for case in self._found(wanted) if after is None or case.id < after]
        return deepcopy(sorted(found, key=lambda case: case.id, reverse=True)[:limit])

    def due(self, wanted: CaseFilter, *, limit: int, after: DueKey | None = None) -> Sequence[Case]:
        """Give open cases by deadline: what is longest overdue first, from behind `after` on."""
        found = sorted(self._found(wanted), key=lambda case: case.id, reverse=True)
        dated = sorted((case for case in found if case.overdue_at), key=_due)
        undated = [case for case in found if case.is_open and case.overdue_at is None]
        if after is not None and after.at is not None:
            dated = [case for case in dated if _due(case) > (after.at, after.case)]
        elif after is not None:
            dated, undated = [], [case for case in undated if case.id < after.case]
        return deepcopy([*dated, *undated][:limit])

    def count_ended(self, wanted: CaseFilter, *, most: int) -> dict[Status, int]:
        """Count the cases that ended by status, those of each at most so far; none is left out."""
        counted = Counter(case.status for case in self._found(wanted))
        return {status: min(counted[status], most) for status in ENDED}

    def queues(self, wanted: CaseFilter, *, now: datetime) -> dict[Status, Queue]:
        """Sum up the cases that have not ended, by status."""
        queues: dict[Status, Queue] = {}
        for case in self._found(wanted):
            if case.is_open:
                known = queues.get(case.status) or Queue(
                    count=0, oldest=case.reported_at, overdue=0
                )
                late = _is_overdue(case, at=now)
                oldest = min(known.oldest, case.reported_at)
                queues[case.status] = Queue(
                    count=known.count + 1, oldest=oldest, overdue=known.overdue + late
                )
        return queues

    def ringing(self, now: datetime, *, limit: int) -> Sequence[Case]:
        """Give cases whose `rings_at` is not after `now`, the oldest first."""
        found = [case for case in self._kept.values() if (case.rings_at or _LATEST) <= now]
        return deepcopy(sorted(found, key=lambda case: (case.rings_at, case.id))[:limit])

    def touching(self, start: datetime, end: datetime) -> Iterator[Case]:
        """Give cases reported before `end` that were open at or after `start`, by id."""
        for case in sorted(self._kept.values(), key=lambda case: case.id):
            if case.reported_at < end and (case.ended_at or _LATEST) >= start:
                yield deepcopy(case)

    def _found(self, wanted: CaseFilter) -> Iterator[Case]:
        return (case for case in self._kept.values() if _matches(case, wanted))


def _due(case: Case) -> tuple[datetime, CaseId]:
    return case.overdue_at or _LATEST, case.id


class MemoryTasks:
    """The tasks."""

    def __init__(self, kept: dict[str, Task]) -> None:
        self._kept = kept

    def get(self, id_: TaskId) -> Task:
        """Give a task.

        Raises:
            TaskNotFound: no task has this id.
        """
        if id_ not in self._kept:
            raise TaskNotFound(id_)
        return deepcopy(self._kept[id_])

    def add(self, task: Task) -> None:
        """Keep a new task."""
        self._kept[task.id] = deepcopy(task)

    def save(self, task: Task) -> None:
        """Keep a changed task.

        Raises:
            StaleCase: somebody else changed it since it was read.
        """
        if task.id not in self._kept or self._kept[task.id].version != task.version:
            raise StaleCase(task.id)
        task.version += 1
        self._kept[task.id] = deepcopy(task)

    def of_case(self, case: CaseId) -> Sequence[Task]:
        """Give a case's tasks, the oldest first."""
        found = [task for task in self._kept.values() if task.case == case]
        return deepcopy(sorted(found, key=lambda task: (task.made_at, task.id)))

    def waiting(self, cases: Collection[CaseId], *, kind: TaskKind) -> frozenset[CaseId]:
        """Give those of the cases that have an open task of a kind."""
        return frozenset(
            task.case
            for task in self._kept.values()
            if task.case in cases and task.kind is kind and task.status is TaskStatus.OPEN
        )

    def open_for(self, person: Person, *, limit: int) -> Sequence[Task]:
        """Give the open tasks that fit a person (`Task.fits`), the first due first."""
        found = [
            task
            for task in self._kept.values()
            if task.status is TaskStatus.OPEN and task.fits(person)
        ]
        return deepcopy(sorted(found, key=lambda task: (task.due_at or _LATEST, task.id))[:limit])


class MemoryPhotos:
    """Photos that people took."""

    def __init__(self, kept: dict[str, Photo], erasures: Mapping[str, Erasure]) -> None:
        self._kept, self._erasures = kept, erasures

    def get(self, id_: PhotoId) -> Photo:
        """Give a photo.

        Raises:
            PhotoNotFound: no photo has this id.
        """
        if id_ not in self._kept:
            raise PhotoNotFound(id_)
        return self._kept[id_]

    def save(self, photo: Photo) -> None:
        """Keep a new photo, or one with its result."""
        self._kept[photo.id] = photo

    def of_case(self, case: CaseId) -> Sequence[Photo]:
        """Give a case's photos, the oldest first."""
        return self.of_cases((case,))

    def of_cases(self, cases: Collection[CaseId]) -> Sequence[Photo]:
        """Give the photos of many cases at once, the oldest first."""
        return [photo for photo in self._in_order() if photo.case in cases]

    def of_content(self, sha256: str) -> Sequence[Photo]:
        """Give the photos of all cases that were handed in as the same file, the oldest first."""
        return [photo for photo in self._in_order() if photo.sha256 == sha256]

    def with_keys(self, keys: Collection[int]) -> Sequence[Photo]:
        """Give the photos of which a key (`imprint.keys_of`) is one of these, the oldest first.

        What was erased by itself is left out.
        """
        return [photo for photo in self._unerased() if not photo.keys.isdisjoint(keys)]

    def unseen(self, *, limit: int) -> Sequence[Photo]:
        """Give photos that the vision worker is still to look at, the oldest first."""
        return [photo for photo in self._unerased() if photo.result is None][:limit]

    def _unerased(self) -> Sequence[Photo]:
        erased = {erasure.subject for erasure in self._erasures.values()}
        return [photo for photo in self._in_order() if photo_subject(photo.id) not in erased]

    def _in_order(self) -> Sequence[Photo]:
        return sorted(self._kept.values(), key=lambda photo: (photo.taken_at, photo.id))


def _matches(case: Case, wanted: CaseFilter) -> bool:
    return all(
        (
            wanted.statuses is None or case.status in wanted.statuses,
            wanted.department is None or case.department == wanted.department,
            wanted.label is None or case.category.label == wanted.label,
            wanted.cells is None or case.cell in wanted.cells,
            wanted.overdue is None or _is_overdue(case, at=wanted.overdue),
            wanted.numbered is None
            or _is_numbered(case, wanted.numbered)
            or case.id in wanted.as_numbered,
            wanted.reporter is None or case.history[0].by == wanted.reporter,
            (case.grid or "").startswith(wanted.area),
        )
    )


def _is_overdue(case: Case, *, at: datetime) -> bool:
    return case.overdue_at is not None and case.overdue_at < at


def _is_numbered(case: Case, part: NumberPart) -> bool:
    if part.day is not None and case.reported_at.astimezone(UTC).date() != part.day.date():
        return False
    return case.number_end.startswith(part.end)
