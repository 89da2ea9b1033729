"""Whose a task is for now: what waits for any collector goes to those on shift."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from dispatch.case.case import Case
from dispatch.case.task import Task, TaskKind
from dispatch.city.profile import Profile
from dispatch.people.people import Person, Role

_ON_SHIFT: Final = frozenset({TaskKind.CONFIRM, TaskKind.CHECK})


def tasks_now(
    tasks: Iterable[Task],
    person: Person,
    *,
    people: Iterable[Person],
    profile: Profile,
    at: datetime,
) -> Sequence[Task]:
    """Give those of a person's tasks that are for them at a moment.

    Confirmations and checks in the pool are for those on duty. Where nobody on duty could do one,
    it is for everybody whom it fits: nothing waits unseen.

    Args:
        people: everybody.
    """
    roster, calendar = profile.roster, profile.calendar
    if roster.is_on_duty(person.id, at, calendar):
        return list(tasks)
    on_duty = [each for each in people if each.active and roster.is_on_duty(each.id, at, calendar)]
    return [
        task
        for task in tasks
        if not _is_for_a_shift(task) or not any(task.fits(each) for each in on_duty)
    ]


def is_others_to_do(task: Task, case: Case, person: Person) -> bool:
    """Say whether a task is for anybody but this person: nobody checks what they put right."""
    return task.kind is TaskKind.CHECK and case.self_handler == person.id


def _is_for_a_shift(task: Task) -> bool:
    return task.kind in _ON_SHIFT and task.role is Role.COLLECTOR and task.person is None
