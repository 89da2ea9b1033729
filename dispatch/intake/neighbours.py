"""What bears on the identity of some observations, gathered from the store by neighbourhoods.

Two observations have to do with each other if they lie within `LINK_M` and in each other's time, or
are taken for one problem at present.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Final

from dispatch.ground.place import cells_near, distance_m
from dispatch.identity.nearby import CAP_M
from dispatch.identity.rule import IDENTITY
from dispatch.identity.sights import place_of
from dispatch.identity.vicinity import Vicinity
from dispatch.ids import ObservationId, ProblemId
from dispatch.ports.unit_of_work import UnitOfWork
from dispatch.sights.observation import Observation

LINK_M: Final = 2.0 * CAP_M
"""Observations farther apart than this never have to do with each other's identity."""


def closure(
    begun: Sequence[Observation],
    *,
    left: Sequence[Observation],
    condensed: bool,
    uow: UnitOfWork,
) -> dict[ObservationId, Observation]:
    """Gather whatever may have to do with the identity of some observations.

    Two observations have to do with each other if they lie within `LINK_M` and in each other's
    time, or are taken for one problem at present.

    Args:
        condensed: gather what gists hold, too.
    """
    about: dict[ObservationId, Observation] = {}
    vicinity = Vicinity(reach_m=LINK_M)
    seen_cells: set[int] = set()
    seen_problems: set[ProblemId] = set()
    begun = [*begun, *_beside(left, condensed=condensed, uow=uow)]
    fresh: Sequence[Observation] = begun
    while fresh:
        cells = cells_about(fresh, radius_m=LINK_M) - seen_cells
        seen_cells |= cells
        for one in (*fresh, *_near(fresh, cells, condensed=condensed, uow=uow)):
            vicinity.add(one, tied_by=one.problem)
        problems = {one.problem for one in fresh if one.problem is not None} - seen_problems
        seen_problems |= problems
        besides = vicinity.ids()
        of = uow.observations.of_problems(problems, condensed=condensed, besides=besides)
        for id_ in sorted(of):
            for one in of[id_]:
                vicinity.add(one, tied_by=id_)
        fresh = [one for one in vicinity.part_of(begun) if one.id not in about]
        about |= {one.id: one for one in fresh}
    return about


def _near(
    fresh: Sequence[Observation], cells: Collection[int], *, condensed: bool, uow: UnitOfWork
) -> Iterator[Observation]:
    """Give what may bear on observations: what stays in the cells, what passes in their time."""
    if cells:
        yield from uow.observations.near(cells, condensed=condensed, besides=IDENTITY.lasts_s)
    passing = [one for one in fresh if one.finding.label in IDENTITY.lasts_s]
    if passing:
        captured = [one.finding.captured_at for one in passing]
        lasts = timedelta(seconds=max(IDENTITY.lasts_s.values()))
        yield from uow.observations.near_in_time(
            cells_about(passing, radius_m=LINK_M),
            labels=IDENTITY.lasts_s,
            during=(min(captured) - lasts, max(captured) + lasts),
        )


def _beside(
    left: Sequence[Observation], *, condensed: bool, uow: UnitOfWork
) -> Iterator[Observation]:
    """Give what lies near observations as they were before they were revised."""
    cells = cells_about(left, radius_m=LINK_M)
    revised = {one.id for one in left}
    for one in _near(left, cells, condensed=condensed, uow=uow):
        if one.id not in revised and any(_concern(one, each) for each in left):
            yield one


def _concern(one: Observation, other: Observation) -> bool:
    if other.cell is None or distance_m(place_of(one), place_of(other)) > LINK_M:
        return False
    apart = abs((one.finding.captured_at - other.finding.captured_at).total_seconds())
    return IDENTITY.may_concern(one.finding.label, other.finding.label, apart_s=apart)


def parted(observations: Sequence[Observation]) -> list[list[Observation]]:
    """Part observations into those that a chain of steps of `LINK_M` holds together."""
    vicinity = Vicinity(reach_m=LINK_M)
    for one in sorted(observations, key=lambda each: each.order):
        vicinity.add(one)
    return vicinity.parts()


def cells_about(observations: Iterable[Observation], *, radius_m: float = CAP_M) -> set[int]:
    cells = {one.cell for one in observations if one.cell is not None}
    return {near for cell in cells for near in cells_near(cell, radius_m=radius_m)}
