"""What is no case is in the ledger too: no row is changed, dropped, added or moved unseen."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from dispatch.city.profile import Profile
from dispatch.ids import ProblemId
from dispatch.intake import surveying
from dispatch.ports.unit_of_work import UnitOfWork
from tests.dispatch import making
from tests.dispatch.chained import last_head
from tests.dispatch.city import MONDAY, certain_recall
from tests.dispatch.noted import Lines, held, lines_of
from tests.dispatch.test_patrol_figures import WINDOW, swept, told
from tests.dispatch.test_suppression import between, save, sight

Begin = Callable[[], UnitOfWork]
DAY = timedelta(days=1)
ALL = between(-99, 99)
FILES = ("suppressed", "patrols")


@pytest.fixture
def kept(begin: Begin, profile: Profile) -> UnitOfWork:
    """Three sights that stay suppressed, and three stretches."""
    uow = begin()
    told(uow, profile, swept(), swept("vehicle-07:2"), swept("vehicle-07:3", rings=2))
    with uow:
        for name, day in (("a", 1), ("b", 2), ("c", 3)):
            save(uow, sight(name, day=day))
        uow.commit()
    return uow


def test_rows_as_they_were_kept_are_those_of_the_ledger(kept: UnitOfWork) -> None:
    with kept as uow:
        rows = lines_of(uow, ALL)

        assert held(uow, ALL, rows) == []
        assert {file: len(lines) for file, lines in rows.items()} == dict.fromkeys(FILES, 3)
        last_head(uow.ledger.entries())


def test_what_changes_later_is_noted_and_a_period_that_is_over_stays(
    kept: UnitOfWork, profile: Profile
) -> None:
    with kept as uow:
        uow.suppressed.drop("a", at=MONDAY + 5 * DAY)
        uow.suppressed.drop("a", at=MONDAY + 6 * DAY)
        uow.suppressed.move(ProblemId("p1"), ProblemId("p2"), at=MONDAY + 7 * DAY)
        uow.suppressed.save(sight("d", day=8), known_from=MONDAY + 8 * DAY)
        uow.suppressed.save(sight("d", problem="p9", day=8), known_from=MONDAY + 8 * DAY)
        uow.suppressed.save(sight("e", day=8), known_from=MONDAY + 8 * DAY)
        uow.suppressed.drop("e", at=MONDAY + 8 * DAY)
        uow.commit()
    told(kept, profile, replaced := swept(rings=3).model_copy(update={"revision": 9}), at=late())

    with kept as uow:
        counts = []
        for days in (2, 4, 6, 7.5, 8, 9, 99):
            window = replace(ALL, until=MONDAY + days * DAY)
            rows = lines_of(uow, window)
            assert held(uow, window, rows) == []
            counts.append(len(rows["suppressed"]))
        (revised,) = [one for one in rows["patrols"] if one["sweep"] == replaced.id]
    assert counts == [1, 3, 2, 2, 2, 3, 3]
    assert revised["known_from"] > revised["at"]


def late() -> Any:
    return making.NOON + 20 * DAY


def test_what_is_told_anew_takes_the_place_of_all_that_was_told(
    kept: UnitOfWork, profile: Profile
) -> None:
    told(kept, profile, swept(rings=3).model_copy(update={"revision": 9}), at=late())
    with kept as uow:
        stretch, patches = uow.stretches.of_sweep(swept().id) or pytest.fail("not told")
        uow.stretches.replace(replace(stretch, distance_cm=99), patches, day=stretch.day)
        uow.commit()
    surveying.retell_sweeps(recalls=certain_recall, profile=profile, uow=kept, write=True)

    with kept as uow:
        assert held(uow, ALL, lines_of(uow, ALL)) == []
        assert held(uow, WINDOW, lines_of(uow, WINDOW)) == []


def leaves(value: Any) -> list[tuple[Any, Any]]:
    items = value.items() if isinstance(value, dict) else enumerate(value)
    return [
        leaf
        for key, each in items
        for leaf in (leaves(each) if isinstance(each, dict | list) and each else [(value, key)])
    ]


def other(key: Any, value: Any) -> Any:
    if key == "cells":
        return ("f" if value[0] != "f" else "0") + value[1:]
    if isinstance(value, str) and value[:4] == "2026":
        return "2025" + value[4:]
    if isinstance(value, str):
        return value + "x"
    return value + 1 if isinstance(value, int | float) else ["x"]


@pytest.mark.parametrize("file", FILES)
def test_a_row_that_was_changed_anywhere_is_named_with_its_line(
    kept: UnitOfWork, file: str
) -> None:
    with kept as uow:
        rows = lines_of(uow, ALL)
        for number in range(len(leaves(rows[file][1]))):
            changed = deepcopy(rows)
            place, key = leaves(changed[file][1])[number]
            place[key] = other(key, place[key])

            troubles = held(uow, ALL, changed)

            assert any(f"{file}.jsonl 第 2 行 line 2" in where for where, _, _ in troubles), key


def drop(lines: Lines) -> None:
    del lines[1]


def double(lines: Lines) -> None:
    lines.insert(1, lines[1])


def add(lines: Lines) -> None:
    lines.append({**lines[2], "finding": "z", "sweep": "z"})


def swap(lines: Lines) -> None:
    lines[1], lines[2] = lines[2], lines[1]


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize(
    ("tamper", "line", "words"),
    [
        (drop, "", "is missing"),
        (double, "line 3", "is there twice"),
        (add, "line 4", "was added"),
        (swap, "line 3", "is out of order"),
    ],
)
def test_a_row_dropped_doubled_added_or_moved_is_named(
    kept: UnitOfWork, file: str, tamper: Callable[[Lines], None], line: str, words: str
) -> None:
    with kept as uow:
        rows = lines_of(uow, ALL)
        gone = str(rows[file][1]["finding" if file == "suppressed" else "sweep"])
        tamper(rows[file])

        troubles = held(uow, ALL, rows)

    ((where, _, en),) = troubles
    assert words in en
    assert where.startswith(f"{file}.jsonl") and line in where
    assert line or gone in where


def test_ground_that_went_with_no_erasure_is_named(kept: UnitOfWork) -> None:
    with kept as uow:
        rows = lines_of(uow, ALL)
        for patch in rows["patrols"][0]["patches"]:
            patch["cells"] = ""

        ((where, _, en),) = held(uow, ALL, rows)

    assert "line 1" in where and "went unrecorded" in en


def test_the_same_seal_comes_of_any_order_of_patches(kept: UnitOfWork) -> None:
    """The order in which a stretch is told is not that in which its patches are read."""
    with kept as uow:
        stretch, patches = uow.stretches.of_sweep(swept().id) or pytest.fail("not told")
        uow.stretches.keep(stretch, patches[::-1], known_from=late(), day=stretch.day)
        uow.commit()

    with kept as uow:
        assert held(uow, ALL, lines_of(uow, ALL)) == []
