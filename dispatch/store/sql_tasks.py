"""Tasks and the photos of cases in SQL."""

from collections.abc import Collection, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, delete, or_, select, update

from dispatch.case.photo import Photo, PhotoPurpose
from dispatch.case.task import Task, TaskKind, TaskStatus
from dispatch.ids import CaseId, PhotoId, TaskId
from dispatch.missing import PhotoNotFound, StaleCase, TaskNotFound
from dispatch.people.people import Person, Role
from dispatch.store.listed import listed, texts
from dispatch.store.rows import Rows
from dispatch.store.scope import within
from dispatch.store.sql_erasures import photo_erased
from dispatch.store.tables import PHOTOS, TASKS
from dispatch.store.tables_of_photos import PHOTO_KEYS
from dispatch.wire import PhotoResult, canonical_bytes

_OF_CASES: Final = select(TASKS.c.case, TASKS.c.kind, TASKS.c.status).where(listed(TASKS.c.case))


class SqlTasks:
    """The tasks."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def get(self, id_: TaskId) -> Task:
        """Give a task.

        Raises:
            TaskNotFound: no task has this id.
        """
        row = self._rows.first(select(TASKS).where(TASKS.c.id == id_))
        if row is None:
            raise TaskNotFound(id_)
        return _task(row)

    def add(self, task: Task) -> None:
        """Keep a new task."""
        self._rows.put(TASKS, {**_values(task), "version": task.version})

    def save(self, task: Task) -> None:
        """Keep a changed task.

        Raises:
            StaleCase: somebody else changed it since it was read.
        """
        statement = (
            update(TASKS)
            .where(TASKS.c.id == task.id, TASKS.c.version == task.version)
            .values({**_values(task), "version": task.version + 1})
        )
        if not self._rows.change(statement):
            raise StaleCase(task.id)
        task.version += 1

    def of_case(self, case: CaseId) -> Sequence[Task]:
        """Give a case's tasks, the oldest first."""
        return self._load(
            select(TASKS).where(TASKS.c.case == case).order_by(TASKS.c.made_at, TASKS.c.id)
        )

    def waiting(self, cases: Collection[CaseId], *, kind: TaskKind) -> frozenset[CaseId]:
        """Give those of the cases that have an open task of a kind."""
        # A case has few tasks; asked for the open ones of a kind, SQLite would go through those of
        # the city, and PostgreSQL once through the list for each of them.
        rows = self._rows.all(_OF_CASES, texts(cases))
        return frozenset(
            row.case for row in rows if row.status == TaskStatus.OPEN and row.kind == kind
        )

    def open_for(self, person: Person, *, limit: int) -> Sequence[Task]:
        """Give the open tasks that fit a person (`Task.fits`), the first due first."""
        # First the ids, from an index alone: what else a task holds is read of those wanted.
        wanted = within(select(TASKS.c.id), TASKS.c.area, person.area).where(
            TASKS.c.status == TaskStatus.OPEN,
            TASKS.c.role.in_(sorted(person.roles)),
            or_(TASKS.c.department.is_(None), TASKS.c.department == person.department),
            or_(TASKS.c.person.is_(None), TASKS.c.person == person.id),
        )
        in_order = TASKS.c.due_at.nulls_last(), TASKS.c.id
        ids = [row.id for row in self._rows.all(wanted.order_by(*in_order).limit(limit))]
        return self._load(select(TASKS).where(TASKS.c.id.in_(ids)).order_by(*in_order))

    def _load(self, wanted: Select[Any]) -> Sequence[Task]:
        return [_task(row) for row in self._rows.all(wanted)]


class SqlPhotos:
    """Photos that people took."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def get(self, id_: PhotoId) -> Photo:
        """Give a photo.

        Raises:
            PhotoNotFound: no photo has this id.
        """
        row = self._rows.first(select(PHOTOS).where(PHOTOS.c.id == id_))
        if row is None:
            raise PhotoNotFound(id_)
        return _photo(row)

    def save(self, photo: Photo) -> None:
        """Keep a new photo, or one with its result."""
        result = photo.result
        self._rows.put(
            PHOTOS,
            {
                "id": photo.id,
                "case": photo.case,
                "purpose": photo.purpose,
                "by": photo.by,
                "taken_at": photo.taken_at,
                "sha256": photo.sha256,
                "looked_at": None if result is None else result.looked_at,
                "result": None if result is None else canonical_bytes(result).decode(),
            },
        )
        if result is not None:
            self._rows.change(delete(PHOTO_KEYS).where(PHOTO_KEYS.c.photo == photo.id))
        for key in photo.keys:
            self._rows.put(PHOTO_KEYS, {"key": key, "photo": photo.id})

    def of_case(self, case: CaseId) -> Sequence[Photo]:
        """Give a case's photos, the oldest first."""
        return self.of_cases((case,))

    def of_cases(self, cases: Collection[CaseId]) -> Sequence[Photo]:
        """Give the photos of many cases at once, the oldest first."""
        if not cases:
            return []
        return self._where(PHOTOS.c.case.in_(sorted(cases)))

    def of_content(self, sha256: str) -> Sequence[Photo]:
        """Give the photos of all cases that were handed in as the same file, the oldest first."""
        return self._where(PHOTOS.c.sha256 == sha256)

    def with_keys(self, keys: Collection[int]) -> Sequence[Photo]:
        """Give the photos of which a key (`imprint.keys_of`) is one of these, the oldest first.

        What was erased by itself is left out.
        """
        known = select(PHOTO_KEYS.c.photo).where(PHOTO_KEYS.c.key.in_(sorted(keys)))
        return self._where(PHOTOS.c.id.in_(known) & ~photo_erased())

    def unseen(self, *, limit: int) -> Sequence[Photo]:
        """Give photos that the vision worker is still to look at, the oldest first."""
        wanted = select(PHOTOS).where(PHOTOS.c.looked_at.is_(None), ~photo_erased())
        rows = self._rows.all(wanted.order_by(PHOTOS.c.taken_at, PHOTOS.c.id).limit(limit))
        return [_photo(row) for row in rows]

    def _where(self, condition: ColumnElement[bool]) -> Sequence[Photo]:
        wanted = select(PHOTOS).where(condition).order_by(PHOTOS.c.taken_at, PHOTOS.c.id)
        return [_photo(row) for row in self._rows.all(wanted)]


def _values(task: Task) -> dict[str, object]:
    return {
        "id": task.id,
        "case": task.case,
        "kind": task.kind,
        "role": task.role,
        "area": task.area,
        "department": task.department,
        "person": task.person,
        "made_at": task.made_at,
        "due_at": task.due_at,
        "suggestion": task.suggestion,
        "status": task.status,
        "ended_at": task.ended_at,
        "ended_by": task.ended_by,
    }


def _task(row: Row[Any]) -> Task:
    return Task(
        id=row.id,
        case=row.case,
        kind=TaskKind(row.kind),
        role=Role(row.role),
        area=row.area,
        department=row.department,
        person=row.person,
        made_at=row.made_at,
        due_at=row.due_at,
        suggestion=row.suggestion,
        status=TaskStatus(row.status),
        ended_at=row.ended_at,
        ended_by=row.ended_by,
        version=row.version,
    )


def _photo(row: Row[Any]) -> Photo:
    return Photo(
        id=row.id,
        case=row.case,
        purpose=PhotoPurpose(row.purpose),
        by=row.by,
        taken_at=row.taken_at,
        sha256=row.sha256,
        result=None if row.result is None else PhotoResult.model_validate_json(row.result),
    )
