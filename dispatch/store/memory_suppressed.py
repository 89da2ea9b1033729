"""Suppressed sights in memory: of each, everything that was ever known."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from dispatch.city.suppression import KnownSight, Suppressed
from dispatch.clocks.period import Window
from dispatch.figures.suppressed_figures import count_suppressed, group_of_sight
from dispatch.ids import ProblemId
from dispatch.indicators.formula import Part
from dispatch.ports.of_suppressed import SuppressedCount, SuppressedFilter
from dispatch.proof.rows import dropped_note, suppressed_note
from dispatch.store.memory_ledger import MemoryLedger
from dispatch.store.moments import FOREVER

Kept = dict[str, tuple[KnownSight, ...]]


def is_suppressed(known: Sequence[KnownSight]) -> bool:
    """Say whether a sight is kept from becoming a case by what is known now."""
    return bool(known) and known[-1].known_to == FOREVER


class MemorySuppressed:
    """Sights that an approval kept from becoming a case."""

    def __init__(self, kept: Kept, ledger: MemoryLedger) -> None:
        self._kept = kept
        self._ledger = ledger

    def of_sight(self, finding: str) -> Suppressed | None:
        """Give what is kept of a sight now, or None."""
        known = self._kept.get(finding, ())
        return known[-1].one if is_suppressed(known) else None

    def save(self, one: Suppressed, *, known_from: datetime) -> None:
        """Keep a sight; the same again takes its place from then on."""
        self._end(one.finding, at=known_from)
        new = KnownSight(one=one, known_from=known_from, known_to=FOREVER)
        self._kept[one.finding] = (*self._kept.get(one.finding, ()), new)
        self._ledger.note(suppressed_note(new))

    def drop(self, finding: str, *, at: datetime) -> None:
        """Count a sight no longer that an approval no longer concerns: its place was corrected."""
        if self._end(finding, at=at):
            self._ledger.note(dropped_note(finding, at=at))

    def _end(self, finding: str, *, at: datetime) -> bool:
        known = self._kept.get(finding, ())
        if not is_suppressed(known):
            return False
        ended = replace(known[-1], known_to=at)
        self._kept[finding] = (*known[:-1], *([ended] if ended.known_from < at else []))
        return True

    def move(self, gone: ProblemId, to: ProblemId, *, at: datetime) -> None:
        """Count the sights of a problem that is no more with the one that took its place."""
        for finding in list(self._kept):
            one = self.of_sight(finding)
            if one is not None and one.problem == gone:
                self.save(replace(one, problem=to), known_from=at)

    def find(self, wanted: SuppressedFilter, *, limit: int | None) -> Sequence[Suppressed]:
        """Give sights, the newest first; all where there is no limit."""
        return self._fitting(wanted)[:limit]

    def told(self, window: Window) -> Iterator[KnownSight]:
        """Give all sights of a period, the oldest first."""
        return reversed(self._known(SuppressedFilter(window=window)))

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

    def reckon(
        self, parts: Collection[Part], wanted: SuppressedFilter
    ) -> Mapping[str, Mapping[Part, int]]:
        """Reckon, in each group that has any, those parts of formulas that are of such sights."""
        return count_suppressed(parts, self._fitting(wanted), by=wanted.by)

    def _fitting(self, wanted: SuppressedFilter) -> list[Suppressed]:
        return [each.one for each in self._known(wanted)]

    def _known(self, wanted: SuppressedFilter) -> list[KnownSight]:
        known = (_known(each, wanted.window) for each in self._kept.values())
        found = [each for each in known if each is not None and _fits(each.one, wanted)]
        return sorted(found, key=lambda each: (each.one.seen_at, each.one.finding), reverse=True)


def _known(known: Sequence[KnownSight], window: Window) -> KnownSight | None:
    until = window.until
    return next((each for each in known if each.known_from < until <= each.known_to), None)


def _fits(one: Suppressed, wanted: SuppressedFilter) -> bool:
    return (
        wanted.window.start <= one.at < wanted.window.until
        and (one.grid or "").startswith(wanted.area)
        and wanted.suppression in {None, one.suppression}
        and (wanted.group is None or group_of_sight(one, wanted.by) == wanted.group)
    )
