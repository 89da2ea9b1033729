"""The unattended agent: work, report, wait, again; it owns the loop and what may not stop it.

One fault of one footage or photo is logged, remembered and left behind; a centre that is away, or
does not let the device in, is waited for. Stopping takes effect between two pieces of work, and a
killed agent loses nothing.
"""

import logging
import os
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from importlib.metadata import version
from typing import Final

from detect.detector import Detector
from dispatch.wire import Heartbeat
from edge.config import Config, SourceKind
from edge.crew.desk import Desk
from edge.crew.finds import Finds
from edge.crew.opening import CrewPage
from edge.crew.order import Orders
from edge.delivery.asked import fetch_asked
from edge.delivery.away import CentreAway
from edge.delivery.centre import Centre
from edge.delivery.exchange import CentreRefuses
from edge.delivery.hazards import fetch_hazards
from edge.delivery.heartbeats import Heartbeats
from edge.delivery.keys import read_identity
from edge.delivery.knocking import Knocking
from edge.delivery.metered import allowance_of
from edge.delivery.outbox import Outbox
from edge.delivery.sheet import fetch_sheet
from edge.delivery.uplink import Uplink
from edge.disk import DiskTrouble
from edge.drops import Drops, Used
from edge.failpoints import Failpoints
from edge.inbox import (
    VisionWorker,
    fetch_against,
    fetch_before,
    fetch_photo,
    waiting_photos,
)
from edge.replay import World
from edge.updates.opening import Updates, open_choice
from edge.vitals.beat import heartbeat_of
from edge.vitals.vitals import Report
from edge.vitals.watchman import Clocks, Known, Watchman

PULSE_S: Final = 5.0
"""A wait is cut into pieces of this length, so that it is not taken for a loop that hangs."""

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Worked:
    """What a run came to."""

    passes: int = 0
    photos: int = 0
    failed: int = 0
    sent: int = 0
    refused: int = 0
    waiting: int = 0
    away: str | None = None

    def as_json(self) -> dict[str, object]:
        """Give it for a script."""
        return asdict(self)

    def text(self) -> str:
        """Give it for a person."""
        return (
            f"{self.passes} 次巡查，{self.photos} 张照片，{self.failed} 个失败，已发 {self.sent}，"
            f"待发 {self.waiting} · {self.passes} passes, {self.photos} photos, "
            f"{self.failed} failed, {self.sent} sent, {self.waiting} waiting"
        )


