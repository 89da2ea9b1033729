"""What a city's zone rules say of a parked car or a heap: where, when, how long, how sure."""

import math
from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch import wire
from dispatch.clocks.window import Days
from dispatch.ground.place import Place
from dispatch.ground.zone import Zone, ZoneMap, ZoneRule
from dispatch.triage.ruling import Answer, Ruling, rulings
from tests.dispatch import zoned
from tests.dispatch.city import MONDAY, demo_profile
from tests.dispatch.zoned import CAR, FIRE, GREEN, HEAP, RED, TWICE, box, observed, seen, stay, zone

CALENDAR = demo_profile().calendar
LATER = timedelta(minutes=34)


def said(
    *found: wire.Finding,
    where: Place | None = None,
    zones: tuple[Zone, ...] = (),
    rules: tuple[ZoneRule, ...] = (TWICE,),
) -> Ruling | None:
    """Give the best ruling on what was seen."""
    answers = rulings(
        where or zoned.place(),
        observed(*found),
        label=found[0].label,
        zoning=zoned.zoning(zones or (zone(),), rules),
        calendar=CALENDAR,
    )
    return answers[0] if answers else None


def answer(*found: wire.Finding, **where: object) -> Answer | None:
    ruling = said(*found, **where)  # type: ignore[arg-type]  # passed on as they are
    return None if ruling is None else ruling.answer


def twice(apart: timedelta = LATER, **second: object) -> tuple[wire.Finding, wire.Finding]:
    """See a car now and again on the pass of another vehicle."""
    facts = {"pass_id": "vehicle-12:1", **second}
    return seen(MONDAY), seen(MONDAY + apart, **facts)  # type: ignore[arg-type]  # fields of `seen`


def test_a_car_that_two_patrols_saw_in_a_no_stopping_zone_meets_the_rule() -> None:
    ruling = said(*twice())

    assert ruling is not None
    assert ruling.answer is Answer.MEETS
    assert "相隔 34 分钟两次看到" in ruling.why_zh
    assert "在“示范路北侧”内的可能性 100%（位置误差 2.1 米）" in ruling.why_zh
    assert "34 min" in ruling.why_en
    assert ruling.grounds["same"] > 0.9


def test_a_car_that_was_seen_once_in_passing_breaks_no_rule() -> None:
    ruling = said(seen(MONDAY))

    assert ruling is not None
    assert ruling.answer is Answer.DOES_NOT_MEET
    assert "只看到一次" in ruling.why_zh


@pytest.mark.parametrize(
    ("minutes", "met"), [(4, False), (9.9, False), (10, True), (120, True), (121, False)]
)
def test_passes_too_close_or_too_far_in_time_prove_nothing(minutes: float, met: bool) -> None:
    assert (answer(*twice(timedelta(minutes=minutes))) is Answer.MEETS) is met


def test_two_passes_a_minute_apart_and_one_much_later_are_enough_in_any_order() -> None:
    first, late = twice()
    second = seen(MONDAY + timedelta(minutes=1), pass_id="vehicle-03:1")

    assert answer(late, second, first) is Answer.MEETS
    assert answer(first, second) is Answer.DOES_NOT_MEET


def test_another_car_in_the_same_place_is_not_the_same_car() -> None:
    van = stay(height_m=1.95, colour=RED)

    assert answer(*twice(stood=van)) is Answer.DOES_NOT_MEET


def test_a_car_that_stands_five_metres_off_was_moved() -> None:
    assert answer(*twice(east_m=6.0)) is not Answer.MEETS
    assert answer(*twice(east_m=12.0)) is Answer.DOES_NOT_MEET


def test_by_place_alone_a_person_has_to_say_whether_it_is_the_same_car() -> None:
    first, second = seen(MONDAY, sigma_m=2.0), seen(MONDAY + LATER, pass_id="v-2:1", sigma_m=2.0)
    bare = [
        each.model_copy(update={"stay": stay().model_copy(update={"height": None, "colour": None})})
        for each in (first, second)
    ]
    ruling = said(*bare)

    assert ruling is not None
    assert ruling.answer is Answer.NEEDS_PERSON
    assert "按位置判断" in ruling.why_zh


def test_a_car_that_drove_while_it_was_seen_did_not_stand() -> None:
    first, second = twice(stood=stay(moved_m=14.0, sigma_m=1.0))

    assert answer(first, second) is Answer.DOES_NOT_MEET


@pytest.mark.parametrize(
    ("stood", "expected"),
    [
        (stay(seconds=179.0), Answer.DOES_NOT_MEET),
        (stay(seconds=180.0), Answer.MEETS),
        (stay(seconds=300.0, moved_m=2.5, sigma_m=1.0), Answer.NEEDS_PERSON),
        (stay(seconds=300.0, moved_m=20.0, sigma_m=1.0), Answer.DOES_NOT_MEET),
    ],
)
def test_one_pass_that_waits_beside_a_car_sees_how_long_it_stands(
    stood: wire.Stay, expected: Answer
) -> None:
    assert answer(seen(MONDAY, stood=stood)) is expected


