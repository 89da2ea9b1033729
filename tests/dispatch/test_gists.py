"""After many passes the older sights are condensed, and the map stays what all of them say."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from dispatch import wire
from dispatch.city.profile import Profile
from dispatch.identity.neighbourhood import resolve
from dispatch.identity.rule import IDENTITY
from dispatch.identity.sights import offset
from dispatch.sights.observation import Observation
from dispatch.sights.problem import Problem
from dispatch.simulation.drives import Drives, Thing, drive
from dispatch.store.memory import MemoryStore
from tests.dispatch import making
from tests.dispatch.making import NOON
from tests.dispatch.test_intake_order import deliver

START = datetime(2026, 11, 1, 1, tzinfo=UTC)
READ_ALL = replace(IDENTITY, passes_read=10**6)
PASSES = 20


def city(spacing_m: float, seed: int) -> tuple[Observation, ...]:
    """Drive a street of things at random, day after day, each drive with its own drifting error."""
    rng = np.random.default_rng(seed)
    things = [
        Thing(name=f"t{n}", east_m=n * spacing_m, north_m=float(rng.uniform(-3.0, 3.0)))
        for n in range(5)
    ]
    return drive(things, Drives(count=PASSES), start=START, rng=rng).observations


def by_sights(problems: tuple[Problem, ...]) -> dict[frozenset[str], Problem]:
    return {frozenset(each.observations): each for each in problems}


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("spacing_m", [12.0, 4.0, 2.5])
def test_what_gists_tell_of_a_street_is_what_all_its_sights_tell(
    spacing_m: float, seed: int
) -> None:
    sights = city(spacing_m, seed)

    told, expected = by_sights(resolve(sights)), by_sights(resolve(sights, rule=READ_ALL))

    assert told.keys() == expected.keys()
    assert sum(len(each.condensed) for each in told.values()) > 2 * len(sights) // 3
    for one, each in expected.items():
        mine = told[one]
        assert np.hypot(*offset(each.place, mine.place)) < 0.5 * each.place.sigma_m
        assert mine.place.sigma_m == pytest.approx(each.place.sigma_m, rel=0.03)
        assert mine.probabilities == pytest.approx(each.probabilities)
        assert (mine.passes, mine.label) == (each.passes, each.label)
        assert (mine.first_seen_at, mine.last_seen_at) == (each.first_seen_at, each.last_seen_at)
        assert [size.value for size in mine.sizes] == pytest.approx(
            [size.value for size in each.sizes]
        )
        assert [size.sigma for size in mine.sizes] == pytest.approx(
            [size.sigma for size in each.sizes]
        )
        assert (mine.unseen, mine.pixels_per_metre) == (each.unseen, each.pixels_per_metre)


def passes(count: int) -> list[list[wire.Message]]:
    """Drive past four things on so many days, each day with the errors of its own."""
    rng = np.random.default_rng(7)
    drives: list[list[wire.Message]] = []
    for day in range(count):
        pass_id, at = f"vehicle-07:{day}", NOON + timedelta(days=day - count)
        shift = rng.normal(0.0, 1.5)
        found: list[wire.Message] = [
            making.finding(
                str(name),
                pass_id=pass_id,
                at=at + timedelta(seconds=3 * name),
                where=making.position(north_m=north_m + shift + rng.normal(0.0, 0.5)),
            )
            for name, north_m in enumerate((0.0, 9.0, 21.0, 90.0))
            if rng.random() < 0.9
        ]
        drives.append([*found, making.sweep(pass_id=pass_id, at=at)])
    return drives


def test_a_pass_that_comes_when_what_it_saw_is_condensed_gives_the_same_map(
    profile: Profile,
) -> None:
    days = passes(14)
    early, late = days[3], days[12]

    in_order = deliver(days, profile)
    long_after = deliver([day for day in days if day is not early] + [early], profile)
    a_day_after = deliver([*days[:12], days[13], late], profile)

    assert long_after == in_order
    assert a_day_after == in_order


def test_a_sight_that_is_revised_after_it_was_condensed_is_told_by_its_new_place(
    profile: Profile,
) -> None:
    days = passes(14)
    first = days[2][0]
    assert isinstance(first, wire.Finding)
    better = first.model_copy(update={"revision": 1, "position": making.position(north_m=45.0)})

    revised = deliver([*days, [better]], profile)
    from_the_start = deliver(
        [[better, *days[2][1:]] if day is days[2] else day for day in days], profile
    )

    assert revised == from_the_start


def test_however_many_passes_saw_a_place_only_the_newest_are_read(profile: Profile) -> None:
    store = MemoryStore()

    deliver(passes(30), profile, store=store)

    read = [each for each in store.state.observations.values() if not each.condensed]
    assert len({each.finding.pass_id for each in read}) <= IDENTITY.passes_read
    assert len(store.state.problems) == 4
    for problem in store.state.problems.values():
        ids = {each.id for each in store.state.observations.values() if each.problem == problem.id}
        assert set(problem.observations) == ids
        assert len(problem.observations) == len(ids)