class Agent:
    """Runs as its configuration says until it is stopped."""

    def __init__(self, config: Config, world: World, *, failpoint: str | None) -> None:
        """Open the device, its outbox and its model.

        Raises:
            NotEnrolled, UnusableKey: there is no device to report as.
            UnsafeOutbox: the outbox cannot keep what it is given.
            UnusableModel, NotActivated, CannotRedact: the model cannot be used.
        """
        self._config = config
        failpoints = Failpoints.parse(failpoint)
        self._identity = read_identity(config.state)
        self._choice = open_choice(config, now=world.now, say=world.say, failpoints=failpoints)
        self._model = self._choice.folder_now()
        self._updates = Updates(
            config, now=world.now, monotonic=world.monotonic, failpoints=failpoints
        )
        self._outbox = Outbox(config.state, failpoints=failpoints)
        self._outbox.shelf.clear_strays()
        self._centre = Centre(self._identity, now=world.now)
        self._knocking = Knocking(
            self._centre, config.state, monotonic=world.monotonic, rng=world.rng
        )
        self._allowance = allowance_of(config.uplink, config.state, now=world.now)
        self._uplink = Uplink(
            self._centre,
            self._outbox,
            sleep=self._pause,
            rng=world.rng,
            allowance=self._allowance,
            failpoints=failpoints,
        )
        self._detector: Detector | None = None
        self._stopped = threading.Event()
        self._beats = Heartbeats(
            self._outbox, self._uplink, now=world.now, monotonic=world.monotonic
        )
        self._refuses: tuple[str, str] | None = None
        self._worked = Worked()
        self._watchman = Watchman(
            config,
            Known(
                depth=self._outbox.depth,
                away=lambda: self._worked.away,
                refuses=lambda: self._refuses,
                clock_offset_s=lambda: self._centre.told_offset_s,
                over_the_air=self._choice.state,
                shut_out=self._knocking.words,
            ),
            clocks=Clocks(now=world.now, monotonic=world.monotonic, pause=time.sleep),
            environment=os.environ,
        )
        self._world = replace(world, onlooker=self._watchman, open_model=self._choice.watched)
        self._drops = Drops(
            config,
            self._world,
            self._outbox,
            model_failed=self._choice.failed,
            failpoint=failpoint,
        )
        self._heard_at: datetime | None = None
        self._crew = CrewPage(config, self._make_desk(), monotonic=world.monotonic)

    def stop(self) -> None:
        """Ask the agent to end after what it is doing."""
        self._stopped.set()

    def run(self, *, once: bool) -> Worked:
        """Work until stopped.

        Args:
            once: end as soon as there is nothing left to do.

        Raises:
            CentreRefuses: it was told to end with its work, and the centre does not accept this
                device.
        """
        step: Callable[[], int] = (
            self._look_at_photos
            if self._config.source.kind is SourceKind.INBOX
            else self._replay_footage
        )
        self._watchman.ready()
        try:
            while not self._stopped.is_set() and not self._knocking.renamed:
                self._watchman.moved()
                done = self._guarded(step)
                self._report()
                if once and done == 0 and not self._drops.unsettled:
                    break
                if done == 0:
                    self._pause(self._wait_s())
        finally:
            self._worked.waiting = self._outbox.depth().waiting
            self._crew.close()
            self._watchman.close()
            self._centre.close()
            self._outbox.close()
            self._updates.close()
            self._choice.close()
        if once and self._knocking.refusal is not None:
            raise self._knocking.refusal
        return self._worked

    def _make_desk(self) -> Desk:
        watches = self._config.source.kind is SourceKind.WATCH
        return Desk(
            state=self._config.state,
            device=self._centre.device,
            live=False,
            limits=self._config.health,
            now=self._world.now,
            monotonic=self._world.monotonic,
            report=self._watchman.report,
            preview=self._watchman.preview,
            orders=Orders(self._config.state, now=self._world.now),
            finds=Finds(),
            heard_at=lambda: self._heard_at,
            folder=lambda: self._drops.progress() if watches else None,
        )

    def _wait_s(self) -> float:
        """Give how long to wait for more; what is being copied is soon looked at again."""
        config = self._config.source
        return min(config.every_s, config.settled_s) if self._drops.unsettled else config.every_s

    def _guarded(self, step: Callable[[], int]) -> int:
        """Do one step; what goes wrong in it is logged and does not stop the agent."""
        self._worked.away = None
        try:
            return step() if self._model_is_ready() else 0
        except CentreAway as away:
            self._worked.away = away.why
        except CentreRefuses as refusal:
            self._knocking.refused(refusal)
        except DiskTrouble as trouble:
            # What was looked at is not marked as such: it is looked at again.
            self._refused_by_disk(trouble)
        except Exception:
            self._worked.failed += 1
            _log.exception("a step of the agent failed / 程序的一个步骤失败")
        return 0

    def _model_is_ready(self) -> bool:
        """Change the model if another waits or one went back; say whether it may be used."""
        if self._choice.may_change():
            self._model = self._choice.folder_now()
            self._detector = None
        return self._choice.may_run()

    def _replay_footage(self) -> int:
        done = 0
        for found in self._drops.fresh():
            if self._stopped.is_set():
                break
            used = self._drops.work(found, model=self._model)
            self._worked.passes += used is Used.DONE
            self._worked.failed += used is not Used.DONE
            self._report()
            done += 1
        return done

    def _look_at_photos(self) -> int:
        if self._knocking.refusal is not None:
            return 0
        if self._detector is None:
            self._detector = self._choice.load()
            self._watchman.loaded(self._detector)
        worker = VisionWorker(self._detector, device=self._centre.device)
        done = 0
        for entry in waiting_photos(self._centre):
            if self._stopped.is_set() or self._outbox.knows(worker.result_id(entry)):
                continue
            content = fetch_photo(self._centre, entry)
            if content is None:
                continue
            looked = worker.look(
                entry,
                content,
                before=fetch_before(self._centre, entry),
                at=self._world.now(),
                against=fetch_against(self._centre, entry),
            )
            self._outbox.record(looked.result, looked.pictures, at=self._world.now())
            self._worked.photos += 1
            self._watchman.moved()
            done += 1
        return done

    def _report(self) -> None:
        """Send what waits, and now and then how the device is.

        A disk or a centre that refuses is waited for: whatever was recorded stays, and is sent
        when it can be.
        """
        try:
            self._knocking.speak(self._send, keep=self._keep)
        except CentreAway as away:
            self._worked.away = away.why
        except DiskTrouble as trouble:
            self._refused_by_disk(trouble)

    def _keep(self) -> None:
        """Go on keeping what will be told to a centre that is not spoken to now."""
        report = self._watchman.look()
        if self._beats.is_due():
            self._beats.keep(self._heartbeat(report))
            self._refuses = None
        self._worked.away = " · ".join(self._knocking.words() or ()) or None
        self._outbox.prune(self._config.disk.evidence_mib << 20)

    def _refused_by_disk(self, trouble: DiskTrouble) -> None:
        self._worked.failed += 1
        self._refuses = (trouble.zh, trouble.en)
        _log.error("%s", trouble)

    def _send(self) -> None:
        self._beat()
        flushed = self._uplink.flush(attempts=self._config.uplink.attempts)
        self._worked.sent += flushed.sent
        self._worked.refused += flushed.refused
        self._worked.away = flushed.away or self._worked.away
        self._outbox.prune(self._config.disk.evidence_mib << 20)
        self._fetch_models()

    def _fetch_models(self) -> None:
        """Fetch offered models after all that was found; where bytes cost, they wait for home."""
        if self._allowance.state().metered:
            return
        try:
            while self._updates.step(self._centre) and not self._stopped.is_set():
                self._watchman.moved()
        except CentreAway as away:
            self._worked.away = away.why

    def _beat(self) -> None:
        self._watchman.look()
        if not self._beats.is_due():
            return
        try:
            self._beats.record(self._heartbeat(self._watchman.look()))
        except CentreAway as away:
            self._worked.away = away.why
        except DiskTrouble as trouble:
            self._refused_by_disk(trouble)
        else:
            self._refuses = None
        try:
            self._ask()
        except DiskTrouble as trouble:
            self._refused_by_disk(trouble)

    def _heartbeat(self, report: Report) -> Heartbeat:
        return heartbeat_of(report, device=self._centre.device, version=version("xunhuan"))

    def _ask(self) -> None:
        """Learn what the centre asks for; without the centre, its last word counts."""
        try:
            fetch_asked(self._centre, self._config.state)
            fetch_hazards(self._centre, self._config.state)
            self._heard_at = self._world.now()
            fetch_sheet(self._centre, self._config.state, at=self._heard_at)
        except CentreAway as away:
            self._worked.away = away.why

    def _pause(self, seconds: float) -> None:
        """Wait, and say meanwhile that waiting is all there is to do."""
        left = seconds
        while left > 0.0 and not self._stopped.wait(min(left, PULSE_S)):
            left -= PULSE_S
            self._watchman.moved()
