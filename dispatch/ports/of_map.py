"""What casework needs of a store to draw many cases on a map."""

from collections.abc import Sequence
from typing import Protocol

from dispatch.case.map_view import CaseGroup, MapView
from dispatch.ids import CaseId


class CaseMapRepository(Protocol):
    """The cases by where they lie."""

    def ids(self, view: MapView, *, limit: int) -> Sequence[CaseId]:
        """Give cases of a view, by id; any of them where there are more than `limit`."""
        ...

    def groups(self, view: MapView) -> Sequence[CaseGroup]:
        """Count the cases of a view by cell of its `resolution`; none is left out."""
        ...
