"""Shifts: what waits for any collector is for those on duty, and never for nobody."""

import shutil
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path

import pytest

from dispatch.case.task import Task, TaskKind
from dispatch.city.roster import Roster, Shift
from dispatch.city_files.profile_folder import PROFILES, load_profile
from dispatch.clocks.window import Days, Window
from dispatch.files.datafile import FaultyData
from dispatch.ids import CaseId, PersonId, TaskId
from dispatch.loop.duty import tasks_now
from dispatch.people.people import Person, Role
from tests.dispatch.city import MONDAY, demo_profile

FAR = "999901002"


def collector(name: str, *, area: str = "", active: bool = True) -> Person:
    roles = frozenset({Role.COLLECTOR})
    return Person(id=PersonId(name), name=name, roles=roles, area=area, active=active)


EARLY, LATE, FREE = collector("early"), collector("late"), collector("free")


def shift(name: str, start: int, end: int, **facts: object) -> Shift:
    window = Window(valid_from=date(2026, 1, 1), hours=((time(start), time(end)),))
    return Shift(person=PersonId(name), window=replace(window, **facts))  # type: ignore[arg-type]  # fields of Window


ROSTER = Roster([shift("early", 6, 14), shift("late", 14, 22)])


def task(
    kind: TaskKind = TaskKind.CONFIRM, *, person: str | None = None, area: str = "999901001"
) -> Task:
    return Task(
        id=TaskId("t"),
        case=CaseId("c"),
        kind=kind,
        role=Role.COLLECTOR,
        area=area,
        made_at=MONDAY,
        person=None if person is None else PersonId(person),
    )


def sees(who: Person, one: Task, *people: Person, roster: Roster = ROSTER) -> bool:
    profile = replace(demo_profile(), roster=roster)
    return bool(tasks_now([one], who, people=people, profile=profile, at=MONDAY))


def test_what_waits_for_any_collector_is_for_those_on_duty() -> None:
    assert sees(EARLY, task(), EARLY, LATE)
    assert not sees(LATE, task(), EARLY, LATE)
    assert not sees(LATE, task(TaskKind.CHECK), EARLY, LATE)


def test_what_is_a_persons_own_stays_theirs_after_the_shift() -> None:
    assert sees(LATE, task(person="late"), EARLY, LATE)


def test_who_stands_in_no_shift_is_always_on_duty() -> None:
    assert sees(FREE, task(), EARLY, LATE, FREE)
    assert sees(LATE, task(), LATE, roster=Roster())


@pytest.mark.parametrize(
    "others", [(), (collector("early", area=FAR),), (collector("early", active=False),)]
)
def test_where_nobody_on_duty_could_do_it_everybody_sees_it(others: tuple[Person, ...]) -> None:
    assert sees(LATE, task(), LATE, *others)


@pytest.mark.parametrize(
    ("at", "on_duty"),
    [
        ("2026-11-16T22:30:00+08:00", True),
        ("2026-11-17T05:59:00+08:00", True),
        ("2026-11-17T06:00:00+08:00", False),
        ("2026-11-16T05:00:00+08:00", False),
        ("2026-10-10T23:00:00+08:00", True),
        ("2026-10-01T23:00:00+08:00", False),
    ],
)
def test_a_night_shift_on_working_days_belongs_to_the_day_on_which_it_begins(
    at: str, on_duty: bool
) -> None:
    roster = Roster([shift("night", 22, 6, days=Days.WORKING)])
    moment = datetime.fromisoformat(at)

    assert roster.is_on_duty(PersonId("night"), moment, demo_profile().calendar) is on_duty


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the demonstration profile to which shifts are added."""
    return Path(shutil.copytree(PROFILES / "demo", tmp_path / "city"))


HEAD = "person,days,weekdays,hours,valid_from,valid_until\n"


def test_shifts_are_read_as_the_city_writes_them(folder: Path) -> None:
    (folder / "roster.csv").write_text(HEAD + "chen,,12345,22:00-06:00,2026-01-01,\n", "utf-8")

    (read,) = load_profile(folder).roster.shifts

    assert read.person == "chen"
    assert read.window.weekdays == {1, 2, 3, 4, 5}
    assert read.window.hours == ((time(22), time(6)),)


@pytest.mark.parametrize(
    "row",
    [
        "chen,,128,07:00-15:00,2026-01-01,",
        "chen,,,seven,2026-01-01,",
        "chen,,,07:00-15:00,,",
        "chen,,,07:00-15:00,2026-02-01,2026-01-01",
        ",,,07:00-15:00,2026-01-01,",
    ],
)
def test_a_shift_that_cannot_be_is_named(folder: Path, row: str) -> None:
    (folder / "roster.csv").write_text(f"{HEAD}{row}\n", encoding="utf-8")

    with pytest.raises(FaultyData) as refused:
        load_profile(folder)

    assert [(fault.file, fault.line) for fault in refused.value.faults] == [("roster.csv", 2)]
