"""The newest finds of the drive, kept in memory for the crew to look at, and what it says of them.

A picture shown here is the redacted near crop that the finding carries, and nothing else.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from dispatch.wire import EvidenceKind, Finding
from edge.evidence.pictures import Picture

MOST: Final = 12
"""Nobody in a cab looks further back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Find:
    """One find as the crew sees it.

    Attributes:
        number: counts the finds since the start.
        jpeg: its near picture, redacted; None where nobody could redact.
        verdict: what the crew said of it; None before it said anything.
    """

    number: int
    finding: Finding
    jpeg: bytes | None
    verdict: bool | None = None


class Finds:
    """Keeps the newest finds; safe to use from any thread."""

    def __init__(self) -> None:
        """Begin with none."""
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Find] = OrderedDict()
        self._number = 0

    def take(self, finding: Finding, pictures: Sequence[Picture]) -> None:
        """Take a find that was recorded; one that is corrected keeps its verdict."""
        near = (each.jpeg for each in pictures if each.evidence.kind is EvidenceKind.NEAR)
        jpeg = next(near, None)
        with self._lock:
            before = self._kept.get(finding.id)
            if before is not None:
                self._kept[finding.id] = replace(before, finding=finding, jpeg=jpeg or before.jpeg)
                return
            self._number += 1
            self._kept[finding.id] = Find(number=self._number, finding=finding, jpeg=jpeg)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)

    def newest(self) -> tuple[Find, ...]:
        """Give the finds, the newest first."""
        with self._lock:
            return tuple(reversed(self._kept.values()))

    def get(self, finding: str) -> Find | None:
        """Give a find, or None where it is not, or no longer, among the newest."""
        with self._lock:
            return self._kept.get(finding)

    def judged(self, finding: str, *, true: bool) -> None:
        """Remember what the crew said."""
        with self._lock:
            if finding in self._kept:
                self._kept[finding] = replace(self._kept[finding], verdict=true)
