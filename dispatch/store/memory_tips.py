"""Tips in memory."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from dispatch.case.case import Case
from dispatch.case.tip import Tip
from dispatch.ids import CaseId


class MemoryTips:
    """What ties citizens' reports to their cases."""

    def __init__(self, kept: dict[str, Tip], cases: Mapping[str, Case]) -> None:
        self._kept, self._cases = kept, cases

    def by_key(self, key_sha256: str) -> Tip | None:
        """Give the tip whose key has this hash, or None."""
        return next((tip for tip in self._kept.values() if tip.key_sha256 == key_sha256), None)

    def of_case(self, case: CaseId) -> Sequence[Tip]:
        """Give the tips that came to a case, the oldest first."""
        found = [tip for tip in self._kept.values() if tip.case == case]
        return sorted(found, key=lambda tip: (tip.received_at, tip.id))

    def with_contact(self, *, ended_before: datetime, limit: int) -> Sequence[Tip]:
        """Give tips that have a contact and whose case ended before a time, by id."""
        found = [
            tip for tip in self._kept.values() if tip.contact and self._over(tip, ended_before)
        ]
        return sorted(found, key=lambda tip: tip.id)[:limit]

    def save(self, tip: Tip) -> None:
        """Keep a new or changed tip."""
        self._kept[tip.id] = tip

    def _over(self, tip: Tip, before: datetime) -> bool:
        ended = self._cases[tip.case].ended_at
        return ended is not None and ended < before
