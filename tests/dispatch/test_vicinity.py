"""Sights bear on each other by chains of steps, however the ground is cut into squares."""

from datetime import timedelta

import numpy as np
import pytest

from dispatch.ground.place import distance_m
from dispatch.identity.rule import IDENTITY
from dispatch.identity.sights import place_of
from dispatch.identity.vicinity import Vicinity
from dispatch.sights.observation import Observation
from tests.dispatch import making

REACH_M = 30.0
LABELS = ("road.pothole", "road.crack", "traffic.vehicle")


def scattered(count: int, over_m: float, seed: int) -> list[Observation]:
    """Strew sights of things that stay and of some that drive away, over two days."""
    rng = np.random.default_rng(seed)
    found = []
    for number in range(count):
        where = making.position(north_m=float(rng.uniform(0.0, over_m)))
        aside = float(rng.uniform(0.0, over_m)) / making.M_PER_DEGREE
        found.append(
            making.observation(
                making.finding(
                    str(number),
                    at=making.NOON + timedelta(hours=float(rng.uniform(0.0, 48.0))),
                    label=LABELS[int(rng.integers(len(LABELS)))],
                    where=where.model_copy(update={"longitude": where.longitude + aside}),
                )
            )
        )
    return found


def concern(one: Observation, other: Observation) -> bool:
    apart = abs((one.finding.captured_at - other.finding.captured_at).total_seconds())
    near = distance_m(place_of(one), place_of(other)) <= REACH_M
    return near and IDENTITY.may_concern(one.finding.label, other.finding.label, apart_s=apart)


def chains(sights: list[Observation]) -> set[frozenset[str]]:
    """Follow every step from every sight."""
    left: dict[str, Observation] = {one.id: one for one in sights}
    found: set[frozenset[str]] = set()
    while left:
        part = fresh = [left.pop(next(iter(left)))]
        while fresh:
            reached = {each.id for each in left.values() for one in fresh if concern(one, each)}
            fresh = [left.pop(id_) for id_ in reached]
            part = [*part, *fresh]
        found.add(frozenset(one.id for one in part))
    return found


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize(("count", "over_m"), [(0, 1.0), (120, 60.0), (120, 400.0), (120, 900.0)])
def test_what_hangs_together_is_what_steps_from_sight_to_sight_reach(
    count: int, over_m: float, seed: int
) -> None:
    sights = scattered(count, over_m, seed)
    vicinity = Vicinity(reach_m=REACH_M)

    for one in sights:
        vicinity.add(one)

    parts = [frozenset(one.id for one in part) for part in vicinity.parts()]
    assert set(parts) == chains(sights)
    assert sum(map(len, parts)) == count


def test_sights_of_one_problem_hang_together_however_far_apart_they_lie() -> None:
    here, there, aside = (
        making.observation(making.finding(str(n), where=making.position(north_m=100.0 * n)))
        for n in range(3)
    )
    vicinity = Vicinity(reach_m=REACH_M)
    for one, tie in ((here, "p"), (aside, None), (there, "p")):
        vicinity.add(one, tied_by=tie)

    assert vicinity.part_of([there]) == [here, there]
    assert vicinity.ids() == {here.id, there.id, aside.id}
