"""Places that are solved pass by pass are those of the whole system of equations."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from dispatch.identity.drift import stretches_of
from dispatch.identity.rule import IDENTITY
from dispatch.identity.sights import place_of, sights_of
from dispatch.identity.solving import solve_places
from dispatch.simulation.drives import Drives, Thing, drive

START = datetime(2026, 11, 1, 1, tzinfo=UTC)


def test_shifts_eliminated_pass_by_pass_leave_the_solution_of_all_equations_at_once() -> None:
    # Far apart, so that a pass has several stretches.
    things = [Thing(name=f"t{n}", east_m=300.0 * n, north_m=0.0) for n in range(4)]
    driven = drive(things, Drives(count=5), start=START, rng=np.random.default_rng(3))
    seen = driven.observations
    passes = [one.finding.pass_id for one in seen]
    names = sorted(set(driven.truth.values()))
    thing = np.array([names.index(driven.truth[one.id]) for one in seen])
    stated = sights_of(seen, origin=place_of(seen[0]), labels=(), rule=IDENTITY)
    # Better than they say they are, so that no sight is held for wrong.
    sights = replace(stated, own=25.0 * stated.own)

    places, spread = solve_places(passes, sights, thing, IDENTITY)

    stretches = stretches_of(passes, sights.at, sights.shared, IDENTITY)
    columns = 2 * (len(names) + len(stretches))
    design = np.zeros((len(seen), 2, columns))
    for row in range(len(seen)):
        for axis in (0, 1):
            design[row, axis, 2 * thing[row] + axis] = 1.0
            design[row, axis, 2 * (len(names) + stretches.of_row[row]) + axis] = 1.0
    weighted = (np.linalg.inv(sights.own) @ design).reshape(-1, columns)
    precision = design.reshape(-1, columns).T @ weighted
    shifts = slice(2 * len(names), None)
    precision[shifts, shifts] += np.linalg.inv(stretches.prior)
    whole = np.linalg.inv(precision)
    of_things = slice(0, 2 * len(names))
    np.testing.assert_allclose(
        places.reshape(-1), (whole @ (sights.xy.reshape(-1) @ weighted))[of_things], atol=1e-7
    )
    np.testing.assert_allclose(
        spread.reshape(2 * len(names), -1), whole[of_things, of_things], atol=1e-9
    )
    assert len(stretches) > len(set(passes))
