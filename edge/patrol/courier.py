"""The thread that sends: what was found goes out while the next frame is looked at.

It has a connection to the outbox of its own, so a slow or absent centre never holds up looking.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from dispatch.wire import Heartbeat
from edge.board import StateBoard
from edge.delivery.asked import fetch_asked
from edge.delivery.away import CentreAway
from edge.delivery.centre import Centre
from edge.delivery.exchange import CentreRefuses
from edge.delivery.hazards import fetch_hazards
from edge.delivery.heartbeats import Heartbeats
from edge.delivery.knocking import Knocking
from edge.delivery.metered import DailyAllowance
from edge.delivery.outbox import Outbox
from edge.delivery.sheet import fetch_sheet
from edge.delivery.uplink import Flushed, Uplink
from edge.disk import DiskTrouble
from edge.updates.opening import Updates

JOIN_S: Final = 3.0
AGAIN_AFTER_S: Final = 10.0
"""A thread that dies at once is not started more often than this."""

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Carried:
    """What was sent since the start."""

    sent: int = 0
    refused: int = 0
    away: str | None = None
    heard_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What one courier sends with; made in its own thread, as a connection belongs to one."""

    outbox: Outbox
    centre: Centre
    knocking: Knocking
    uplink: Uplink
    allowance: DailyAllowance
    beats: Heartbeats


class Courier:
    """Sends what waits, and now and then how the device is."""

    def __init__(
        self,
        open_post: Callable[[], Post],
        *,
        state: Path,
        attempts: int,
        every_s: float,
        evidence_bytes: int,
        updates: Callable[[], Updates],
        board: StateBoard,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
    ) -> None:
        """Make ready; `start` begins.

        Args:
            attempts: failures in a row to bear before a longer pause.
            every_s: pause between two tries.
            evidence_bytes: room for pictures.
            updates: makes what fetches models; called in the courier's thread.
        """
        self._open_post, self._state, self._board, self._now = open_post, state, board, now
        self._open_updates, self._monotonic = updates, monotonic
        self._attempts, self._every_s, self._evidence = attempts, every_s, evidence_bytes
        self._ended, self._woken = threading.Event(), threading.Event()
        self._post: Post | None = None
        self._beat: Callable[[], Heartbeat] | None = None
        self.carried = Carried()
        self._thread = self._new_thread()
        self._began_s = 0.0

    def start(self, *, beat: Callable[[], Heartbeat]) -> None:
        """Begin to send.

        Args:
            beat: makes a heartbeat; called in the courier's thread.
        """
        self._beat = beat
        self._began_s = self._monotonic()
        self._thread.start()
        self._board.watch_thread("courier", self._runs)

    def tend(self) -> None:
        """Start the thread again if it died of what nobody foresaw; now and then, not at once."""
        if self._thread.is_alive() or self._ended.is_set():
            return
        if self._monotonic() - self._began_s >= AGAIN_AFTER_S:
            self._began_s, self._thread = self._monotonic(), self._new_thread()
            self._thread.start()
            _log.error("the courier had died and was started again / 发送线程停了，已重新启动")

    def _runs(self) -> bool:
        return self._thread.is_alive()

    def _new_thread(self) -> threading.Thread:
        return threading.Thread(target=self._run, name="courier", daemon=True)

    def wake(self) -> None:
        """Say that something was recorded that should go out now."""
        self._woken.set()

    def pause(self, seconds: float) -> None:
        """Wait between two tries, no longer than until the end."""
        self._ended.wait(seconds)

    def clock_offset_s(self) -> float | None:
        """Give the centre's clock minus the device's, as the centre told; None before it did."""
        return None if self._post is None else self._post.centre.told_offset_s

    @property
    def refusal(self) -> CentreRefuses | None:
        """What the centre said that does not let this device in; None if it does."""
        return None if self._post is None else self._post.knocking.refusal

    @property
    def renamed(self) -> bool:
        """Whether the device was enrolled under another name since the start."""
        return self._post is not None and self._post.knocking.renamed

    def shut_out(self) -> tuple[str, str] | None:
        """Say in Chinese and English why the centre refuses this device, and what to do."""
        return None if self._post is None else self._post.knocking.words()

    def end(self) -> None:
        """End after what is being sent; a centre that answers slowly is not waited for."""
        self._ended.set()
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join(JOIN_S)

    def _run(self) -> None:
        self._post = post = self._open_post()
        updates = self._open_updates()
        try:
            while not self._ended.is_set():
                self._woken.clear()
                self._round(post, updates)
                self._woken.wait(self._every_s)
        finally:
            updates.close()
            post.centre.close()
            post.outbox.close()

    def _round(self, post: Post, updates: Updates) -> None:
        """Send what can be sent; a disk or a centre that refuses is left alone for a while.

        Whatever was recorded stays, and is sent when it can be.
        """
        try:
            post.knocking.speak(lambda: self._carry(post, updates), keep=lambda: self._keep(post))
        except CentreAway as away:
            self.carried.away = away.why
        except DiskTrouble as trouble:
            self._refused_by_disk(trouble)

    def _carry(self, post: Post, updates: Updates) -> None:
        self._report(post)
        flushed: Flushed = post.uplink.flush(attempts=self._attempts)
        self.carried.sent += flushed.sent
        self.carried.refused += flushed.refused
        self._account(post, away=flushed.away)
        self._fetch_models(post, updates)

    def _keep(self, post: Post) -> None:
        """Go on keeping what will be told to a centre that is not spoken to now."""
        if post.beats.is_due():
            assert self._beat is not None, "set when it was started"
            post.beats.keep(self._beat())
            self._board.disk(None)
        self._account(post, away=" · ".join(post.knocking.words() or ()) or None)

    def _account(self, post: Post, *, away: str | None) -> None:
        """Hold the pictures to their budget, and say what is left to send and why."""
        self.carried.away = away
        post.outbox.prune(self._evidence)
        spent = post.allowance.state()
        self._board.sent(
            unsent=post.outbox.depth().waiting,
            away=away,
            metered=spent.metered,
            metered_bytes=spent.bytes_today,
        )

    def _fetch_models(self, post: Post, updates: Updates) -> None:
        """Fetch some of a model after what was found; where bytes cost, it waits for home."""
        if post.allowance.state().metered:
            return
        try:
            if updates.step(post.centre):
                self.wake()
        except CentreAway as away:
            self.carried.away = away.why

    def _report(self, post: Post) -> None:
        if not post.beats.is_due():
            return
        assert self._beat is not None, "set when it was started"
        try:
            post.beats.record(self._beat())
        except CentreAway as away:
            self.carried.away = away.why
        except DiskTrouble as trouble:
            self._refused_by_disk(trouble)
        else:
            self._board.disk(None)
        try:
            self._hear(post)
        except CentreAway as away:
            self.carried.away = away.why
        except DiskTrouble as trouble:
            self._refused_by_disk(trouble)

    def _hear(self, post: Post) -> None:
        """Learn what the centre asks for, and keep it."""
        fetch_asked(post.centre, self._state)
        fetch_hazards(post.centre, self._state)
        self.carried.heard_at = self._now()
        fetch_sheet(post.centre, self._state, at=self._now())

    def _refused_by_disk(self, trouble: DiskTrouble) -> None:
        self._board.disk((trouble.zh, trouble.en))
        _log.error("%s", trouble)
