"""Which sights are of one thing, and where it lies."""

import itertools
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from dispatch.ground.place import Place
from dispatch.identity.assignment import assign
from dispatch.identity.fusion import fuse
from dispatch.identity.gate import one_in_pass, provisional_match
from dispatch.identity.neighbourhood import Changes, propose, resolve
from dispatch.identity.rule import IdentityRule
from dispatch.identity.sights import NoPosition, offset
from dispatch.ids import ObservationId, ProblemId
from dispatch.sights.observation import Observation
from dispatch.sights.problem import Problem
from dispatch.simulation.drives import Driven, Drives, Thing, drive
from dispatch.simulation.sighting import ORIGIN, Errors, sighting

START = datetime(2026, 11, 1, 1, tzinfo=UTC)
HERE = Place(latitude=ORIGIN[0], longitude=ORIGIN[1], ee=1.0, en=0.0, nn=1.0)


def seen(
    east_m: float,
    *,
    name: str = "a",
    pass_id: str = "monday",
    after_s: float = 0.0,
    north_m: float = 0.0,
    label: str = "road.pothole",
    errors: Errors | None = None,
) -> Observation:
    return sighting(
        pass_id=pass_id,
        name=name,
        at=START + timedelta(days=pass_id != "monday", seconds=after_s),
        east_m=east_m,
        north_m=north_m,
        label=label,
        errors=errors or Errors(),
    )


def known(*sights: Observation, name: str = "known") -> Problem:
    (problem,) = fuse([(ProblemId(name), sights)])
    return problem


def east_of(problem: Problem) -> float:
    return float(offset(HERE, problem.place)[0])


def test_a_street_without_findings_has_no_problems() -> None:
    assert resolve([]) == ()
    assert fuse([]) == ()
    assert assign(np.zeros((0, 0))) == ()


def test_a_second_sight_three_metres_off_is_the_known_pothole() -> None:
    pothole = known(seen(0.0))

    match = provisional_match(seen(3.0, pass_id="tuesday"), [pothole])

    assert match == pothole.id


def test_rubbish_beside_a_pothole_is_a_problem_of_its_own() -> None:
    pothole = known(seen(0.0))

    match = provisional_match(
        seen(0.5, pass_id="tuesday", label="sanitation.garbage_pile"), [pothole]
    )

    assert match is None


def test_however_vague_two_sights_farther_apart_than_the_cap_are_two_things() -> None:
    vague = Errors(shared_m=30.0, own_m=5.0)
    pothole = known(seen(0.0, errors=vague))
    far = seen(16.0, pass_id="tuesday", errors=vague)

    assert provisional_match(far, [pothole]) is None
    assert provisional_match(far, [pothole], rule=IdentityRule(cap_m=40.0)) == pothole.id


def test_a_finding_without_a_place_is_refused_by_name() -> None:
    found = seen(0.0).finding.model_copy(
        update={"position": None, "position_refused": "no fix for 41 s"}
    )

    with pytest.raises(NoPosition, match="没有位置"):
        provisional_match(Observation(finding=found, received_at=START), [])


def test_two_potholes_two_metres_apart_seen_on_one_drive_stay_two() -> None:
    one, other = seen(0.0, name="a"), seen(2.0, name="b", after_s=0.3)

    match = provisional_match(other, [known(one)], same_pass=[one.of_problem(ProblemId("known"))])

    assert match is None
    assert len(resolve([one, other])) == 2


def test_a_track_that_broke_in_two_is_one_pothole() -> None:
    parts = seen(0.0, name="a"), seen(0.6, name="b", after_s=5.0)

    assert one_in_pass(*parts)
    assert len(resolve(parts)) == 1


def test_a_second_drive_four_metres_off_finds_the_same_two_potholes_two_metres_apart() -> None:
    monday = [seen(0.0, name="a"), seen(2.0, name="b", after_s=0.3)]
    tuesday = [
        seen(4.0, name="a", pass_id="tuesday"),
        seen(6.0, name="b", pass_id="tuesday", after_s=0.3),
    ]

    assert {each.observations for each in resolve(monday + tuesday)} == {
        (monday[0].id, tuesday[0].id),
        (monday[1].id, tuesday[1].id),
    }


