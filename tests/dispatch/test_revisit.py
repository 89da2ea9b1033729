"""What the next patrol is asked to look at again, and in which order."""

import itertools
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from xml.etree import ElementTree as Xml

import pytest
from h3.api import basic_int as h3

from dispatch import wire
from dispatch.case.step import Decision
from dispatch.city.profile import Profile
from dispatch.ground.place import Place, lookup_cell
from dispatch.ground.tour import length_m, tour
from dispatch.loop import casework
from dispatch.loop.revisit import route_sheet
from dispatch.ports.unit_of_work import UnitOfWork
from dispatch.wire import RouteSheet, Spot, SpotKind
from tests.dispatch import making
from tests.dispatch.city import COLLECTOR, WORKER, City, demo_profile, with_policy
from tests.dispatch.making import LATITUDE, LONGITUDE, M_PER_DEGREE, NOON

Begin = Callable[[], UnitOfWork]
GPX = "{http://www.topografix.com/GPX/1/1}"
KML = "{http://www.opengis.net/kml/2.2}"


def at(north_m: float, east_m: float = 0.0) -> Place:
    return Place(
        latitude=LATITUDE + north_m / M_PER_DEGREE,
        longitude=LONGITUDE + east_m / M_PER_DEGREE,
        ee=0.0,
        en=0.0,
        nn=0.0,
    )


def spot(name: str = "坑槽 1", *, hazard: bool = False, north_m: float = 0.0) -> Spot:
    where = at(north_m)
    return Spot(
        kind=SpotKind.CANNOT_TELL,
        latitude=where.latitude,
        longitude=where.longitude,
        name_zh=name,
        name_en="Pothole 1",
        why_zh="看不清",
        why_en="Cannot tell",
        hazard=hazard,
        since=NOON,
    )


@pytest.fixture
def city() -> City:
    """A city whose one pothole was reported and handled."""
    made = City(profile=with_policy(demo_profile(), blind_share=0.0))
    id_ = made.reported()
    casework.confirm_case(
        id_, Decision(by=COLLECTOR, at=made.later(minutes=5)), profile=made.profile, uow=made.uow
    )
    casework.accept_case(id_, Decision(by=WORKER, at=made.later(minutes=5)), uow=made.uow)
    made.finish(id_)
    return made


def sheet_of(city: City, *, area: str = "") -> RouteSheet:
    return route_sheet(now=city.now, profile=city.profile, uow=city.uow, area=area)


def test_a_city_without_work_has_an_empty_sheet(begin: Begin, profile: Profile) -> None:
    sheet = route_sheet(now=NOON, profile=profile, uow=begin())

    assert (sheet.spots, sheet.left_out, sheet.length_m) == ((), 0, 0.0)


def test_a_handled_problem_that_no_pass_came_by_is_on_the_sheet(city: City) -> None:
    [found] = sheet_of(city).spots

    assert found.kind is SpotKind.CANNOT_TELL
    assert "请从这里经过" in found.why_zh


def test_a_problem_that_was_hidden_says_how_to_look_next_time(city: City) -> None:
    for number in (4, 5, 6):
        city.drive_by(f"vehicle-07:{number}", hidden=True)

    [found] = sheet_of(city).spots

    assert "换个时段或方向" in found.why_zh
    assert "other side" in found.why_en


def test_a_problem_that_a_pass_could_tell_of_needs_no_other_look(city: City) -> None:
    for number in (4, 5, 6, 7, 8):
        city.drive_by(f"vehicle-07:{number}")

    assert sheet_of(city).spots == ()


def test_a_person_is_shown_the_spots_of_their_area_only(city: City) -> None:
    [found] = sheet_of(city).spots

    assert sheet_of(city, area="0000").spots == ()
    assert found.case is not None


def keep(begin: Begin, *sweeps: wire.Sweep) -> None:
    with begin() as uow:
        for each in sweeps:
            uow.sweeps.save(each)
        uow.commit()


@pytest.mark.parametrize(
    ("days", "said"), [(2.9, None), (3.1, "危险类别"), (6.9, "危险类别"), (9.0, "已 9 天没有巡查")]
)
def test_ground_is_stale_after_days_that_depend_on_what_may_lie_there(
    begin: Begin, profile: Profile, days: float, said: str | None
) -> None:
    keep(begin, making.sweep())
    now = NOON + timedelta(days=days)

    spots = route_sheet(now=now, profile=profile, uow=begin()).spots

    assert [said in each.why_zh for each in spots if said] == [True] * (0 if said is None else 1)
    assert len(spots) == (0 if said is None else 1)


def test_a_later_pass_makes_ground_fresh_again(begin: Begin, profile: Profile) -> None:
    keep(
        begin,
        making.sweep(),
        making.sweep(pass_id="vehicle-07:2", at=NOON + timedelta(days=8)),
    )

    sheet = route_sheet(now=NOON + timedelta(days=9), profile=profile, uow=begin())

    assert sheet.spots == ()


def test_untouched_ground_is_told_by_its_cell_and_its_last_touch(begin: Begin) -> None:
    keep(begin, making.sweep())

    with begin() as uow:
        stale = dict(uow.sweeps.stale(NOON + timedelta(days=1), limit=99))
        fresh = uow.sweeps.stale(NOON, limit=99)

    assert stale[lookup_cell(LATITUDE, LONGITUDE)] == NOON
    assert all(h3.get_resolution(cell) == 11 for cell in stale)
    assert list(fresh) == []


