"""The registry and the precedents in memory."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

from dispatch.catalogue.component import Component
from dispatch.city.precedent import Ground, Precedent
from dispatch.ids import CaseId, DepartmentId


class MemoryComponents:
    """The registry of components, with what each was before."""

    def __init__(self, kept: dict[tuple[str, date], Component]) -> None:
        self._kept = kept

    def save(self, component: Component) -> None:
        """Keep a component from a day on; in place of what was kept for the same day."""
        self._kept[component.id, component.valid_from] = component

    def newest(self, ids: Collection[str]) -> Mapping[str, Component]:
        """Give the newest record of each of the ids that has any, ended or not."""
        ordered = sorted(self._kept.items())
        return {component.id: component for _, component in ordered if component.id in ids}

    def near(
        self, cells: Collection[int], *, day: date, limit: int | None = None
    ) -> Sequence[Component]:
        """Give the components that lie in look-up cells on a day, by id.

        Args:
            limit: where more lie there, so many of them, whichever; None for all.
        """
        held = [each for each in self._kept.values() if each.cell in cells and each.valid_on(day)]
        return sorted(held, key=lambda each: each.id)[:limit]

    def current(self, county: str) -> Iterator[Component]:
        """Give the components of a county that have not ended, by id."""
        for _, each in sorted(self._kept.items()):
            if each.valid_until is None and each.id.startswith(county):
                yield each

    def history(self, id_: str) -> Sequence[Component]:
        """Give all records of a component, the oldest first."""
        return [each for key, each in sorted(self._kept.items()) if key[0] == id_]

    def count(self) -> int:
        """Count the components that have not ended."""
        return sum(each.valid_until is None for each in self._kept.values())


class MemoryPrecedents:
    """Who was found responsible where no rule said it."""

    def __init__(self, kept: dict[str, Precedent]) -> None:
        self._kept = kept

    def save(self, precedent: Precedent) -> None:
        """Keep a precedent, in place of the one of the same case."""
        self._kept[precedent.case] = precedent

    def drop(self, case: CaseId) -> None:
        """Forget the precedent of a case, if it has one."""
        self._kept.pop(case, None)

    def count(self, ground: Ground) -> Mapping[DepartmentId, int]:
        """Count the precedents of the same class, owner and grid by department."""
        return Counter(each.department for each in self._kept.values() if each.ground == ground)
