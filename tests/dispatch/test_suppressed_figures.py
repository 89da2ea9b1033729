"""What approvals kept from becoming cases is an indicator: told apart, drilled into, recounted."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from dispatch.city.suppression import Suppressed
from dispatch.clocks.period import Window
from dispatch.figures.evaluation import Figure, figures, parts_of
from dispatch.ids import ProblemId
from dispatch.indicators.formula import Grouping
from dispatch.indicators.indicator import Key
from dispatch.indicators.table import INDICATORS
from dispatch.ports.of_suppressed import SuppressedFilter
from dispatch.ports.unit_of_work import FactFilter, UnitOfWork
from dispatch.proof.lines import figures_line
from dispatch.proof.recount import Tally
from dispatch.proof.recount_patrols import Patrols
from dispatch.proof.rows import suppressed_line
from dispatch.store import sql_suppressed
from tests.dispatch.city import MONDAY
from tests.dispatch.evaluating import POLICY
from tests.dispatch.test_recount import NOTHING
from tests.dispatch.test_suppression import HEAP, between, save, sight

Begin = Callable[[], UnitOfWork]
HERE, THERE = "999901001001001", "999902002001001"
WEEK = between(0, 7)
SIGHTS = (
    sight("a", grid=HERE, day=1),
    sight("b", grid=HERE, day=2, device="drone-01"),
    replace(sight("c", problem="p2", grid=THERE, day=3), label="street.vending"),
    sight("d", problem="p3", day=4),
    sight("e", problem="p3", day=8),
)


def keep(uow: UnitOfWork) -> None:
    for one in SIGHTS:
        save(uow, one)


def told(uow: UnitOfWork, by: Grouping, window: Window = WEEK) -> dict[str, dict[Key, Figure]]:
    counted = uow.facts.count(parts_of(POLICY), window, FactFilter(by=by))
    return {
        group: {each.indicator.key: each for each in figures(counts, policy=POLICY, by=by)}
        for group, counts in counted.items()
    }


@pytest.mark.parametrize(
    ("by", "things", "sights"),
    [
        (Grouping.CITY, {"": 3}, {"": 4}),
        (Grouping.DISTRICT, {"": 1, "999901": 1, "999902": 1}, {"": 1, "999901": 2, "999902": 1}),
        (Grouping.GRID, {"": 1, HERE: 1, THERE: 1}, {"": 1, HERE: 2, THERE: 1}),
        (Grouping.LABEL, {HEAP: 2, "street.vending": 1}, {HEAP: 3, "street.vending": 1}),
        (Grouping.SOURCE, {"patrol": 3}, {"patrol": 4}),
        (Grouping.MODEL, {"toy 1": 3}, {"toy 1": 4}),
        (Grouping.DEVICE, {"drone-01": 1, "vehicle-07": 3}, {"drone-01": 1, "vehicle-07": 3}),
        (Grouping.DEPARTMENT, {}, {}),
        (Grouping.PERSON, {}, {}),
    ],
)
def test_what_is_suppressed_is_counted_by_area_class_source_model_and_device(
    begin: Begin, by: Grouping, things: dict[str, int], sights: dict[str, int]
) -> None:
    with begin() as uow:
        keep(uow)

        found = told(uow, by)

    assert {group: each[Key.SUPPRESSED].numerator for group, each in found.items()} == things
    assert {group: each[Key.SUPPRESSED_SIGHTS].numerator for group, each in found.items()} == sights


def test_every_figure_leads_to_the_sights_behind_it_and_to_their_rules(begin: Begin) -> None:
    with begin() as uow:
        keep(uow)
        for by in (Grouping.CITY, Grouping.STREET, Grouping.LABEL, Grouping.SOURCE):
            for group, each in told(uow, by).items():
                wanted = SuppressedFilter(window=WEEK, by=by, group=group)

                behind = uow.suppressed.find(wanted, limit=None)

                assert len(behind) == each[Key.SUPPRESSED_SIGHTS].numerator
                assert {one.suppression for one in behind} == {"S1"}
                assert sum(one.sights for one in uow.suppressed.count(wanted)) == len(behind)


def test_a_week_that_is_over_counts_the_same_whatever_becomes_known_later(begin: Begin) -> None:
    later = MONDAY + timedelta(days=9)
    with begin() as uow:
        keep(uow)
        before = told(uow, Grouping.CITY), listed(uow)

        uow.suppressed.drop("a", at=later)
        uow.suppressed.move(ProblemId("p2"), ProblemId("p3"), at=later)
        save_again(uow, replace(SIGHTS[1], label="street.vending"), at=later)
        uow.commit()

    with begin() as uow:
        assert (told(uow, Grouping.CITY), listed(uow)) == before
        known = Window(start=WEEK.start, end=MONDAY + timedelta(days=30), until=later + HOUR)
        found = told(uow, Grouping.LABEL, known)
    assert {group: each[Key.SUPPRESSED_SIGHTS].numerator for group, each in found.items()} == {
        HEAP: 2,
        "street.vending": 2,
    }
    assert found["street.vending"][Key.SUPPRESSED].numerator == 2


def test_what_is_put_right_within_the_week_counts_as_put_right(begin: Begin) -> None:
    at = MONDAY + timedelta(days=5)
    with begin() as uow:
        keep(uow)
        uow.suppressed.drop("d", at=at)
        uow.suppressed.move(ProblemId("p2"), ProblemId("p1"), at=at)

        found = told(uow, Grouping.CITY)[""]

    assert found[Key.SUPPRESSED].numerator == 1
    assert found[Key.SUPPRESSED_SIGHTS].numerator == 3


def test_the_bundle_s_own_program_counts_the_same_and_names_what_was_made_less(
    begin: Begin,
) -> None:
    with begin() as uow:
        keep(uow)
        found = {}
        for by in Grouping:
            groups = uow.facts.count(parts_of(POLICY), WEEK, FactFilter(by=by))
            found[by] = {
                group: figures(counts, policy=POLICY, by=by) for group, counts in groups.items()
            }
        kept_back = list(uow.suppressed.told(WEEK))
    line = figures_line(WEEK, INDICATORS, found, policy=POLICY, patrolled=NOTHING)

    def troubles(*, without: str = "") -> list[str]:
        tally = Tally(json.loads(json.dumps(line)), Patrols)
        for one in kept_back:
            if one.one.finding != without:
                tally.patrols.suppress(json.loads(json.dumps(suppressed_line(one))))
        return [where for where, _, _ in tally.troubles()]

    assert troubles() == []
    assert "indicators.json suppressed_sights (city)" in troubles(without="d")


def test_a_record_tells_every_sight_once_the_oldest_first(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    with begin() as uow:
        keep(uow)
        newest_first = listed(uow)

        for page in (1, 2, 3, 500):
            monkeypatch.setattr(sql_suppressed, "_PAGE", page)
            told = [known.one for known in uow.suppressed.told(WEEK)]
            assert told == newest_first[::-1] != []


HOUR = timedelta(hours=1)


def listed(uow: UnitOfWork) -> list[Suppressed]:
    return list(uow.suppressed.find(SuppressedFilter(window=WEEK), limit=None))


def save_again(uow: UnitOfWork, one: Suppressed, *, at: datetime) -> None:
    uow.suppressed.save(one, known_from=at)
