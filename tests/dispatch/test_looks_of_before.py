"""Reports that waited for a look as their limit came to be kept with the case."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import insert

from dispatch.case.due_order import DueKey
from dispatch.case.task import TaskKind, TaskStatus
from dispatch.case.transition import Status
from dispatch.clocks.clock import Look
from dispatch.people.people import Role
from dispatch.ports.unit_of_work import CaseFilter
from dispatch.store.engine import open_database
from dispatch.store.migrate import migrate
from dispatch.store.sql import SqlUnitOfWork
from dispatch.store.tables import TASKS
from tests.dispatch import making
from tests.dispatch.released_schemas import lives
from tests.dispatch.test_released_schemas import laid

BEFORE = "2026_11_21_works"
WAITING = {case.id: case for case in lives() if case.status is Status.REPORTED}
ASKED = next(iter(WAITING))


def test_the_limit_of_a_look_is_taken_over_from_its_task(tmp_path: Path) -> None:
    url = laid(BEFORE, tmp_path / "centre.db")
    due_at = making.NOON + timedelta(hours=2)
    filed = next(case.id for case in lives() if case.status is Status.FILED)
    then = open_database(url)
    with then.begin() as connection:
        for case in (ASKED, filed):
            connection.execute(
                insert(TASKS).values(
                    id=f"task of {case}",
                    case=case,
                    kind=TaskKind.CONFIRM,
                    role=Role.COLLECTOR,
                    area="",
                    made_at=making.NOON,
                    due_at=due_at,
                    status=TaskStatus.OPEN,
                    version=0,
                )
            )
    then.dispose()

    migrate(url)

    now = open_database(url)
    with SqlUnitOfWork(now) as uow:
        reports = CaseFilter(statuses=frozenset({Status.REPORTED}))
        (first, *rest) = uow.cases.due(reports, limit=99)
        behind = uow.cases.due(reports, limit=99, after=DueKey(at=due_at, case=first.id))
        other = uow.cases.get(filed)
    now.dispose()
    assert first.id == ASKED
    assert first.look == Look(sent_at=making.NOON, due_at=due_at)
    assert [case.id for case in behind] == [case.id for case in rest]
    assert {case.id for case in rest} == WAITING.keys() - {ASKED}
    assert other.look is None
