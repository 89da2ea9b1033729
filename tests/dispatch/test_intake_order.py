"""Whatever the order, the delay and the repetitions of delivery, the city has one problem map."""

import json
from datetime import datetime, timedelta
from functools import cache
from random import Random
from typing import Final

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from dispatch import wire
from dispatch.city.profile import Profile
from dispatch.store.memory import MemoryStore
from tests.dispatch import making, taking
from tests.dispatch.making import NOON

Map = frozenset[tuple[tuple[str, ...], float, float, float]]

# Things lie 4 to 40 m apart, so that some are hard to tell from each other, and are seen by passes
# of which each has its own shift.
THINGS_M: Final = (0.0, 4.0, 13.0, 27.0, 40.0, 200.0)
LABELS: Final = ("road.pothole", "road.crack")
"""The city calls the first a hazard: it goes before the other in line."""

TOLD: Final[dict[int, Map]] = {}
"""The map of each story, as its messages come one by one and in order."""


@cache
def story(seed: int) -> tuple[wire.Message, ...]:
    """Tell four passes over some things, each missing a few of them."""
    rng = Random(seed)
    messages: list[wire.Message] = []
    for number in range(4):
        pass_id, start = f"vehicle-07:{number}", NOON + timedelta(hours=number)
        shift = rng.gauss(0.0, 1.5)
        for name, north in enumerate(THINGS_M):
            if rng.random() < 0.8:
                where = making.position(north_m=north + shift + rng.gauss(0.0, 0.5))
                at = start + timedelta(seconds=3 * name)
                found = making.finding(
                    str(name), pass_id=pass_id, at=at, where=where, label=LABELS[name // 2 % 2]
                )
                messages.append(found)
                if rng.random() < 0.15:
                    better = making.position(north_m=north + shift)
                    revised = {"revision": 1, "position": better}
                    messages.append(found.model_copy(update=revised))
        messages.append(making.sweep(pass_id=pass_id, at=start))
    return tuple(messages)


def deliver(
    batches: list[list[wire.Message]],
    profile: Profile,
    *,
    at: datetime = NOON + timedelta(days=1),
    at_once: int = 1,
    store: MemoryStore | None = None,
) -> Map:
    """Have the centre accept so many batches at once and take them in, and read its map."""
    store = store or MemoryStore()
    for number, batch in enumerate(batches, start=1):
        bodies = [json.loads(wire.canonical_bytes(each)) for each in batch]
        answer = taking.accept(
            bodies, device="vehicle-07", at=at, uow=store.unit_of_work(), profile=profile
        )
        assert {each.status for each in answer.receipts} <= {"accepted", "known", "superseded"}
        if number % at_once == 0 or number == len(batches):
            taking.drain(at=at, uow=store.unit_of_work(), profile=profile, limit=7)
    problems = store.state.problems.values()
    homes = {one.id: one.problem for one in store.state.observations.values()}
    for problem in problems:
        assert {homes[one] for one in problem.observations} == {problem.id}
    return frozenset(
        (
            tuple(sorted(problem.observations)),
            round(problem.place.latitude, 9),
            round(problem.place.longitude, 9),
            round(problem.place.ee, 6),
        )
        for problem in problems
    )


# No shrinking: an example is whole batches of deliveries, and says enough as it stands.
@settings(max_examples=12, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate])
@given(
    seed=st.integers(0, 3),
    trouble=st.randoms(use_true_random=False),
    late=st.booleans(),
    at_once=st.sampled_from([1, 3, 99]),
)
def test_any_order_and_any_repetition_of_the_same_messages_give_the_same_map(
    profile: Profile, seed: int, trouble: Random, at_once: int, *, late: bool
) -> None:
    messages = list(story(seed))
    if seed not in TOLD:
        TOLD[seed] = deliver([[each] for each in story(seed)], profile)
    messages += trouble.choices(messages, k=trouble.randrange(10))
    trouble.shuffle(messages)
    batches = []
    while messages:
        size = trouble.randrange(1, 12)
        batches.append([messages.pop() for _ in range(min(size, len(messages)))])

    at = NOON + timedelta(days=30 if late else 1)

    assert deliver(batches, profile, at=at, at_once=at_once) == TOLD[seed]


def test_the_map_tells_apart_what_lies_apart(profile: Profile) -> None:
    problems = deliver([[each] for each in story(1)], profile)

    assert len(problems) == len(THINGS_M)
