"""What kills and power cuts cost a device, and how fast it catches up after an outage."""

import os
import random
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final

from edge.delivery.centre import Centre
from edge.delivery.outbox import DATABASE_FILE, Outbox
from edge.delivery.sending import identity_at
from edge.delivery.uplink import Uplink
from tests.benchmarks.figure import Measured, benchmark
from tests.edge.faults.killed_device import finding_at
from tests.edge.faults.kills import Killed, kill_device
from tests.edge.faults.power_cuts import Survey, survey_cuts
from tests.journeys.patrol import open_patrol

SEED: Final = 20_261_121
KILLS: Final = 500
WORLDS: Final = 60
BACKLOG: Final = 10_000
LIVE_EVERY_S: Final = 0.5
LOOK_EVERY_S: Final = 0.02


@cache
def _killed() -> Killed:
    with tempfile.TemporaryDirectory() as folder:
        return kill_device(Path(folder), kills=KILLS, seed=SEED)


@cache
def _cut() -> Survey:
    with tempfile.TemporaryDirectory() as folder:
        return survey_cuts(Path(folder), worlds=WORLDS, seed=SEED)


def _how_killed() -> str:
    ends = ", ".join(f"{step} {count}" for step, count in _killed().ends.most_common())
    return (
        f"SIGKILL of outbox and uplink beside a real centre over HTTP, {_killed().findings} "
        f"findings: {ends}"
    )


@benchmark(name="edge.kills", unit="kills", goal=">= 500")
def kills() -> Measured:
    """Count the kills of a device that records and sends."""
    return Measured(value=sum(_killed().ends.values()), how=_how_killed())


@benchmark(name="edge.kills_lost", unit="findings", goal="== 0")
def kills_lost() -> Measured:
    """Count findings that were recorded and are not at the centre with their pictures."""
    return Measured(value=len(_killed().lost), how=_how_killed())


@benchmark(name="edge.kills_duplicated", unit="findings", goal="== 0")
def kills_duplicated() -> Measured:
    """Count findings that are at the centre twice, or that nobody made."""
    value = len(_killed().doubled) + len(_killed().unknown)
    return Measured(value=value, how=_how_killed())


def _how_cut() -> str:
    return (
        f"simulated below SQLite and the pictures: unsynced writes lost, kept or torn; "
        f"{_cut().findings} findings, {_cut().pictures} pictures, {_cut().kills} kills between"
    )


@benchmark(name="edge.powercuts", unit="cuts", goal=">= 500")
def powercuts() -> Measured:
    """Count the power cuts that an outbox went through."""
    return Measured(value=_cut().cuts, how=_how_cut())


@benchmark(name="edge.powercuts_lost", unit="records", goal="== 0")
def powercuts_lost() -> Measured:
    """Count what was said to be recorded and is gone, damaged, taken back or doubled."""
    return Measured(value=len(_cut().lost) + len(_cut().doubled), how=_how_cut())


@cache
def _caught_up() -> tuple[float, float, int]:
    """Give findings a second, the longest way of a live one in seconds, and their number."""
    with tempfile.TemporaryDirectory() as name:
        patrol = open_patrol(Path(name), Path(name))
        start = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=20)
        _fill(patrol.state, start)
        live = _Live(patrol.state, start)
        link = Centre(identity_at(patrol.state, centre=None), now=lambda: datetime.now(UTC))
        outbox = Outbox(patrol.state)
        uplink = Uplink(link, outbox, sleep=time.sleep, rng=random.Random(SEED))
        live.start()
        began = time.perf_counter()
        flushed = uplink.flush(attempts=5)
        spent = time.perf_counter() - began
        live.end()
        outbox.close()
        link.close()
        patrol.centre.stop()
    assert flushed.away is None and flushed.refused == 0, flushed
    return flushed.sent / spent, max(live.took_s), len(live.took_s)


def _fill(state: Path, start: datetime) -> None:
    outbox = Outbox(state)
    for number in range(BACKLOG):
        finding, _ = finding_at(number, start=start)
        outbox.record(finding, at=start)
    outbox.close()


class _Live(threading.Thread):
    """Drives on while the backlog is sent, and times the way of each new finding."""

    def __init__(self, state: Path, start: datetime) -> None:
        super().__init__(daemon=True)
        self._state, self._start = state, start
        self._over = threading.Event()
        self.took_s: list[float] = []

    def run(self) -> None:
        """Record one finding after the other, each when the last has arrived."""
        outbox = Outbox(self._state)
        look = sqlite3.connect(f"file:{self._state / DATABASE_FILE}?mode=ro", uri=True)
        number = BACKLOG
        while not self._over.wait(LIVE_EVERY_S):
            finding, _ = finding_at(number, start=self._start)
            began = time.perf_counter()
            outbox.record(finding, at=self._start)
            _until(lambda: self._over.is_set() or _settled(look, finding.id))  # noqa: B023 - called at once
            self.took_s.append(time.perf_counter() - began)
            number += 1
        look.close()
        outbox.close()

    def end(self) -> None:
        """Stop driving."""
        self._over.set()
        self.join()


def _until(is_so: Callable[[], bool]) -> None:
    while not is_so():
        time.sleep(LOOK_EVERY_S)


def _settled(look: sqlite3.Connection, identity: str) -> bool:
    row = look.execute("SELECT state FROM message WHERE id = ?", (identity,)).fetchone()
    return bool(row[0] == "settled")


def _how_caught_up() -> str:
    load = os.getloadavg()[0]
    return (
        f"{BACKLOG} findings without pictures, batches of 100 over HTTP to xunhuan serve on "
        f"SQLite, {_caught_up()[2]} live ones meanwhile; load of the machine {load:.1f}"
    )


@benchmark(name="edge.backlog_per_s", unit="findings/s", goal=">= 500")
def backlog_per_s() -> Measured:
    """Bring a long outage's findings to a real centre."""
    return Measured(value=_caught_up()[0], how=_how_caught_up())


@benchmark(name="edge.backlog_live_s", unit="s", goal="<= 2")
def backlog_live_s() -> Measured:
    """Give the longest way of a live finding, from the record to the receipt, meanwhile."""
    return Measured(value=_caught_up()[1], how=_how_caught_up())
