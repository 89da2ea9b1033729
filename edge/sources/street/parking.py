"""Who parks where during a pass: cars by chance, and later a row of trucks before one problem."""

from collections.abc import Callable
from typing import Final

import numpy as np

from edge.sources.street.builds import BUILDS, Body
from edge.sources.street.passes import Parked
from edge.sources.street.plan import LENGTH_M, Story, StreetPlan

_COLOURS: Final = (
    (228.0, 230.0, 230.0),
    (60.0, 58.0, 56.0),
    (170.0, 172.0, 174.0),
    (60.0, 50.0, 150.0),
    (140.0, 80.0, 40.0),
    (150.0, 170.0, 180.0),
)
_RIGHT_PARKING_M: Final = 4.45
_ROW_M: Final = (-26.0, 9.0)
"""The row of trucks before and behind a problem that is hidden later."""


def parked_vehicles(
    plan: StreetPlan, rng: np.random.Generator, *, later: bool
) -> tuple[Parked, ...]:
    """Park vehicles so that they hide a problem only where its story says so."""
    parked: list[Parked] = []

    def stand(body: Body, along: float, right: float) -> None:
        colour = _COLOURS[int(rng.integers(len(_COLOURS)))]
        parked.append(
            Parked(
                key=f"parked-{len(parked)}",
                body=body,
                along_m=along,
                right_m=right,
                colour=colour,
                seed=int(rng.integers(1 << 30)),
            )
        )

    if later:
        for problem in plan.problems:
            if problem.story is Story.HIDDEN_LATER:
                _stand_row(problem.along_m, stand, rng)
    for along, right in _free_bays(plan, later=later):
        if rng.random() < 0.5:
            stand(Body.CAR if rng.random() < 0.7 else Body.VAN, along, right)
    return tuple(parked)


def _stand_row(
    along_m: float, stand: Callable[[Body, float, float], None], rng: np.random.Generator
) -> None:
    # The first stands half on the pavement: from afar one would see past the row on that side.
    tail, right = along_m + _ROW_M[0], _RIGHT_PARKING_M + 1.5
    while tail < along_m + _ROW_M[1]:
        stand(Body.TRUCK, tail, right + float(rng.uniform(-0.05, 0.05)))
        tail, right = tail + BUILDS[Body.TRUCK].length_m + 0.25, _RIGHT_PARKING_M


def _free_bays(plan: StreetPlan, *, later: bool) -> list[tuple[float, float]]:
    """Give bays (tail along, middle right) where a vehicle hides no problem of another story."""
    kerbside = [p.along_m for p in plan.problems if p.height_m > 0.0]
    bays = [
        (bay + 0.6, _RIGHT_PARKING_M)
        for bay in np.arange(4.0, LENGTH_M + 20.0, 6.2)
        if all(bay > along + 2.0 or bay + 6.2 < along - 19.0 for along in kerbside)
    ]
    bays.extend((bay + 0.6, -_RIGHT_PARKING_M) for bay in np.arange(4.0, LENGTH_M + 40.0, 6.2))
    if later:
        hidden = [p.along_m for p in plan.problems if p.story is Story.HIDDEN_LATER]
        bays = [
            (bay, right)
            for bay, right in bays
            if right < 0.0 or all(bay > along + 18.0 or bay < along - 34.0 for along in hidden)
        ]
    return [(float(bay), float(right)) for bay, right in bays]
