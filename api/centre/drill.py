"""A clock that a drill moves: the real one plus an offset kept in a file.

A drill plays days in minutes. Only casework reads this clock; signatures and sessions are judged by
the real one. Pages say that it is a drill.
"""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path


class DrillClock:
    """The time of a drill; it moves on with the real clock and jumps when told."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def __call__(self) -> datetime:
        """Give the drill's time."""
        return datetime.now(UTC) + self._offset()

    def jump_to(self, at: datetime) -> None:
        """Move the clock; whole or not at all, for another process reads the file."""
        draft = self._file.with_suffix(".part")
        offset = (at - datetime.now(UTC)).total_seconds()
        draft.write_text(json.dumps({"offset_s": offset}), encoding="utf-8")
        draft.replace(self._file)

    def _offset(self) -> timedelta:
        if not self._file.exists():
            return timedelta(0)
        return timedelta(seconds=json.loads(self._file.read_text(encoding="utf-8"))["offset_s"])
