"""Match the observations of one pass to known things, all at once, with the pass's shift.

Passes over many neighbourhoods are matched side by side: what is done to the pairs of one is done
to the pairs of all in the same arrays.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dispatch.ground.place import Place
from dispatch.identity.drift import Rows, Stretches, alike_in_size, estimate, stretches_of
from dispatch.identity.grouping import group_pass, merged
from dispatch.identity.pairing import Chosen, Pairs, pairs_of, starts_of
from dispatch.identity.rule import IdentityRule
from dispatch.identity.sights import Array, Sights, labels_of, mixes, sights_of
from dispatch.ids import ObservationId
from dispatch.sights.observation import Observation

_ROUNDS = 6

Matched = tuple[tuple[tuple[ObservationId, ...], int | None], ...]
"""Groups of observations, each with the row of the thing that it is, if any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Things:
    """What was there before a pass came.

    Args:
        origin: of the plane.
        xy: (n, 2) metres east and north.
        own: (n, 2, 2) error against each other, m².
        common: (2, 2) error that all share, m².
        probabilities: of labels, of each.
        likeliest: label of each.
        at: (n,) when each was captured last, seconds since 1970.
    """

    origin: Place
    xy: Array
    own: Array
    common: Array
    probabilities: Sequence[dict[str, float]]
    likeliest: Sequence[str]
    at: Sequence[float]


def match_passes(
    met: Sequence[tuple[Sequence[Observation], Things]], *, rule: IdentityRule
) -> list[Matched]:
    """Match passes to things, each as one assignment with the pass's own shift.

    The order of observations does not matter. Several shifts are tried, each suggested by one
    possible pair; the most probable explanation wins, and a shift pays for its improbability.

    Args:
        met: observations of one pass in a neighbourhood, at least one, and what is known there.

    Raises:
        NoPosition: an observation has none.
    """
    groups = [group_pass(mates, rule) for mates, _ in met]
    counts = [len(each) for each in groups]
    seen, things = _laid_out(groups, [of for _, of in met], rule)
    of_row = np.repeat(np.arange(len(met)), counts)
    stretches = stretches_of(
        of_row, [""] * len(of_row), seen.at, seen.shared, count=len(met), rule=rule
    )
    pairs = pairs_of(seen, things, counts, [len(of.xy) for _, of in met], rule)
    common = np.stack([of.common for _, of in met]) if met else np.zeros((0, 2, 2))
    columns = _explain(pairs, _priors(stretches, common), rule)
    found = []
    for row, each in enumerate(groups):
        ids = (tuple(one.id for one in group) for group in each)
        found.append(tuple(zip(ids, columns[row], strict=True)))
    return found


def _laid_out(
    groups: Sequence[Sequence[Sequence[Observation]]], known: Sequence[Things], rule: IdentityRule
) -> tuple[Sights, Sights]:
    """Lay out what was seen, merged by group, and what is known, map after map."""
    flat = [one for each in groups for group in each for one in group]
    pooled = [probabilities for of in known for probabilities in of.probabilities]
    labels = labels_of([*(one.finding.probabilities for one in flat), *pooled])
    origins = [
        of.origin for each, of in zip(groups, known, strict=True) for group in each for _ in group
    ]
    seen = sights_of(flat, origins=origins, labels=labels, rule=rule)
    sizes = [len(group) for each in groups for group in each]
    likeliest = [label for of in known for label in of.likeliest]
    count = len(pooled)
    things = Sights(
        xy=np.concatenate([np.zeros((0, 2)), *(of.xy for of in known)]),
        own=np.concatenate([np.zeros((0, 2, 2)), *(of.own for of in known)]),
        shared=np.zeros((count, 2, 2)),
        mix=mixes(pooled, labels),
        cap_m=np.array([rule.cap(label) for label in likeliest]),
        lasts_s=np.array([rule.lasts(label) for label in likeliest]),
        at=np.array([at for of in known for at in of.at]),
    )
    return merged(seen, sizes), things


