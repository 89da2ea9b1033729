"""Condense what many passes say of a neighbourhood: after a year it costs what it does in a week.

A gist holds the sums from which labels and sizes are told, and a place with its error, parted into
what the things condensed together share and what is each thing's own. Which sights are one thing
is not decided anew for what a gist holds.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

import numpy as np

from dispatch.ground.place import Place
from dispatch.identity.fusion import (
    Known,
    SolvedMap,
    latest_unseen,
    size_sums,
    solve_maps,
    sum_over_passes,
)
from dispatch.identity.rule import IdentityRule
from dispatch.identity.sights import Array
from dispatch.sights.observation import Observation
from dispatch.sights.problem import Gist
from dispatch.wire import Covariance

_SHARES: Final = (1.0, 0.9, 0.75, 0.5, 0.25, 0.0)
_LEAST_M2: Final = 1e-6
"""A square millimetre: no error is nothing."""


def condense(maps: Sequence[Sequence[Known]], *, rule: IdentityRule) -> list[Sequence[Known]]:
    """Condense the sights of all but the newest passes, where enough have come together.

    The newest pass that saw a thing is always left to be read: where it lies is looked up by it.

    Args:
        maps: the things of each neighbourhood, told already.
    """
    found = list(maps)
    going = {
        number: parted
        for number, groups in enumerate(maps)
        if (parted := _going(groups, rule)) is not None
    }
    solved = solve_maps(
        [[each for each, _ in parted if _is_known(each)] for parted in going.values()], rule=rule
    )
    for (number, parted), solved_map in zip(going.items(), solved, strict=True):
        made = iter(_gists([each for each, _ in parted if _is_known(each)], solved_map))
        found[number] = [
            _condensed(each, left, next(made)) if _is_known(each) else of
            for (each, left), of in zip(parted, maps[number], strict=True)
        ]
    return found


def _going(
    groups: Sequence[Known], rule: IdentityRule
) -> list[tuple[Known, Sequence[Observation]]] | None:
    """Part what is to be condensed of each thing from what is left; None while that can wait."""
    begun: dict[str, tuple[datetime, str]] = {}
    for one in (one for each in groups for one in each.observations):
        pass_id = one.finding.pass_id
        begun[pass_id] = min(begun.get(pass_id, one.order), one.order)
    if len(begun) <= rule.passes_read - rule.passes_kept:
        return None
    older = frozenset(sorted(begun, key=lambda each: begun[each])[: -rule.passes_kept])
    parted = [_parted(each, older) for each in groups]
    passes = {one.finding.pass_id for gone, _ in parted for one in gone}
    if len(passes) <= rule.passes_read - rule.passes_kept:
        return None
    return [
        (replace(each, observations=gone), left)
        for each, (gone, left) in zip(groups, parted, strict=True)
    ]


def _is_known(going: Known) -> bool:
    """Say whether anything of a thing is condensed, now or before."""
    return bool(going.observations or going.gist)


def _condensed(going: Known, left: Sequence[Observation], gist: Gist) -> Known:
    ids = (one.id for one in going.observations)
    return Known(observations=left, gist=gist, condensed=(*going.condensed, *ids))


def _parted(
    known: Known, older: frozenset[str]
) -> tuple[Sequence[Observation], Sequence[Observation]]:
    """Part the sights of a thing into those to condense and those to go on reading, in order."""
    ordered = sorted(known.observations, key=lambda one: one.order)
    going = older - {one.finding.pass_id for one in ordered[-1:]}
    gone = [one for one in ordered if one.finding.pass_id in going]
    return gone, [one for one in ordered if one.finding.pass_id not in going]


def _gists(groups: Sequence[Known], solved: SolvedMap) -> list[Gist]:
    shared, own = _common(solved)
    captured = [one.finding.captured_at for each in groups for one in each.observations]
    until = max([*captured, *(each.gist.until for each in groups if each.gist)])
    key = f"gist {max(one.order for each in groups for one in each.observations)[1]}"
    return [
        _gist(each, key=key, until=until, place=solved.place(row, own[row]), shared=shared)
        for row, each in enumerate(groups)
    ]


def _gist(known: Known, *, key: str, until: datetime, place: Place, shared: Covariance) -> Gist:
    before = known.gist
    findings = [one.finding for one in known.observations]
    seen = [*findings, before] if before else findings
    views = [each.pixels_per_metre for each in seen if each.pixels_per_metre is not None]
    return Gist(
        key=key,
        until=until,
        sights=len(known.condensed) + len(findings),
        passes=len({each.pass_id for each in findings}) + (before.passes if before else 0),
        place=place,
        shared=shared,
        probabilities=sum_over_passes(known.observations, gist=before),
        first_seen_at=min(each.first_seen_at for each in seen),
        last_seen_at=max(each.last_seen_at for each in seen),
        sizes=size_sums(findings, gist=before),
        unseen=latest_unseen(findings, gist=before),
        pixels_per_metre=max(views, default=None),
    )


def _common(solved: SolvedMap) -> tuple[Covariance, Array]:
    """Part the error of a map: (2, 2) that all its things share, and (n, 2, 2) each one's own.

    Together they are the error of each thing as it was solved. No more counts as shared than
    leaves every thing some error of its own.
    """
    count = len(solved.xy)
    own = solved.own
    mean = np.zeros((2, 2))
    if count > 1:
        whole = count * count * solved.spread.parted()[1]
        mean = (whole - own.sum(axis=0)) / (count * (count - 1))
    values, vectors = np.linalg.eigh(0.5 * (mean + mean.T))
    shared = (vectors * np.maximum(values, 0.0)) @ vectors.T
    least = 0.02 * np.linalg.eigvalsh(own)[:, :1]
    for share in _SHARES:
        left = own - share * shared
        if np.all(np.linalg.eigvalsh(left) >= least):
            break
    both = share * shared + _LEAST_M2 * np.eye(2)
    ee, en, nn = float(both[0, 0]), float(both[0, 1]), float(both[1, 1])
    return Covariance(ee=ee, en=en, nn=nn), left
