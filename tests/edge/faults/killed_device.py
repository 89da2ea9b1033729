"""A device without a camera that is killed again and again: `python -m … STATE KILLS SEED START`.

It forks lives that record findings and send them at the same time, and ends each by SIGKILL, at a
random moment or at a random named step. The last life ends in peace, with nothing left to send.
What was recorded stands in `recorded.txt` of the state folder, a number a line, written after the
outbox said so. Forked, not started anew, so that hundreds of lives fit a minute.
"""

import json
import os
import random
import signal
import sys
import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final

import cv2
import httpx

from dispatch.wire import Finding
from edge.delivery.centre import Centre
from edge.delivery.outbox import Outbox
from edge.delivery.sending import identity_at
from edge.delivery.uplink import Uplink
from edge.evidence.pictures import Picture
from edge.failpoints import STEPS, Failpoints
from tests.dispatch import making
from tests.edge.messages import picture_of

DEVICE: Final = "test-vehicle"
RECORDED: Final = "recorded.txt"
A_PASS: Final = 480
PLACES: Final = 30
PICTURES: Final = 40
LONGEST_S: Final = 0.25
AT_MOST: Final = 60
"""Findings a life records before it waits for its end."""
NAMED: Final = tuple(name for name in STEPS if not name.startswith(("pass.", "update.", "live.")))


def finding_at(number: int, *, start: datetime) -> tuple[Finding, Picture]:
    """Make a finding of a drive up and down sixteen streets, with its picture."""
    drive, place = divmod(number, A_PASS)
    street, along = divmod(place, PLACES)
    at = start + timedelta(minutes=40 * drive, seconds=4 * place)
    where = making.position(north_m=40.0 * along - 600.0)
    where = where.model_copy(update={"longitude": where.longitude + (street - 8) * 7e-4})
    picture = _pictures()[number % PICTURES]
    found = making.finding(str(number), device=DEVICE, pass_id=pass_of(number), at=at, where=where)
    return found.model_copy(update={"evidence": (picture.evidence,)}), picture


def pass_of(number: int) -> str:
    """Name the pass that a finding is of."""
    return f"{DEVICE}:{number // A_PASS}"


@cache
def _pictures() -> tuple[Picture, ...]:
    return tuple(picture_of(number) for number in range(PICTURES))


@cache
def _transport() -> httpx.HTTPTransport:
    """Give what connects to a centre on loopback: made once, for reading certificates is slow."""
    return httpx.HTTPTransport()


def recorded(state: Path) -> list[int]:
    """Read which findings were recorded, maybe some more than once."""
    path = state / RECORDED
    return [int(line) for line in path.read_text().splitlines()] if path.exists() else []


def _live(state: Path, *, start: datetime, failpoint: str | None, last: bool) -> None:
    failpoints = Failpoints.parse(failpoint)
    sender = threading.Thread(target=_send, args=(state, failpoints, last), daemon=not last)
    done = recorded(state)
    first = max(0, max(done, default=-1) - 1)
    if not last:
        sender.start()
    outbox = Outbox(state, failpoints=failpoints)
    outbox.shelf.clear_strays()
    log = os.open(state / RECORDED, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for number in range(first, first + (2 if last else AT_MOST)):
        finding, picture = finding_at(number, start=start)
        outbox.record(finding, [picture], at=start)
        os.write(log, f"{number}\n".encode())
    if last:
        sender.start()
        sender.join()
    else:
        time.sleep(2 * LONGEST_S)


def _send(state: Path, failpoints: Failpoints, last: bool) -> None:
    rng = random.Random()
    outbox = Outbox(state, failpoints=failpoints)
    link = Centre(
        identity_at(state, centre=None), now=lambda: datetime.now(UTC), transport=_transport()
    )
    uplink = Uplink(link, outbox, sleep=time.sleep, rng=rng, failpoints=failpoints)
    while True:
        uplink.flush(attempts=20 if last else 1)
        if last:
            break
        time.sleep(0.002)


def _kill_one(state: Path, rng: random.Random, start: datetime) -> str:
    """Let one life begin and end it; give how it ended."""
    step = rng.choice(NAMED) if rng.random() < 0.5 else None
    pid = os.fork()
    if pid == 0:
        armed = None if step is None else f"{step}:{rng.randint(1, 5)}"
        _live(state, start=start, failpoint=armed, last=False)
        os._exit(3)
    longest = time.monotonic() + (2 * LONGEST_S if step else rng.uniform(0.01, LONGEST_S))
    while time.monotonic() < longest:
        if os.waitpid(pid, os.WNOHANG)[0]:
            return step or "by itself"
        time.sleep(0.002)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return "at random"


def main(state: Path, kills: int, seed: int, start: datetime) -> None:
    """Kill a device so many times, let it end in peace and say how it died."""
    cv2.setNumThreads(1)
    _pictures()
    _transport()
    rng = random.Random(seed)
    ends = Counter(_kill_one(state, rng, start) for _ in range(kills))
    pid = os.fork()
    if pid == 0:
        _live(state, start=start, failpoint=None, last=True)
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    print(json.dumps({"ends": ends, "last": status}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), datetime.fromisoformat(sys.argv[4]))
