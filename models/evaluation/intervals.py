"""How sure a figure is: intervals of shares, of rates, of average precision and of differences."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from models.evaluation.scoring import Floats, Ints, PictureMatch, Ranking, rank
from models.registry.card import Estimate

ONE_SIDED_95: Final = 1.6449
TWO_SIDED_95: Final = 1.9600
BOOTSTRAP_ROUNDS: Final = 1000
_TAILS: Final = (0.025, 0.975)


def estimate(value: float, low: float, high: float) -> Estimate:
    """Return a figure with its 95 % interval, to four places, the interval reaching to it."""
    return Estimate(
        value=round(value, 4),
        low=round(min(low, value), 4),
        high=round(max(high, value), 4),
    )


def share_of(hits: int, count: int) -> Estimate:
    """Return a share with Wilson's interval; nothing known without trials.

    Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference.
    J. Am. Stat. Assoc. 22.
    """
    if count == 0:
        return Estimate(value=0.0, low=0.0, high=1.0)
    low, high = _wilson(hits / count, count, TWO_SIDED_95)
    return estimate(hits / count, low, high)


def wilson_lower(share: float, count: int) -> float:
    """Return the lower end of Wilson's one-sided 95 % interval of a share of `count` trials."""
    return _wilson(share, count, ONE_SIDED_95)[0]


def _wilson(share: float, count: int, z: float) -> tuple[float, float]:
    middle = share + z * z / (2 * count)
    spread = z * float(np.sqrt(share * (1 - share) / count + z * z / (4 * count * count)))
    scale = 1 + z * z / count
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def rate_per_1000(counts: Ints) -> Estimate:
    """Return events per 1,000 frames.

    Byar's approximation of the exact Poisson interval (Breslow and Day, 1987, Statistical methods
    in cancer research II), widened where events crowd in few frames: the count is divided by its
    variance over its mean.

    Args:
        counts: (n,) events of each frame, n > 0.
    """
    mean = float(counts.mean())
    crowding = max(1.0, float(counts.var()) / mean) if mean > 0 else 1.0
    events = float(counts.sum()) / crowding
    low = 0.0
    if events > 0:
        low = events * (1 - 1 / (9 * events) - TWO_SIDED_95 / (3 * np.sqrt(events))) ** 3
    more = events + 1
    high = more * (1 - 1 / (9 * more) + TWO_SIDED_95 / (3 * np.sqrt(more))) ** 3
    scale = 1000 * crowding / len(counts)
    return estimate(1000 * mean, max(0.0, low) * scale, high * scale)


def ap50(matches: Sequence[PictureMatch], *, seed: int) -> Estimate:
    """Return AP50 with its interval over pictures drawn again with replacement.

    Efron, B. (1979). Bootstrap methods: another look at the jackknife. Ann. Statist. 7(1).
    """
    ranking = rank(matches)
    values = _redrawn(len(matches), lambda drawn: _ap50(ranking, drawn), seed=seed)
    low, high = np.quantile(values, _TAILS)
    return estimate(ranking.curve().average_precision(), float(low), float(high))


def ap50_difference(
    ours: Sequence[Sequence[PictureMatch]],
    theirs: Sequence[Sequence[PictureMatch]],
    *,
    seed: int,
) -> Estimate:
    """Return how far two models' AP50, the mean over classes, lie apart on the same pictures.

    Each round draws the same pictures for both and for all classes, which takes the pictures'
    difficulty out.

    Args:
        ours: (classes, pictures) matches, empty where a class is not labelled; so is `theirs`.
    """
    pairs = [(rank(a), rank(b)) for a, b in zip(ours, theirs, strict=True)]

    def difference(drawn: Ints) -> float:
        return float(np.mean([_ap50(a, drawn) - _ap50(b, drawn) for a, b in pairs]))

    count = len(ours[0])
    low, high = np.quantile(_redrawn(count, difference, seed=seed), _TAILS)
    return estimate(difference(np.ones(count, np.int64)), float(low), float(high))


def _ap50(ranking: Ranking, drawn: Ints) -> float:
    return ranking.curve(drawn=drawn).average_precision()


def _redrawn(count: int, figure: Callable[[Ints], float], *, seed: int) -> Floats:
    rng = np.random.default_rng(seed)
    return np.array([figure(_draw(rng, count)) for _ in range(BOOTSTRAP_ROUNDS)])


def _draw(rng: np.random.Generator, count: int) -> Ints:
    """Return how often each of `count` pictures comes up in as many draws."""
    return np.bincount(rng.integers(count, size=count), minlength=count)
