"""Whoever counts the figures from a bundle, by other code, gets what the centre states."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.case.case import Case, Source
from dispatch.clocks.period import Window
from dispatch.figures.evaluation import count_cases, figures, parts_of
from dispatch.figures.patrol_figures import Patrolled
from dispatch.ids import GridId
from dispatch.indicators.formula import Grouping
from dispatch.indicators.table import INDICATORS
from dispatch.proof.lines import Line, case_line, figures_line
from dispatch.proof.recount import Tally
from dispatch.proof.recount_patrols import Patrols
from tests.dispatch.evaluating import AFTERWARDS, HELD_BACK, NOVEMBER, POLICY, START, reported
from tests.dispatch.test_evaluation_by_hand import LIVES
from tests.dispatch.walking import walk

GRIDS = (GridId("999901001001001"), GridId("999901001002001"), GridId("999902001001001"), None)
SOURCES = tuple(Source)
NOTHING = Patrolled(drives=(), ground=(), lands={}, fleet={})


def stated(cases: Sequence[Case], window: Window) -> Line:
    found = {}
    for by in Grouping:
        groups = count_cases(cases, parts=parts_of(POLICY), window=window, by=by)
        found[by] = {group: figures(counts, policy=POLICY) for group, counts in groups.items()}
    return figures_line(window, INDICATORS, found, policy=POLICY, patrolled=NOTHING)


def recounted(cases: Sequence[Case], line: Line) -> list[tuple[str, str, str]]:
    tally = Tally(json.loads(json.dumps(line)), Patrols)
    for case in cases:
        tally.add(json.loads(json.dumps(case_line(case))))
    return list(tally.troubles())


@pytest.mark.parametrize("name", LIVES)
def test_every_life_worked_by_hand_recounts_to_the_same_figures(name: str) -> None:
    cases = LIVES[name][0]()

    for until in (START + timedelta(hours=60), NOVEMBER.end, AFTERWARDS):
        window = NOVEMBER.known_at(until)
        assert recounted(cases, stated(cases, window)) == []


@settings(max_examples=60, deadline=None)
@given(
    walks=st.lists(
        st.lists(st.integers(0, 10**6), min_size=4, max_size=25), min_size=1, max_size=4
    ),
    known=st.integers(-10, 800),
)
def test_whatever_people_do_is_recounted_the_same(walks: list[list[int]], known: int) -> None:
    cases = []
    for number, choices in enumerate(walks):
        case = reported(
            str(number),
            source=SOURCES[number % 3],
            grid=GRIDS[number % 4],
            grounds=HELD_BACK if number % 2 else {},
        )
        walk(case, choices, at=START, step_h=5)
        cases.append(case)
    window = NOVEMBER.known_at(_hour(known))

    assert recounted(cases, stated(cases, window)) == []


def test_a_figure_made_better_is_found_and_named() -> None:
    cases = LIVES["reported and no more"][0]()
    line = json.loads(json.dumps(stated(cases, NOVEMBER.known_at(AFTERWARDS))))
    line["figures"]["city"][""]["reported"][0] += 1

    ((where, zh, en),) = recounted(cases, line)

    assert where == "indicators.json reported (city)"
    assert "重算" in zh and "recomputed" in en


def _hour(count: float) -> datetime:
    return START + timedelta(hours=count)
