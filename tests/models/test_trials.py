"""Recall per pass is told from drives whose truth is known."""

from collections.abc import Sequence

from models.evaluation.trials import Trial, recall_per_pass

POTHOLE = "road.pothole"


def trial(
    problem: int, *, detected: bool = True, size_px: float = 24.0, hidden: bool = False
) -> Trial:
    """Make one trial of a pothole."""
    return Trial(
        seed=1,
        problem=f"p{problem}",
        label=POTHOLE,
        size_px=size_px,
        detected=detected,
        hidden=hidden,
    )


def passes(problem: int, seen: Sequence[bool]) -> list[Trial]:
    """Make several passes over one pothole."""
    return [trial(problem, detected=each) for each in seen]


def test_what_no_sweep_claimed_or_a_van_hid_is_no_trial_of_the_model() -> None:
    told = recall_per_pass(
        [trial(1), trial(2, size_px=0.0, detected=False), trial(3, hidden=True, detected=False)]
    )

    assert [band.objects for band in told[POTHOLE]] == [1]
    assert told[POTHOLE][0].mean == 1.0


def test_the_lower_bound_counts_objects_not_passes() -> None:
    often = recall_per_pass([each for p in range(4) for each in passes(p, [True] * 50)])
    once = recall_per_pass([trial(p) for p in range(4)])

    assert often[POTHOLE][0].lower == once[POTHOLE][0].lower


def test_objects_that_are_always_or_never_seen_give_a_wide_spread() -> None:
    apart = [passes(p, [p % 2 == 0] * 4) for p in range(12)]
    alike = [passes(p, [True, False, True, False]) for p in range(12)]

    wide = recall_per_pass([each for rows in apart for each in rows])[POTHOLE][0]
    narrow = recall_per_pass([each for rows in alike for each in rows])[POTHOLE][0]

    assert wide.mean == narrow.mean == 0.5
    assert wide.concentration < 1.0 < 10.0 < narrow.concentration


def test_sizes_stand_apart() -> None:
    told = recall_per_pass([trial(1, size_px=10.0, detected=False), trial(2, size_px=40.0)])

    assert [(band.min_px, band.mean) for band in told[POTHOLE]] == [(8.0, 0.0), (32.0, 1.0)]
