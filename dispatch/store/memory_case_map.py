"""The cases by where they lie, in memory."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from statistics import fmean

from dispatch.case.case import Case
from dispatch.case.map_view import CaseGroup, MapView, group_key
from dispatch.ids import CaseId


class MemoryCaseMap:
    """The cases by where they lie."""

    def __init__(self, kept: dict[str, Case]) -> None:
        self._kept = kept

    def ids(self, view: MapView, *, limit: int) -> Sequence[CaseId]:
        """Give cases of a view, by id; any of them where there are more than `limit`."""
        return sorted(case.id for case in self._shown(view))[:limit]

    def groups(self, view: MapView) -> Sequence[CaseGroup]:
        """Count the cases of a view by cell of its `resolution`; none is left out."""
        by_key: dict[int, list[Case]] = defaultdict(list)
        for case in self._shown(view):
            by_key[group_key(case.cell, view.resolution)].append(case)
        return [_group(by_key[key]) for key in sorted(by_key)]

    def _shown(self, view: MapView) -> Iterator[Case]:
        return (case for case in self._kept.values() if _is_shown(case, view))


def _is_shown(case: Case, view: MapView) -> bool:
    return all(
        (
            case.ended_at is None or case.ended_at >= view.ended_since,
            view.box.holds(case.place.latitude, case.place.longitude),
            (case.grid or "").startswith(view.area),
            view.department is None or case.department == view.department,
            view.status is None or case.status is view.status,
        )
    )


def _group(cases: Sequence[Case]) -> CaseGroup:
    return CaseGroup(
        count=len(cases),
        open=sum(case.is_open for case in cases),
        latitude=fmean(case.place.latitude for case in cases),
        longitude=fmean(case.place.longitude for case in cases),
        only=cases[0].id if len(cases) == 1 else None,
    )
