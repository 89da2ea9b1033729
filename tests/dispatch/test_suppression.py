"""Approved areas: what lies in one at its hours is counted and no case; a border is asked about."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
import shapely

from dispatch.case.case import Case
from dispatch.case.task import TaskKind
from dispatch.case.transition import Status
from dispatch.city.suppression import Suppressed, Suppression, Suppressions
from dispatch.city_files.profile_folder import PROFILES, load_profile
from dispatch.clocks.period import Window
from dispatch.files.datafile import FaultyData
from dispatch.ids import GridId, ProblemId
from dispatch.loop.rekeying import move_cases
from dispatch.ports.of_suppressed import SuppressedFilter
from dispatch.ports.unit_of_work import UnitOfWork
from tests.dispatch.city import MONDAY, City, demo_profile
from tests.dispatch.zoned import box, place, zone

Begin = Callable[[], UnitOfWork]
HEAP = "sanitation.garbage_pile"


def between(first: float, last: float) -> Window:
    start, end = MONDAY + timedelta(days=first), MONDAY + timedelta(days=last)
    return Window(start=start, end=end, until=end)


ALL = SuppressedFilter(window=between(-99, 99))
WIDE = box(-200.0, -200.0, 200.0, 200.0)


def approval(
    label: str = HEAP, ground: shapely.Polygon = WIDE, *, hazards: bool = False, **facts: object
) -> Suppression:
    facts.setdefault("valid_until", date(2026, 11, 30))
    return Suppression(
        zone=zone("S1", label, ground, **facts),
        reason_zh="经批准的早市",
        reason_en="Licensed market",
        approval="城管许〔2026〕12号",
        hazards=hazards,
    )


def city(begin: Begin, *rows: Suppression) -> City:
    held = Suppressions(rows, inside=0.9, ask_inside=0.5)
    return City(profile=replace(demo_profile(), suppressions=held), begin=begin)


def see(at: City, name: str = "1", *, label: str = HEAP) -> Case | None:
    return at.take_up(at.see(name, problem=f"problem-{label}", label=label))


def kept(at: City) -> list[Suppressed]:
    with at.uow as uow:
        return list(uow.suppressed.find(ALL, limit=9))


def test_what_lies_in_an_approved_area_is_no_case_but_kept_with_the_approval(begin: Begin) -> None:
    market = city(begin, approval("sanitation.*"))

    case = see(market)

    assert case is None
    (one,) = kept(market)
    assert (one.suppression, one.label, one.problem) == ("S1", HEAP, f"problem-{HEAP}")
    assert (one.reason_zh, one.approval) == ("经批准的早市", "城管许〔2026〕12号")
    assert one.ends_on == date(2026, 11, 30)
    assert one.share > 0.99


def test_the_next_sight_after_the_approval_has_ended_is_a_case(begin: Begin) -> None:
    market = city(begin, approval())
    see(market)
    market.now = datetime.fromisoformat("2026-12-01T01:00:00+00:00")

    case = see(market, "2")

    assert case is not None
    assert case.is_open
    assert len(kept(market)) == 1


@pytest.mark.parametrize(
    ("facts", "suppressed"),
    [
        ({"hours": ((time(8), time(12)),)}, True),
        ({"hours": ((time(18), time(23)),)}, False),
        ({"weekdays": frozenset({1})}, True),
        ({"weekdays": frozenset({6, 7})}, False),
        ({"valid_from": date(2026, 11, 17)}, False),
        ({"valid_until": date(2026, 11, 16)}, True),
        ({"valid_until": date(2026, 11, 15)}, False),
    ],
)
def test_an_approval_holds_on_its_days_and_hours_alone(
    begin: Begin, facts: dict[str, object], suppressed: bool
) -> None:
    market = city(begin, approval(**facts))  # type: ignore[arg-type]  # fields of Zone

    assert (see(market) is None) is suppressed


def test_at_the_border_a_person_decides_and_is_told_why(begin: Begin) -> None:
    at_the_border = box(-200.0, -0.6, 200.0, 200.0)
    market = city(begin, approval(ground=at_the_border))

    case = see(market)

    assert case is not None
    assert case.status is Status.REPORTED
    assert len(market.tasks(case.id, TaskKind.CONFIRM)) == 1
    said = case.history[0].grounds["suppression"]
    assert isinstance(said, dict)
    assert 0.5 <= float(str(said["inside"])) < 0.9
    assert "由人核实" in str(said["why_zh"])
    assert kept(market) == []


def test_what_lies_beside_an_approved_area_is_a_case_like_any(begin: Begin) -> None:
    market = city(begin, approval(ground=box(50.0, -20.0, 90.0, 20.0)))

    case = see(market)

    assert case is not None
    assert "suppression" not in case.history[0].grounds


def test_what_endangers_people_is_a_case_unless_the_approval_says_otherwise(begin: Begin) -> None:
    works = city(begin, approval("road.*"))
    known_works = city(begin, approval("road.*", hazards=True))

    assert see(works, label="road.pothole") is not None
    assert see(known_works, "2", label="road.manhole_missing") is None


def test_a_case_that_was_there_before_the_approval_goes_on(begin: Begin) -> None:
    market = city(begin)
    before = see(market)
    market.profile = replace(
        market.profile, suppressions=Suppressions([approval()], inside=0.9, ask_inside=0.5)
    )

    after = see(market, "2")

    assert before is not None
    assert after is not None
    assert after.id == before.id
    assert kept(market) == []


def sight(
    name: str,
    *,
    suppression: str = "S1",
    problem: str = "p1",
    grid: str | None = None,
    day: int = 0,
    device: str = "vehicle-07",
) -> Suppressed:
    return Suppressed(
        finding=name,
        problem=ProblemId(problem),
        suppression=suppression,
        label=HEAP,
        name_zh="暴露垃圾",
        name_en="Exposed rubbish",
        reason_zh="早市",
        reason_en="Market",
        approval="12号",
        ends_on=date(2026, 11, 30),
        share=0.97,
        place=place(),
        grid=None if grid is None else GridId(grid),
        seen_at=MONDAY + timedelta(days=day),
        rendered=False,
        at=MONDAY + timedelta(days=day),
        device=device,
        platform="vehicle",
        model="toy 1",
    )


def save(uow: UnitOfWork, one: Suppressed) -> None:
    uow.suppressed.save(one, known_from=one.at)


def test_sights_are_listed_and_counted_by_approval_area_and_time(begin: Begin) -> None:
    here, there = "999901001001001", "999901002001001"
    with begin() as uow:
        save(uow, sight("a", grid=here))
        save(uow, sight("b", grid=here, day=1))
        save(uow, sight("b", grid=here, day=2))
        save(uow, sight("c", problem="p2", grid=there, day=3))
        save(uow, sight("d", problem="p3", suppression="S2", day=4))
        uow.commit()

    def counted(wanted: SuppressedFilter) -> list[tuple[str, str, int, int]]:
        with begin() as uow:
            return [
                (each.newest.suppression, each.newest.finding, each.sights, each.problems)
                for each in uow.suppressed.count(wanted)
            ]

    with begin() as uow:
        listed = [one.finding for one in uow.suppressed.find(ALL, limit=3)]
    assert listed == ["d", "c", "b"]
    assert counted(ALL) == [("S1", "c", 3, 2), ("S2", "d", 1, 1)]
    assert counted(replace(ALL, area="999901001")) == [("S1", "b", 2, 1)]
    assert counted(replace(ALL, suppression="S2")) == [("S2", "d", 1, 1)]
    assert counted(replace(ALL, window=between(-99, 2))) == [("S1", "b", 2, 1)]
    assert counted(replace(ALL, window=between(90, 99))) == []


def test_sights_follow_their_problem_and_leave_where_its_place_is_corrected(begin: Begin) -> None:
    with begin() as uow:
        save(uow, sight("a"))
        save(uow, sight("b", problem="p2"))
        move_cases(ProblemId("p2"), ProblemId("p1"), at=MONDAY, uow=uow)
        uow.commit()
    market = city(begin, approval(ground=box(50.0, -20.0, 90.0, 20.0)))
    seen = market.see("1", problem="p1", label=HEAP)
    with begin() as uow:
        save(uow, replace(sight("a"), finding=seen.observations[-1]))
        uow.commit()

    market.take_up(seen)

    with begin() as uow:
        (count,) = uow.suppressed.count(ALL)
        assert (count.sights, count.problems) == (2, 1)


def features(*properties: dict[str, object]) -> str:
    ring = [[110.0, 30.0], [110.001, 30.0], [110.001, 30.001], [110.0, 30.001], [110.0, 30.0]]
    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": each,
                    "geometry": {"type": "Polygon", "coordinates": [ring]},
                }
                for each in properties
            ],
        },
        indent=1,
    )


GOOD: dict[str, object] = {
    "id": "S1",
    "label": "street.vending",
    "name_zh": "示范早市",
    "name_en": "Morning market",
    "reason_zh": "经批准的早市",
    "reason_en": "Licensed market",
    "approval": "城管许〔2026〕12号",
    "valid_from": "2026-01-01",
    "valid_until": "2026-12-31",
    "weekdays": [6, 7],
    "hours": ["05:00-08:00"],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the demonstration profile that may be spoilt."""
    return Path(shutil.copytree(PROFILES / "demo", tmp_path / "city"))


