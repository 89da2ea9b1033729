"""Overlooked (漏报): had a pass looked at the spot before, sure enough to find it, in vain?

Counted is a pass whose ground, seen well enough for the class (`dispatch.sights.stretch`), held at
least half of the position's error within the days before the first sight that the city names. A
person's report counts as the first sight where no device saw the problem. That the problem may have
begun after the look is why the span is short.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

import numpy as np
from h3.api import basic_int as h3
from pydantic import JsonValue

from dispatch.case.case import Case
from dispatch.city.profile import Profile
from dispatch.ground.place import error_points
from dispatch.ports.unit_of_work import UnitOfWork
from dispatch.sights.stretch import RESOLUTION

_LEAST: Final = 0.5
"""Share of the position's error that must have been seen."""
_NAMED: Final = 3
"""Passes that a case names, the latest."""


def overlooked_by(case: Case, *, profile: Profile, uow: UnitOfWork) -> dict[str, JsonValue]:
    """Give what a filing says of passes that overlooked its case; nothing where none did."""
    label = case.category.detected
    if label is None:
        return {}
    sights = [each.finding for each in uow.observations.of_problem(case.problem)]
    first = min((each.captured_at for each in sights), default=case.reported_at)
    since = first - timedelta(days=profile.indicators.missed_within_days)
    saw_it = {each.pass_id for each in sights}
    day = first.astimezone(profile.zone).date()
    areas = {share.grid.id for share in profile.grids.shares(case.place, day=day)}
    cells: dict[str, set[int]] = {}
    looked_at: dict[str, datetime] = {}
    for pass_id, patch in uow.stretches.seen(areas, label=label, during=(since, first)):
        if pass_id not in saw_it:
            cells.setdefault(pass_id, set()).update(np.frombuffer(patch.cells, "<i8").tolist())
            looked_at[pass_id] = patch.seen_at
    return _said({each: at for each, at in looked_at.items() if _saw(cells[each], case)})


def _saw(cells: set[int], case: Case) -> bool:
    points = error_points(case.place, rings=3, ways=12)
    hits = [h3.latlng_to_cell(y, x, RESOLUTION) in cells for x, y in points.tolist()]
    return sum(hits) >= _LEAST * len(hits)


def _said(looked_at: Mapping[str, datetime]) -> dict[str, JsonValue]:
    latest = sorted(looked_at.items(), key=lambda one: (one[1], one[0]), reverse=True)
    named: list[JsonValue] = [
        {"pass": pass_id, "at": at.isoformat()} for pass_id, at in latest[:_NAMED]
    ]
    return {"missed": named} if named else {}