@dataclass(frozen=True, slots=True, kw_only=True)
class _Priors:
    """What is known of the shifts of each pass beforehand.

    Args:
        stack: (m,) which stack of matrices holds it, and
        place: (m,) where there.
        stacks: (k, 2s, 2s) covariances, m².
    """

    stretches: Stretches
    stack: Rows
    place: Rows
    stacks: Sequence[Array]

    @property
    def first(self) -> Array:
        """Give (m, 2, 2) the covariance of the first stretch of each."""
        found = np.zeros((len(self.stack), 2, 2))
        for number, stacked in enumerate(self.stacks):
            mine = self.stack == number
            found[mine] = stacked[self.place[mine], :2, :2]
        return found


def _priors(stretches: Stretches, common: Array) -> _Priors:
    """Add to the shifts of a pass the error that all things of the neighbourhood share."""
    count = len(stretches.counts)
    stack, place = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
    stacks = []
    for number, (some, (width,)) in enumerate(alike_in_size(stretches.counts)):
        stack[some], place[some] = number, np.arange(len(some))
        real = np.repeat(np.arange(width) < stretches.counts[some][:, None], 2, axis=1)
        everywhere = np.tile(common[some], (1, width, width))
        both = real[:, :, None] & real[:, None, :]
        stacks.append(stretches.prior(some, width) + np.where(both, everywhere, 0.0))
    return _Priors(stretches=stretches, stack=stack, place=place, stacks=stacks)


@dataclass(slots=True, kw_only=True)
class _Explanation:
    """One way to explain a pass, on its way: what is matched, and what that is worth."""

    of: int
    chosen: Chosen
    worth: float = -np.inf
    settled: bool = False


def _explain(pairs: Pairs, priors: _Priors, rule: IdentityRule) -> list[list[int | None]]:
    """Give the column of each row, pass by pass."""
    best: dict[int, tuple[float, Chosen]] = {}
    for each in _explanations(pairs, priors, rule):
        if each.of not in best or each.worth > best[each.of][0] + 1e-9:
            best[each.of] = each.worth, each.chosen
    return [
        pairs.columns_of(of, best[of][1] if of in best else ()) for of in range(len(priors.stack))
    ]


def _explanations(pairs: Pairs, priors: _Priors, rule: IdentityRule) -> list[_Explanation]:
    """Follow every start to its end: estimate shifts and match in turn until the matches stay."""
    begun = _begun(pairs, priors, rule)
    for _ in range(_ROUNDS):
        going = [each for each in begun if not each.settled]
        for number in range(len(priors.stacks)):
            some = [each for each in going if priors.stack[each.of] == number]
            if some:
                _go_on(some, pairs, priors, number, rule)
    return begun


def _begun(pairs: Pairs, priors: _Priors, rule: IdentityRule) -> list[_Explanation]:
    starts = starts_of(pairs, priors.first, rule)
    of = np.array([each.of for each in starts], dtype=np.int64)
    expanded, mine = pairs.expanded(of)
    shift = np.stack([each.shift for each in starts]) if starts else np.zeros((0, 2))
    spread = np.stack([each.spread for each in starts]) if starts else np.zeros((0, 2, 2))
    chosen = pairs.assigned(of, mine, shift[expanded], spread[expanded], rule)
    begun: list[_Explanation] = []
    known: set[tuple[int, Chosen]] = set()
    for each, (pick, _) in zip(starts, chosen, strict=True):
        # A start that leads to matches seen before leads on to the same end.
        if (each.of, pick) not in known:
            known.add((each.of, pick))
            begun.append(_Explanation(of=each.of, chosen=pick))
    return begun


def _go_on(
    some: Sequence[_Explanation], pairs: Pairs, priors: _Priors, stack: int, rule: IdentityRule
) -> None:
    of = np.array([each.of for each in some])
    used = np.array([pair for each in some for pair in each.chosen], dtype=np.int64)
    explained = np.repeat(np.arange(len(some)), [len(each.chosen) for each in some])
    stretch = priors.stretches.number[priors.stretches.of_row[pairs.rows]]
    shifts = estimate(
        priors.stacks[stack][priors.place[of]],
        explained,
        stretch[used],
        pairs.gap[used],
        pairs.covariance[used],
    )
    expanded, mine = pairs.expanded(of)
    where = expanded, stretch[mine]
    found = pairs.assigned(of, mine, shifts.mean[where], shifts.covariance[where], rule)
    for row, (each, (chosen, gained)) in enumerate(zip(some, found, strict=True)):
        each.worth = gained - 0.5 * float(shifts.misfit[row])
        each.settled = chosen == each.chosen
        each.chosen = chosen