def test_ten_sights_of_one_pass_leave_the_error_that_the_pass_shares() -> None:
    sights = [seen(0.0, name=str(number), after_s=number * 3.0) for number in range(10)]

    problem = known(*sights)

    assert problem.passes == 1
    assert problem.place.ee == pytest.approx(4.0 + 0.16 / 10.0, rel=1e-3)


def test_two_passes_meet_in_the_middle_with_half_the_variance() -> None:
    problem = known(seen(0.0), seen(2.0, pass_id="tuesday"))

    assert east_of(problem) == pytest.approx(1.0, abs=1e-3)
    assert problem.place.ee == pytest.approx((4.0 + 0.16) / 2.0, rel=1e-3)
    assert problem.passes == 2
    assert problem.label == "road.pothole"
    assert problem.measure is not None
    assert problem.measure.value == pytest.approx(0.64)


def test_a_drive_with_rtk_outweighs_one_without() -> None:
    rtk = seen(2.0, pass_id="tuesday", errors=Errors(shared_m=0.03, own_m=0.2))

    problem = known(seen(0.0), rtk)

    assert east_of(problem) == pytest.approx(2.0, abs=0.05)


gains_of_streets = st.integers(0, 2**32 - 1).map(
    lambda seed: np.round(
        np.random.default_rng(seed).normal(
            0.0, 2.0, np.random.default_rng(seed).integers(1, 9, size=2)
        ),
        3,
    )
)


@given(gains_of_streets)
@settings(max_examples=60, deadline=None)
def test_the_assignment_is_as_good_as_the_best_there_is(gain: np.ndarray) -> None:
    ours = assign(gain)

    worth = sum(gain[row, column] for row, column in enumerate(ours) if column is not None)
    rows, columns = linear_sum_assignment(-np.maximum(gain, 0.0))
    chosen = [column for column in ours if column is not None]
    assert worth == pytest.approx(np.maximum(gain, 0.0)[rows, columns].sum())
    assert len(chosen) == len(set(chosen))


def street(spacing_m: float, *, seed: int, drives: int = 4, things: int = 10) -> Driven:
    rng = np.random.default_rng(seed)
    planted = [
        Thing(name=f"t{n}", east_m=n * spacing_m, north_m=float(rng.uniform(-3.0, 3.0)))
        for n in range(things)
    ]
    return drive(planted, Drives(count=drives), start=START, rng=rng)


@given(st.integers(0, 1000), st.integers(0, 1000))
@settings(max_examples=12, deadline=None)
def test_the_problem_map_does_not_depend_on_the_order_of_arrival(city: int, arrival: int) -> None:
    sights = street(6.0, seed=city, drives=3, things=6).observations
    order = np.random.default_rng(arrival).permutation(len(sights))

    assert resolve([sights[each] for each in order]) == resolve(sights)


def pairs(homes: dict[ObservationId, str]) -> set[tuple[str, str]]:
    return {(a, b) for a, b in itertools.combinations(sorted(homes), 2) if homes[a] == homes[b]}


@pytest.mark.parametrize(("spacing_m", "least"), [(12.0, 0.98), (4.0, 0.98), (2.5, 0.93)])
def test_on_simulated_streets_sights_are_told_apart_and_brought_together(
    spacing_m: float, least: float
) -> None:
    together = wrong = missed = 0
    for seed in range(4):
        driven = street(spacing_m, seed=seed)
        told = {one: each.id for each in resolve(driven.observations) for one in each.observations}
        true = pairs(driven.truth)
        said = pairs(told)
        together += len(true & said)
        wrong += len(said - true)
        missed += len(true - said)

    assert together / (together + wrong) >= least
    assert together / (together + missed) >= least


def test_places_on_simulated_streets_lie_within_their_stated_error() -> None:
    inside = []
    for seed in range(120):
        thing = Thing(name="t", east_m=5.0, north_m=-2.0)
        rng = np.random.default_rng(seed)
        sights = drive([thing], Drives(count=5, detects=1.0), start=START, rng=rng).observations
        place = known(*sights).place
        off = offset(HERE, place) - np.array([thing.east_m, thing.north_m])
        spread = np.array([[place.ee, place.en], [place.en, place.nn]])
        inside.append(off @ np.linalg.inv(spread) @ off < 5.99)

    # 95 % of 120 streets, give or take three standard errors.
    assert 0.89 <= np.mean(inside) <= 1.0


