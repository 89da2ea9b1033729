"""Figures in memory: counted over whole histories, the plain way."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from dispatch.case.case import Case
from dispatch.clocks.period import Window
from dispatch.figures.evaluation import count_cases, select_facts
from dispatch.figures.fact import Fact, Subject, group_of
from dispatch.figures.patrol_figures import count_patrols
from dispatch.ids import CaseId
from dispatch.indicators.formula import OF_PATROLS, Part
from dispatch.ports.of_suppressed import SuppressedFilter
from dispatch.ports.unit_of_work import FactFilter
from dispatch.store.memory_stretches import MemoryStretches
from dispatch.store.memory_suppressed import MemorySuppressed


class MemoryFacts:
    """What case histories say, told anew whenever it is asked for."""

    def __init__(
        self,
        kept: dict[str, Case],
        stretches: MemoryStretches | None = None,
        suppressed: MemorySuppressed | None = None,
    ) -> None:
        self._kept = kept
        self._stretches = stretches
        self._suppressed = suppressed

    def count(
        self, parts: Collection[Part], window: Window, wanted: FactFilter
    ) -> Mapping[str, Mapping[Part, int]]:
        """Reckon, in each group that has any, each part of a formula."""
        cases = list(self._kept.values())
        found = count_cases(cases, parts=parts, window=window, by=wanted.by, area=wanted.area)
        of_patrols = [part for part in parts if part.kind in OF_PATROLS]
        if of_patrols and self._stretches is not None:
            patrolled = self._stretches.patrolled(window, area=wanted.area)
            for group, counts in count_patrols(of_patrols, patrolled, window, by=wanted.by).items():
                found.setdefault(group, {}).update(counts)
        if self._suppressed is not None:
            sights = SuppressedFilter(window=window, area=wanted.area, by=wanted.by)
            for group, numbers in self._suppressed.reckon(parts, sights).items():
                found.setdefault(group, {}).update(numbers)
        return {
            name: counts
            for name, counts in sorted(found.items())
            if wanted.group is None or name == wanted.group
        }

    def cases(self, part: Part, window: Window, wanted: FactFilter) -> Sequence[CaseId]:
        """Give the case of each fact that a part of a formula counts, by id."""
        return sorted(subject.case for subject, _ in self._found(part, window, wanted))

    def reasons(self, part: Part, window: Window, wanted: FactFilter) -> Mapping[str, int]:
        """Count what a part of a formula counts by its reason, where one was given."""
        found = Counter(fact.reason for _, fact in self._found(part, window, wanted))
        return {reason: found[reason] for reason in sorted(found) if reason}

    def _found(
        self, part: Part, window: Window, wanted: FactFilter
    ) -> Iterator[tuple[Subject, Fact]]:
        cases = self._kept.values()
        for subject, fact in select_facts(cases, part, window, area=wanted.area):
            if wanted.group is None or group_of(part, fact, wanted.by, of=subject) == wanted.group:
                yield subject, fact
