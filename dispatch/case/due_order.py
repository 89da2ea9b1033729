"""The order of deadlines (时限顺序): the next due first, and last what has no limit that runs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dispatch.clocks.micros import at_micros, micros
from dispatch.errors import DispatchError
from dispatch.ids import CaseId

_NONE: Final = "-"
_SEPARATOR: Final = "~"


class NotADueKey(DispatchError):
    """A text names no place in the order of deadlines."""

    def __init__(self, text: str) -> None:
        shown = text[:40]
        super().__init__(
            f"“{shown}”不是列表的续页标记，请从第一页重新打开列表",
            f"'{shown}' does not continue a list by deadline: open the list from its first page",
        )
        self.text = text


@dataclass(frozen=True, slots=True, kw_only=True)
class DueKey:
    """Where a case stands in the order of deadlines.

    Args:
        at: when the first of its running limits passes; None where none runs.
    """

    at: datetime | None
    case: CaseId

    def written(self) -> str:
        """Give it as one text that goes into an address."""
        at = _NONE if self.at is None else str(micros(self.at))
        return f"{at}{_SEPARATOR}{self.case}"


def due_key(text: str) -> DueKey:
    """Read what `DueKey.written` gave.

    Raises:
        NotADueKey: it is something else.
    """
    at, _, case = text.partition(_SEPARATOR)
    if not case:
        raise NotADueKey(text)
    if at == _NONE:
        return DueKey(at=None, case=CaseId(case))
    try:
        return DueKey(at=at_micros(int(at)), case=CaseId(case))
    except (ValueError, OverflowError):
        raise NotADueKey(text) from None
