"""Passes that were begun: should the power go, the next start ends them as what they were.

For each pass under way a file holds the sweep that would end it now: it claims no ground, but says
where the pass stopped. It is renewed just before a sweep is recorded, and says both what ends the
pass if that sweep comes to be on record and what does if not: so a kill between the two doubles
nothing. It goes with the last.
"""

from datetime import datetime
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from dispatch.wire import Sweep
from edge.coverage.sweeps import blind_sweep
from edge.delivery.keys import replace_file
from edge.delivery.outbox import Outbox
from edge.disk import named_troubles
from edge.files import sync_folder
from edge.findings.report import Pass

FOLDER: Final = "unfinished"


class _Recording(BaseModel):
    """The sweep that is being recorded, and what ends the pass after it; nothing after the last."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    sweep: str
    closing: Sweep | None


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    closing: Sweep
    distrusted: bool
    recording: _Recording | None = None

    def ending(self, outbox: Outbox) -> Sweep | None:
        """Give what ends the pass; None if its last sweep is on record."""
        if self.recording is not None and outbox.knows(self.recording.sweep):
            return self.recording.closing
        return self.closing


class Unfinished:
    """The ending of one pass, kept ready on the disk."""

    def __init__(self, state: Path, of: Pass, *, at: datetime) -> None:
        """Say that a pass has begun."""
        folder = state / FOLDER
        with named_troubles(folder):
            folder.mkdir(parents=True, exist_ok=True)
        self._path, self._of = folder / f"{of.id}.json", of
        self._stretch, self._at = 0, at
        self._distrusted = False
        self._recording: _Recording | None = None
        self._keep()

    def sweeps(self, sweep: Sweep) -> None:
        """Say that a sweep of the pass is about to be recorded."""
        closing = None if sweep.last else self._closing(sweep.stretch + 1, sweep.ended_at)
        self._recording = _Recording(sweep=sweep.id, closing=closing)
        self._keep()

    def swept(self, sweep: Sweep) -> None:
        """Take a sweep of the pass that is on record."""
        self._stretch, self._at = sweep.stretch + 1, sweep.ended_at
        self._recording = None
        if sweep.last:
            self.over()

    def over(self) -> None:
        """Say that the pass has ended: nobody needs to end it; also one that looked at nothing."""
        with named_troubles(self._path):
            if self._path.exists():
                self._path.unlink()
                sync_folder(self._path.parent)

    def distrust(self) -> None:
        """Say that the pass failed its self-check: whoever ends it leaves it held."""
        self._distrusted = True
        self._keep()

    def _keep(self) -> None:
        kept = _Kept(
            closing=self._closing(self._stretch, self._at),
            distrusted=self._distrusted,
            recording=self._recording,
        )
        replace_file(self._path, kept.model_dump_json().encode(), mode=0o600)

    def _closing(self, stretch: int, at: datetime) -> Sweep:
        return blind_sweep(stretch, of=self._of, at=at, frames=0)


def end_unfinished(state: Path, outbox: Outbox, *, now: datetime) -> tuple[str, ...]:
    """End the passes that an earlier run left under way; give their ids.

    A file that a power cut spoilt ends nothing and is removed: its sweeps are on record already.
    """
    ended = []
    for path in sorted((state / FOLDER).glob("*.json")):
        try:
            kept = _Kept.model_validate_json(path.read_bytes())
        except ValidationError:
            path.unlink()
            continue
        ending = kept.ending(outbox)
        if ending is not None:
            outbox.record(ending, at=now)
        if not kept.distrusted:
            outbox.holds.lift(kept.closing.pass_id)
        path.unlink()
        ended.append(kept.closing.pass_id)
    return tuple(ended)