@pytest.mark.parametrize(
    ("north_m", "sigma_m", "expected"),
    [
        (8.0, 1.0, Answer.MEETS),
        (9.5, 1.0, Answer.NEEDS_PERSON),
        (8.0, 4.0, Answer.NEEDS_PERSON),
        (10.5, 1.0, Answer.DOES_NOT_MEET),
        (0.0, 12.0, Answer.NEEDS_PERSON),
        (0.0, 40.0, Answer.DOES_NOT_MEET),
        (30.0, 1.0, None),
    ],
)
def test_near_a_border_or_vaguely_placed_the_error_decides_and_never_the_bare_point(
    north_m: float, sigma_m: float, expected: Answer | None
) -> None:
    where = zoned.place(0.0, north_m, sigma_m=sigma_m)

    assert answer(*twice(), where=where) is expected


@given(north_m=st.floats(-6.0, 6.0), sigma_m=st.floats(0.5, 4.0))
def test_the_share_beyond_a_straight_border_is_that_of_a_normal_error(
    north_m: float, sigma_m: float
) -> None:
    half = ZoneMap([zone(ground=box(-500.0, 0.0, 500.0, 500.0))])

    about = half.about(
        zoned.place(0.0, north_m, sigma_m=sigma_m), kind="no_stopping", at=MONDAY, calendar=CALENDAR
    )

    expected = 0.5 * (1.0 + math.erf(north_m / sigma_m / math.sqrt(2.0)))
    assert (about.share if about else 0.0) == pytest.approx(expected, abs=0.012)


def test_two_zones_that_meet_lose_nothing_at_their_common_border() -> None:
    west, east = zone("A", ground=box(-50, -10, 0, 10)), zone("B", ground=box(0, -10, 50, 10))

    assert answer(*twice(), zones=(west, east)) is Answer.MEETS


HOURS = zone(hours=((time(7), time(9, 30)), (time(16, 30), time(19))))
NIGHT = zone(hours=((time(22), time(6)),), days=Days.WORKING)


@pytest.mark.parametrize(
    ("zone_", "local", "counts"),
    [
        (HOURS, "2026-11-16T07:00", True),
        (HOURS, "2026-11-16T09:29", True),
        (HOURS, "2026-11-16T09:30", False),
        (HOURS, "2026-11-16T18:59", True),
        (NIGHT, "2026-11-16T23:00", True),
        (NIGHT, "2026-11-17T05:59", True),
        (NIGHT, "2026-11-17T06:00", False),
        (NIGHT, "2026-11-21T05:59", True),
        (NIGHT, "2026-11-21T23:00", False),
        (NIGHT, "2026-11-16T05:00", False),
        (zone(days=Days.REST), "2026-11-15T12:00", True),
        (zone(days=Days.REST), "2026-10-10T12:00", False),
        (zone(days=Days.REST), "2026-10-01T12:00", True),
        (zone(valid_until=datetime(2026, 6, 30).date()), "2026-06-30T23:59", True),
        (zone(valid_until=datetime(2026, 6, 30).date()), "2026-07-01T00:00", False),
        (zone(), "2025-12-31T23:59", False),
    ],
)
def test_a_zone_counts_in_its_hours_on_its_days(zone_: Zone, local: str, counts: bool) -> None:
    at = datetime.fromisoformat(local).replace(tzinfo=CALENDAR.zone)

    assert zone_.counts_at(at, CALENDAR) is counts


def test_a_car_seen_before_the_hours_of_a_zone_has_only_been_seen_once_in_them() -> None:
    from_nine = zone(hours=((time(9, 20), time(12)),))

    assert answer(*twice(), zones=(from_nine,)) is Answer.DOES_NOT_MEET
    assert answer(*twice(), zones=(zone(hours=((time(14), time(18)),)),)) is None


def test_a_heap_on_a_green_is_filed_as_such_at_first_sight() -> None:
    green = zone("GR1", "green")
    ruling = said(seen(MONDAY, label=HEAP), zones=(green,), rules=(TWICE, GREEN))

    assert ruling is not None
    assert ruling.answer is Answer.MEETS
    assert ruling.rule.becomes == "sanitation.green_untidy"


def test_of_rules_one_over_another_the_first_that_is_met_decides_and_a_met_one_goes_before() -> (
    None
):
    lane = zone("FL1", "fire_lane", ground=box(-3, -3, 3, 3))
    both = {"zones": (zone(), lane), "rules": (FIRE, TWICE)}

    inside, beside = said(*twice(), **both), said(*twice(), where=zoned.place(3.1), **both)
    six_minutes = said(*twice(timedelta(minutes=6)), **both)

    assert inside is not None
    assert inside.rule is FIRE
    assert beside is not None
    assert beside.rule is TWICE
    assert six_minutes is not None
    assert six_minutes.rule is FIRE


def test_no_rule_speaks_of_other_things() -> None:
    assert said(seen(MONDAY, label=HEAP)) is None
    assert said(seen(MONDAY, label=CAR), rules=()) is None
