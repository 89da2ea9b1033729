"""What casework needs of a store for what the city has, and for who was found responsible."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Protocol

from dispatch.catalogue.component import Component
from dispatch.city.precedent import Ground, Precedent
from dispatch.ids import CaseId, DepartmentId


class ComponentRepository(Protocol):
    """The registry of components, with what each was before."""

    def save(self, component: Component) -> None:
        """Keep a component from a day on; in place of what was kept for the same day."""
        ...

    def newest(self, ids: Collection[str]) -> Mapping[str, Component]:
        """Give the newest record of each of the ids that has any, ended or not."""
        ...

    def near(
        self, cells: Collection[int], *, day: date, limit: int | None = None
    ) -> Sequence[Component]:
        """Give the components that lie in look-up cells on a day, by id.

        Args:
            limit: where more lie there, so many of them, whichever; None for all.
        """
        ...

    def current(self, county: str) -> Iterator[Component]:
        """Give the components of a county that have not ended, by id."""
        ...

    def history(self, id_: str) -> Sequence[Component]:
        """Give all records of a component, the oldest first."""
        ...

    def count(self) -> int:
        """Count the components that have not ended."""
        ...


class PrecedentRepository(Protocol):
    """Who was found responsible where no rule said it."""

    def save(self, precedent: Precedent) -> None:
        """Keep a precedent, in place of the one of the same case."""
        ...

    def drop(self, case: CaseId) -> None:
        """Forget the precedent of a case, if it has one."""
        ...

    def count(self, ground: Ground) -> Mapping[DepartmentId, int]:
        """Count the precedents of the same class, owner and grid by department."""
        ...
