"""Hundreds of kills of a device beside a real centre that stays up, and what they lose."""

import hashlib
import json
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from api.centre.wiring import open_centre
from tests.edge.faults.killed_device import finding_at, pass_of, recorded
from tests.journeys.patrol import Patrol, open_patrol


@dataclass(frozen=True, slots=True, kw_only=True)
class Killed:
    """What came of it.

    Attributes:
        ends: how lives ended, with their number: at a named step, or at a random moment.
        lost: findings that were recorded and the centre lacks, or whose picture it lacks.
        doubled: findings that the centre holds more than once.
        unknown: findings that the centre holds and the device never made.
    """

    ends: Counter[str]
    findings: int
    lost: tuple[int, ...]
    doubled: tuple[str, ...]
    unknown: tuple[str, ...]


def kill_device(folder: Path, *, kills: int, seed: int) -> Killed:
    """Kill a device so often while it records and sends to `xunhuan serve` on SQLite."""
    patrol = open_patrol(folder, folder)
    # Far enough back that a quick machine does not record what lies ahead.
    start = datetime.now(UTC).replace(microsecond=0) - timedelta(days=20)
    line = [sys.executable, "-m", "tests.edge.faults.killed_device", str(patrol.state)]
    try:
        done = subprocess.run(
            [*line, str(kills), str(seed), start.isoformat()],
            capture_output=True,
            text=True,
            check=False,
        )
        patrol.centre.until_drained()
    finally:
        patrol.centre.stop()
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["last"] == 0, done.stderr
    return _compared(patrol, Counter(said["ends"]), start)


def _compared(patrol: Patrol, ends: Counter[str], start: datetime) -> Killed:
    numbers = sorted(set(recorded(patrol.state)))
    # The one that was being recorded when a life ended may be there without having been said.
    made = {finding_at(n, start=start)[0].id: n for n in range(numbers[-1] + 2)}
    held, whole = _held(patrol, sorted({pass_of(n) for n in made.values()}))
    lost = [n for identity, n in made.items() if n in numbers and identity not in whole]
    return Killed(
        ends=ends,
        findings=len(numbers),
        lost=tuple(lost),
        doubled=tuple(identity for identity, count in held.items() if count > 1),
        unknown=tuple(sorted(set(held) - set(made))),
    )


def _held(patrol: Patrol, passes: list[str]) -> tuple[Counter[str], set[str]]:
    """Give how often the centre holds each finding, and those whose pictures it holds whole."""
    centre = open_centre(patrol.settings)
    held: Counter[str] = Counter()
    whole: set[str] = set()
    with centre.read() as uow:
        for one in (one for name in passes for one in uow.observations.of_pass(name)):
            held[one.id] += 1
            names = [picture.sha256 for picture in one.finding.evidence]
            if all(_is_whole(centre.evidence.get(name), name) for name in names):
                whole.add(one.id)
    centre.engine.dispose()
    return held, whole


def _is_whole(content: bytes, sha256: str) -> bool:
    return hashlib.sha256(content).hexdigest() == sha256
