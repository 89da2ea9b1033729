"""The thread that drains the line of arrivals into the map and the cases, as soon as any come.

Hazards and others are told in turn, so that neither waits for all of the other. Whoever waits for
a receipt comes first: while batches are being accepted the thread steps back, takes only a few at a
time, and no more than a tenth of the time. Several processes may drain at once; they take turns.
"""

import threading
import time
import traceback
from typing import Final

import structlog

from api.centre.wiring import Centre
from dispatch.intake import intake
from dispatch.missing import StaleCase

PATIENCE_S: Final = 1.0
"""How long the line waits at least for acceptance to have a pause, unless it has one."""
MOST_PATIENCE_S: Final = 4.0
"""How long it waits at most."""
SHARE: Final = 0.1
"""How much of the time it takes while acceptance has no pause."""
QUIET_S: Final = 0.03
"""How long nobody must have been accepted for it to count as a pause."""
PRESSED: Final = 20
"""Arrivals that one transaction takes while acceptance has no pause."""
_PAUSE_S: Final = 0.005
LOOK_EVERY_S: Final = 1.0
"""How often the line is looked at unasked: another process may have died and left it."""
TRIES: Final = 5
"""How often an arrival is tried that makes intake fail before it is set apart, a second between."""

log = structlog.get_logger(__name__)


class Drain:
    """A thread that tells the cases what arrived."""

    def __init__(self, centre: Centre) -> None:
        self._centre = centre
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="drain", daemon=True)
        self._hazards = True
        self._spent_s = 0.0
        self._failed = {True: 0, False: 0}

    def start(self) -> None:
        """Begin; what an earlier process left is drained first."""
        self._thread.start()

    def stop(self) -> None:
        """End after the transaction that is under way; the line stays for the next start."""
        self._stop.set()
        self._centre.arrived.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10.0)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._drain()
            except Exception:  # one that fails is logged whole, and tried again
                # As plain text: to draw all that is at hand takes longer than to try again.
                log.error("drain failed", trace=traceback.format_exc())
                self._after_failure()

    def _drain(self) -> None:
        # Cleared before it is looked: what comes meanwhile rings again.
        self._centre.arrived.clear()
        while not self._stop.is_set() and self._waits():
            most = intake.AT_ONCE if self._step_back() else PRESSED
            began = time.monotonic()
            for self._hazards in (True, False):
                limit = 1 if self._failed[self._hazards] else most
                drain_once(self._centre, hazards=self._hazards, limit=limit)
                self._failed[self._hazards] = 0
            self._spent_s = time.monotonic() - began
        self._centre.arrived.wait(LOOK_EVERY_S)

    def _waits(self) -> bool:
        with self._centre.read() as uow:
            return any(uow.arrivals.first(hazards=each, limit=1) for each in (True, False))

    def _step_back(self) -> bool:
        """Wait until acceptance pauses; False if it has not."""
        others_s = self._spent_s * (1.0 / SHARE - 1.0)
        until = time.monotonic() + min(max(PATIENCE_S, others_s), MOST_PATIENCE_S)
        while self._centre.writing.quiet_s < QUIET_S:
            if time.monotonic() >= until:
                return False
            time.sleep(_PAUSE_S)
        return True

    def _after_failure(self) -> None:
        """Wait, and let no single arrival hold up all others for good."""
        self._failed[self._hazards] += 1
        self._stop.wait(LOOK_EVERY_S)
        if self._failed[self._hazards] < TRIES:
            return
        self._failed[self._hazards] = 0
        apart = intake.set_apart_first(hazards=self._hazards, uow=self._centre.begin())
        if apart is not None:
            log.error("arrival set apart", device=apart.device, mail=apart.mail, place=apart.place)


def drain_once(centre: Centre, *, hazards: bool, limit: int = intake.AT_ONCE) -> int:
    """Tell the cases of the first hazards in line, or of others; give how many there were."""
    try:
        return intake.drain(
            hazards=hazards,
            at=centre.now(),
            uow=centre.begin(),
            profile=centre.profile,
            recalls=centre.recalls,
            cards=centre.card_word,
            limit=limit,
            failpoint=centre.failpoint,
        )
    except StaleCase:
        # Somebody decided on one of the cases in between: the next call looks again.
        return 0
