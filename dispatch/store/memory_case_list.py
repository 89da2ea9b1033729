"""Cases as reports list them, in memory: told of whole histories."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from dispatch.case.case import Case
from dispatch.clocks.period import Window
from dispatch.figures.standing import Late, Listed, Redone, concerns, late_in, redone_of, standing


class MemoryCaseList:
    """The cases of a period, and what befell them."""

    def __init__(self, kept: Mapping[str, Case]) -> None:
        self._kept = kept

    def concerning(self, start: datetime, until: datetime, *, area: str) -> Iterator[Listed]:
        """Give the cases known before `until` and not ended by `start`, as they stood, by id."""
        for case in self._by_id(area):
            stood = standing(case.history, at=until)
            if concerns(case.history, stood, start=start, until=until):
                yield Listed(
                    id=case.id,
                    number=case.number,
                    category=case.category,
                    severity=case.severity,
                    place=case.place,
                    grid=case.grid,
                    rendered=case.rendered,
                    reported_at=case.reported_at,
                    stood=stood,
                    into=self._going_on(case, at=until),
                )

    def rendered(self, start: datetime, until: datetime, *, area: str) -> int:
        """Count those of them that were made from rendered footage."""
        return sum(case.rendered for case in self.concerning(start, until, area=area))

    def late(self, window: Window, *, area: str) -> Sequence[Late]:
        """Give the duties of a period that are not done, the longest overdue first."""
        found = [
            (late.due_at, case.id, fact.number, late)
            for case in self._by_id("")
            for fact, late in late_in(case, window, area=area)
        ]
        return [late for *_, late in sorted(found, key=lambda one: one[:3])]

    def redone(self, window: Window, *, area: str) -> Sequence[Redone]:
        """Give what was sent back or taken up again in a period, in the order of time."""
        found = [
            (one.at, case.id, place, one)
            for case in self._by_id("")
            for place, one in enumerate(redone_of(case, window, area=area))
        ]
        return [one for *_, one in sorted(found, key=lambda each: each[:3])]

    def _by_id(self, area: str) -> list[Case]:
        here = (case for case in self._kept.values() if (case.grid or "").startswith(area))
        return sorted(here, key=lambda case: case.id)

    def _going_on(self, case: Case, *, at: datetime) -> str | None:
        last = standing(case.history, at=at).merged_into
        if last is None:
            return None
        followed = {last}
        while (into := standing(self._kept[last].history, at=at).merged_into) not in followed:
            if into is None:
                break
            followed.add(into)
            last = into
        return self._kept[last].number
