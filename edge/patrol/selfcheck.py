"""The self-check of a drive that has no end yet: done over its first metres, and now and then.

A recorded drive is held until it is checked at its end; a live one cannot wait for that, for its
hazards must reach somebody at once. So it is held only until enough of the road was compared, some
thirty metres, and checked anew later: what fails is held from then on.
"""

from datetime import datetime, timedelta
from typing import Final

from edge.delivery.holds import UNCHECKED, Holds
from edge.footage import Footage
from edge.frame import Frame
from edge.geocheck.drive import DriveCheck
from edge.geocheck.verdict import Outcome, Verdict

ENOUGH_PAIRS: Final = 16
"""Two metres apart each; twice as many as the least by which a recorded drive is judged."""
CHECKED_WITHIN: Final = timedelta(minutes=1)
"""By then a check is settled by what it has, as one of a recorded drive is."""
AGAIN_AFTER: Final = timedelta(minutes=10)


class SelfCheck:
    """Holds a pass while it is not known, or known not, to place things where they are."""

    def __init__(self, footage: Footage, *, pass_id: str, holds: Holds) -> None:
        """Hold a pass that begins."""
        self._footage, self._pass_id, self._holds = footage, pass_id, holds
        self._check: DriveCheck | None = DriveCheck(footage)
        self._since: datetime | None = None
        self.failed = False
        holds.hold(pass_id, zh=UNCHECKED[0], en=UNCHECKED[1])

    @property
    def is_open(self) -> bool:
        """Whether a check is under way."""
        return self._check is not None

    def take(self, frame: Frame) -> Verdict | None:
        """Look at a frame; give the verdict if it settles one."""
        self._since = self._since or frame.at
        if self._check is None and frame.at - self._since >= AGAIN_AFTER:
            self._check, self._since = DriveCheck(self._footage), frame.at
        if self._check is not None:
            self._check.take(frame)
        return self.due(frame.at)

    def due(self, at: datetime) -> Verdict | None:
        """Settle a check that has seen enough, or waited for long enough, by a time."""
        if self._check is None or self._since is None:
            return None
        if self._check.pairs < ENOUGH_PAIRS and at - self._since < CHECKED_WITHIN:
            return None
        self._since = at
        return self.settle()

    def settle(self) -> Verdict | None:
        """Judge by what was seen, and hold the pass or let it go; None if that is done."""
        if self._check is None:
            return None
        verdict = self._check.verdict()
        if verdict.outcome is Outcome.FAILED:
            self.failed = True
            self._holds.hold(self._pass_id, zh=verdict.zh, en=verdict.en)
        elif not self.failed:
            self._holds.lift(self._pass_id)
        # Only now: a disk that refuses is asked again.
        self._check = None
        return verdict