def test_hazards_come_first_though_others_lie_nearer(city: City) -> None:
    ordinary = sheet_of(city).spots[0]
    with city.uow as uow:
        [case] = [uow.cases.get(case) for case in [ordinary.case]]
        case.category = replace(case.category, hazard=True)
        uow.cases.save(case)
        uow.sweeps.save(making.sweep(at=city.now - timedelta(days=9), pass_id="vehicle-07:0"))
        uow.commit()

    kinds = [(each.kind, each.hazard) for each in sheet_of(city).spots]

    assert kinds[0] == (SpotKind.CANNOT_TELL, True)
    assert len(kinds) == 2


def patrolled(city: City, **changed: float) -> Profile:
    """Give the city's profile with another `[patrol]`."""
    return replace(city.profile, patrol=city.profile.patrol.model_copy(update=changed))


def test_a_city_says_itself_when_ground_is_stale(city: City) -> None:
    with city.uow as uow:
        uow.sweeps.save(making.sweep(at=city.now - timedelta(days=9), pass_id="vehicle-07:0"))
        uow.commit()

    patient = patrolled(city, stale_hazard_days=10.0, stale_days=20.0)
    kinds = [
        [spot.kind for spot in route_sheet(now=city.now, profile=each, uow=city.uow).spots]
        for each in (city.profile, patient)
    ]

    assert SpotKind.STALE in kinds[0]
    assert SpotKind.STALE not in kinds[1]


def test_what_does_not_fit_is_counted_and_is_what_presses_least(city: City) -> None:
    with city.uow as uow:
        uow.sweeps.save(making.sweep(at=city.now - timedelta(days=9), pass_id="vehicle-07:0"))
        uow.commit()

    sheet = route_sheet(now=city.now, profile=patrolled(city, sheet_spots=1), uow=city.uow)

    assert [each.kind for each in sheet.spots] == [SpotKind.CANNOT_TELL]
    assert sheet.left_out == 1


@pytest.mark.parametrize("seed", range(8))
def test_a_round_is_within_a_tenth_of_the_shortest_there_is(seed: int) -> None:
    rng = random.Random(seed)
    points = [at(rng.uniform(0, 3000), rng.uniform(0, 3000)) for _ in range(7)]
    start = at(0.0)

    def way(order: Sequence[int]) -> float:
        return length_m([start, *(points[each] for each in order)])

    order = tour(points, start=start)

    best = min(way(each) for each in itertools.permutations(range(7)))
    assert sorted(order) == list(range(7))
    assert way(order) <= 1.1 * best


def test_a_round_through_nothing_and_through_one_point_is_no_trouble() -> None:
    assert tour([], start=at(0.0)) == ()
    assert tour([at(5.0)], start=at(0.0)) == (0,)
    assert tour([at(5.0), at(5.0)], start=at(5.0)) == (0, 1)


NASTY = "<b>&\"' ]]> \x00\x08 \ud83d 井盖".encode("utf-8", "ignore").decode()


def sheet_with(name: str) -> RouteSheet:
    spots = (spot(name, hazard=True), spot("坑槽 2", north_m=500.0))
    return RouteSheet(made_at=NOON, length_m=500.0, spots=spots)


def test_a_gpx_holds_every_spot_in_order_under_its_name_whatever_that_is() -> None:
    root = Xml.fromstring(wire.gpx_of(sheet_with(NASTY)))

    assert (root.tag, root.get("version")) == (f"{GPX}gpx", "1.1")
    # The schema fixes the order: metadata, waypoints, routes; and within a point time before name.
    assert [each.tag for each in root] == [f"{GPX}metadata", f"{GPX}wpt", f"{GPX}wpt", f"{GPX}rte"]
    [first, second] = root.findall(f"{GPX}rte/{GPX}rtept")
    assert [each.tag.removeprefix(GPX) for each in first] == ["time", "name", "desc", "type"]
    assert "<b>&" in first.findtext(f"{GPX}name", "")
    assert first.findtext(f"{GPX}name", "").startswith("001 !")
    assert float(second.get("lat", "")) == pytest.approx(LATITUDE + 500.0 / M_PER_DEGREE, abs=1e-6)


def test_a_kml_holds_every_spot_and_the_line_of_the_round() -> None:
    root = Xml.fromstring(wire.kml_of(sheet_with(NASTY)))

    marks = root.findall(f"{KML}Document/{KML}Placemark")
    points = [mark.findtext(f"{KML}Point/{KML}coordinates") for mark in marks[:2]]
    line = marks[2].findtext(f"{KML}LineString/{KML}coordinates")
    # Longitude first (OGC 07-147r2).
    assert points[0] is not None
    assert points[0].startswith(f"{LONGITUDE:.7f},")
    assert line == " ".join(str(each) for each in points)


def test_an_empty_sheet_is_a_file_all_the_same() -> None:
    empty = RouteSheet(made_at=NOON, length_m=0.0)

    assert Xml.fromstring(wire.gpx_of(empty)).findall(f"{GPX}rte") == []
    assert Xml.fromstring(wire.kml_of(empty)).findall(f".//{KML}Placemark") == []
