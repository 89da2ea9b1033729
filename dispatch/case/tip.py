"""A tip (市民线索): what ties a citizen's report to its case, kept apart from both."""

from dataclasses import dataclass
from datetime import datetime

from dispatch.errors import DispatchError
from dispatch.ids import CaseId, ObservationId


class TipNotFound(DispatchError):
    """No report has this key."""

    def __init__(self) -> None:
        super().__init__(
            "没有这个链接对应的[上报]，请核对链接是否完整",
            "no report belongs to this link: check that it is whole",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Tip:
    """One citizen's report, known by the hash of the key that only its reporter has.

    Args:
        id: the report's.
        contact: how the reporter may be asked; None where none was given, or its time is over.
    """

    id: ObservationId
    key_sha256: str
    case: CaseId
    received_at: datetime
    contact: str | None = None