def test_an_approval_is_read_as_the_city_writes_it(folder: Path) -> None:
    (folder / "suppressions.geojson").write_text(features(GOOD), encoding="utf-8")

    held = load_profile(folder).suppressions

    assert held is not None
    (row,) = held.rows
    assert (row.label, row.approval) == ("street.vending", "城管许〔2026〕12号")
    assert row.zone.weekdays == {6, 7}
    assert not row.hazards


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"valid_until": None}, "valid_until"),
        ({"valid_until": "2025-12-31"}, "早于"),
        ({"approval": ""}, "approval"),
        ({"reason_zh": None}, "reason_zh"),
        ({"label": "river.weeds"}, "没有类别符合 river.weeds"),
        ({"weekdays": [8]}, "weekdays"),
        ({"hours": ["from five"]}, "时段"),
    ],
)
def test_an_approval_without_end_reason_or_permit_is_named(
    folder: Path, change: dict[str, object], said: str
) -> None:
    text = features({**GOOD, "id": "S0"}, GOOD | change)
    (folder / "suppressions.geojson").write_text(text, encoding="utf-8")

    with pytest.raises(FaultyData) as refused:
        load_profile(folder)

    (fault,) = refused.value.faults
    assert fault.file == "suppressions.geojson"
    assert fault.line > 10
    assert said in fault.zh


def test_an_approval_listed_twice_is_named(folder: Path) -> None:
    (folder / "suppressions.geojson").write_text(features(GOOD, GOOD), encoding="utf-8")

    with pytest.raises(FaultyData, match="S1 重复"):
        load_profile(folder)
