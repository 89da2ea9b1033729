"""Places that are solved by parts are those of the whole system of equations."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from dispatch.identity.drift import stretches_of
from dispatch.identity.fusion import Known, solve_maps
from dispatch.identity.rule import IDENTITY
from dispatch.identity.sights import place_of, sights_of
from dispatch.identity.solving import solve_places
from dispatch.simulation.drives import Drives, Thing, drive

START = datetime(2026, 11, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("passes_driven", [5, 40])
def test_places_are_the_solution_of_all_equations_at_once_however_many_passes_saw_them(
    passes_driven: int,
) -> None:
    # Far apart, so that a pass has several stretches.
    things = [Thing(name=f"t{n}", east_m=300.0 * n, north_m=0.0) for n in range(4)]
    driven = drive(things, Drives(count=passes_driven), start=START, rng=np.random.default_rng(3))
    seen = driven.observations
    passes = [one.finding.pass_id for one in seen]
    names = sorted(set(driven.truth.values()))
    thing = np.array([names.index(driven.truth[one.id]) for one in seen])
    stated = sights_of(seen, origins=[place_of(seen[0])] * len(seen), labels=(), rule=IDENTITY)
    # Better than they say they are, so that no sight is held for wrong.
    sights = replace(stated, own=25.0 * stated.own)

    here = np.zeros(len(seen), dtype=np.int64)
    ((places, spread),) = solve_places(here, passes, sights, thing, IDENTITY)

    stretches = stretches_of(here, passes, sights.at, sights.shared, count=1, rule=IDENTITY)
    columns = 2 * (len(names) + len(stretches))
    design = np.zeros((len(seen), 2, columns))
    for row in range(len(seen)):
        for axis in (0, 1):
            design[row, axis, 2 * thing[row] + axis] = 1.0
            design[row, axis, 2 * (len(names) + stretches.of_row[row]) + axis] = 1.0
    weighted = (np.linalg.inv(sights.own) @ design).reshape(-1, columns)
    precision = design.reshape(-1, columns).T @ weighted
    shifts = slice(2 * len(names), None)
    precision[shifts, shifts] += np.linalg.inv(stretches.prior(here[:1], len(stretches))[0])
    whole = np.linalg.inv(precision)
    of_things = slice(0, 2 * len(names))
    np.testing.assert_allclose(
        places.reshape(-1), (whole @ (sights.xy.reshape(-1) @ weighted))[of_things], atol=1e-7
    )
    np.testing.assert_allclose(
        spread.whole().reshape(2 * len(names), -1), whole[of_things, of_things], atol=1e-9
    )
    # By thing with few passes, by pass with many.
    assert len(stretches) > len(set(passes))
    assert (len(stretches) > 64) == (passes_driven > 20)


def test_the_error_of_a_map_parts_into_that_of_its_middle_and_those_against_it() -> None:
    things = [Thing(name=f"t{n}", east_m=9.0 * n, north_m=0.0) for n in range(4)]
    driven = drive(things, Drives(count=6), start=START, rng=np.random.default_rng(4))
    (solved,) = solve_maps(
        [
            [
                Known(
                    observations=[
                        one for one in driven.observations if driven.truth[one.id] == name
                    ]
                )
                for name in sorted(set(driven.truth.values()))
            ]
        ]
    )

    relative, middle = solved.spread.parted()

    whole = solved.spread.whole()
    centred = np.eye(4) - 0.25
    left = np.einsum("tu,uivj,wv->tiwj", centred, whole, centred)
    np.testing.assert_allclose(relative, np.einsum("titj->tij", left), atol=1e-9)
    np.testing.assert_allclose(middle, whole.mean(axis=(0, 2)), atol=1e-9)
    np.testing.assert_allclose(solved.own, np.einsum("titj->tij", whole), atol=1e-9)
