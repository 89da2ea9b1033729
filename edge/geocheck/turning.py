"""Which photos lie turned by 180 degrees against what they state.

Each photo is as stated, turned in its picture (an editor rotated it), or reversed in its heading
(a gimbal at the nadir). Looking straight down the last two are the same, and only one is tried.
The assignment that makes all pairs agree is sought: from several starts, each photo in turn takes
what agrees best with its neighbours, until none changes (J. Besag, "On the statistical analysis of
dirty pictures", 1986). A photo's state is certain where any other would cost much more.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edge.geocheck.agreement import Overlap, View, disagreement_m, expected_m, lay_out
from edge.placing.pose import Pose

Array = NDArray[np.float64]

CERTAIN: Final = 9.0
"""What another state must cost more, in squared standard errors."""
_FARTHEST: Final = 8.0
"""Standard errors beyond which a pair costs no more: one bad match must not turn a flight."""
_KEEP: Final = 0.5
"""What a departure from the metadata costs, so that nothing is turned for nothing."""
_NADIR: Final = math.radians(5.0)
_ROOTS: Final = 3
_ROUNDS: Final = 50


class Turn(StrEnum):
    """How a photo lies against what it states."""

    NONE = "none"
    PICTURE = "picture"
    HEADING = "heading"

    def applied_to(self, pose: Pose) -> Pose:
        """Give the pose of a photo that lies so.

        A picture turned about its middle is a camera turned about its axis: half a turn of roll.
        """
        if self is Turn.PICTURE:
            return replace(pose, roll=math.remainder(pose.roll + math.pi, math.tau))
        if self is Turn.HEADING:
            return replace(pose, yaw=math.remainder(pose.yaw + math.pi, math.tau))
        return pose


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """What was found of one photo.

    Attributes:
        certain: whether its neighbours leave no other choice.
        tied: whether a chain of overlaps ties it to a photo that nobody edited.
    """

    turn: Turn
    certain: bool
    tied: bool


def find_turned(
    views: Sequence[View], overlaps: Sequence[Overlap], *, edited: Sequence[bool]
) -> tuple[Turned, ...]:
    """Find how each photo lies.

    Args:
        edited: of each view, whether an editor has saved it again.
    """
    choices = [_choices(view.pose) for view in views]
    costs = _pair_costs(views, overlaps, choices)
    best = [0] * len(views)
    for group in _groups(len(views), costs):
        found = _solve(group, choices, costs)
        best = [found[number] if number in group else best[number] for number in range(len(best))]
    tied = _tied(len(views), overlaps, edited)
    return tuple(
        Turned(
            turn=choices[number][state],
            certain=_margin(number, best, choices, costs) >= CERTAIN,
            tied=tied[number],
        )
        for number, state in enumerate(best)
    )


_Costs = Mapping[tuple[int, int], Array]


def _choices(pose: Pose) -> tuple[Turn, ...]:
    steep = abs(abs(pose.pitch) - math.pi / 2.0) < _NADIR
    return (Turn.NONE, Turn.PICTURE) if steep else (Turn.NONE, Turn.PICTURE, Turn.HEADING)


def _pair_costs(
    views: Sequence[View], overlaps: Sequence[Overlap], choices: Sequence[tuple[Turn, ...]]
) -> _Costs:
    """Give, for each pair and its photos' states, the squared standard errors they disagree by."""
    costs = {}
    for overlap in overlaps:
        one, other = overlap.first, overlap.second
        table = np.zeros((len(choices[one]), len(choices[other])))
        for row, column in np.ndindex(*table.shape):
            pair = (
                replace(views[one], pose=choices[one][row].applied_to(views[one].pose)),
                replace(views[other], pose=choices[other][column].applied_to(views[other].pose)),
            )
            alone = replace(overlap, first=0, second=1)
            ground = lay_out(pair)
            strain = disagreement_m(ground, alone) / expected_m(pair, alone, ground)
            table[row, column] = min(strain, _FARTHEST) ** 2
        costs[one, other] = table
    return costs


def _groups(count: int, costs: _Costs) -> list[set[int]]:
    """Give the sets of photos that chains of pairs connect."""
    group = {number: {number} for number in range(count)}
    for one, other in costs:
        joined = group[one] | group[other]
        group.update(dict.fromkeys(joined, joined))
    return list({id(members): members for members in group.values()}.values())


def _solve(group: set[int], choices: Sequence[tuple[Turn, ...]], costs: _Costs) -> list[int]:
    """Find the best states of one group: from as stated, and told on from its clearest pairs."""
    own = {pair: table for pair, table in costs.items() if pair[0] in group}
    clearest = sorted(own, key=lambda pair: float(own[pair].min()))
    roots = sorted({number for pair in clearest[:_ROOTS] for number in pair})
    starts = [[0] * len(choices)] + [
        _told_on(root, state, len(choices), own)
        for root in roots
        for state in range(len(choices[root]))
    ]
    settled = [_settle(start, choices, own, fixed=None) for start in starts]
    return min(settled, key=lambda found: _total(found, own))


def _told_on(root: int, state: int, count: int, costs: _Costs) -> list[int]:
    """Give each photo the state that agrees best with the neighbour that reached it first."""
    known, edge = {root: state}, [root]
    while edge:
        here = edge.pop(0)
        for (one, other), table in costs.items():
            if here not in (one, other) or (one in known and other in known):
                continue
            row = table[known[one]] if here == one else table[:, known[other]]
            there = other if here == one else one
            known[there] = int(row.argmin())
            edge.append(there)
    return [known.get(number, 0) for number in range(count)]


def _settle(
    start: Sequence[int],
    choices: Sequence[tuple[Turn, ...]],
    costs: _Costs,
    *,
    fixed: int | None,
) -> list[int]:
    found = list(start)
    touched = sorted({number for pair in costs for number in pair} - {fixed})
    for _ in range(_ROUNDS):
        before = list(found)
        for number in touched:
            local = [_local(number, s, found, costs) for s in range(len(choices[number]))]
            best = int(np.argmin(local))
            if local[best] < local[found[number]] - 1e-9:
                found[number] = best
        if found == before:
            break
    return found


def _local(number: int, state: int, found: Sequence[int], costs: _Costs) -> float:
    total = _KEEP if state else 0.0
    for (one, other), table in costs.items():
        if one == number:
            total += float(table[state, found[other]])
        elif other == number:
            total += float(table[found[one], state])
    return total


def _total(found: Sequence[int], costs: _Costs) -> float:
    kept = _KEEP * sum(state != 0 for state in found)
    return kept + sum(float(t[found[one], found[other]]) for (one, other), t in costs.items())


def _margin(
    number: int, found: Sequence[int], choices: Sequence[tuple[Turn, ...]], costs: _Costs
) -> float:
    """Give what the next best state of a photo would cost more, its neighbours free to follow."""
    dearer = []
    for state in range(len(choices[number])):
        if state != found[number]:
            start = [state if n == number else kept for n, kept in enumerate(found)]
            forced = _settle(start, choices, costs, fixed=number)
            dearer.append(_total(forced, costs))
    return min(dearer) - _total(found, costs)


def _tied(count: int, overlaps: Sequence[Overlap], edited: Sequence[bool]) -> list[bool]:
    tied = [not one for one in edited]
    for _ in range(count):
        for overlap in overlaps:
            either = tied[overlap.first] or tied[overlap.second]
            tied[overlap.first] = tied[overlap.second] = either
    return tied