def test_a_late_pass_that_shows_two_things_where_one_was_is_proposed_as_a_split() -> None:
    monday = [seen(0.0, name="a"), seen(3.0, name="b", after_s=0.3)]
    in_use = {each.id: ProblemId("p") for each in monday}

    changes = propose(in_use, resolve(monday), since={ProblemId("p"): START})

    assert changes.merges == ()
    assert [(each.problem, each.keep, each.parts) for each in changes.splits] == [
        ("p", (monday[0].id,), ((monday[1].id,),))
    ]
    assert [each.id for each in changes.problems] == ["p", monday[1].id]


def test_two_problems_that_prove_to_be_one_are_proposed_as_a_merge_under_the_older_id() -> None:
    sights = [seen(0.0), seen(1.0, pass_id="tuesday")]
    in_use = {sights[0].id: ProblemId("young"), sights[1].id: ProblemId("old")}
    since = {ProblemId("young"): START, ProblemId("old"): START - timedelta(days=1)}

    changes = propose(in_use, resolve(sights), since=since)

    assert [(each.into, each.merged) for each in changes.merges] == [("old", ("young",))]
    assert [each.id for each in changes.problems] == ["old"]
    assert changes.splits == ()


def test_a_thing_keeps_its_id_when_a_sight_taken_for_it_proves_to_be_of_an_older_one() -> None:
    older, own = seen(0.0), seen(40.0, pass_id="tuesday", after_s=86_400.0)
    mistaken = seen(0.5, pass_id="wednesday", after_s=2 * 86_400.0)
    in_use = {older.id: ProblemId("p"), own.id: ProblemId("q"), mistaken.id: ProblemId("q")}
    since = {ProblemId("p"): START, ProblemId("q"): START + timedelta(days=1)}

    changes = propose(in_use, resolve([older, own, mistaken]), since=since)

    assert {each.id: each.observations for each in changes.problems} == {
        "p": (older.id, mistaken.id),
        "q": (own.id,),
    }


def test_new_sights_of_known_problems_change_no_identity() -> None:
    sights = [seen(0.0), seen(1.0, pass_id="tuesday")]
    told = resolve(sights)

    changes = propose({sights[0].id: ProblemId("p")}, told, since={ProblemId("p"): START})

    assert changes == Changes(problems=changes.problems, merges=(), splits=())
    assert [each.id for each in changes.problems] == ["p"]


CAR = "traffic.vehicle"


@pytest.mark.parametrize(("after_h", "stays"), [(0.6, True), (3.9, True), (4.1, False)])
def test_a_car_in_the_same_place_is_the_same_car_for_hours_not_for_ever(
    after_h: float, stays: bool
) -> None:
    car = seen(0.0, label=CAR)
    later = seen(0.4, name="b", label=CAR, pass_id="monday-2", after_s=after_h * 3600.0 - 86_400.0)

    assert (provisional_match(later, [known(car)]) is not None) is stays
    assert len(resolve([car, later])) == (1 if stays else 2)


def test_a_patrol_that_comes_round_in_the_evening_finds_another_car() -> None:
    morning = seen(0.0, label=CAR)
    evening = seen(0.0, name="b", label=CAR, after_s=9 * 3600.0)

    assert not one_in_pass(morning, evening)


def test_cars_of_other_days_bear_on_nothing_that_stays() -> None:
    rule = IdentityRule(lasts_s={CAR: 3600.0})

    assert rule.may_concern("road.pothole", "road.crack", apart_s=1e9)
    assert rule.may_concern(CAR, CAR, apart_s=3600.0)
    assert not rule.may_concern(CAR, CAR, apart_s=3601.0)
    assert not rule.may_concern(CAR, "road.pothole", apart_s=0.0)
    assert not rule.may_concern("road.pothole", CAR, apart_s=0.0)
