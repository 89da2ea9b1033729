"""Suppressed sights in memory."""

from collections.abc import Sequence
from dataclasses import replace

from dispatch.ids import ProblemId
from dispatch.ports_of_sights import SuppressedCount, SuppressedFilter
from dispatch.suppression import Suppressed


class MemorySuppressed:
    """Sights that an approval kept from becoming a case."""

    def __init__(self, kept: dict[str, Suppressed]) -> None:
        self._kept = kept

    def save(self, one: Suppressed) -> None:
        """Keep a sight; the same again takes its place."""
        self._kept[one.finding] = one

    def drop(self, finding: str) -> None:
        """Forget a sight that an approval no longer concerns, for its place was corrected."""
        self._kept.pop(finding, None)

    def move(self, gone: ProblemId, to: ProblemId) -> None:
        """Count the sights of a problem that is no more with the one that took its place."""
        for one in [each for each in self._kept.values() if each.problem == gone]:
            self.save(replace(one, problem=to))

    def find(self, wanted: SuppressedFilter, *, limit: int) -> Sequence[Suppressed]:
        """Give sights, the newest first."""
        return self._fitting(wanted)[:limit]

    def count(self, wanted: SuppressedFilter) -> Sequence[SuppressedCount]:
        """Count sights and problems of each approval, by its id."""
        fitting = self._fitting(wanted)
        counted = []
        for id_ in sorted({one.suppression for one in fitting}):
            sights = [one for one in fitting if one.suppression == id_]
            problems = {one.problem for one in sights}
            counted.append(
                SuppressedCount(newest=sights[0], sights=len(sights), problems=len(problems))
            )
        return counted

    def _fitting(self, wanted: SuppressedFilter) -> list[Suppressed]:
        found = [
            one
            for one in self._kept.values()
            if wanted.since <= one.seen_at < wanted.until
            and (one.grid or "").startswith(wanted.area)
            and wanted.suppression in {None, one.suppression}
        ]
        return sorted(found, key=lambda one: (one.seen_at, one.finding), reverse=True)
