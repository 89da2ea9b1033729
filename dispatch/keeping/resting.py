"""Which cases' verdicts rest on a pass: as long as one does, its ground stays.

A verdict rests on every pass that went over the spot since the thing was first seen. It may be
asked for while the case is open, for some months after its end, and while its evidence is held.
"""

from datetime import datetime
from typing import Final

from dispatch.case.case import Case
from dispatch.case.pending import open_appeal, open_hold
from dispatch.city.retention import months_before
from dispatch.ground.place import cells_near
from dispatch.ports.unit_of_work import UnitOfWork
from dispatch.sights.swept import REACH_M, lookup_cells

RESTS_MONTHS: Final = 3
"""For so many months after a case ended its verdict may be asked for."""


def resting_on(pass_id: str, *, now: datetime, uow: UnitOfWork) -> list[Case]:
    """Give the cases whose verdict rests, or may rest, on a pass, by id."""
    sweeps = uow.sweeps.of_pass(pass_id)
    touched = {cell for sweep in sweeps for cell in lookup_cells(sweep)}
    cells = frozenset(near for cell in touched for near in cells_near(cell, radius_m=REACH_M))
    ended_at = max((sweep.ended_at for sweep in sweeps), default=now)
    recently = months_before(now, RESTS_MONTHS)
    near = [uow.cases.get(id_) for id_ in uow.erasures.cases_near(cells, ended_after=recently)]
    return [
        case
        for case in near
        if _first_seen(case, uow=uow) <= ended_at and _may_be_asked_for(case, recently)
    ]


def _may_be_asked_for(case: Case, recently: datetime) -> bool:
    if case.ended_at is None or case.ended_at >= recently:
        return True
    return open_hold(case.history) is not None or open_appeal(case.history) is not None


def _first_seen(case: Case, *, uow: UnitOfWork) -> datetime:
    known = uow.problems.known([case.problem])
    return min((case.reported_at, *(each.first_seen_at for each in known)))
