"""The live agent: cameras capture, one loop looks and records, a courier sends; until stopped.

A frame waits until the receiver has told what came after it, at most `MAX_WAIT_S`, and is then
looked at without a position. One slow stage holds up no other: queues are bounded, and what is too
old for them is counted. Stopping ends the drive as it stands, within seconds.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Final

from detect.errors import DetectError
from edge.board import StateBoard
from edge.crew.order import Orders
from edge.delivery.asked import asked_ground
from edge.disk import DiskTrouble
from edge.errors import EdgeError
from edge.memory import tidy
from edge.patrol.captures import Captures
from edge.patrol.courier import Courier
from edge.patrol.drive import Drive, Means
from edge.patrol.gate import PassGate
from edge.patrol.models import Models
from edge.patrol.reckoning import LivePoses, Reckoning
from edge.placing.pose import Telemetry
from edge.sources.live.capture import LiveCamera
from edge.sources.live.frame import LiveFrame
from edge.state import Passed
from edge.telemetry.live import MAX_WAIT_S
from edge.telemetry.shifted import ShiftedTelemetry

QUEUED: Final = 12
"""Frames of a camera that may wait: over a second of driving at 8 m/s, 36 MiB at 1080p."""
CLOCK_OFF: Final = timedelta(seconds=1)
"""From here on the receiver's time is believed before the device's."""
SHOWN_EVERY_S: Final = 1.0
TIDY_EVERY_S: Final = 30.0
_IDLE_S: Final = 0.02
_REFUSED_S: Final = 0.2
"""A disk that refuses is asked again after so long."""
_RIPEN_EVERY: Final = timedelta(seconds=1)

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Patrolled:
    """What a run came to."""

    passes: int = 0
    frames: int = 0
    findings: int = 0
    failed: int = 0
    sent: int = 0
    waiting: int = 0
    away: str | None = None

    def as_json(self) -> dict[str, object]:
        """Give it for a script."""
        return asdict(self)

    def text(self) -> str:
        """Give it for a person."""
        return (
            f"{self.passes} 次巡查，{self.frames} 帧，{self.findings} 个发现，"
            f"{self.failed} 帧失败，已发 {self.sent}，待发 {self.waiting} · {self.passes} passes, "
            f"{self.frames} frames, {self.findings} findings, {self.failed} failed, "
            f"{self.sent} sent, {self.waiting} waiting"
        )


class Patrol:
    """Looks while the vehicle drives."""

    def __init__(
        self,
        cameras: tuple[LiveCamera, ...],
        poses: LivePoses,
        means: Means,
        *,
        captures: Callable[[Reckoning], Captures],
        courier: Courier,
        models: Models,
        gate: PassGate,
        orders: Orders,
        board: StateBoard,
        monotonic: Callable[[], float],
    ) -> None:
        """Make ready; `run` begins."""
        self._cameras, self._poses, self._means = cameras, poses, means
        self._courier, self._gate, self._board = courier, gate, board
        self._models = models
        self._orders = orders
        self._monotonic = monotonic
        self._reckoning = Reckoning(poses)
        self._captures = captures(self._reckoning)
        self._stopped = threading.Event()
        self._drive: Drive | None = None
        self._ended: Drive | None = None
        self._shift = timedelta()
        self._idled_at = means.now()
        self._first = True
        self._failing = set[str]()
        self._tidied_s = monotonic()
        self._shown_s = float("-inf")
        self.worked = Patrolled()

    def stop(self) -> None:
        """Ask the patrol to end as it stands."""
        self._stopped.set()

    def veils(self) -> dict[str, float]:
        """Give by camera the share of the street that dirt hides."""
        drive = self._drive
        return {} if drive is None else drive.veils()

    def run(self, *, once: bool, moved: Callable[[], None]) -> None:
        """Patrol until stopped.

        Args:
            once: end with the first drive.
            moved: is told that the loop got on.
        """
        try:
            while not self._stopped.is_set():
                self._on_disk(moved)
                self._captures.tend()
                self._courier.tend()
                self._tidy()
                self._on_disk(self._mind_the_drive)
                if self._courier.renamed:
                    self._say_renamed()
                    break
                if once and self.worked.passes and self._drive is None and self._ended is None:
                    break
                if not self._look_at_next():
                    self._show_what_stands()
                    self._idle()
        finally:
            self._reckoning.is_driving = False
            self._captures.close()
            self._on_disk(self._end_drive)
            self._on_disk(self._ripen)

    def _say_renamed(self) -> None:
        self._means.say(
            "本机已以另一名称登记，程序结束，由服务重新启动",
            "this device was enrolled under another name: the program ends, to be started anew",
        )

    def _tidy(self) -> None:
        """Give back memory now and then."""
        if self._monotonic() - self._tidied_s >= TIDY_EVERY_S:
            self._tidied_s = self._monotonic()
            tidy()

    def _on_disk(self, work: Callable[[], None]) -> None:
        """Do what needs the disk; what it does not take is kept, and offered to it again."""
        try:
            work()
        except DiskTrouble as trouble:
            self._refused_by_disk(trouble)

    def _refused_by_disk(self, trouble: DiskTrouble) -> None:
        self._board.disk((trouble.zh, trouble.en))
        _log.error("%s", trouble)
        self._stopped.wait(_REFUSED_S)

    def _idle(self) -> None:
        """Wait for a frame; what ripens meanwhile is recorded."""
        at = self._means.now() + self._shift
        if abs(at - self._idled_at) >= _RIPEN_EVERY:
            self._idled_at = at
            self._on_disk(self._ripen)
        self._stopped.wait(_IDLE_S)

    def _show_what_stands(self) -> None:
        """Show the newest frame to whoever watches while no pass is under way; keep nothing."""
        at, means = self._monotonic(), self._means
        if (
            self._drive is not None
            or not means.onlooker.wants_pictures
            or at - self._shown_s < SHOWN_EVERY_S
        ):
            return
        self._shown_s = at
        for frame in self._captures.newest():
            image = frame.develop().image
            age_s = (means.now() - frame.at).total_seconds()
            try:
                means.onlooker.saw(image, means.detector.detect(image), age_s=age_s)
            except DetectError as error:
                # What cannot be looked at cannot be redacted either, and is not shown.
                _log.error("%s", error)

    def _ripen(self) -> None:
        if self._ended is not None:
            self._record_ended(self._ended)
        if self._drive is not None:
            self._drive.idle(self._means.now() + self._shift)

    def _mind_the_drive(self) -> None:
        """Begin or end a drive, as the vehicle does."""
        now = self._means.now()
        wanted = self._gate.update(
            now, self._reckoning.speed_at(now), order=self._orders.in_force()
        )
        if self._drive is not None and (self._was_set(now) or self._models.must_change()):
            # A pass has one clock and one model; the next begins with the right ones.
            self._end_drive()
        if wanted and self._drive is None and self._models.may_run():
            self._begin_drive(now)
        elif not wanted and self._drive is not None and not self._next():
            self._end_drive()
        self._reckoning.is_driving = wanted

    def _begin_drive(self, now: datetime) -> None:
        self._means = self._models.renewed(self._means)
        if self._ended is not None:
            # Of the drive before something is not on record yet: first that.
            self._record_ended(self._ended)
        self._shift = self._off(now)
        poses: Telemetry = self._poses
        if self._shift:
            # The error stated is that of the receiver's own time.
            shift_s = -self._shift.total_seconds()
            poses = ShiftedTelemetry(self._poses, offset_s=shift_s, error_s=0.05)
        self._drive = Drive(
            self._cameras,
            poses,
            self._means,
            at=now + self._shift,
            asked=asked_ground(self._means.state),
        )
        self.worked.passes += 1
        self._board.pass_began(self._drive.id)

    def _end_drive(self) -> None:
        drive, self._drive = self._drive, None
        if drive is None:
            return
        self._board.pass_ended()
        self._ended = drive
        self.worked.frames += drive.frames
        drive.finish()
        self._record_ended(drive)

    def _record_ended(self, drive: Drive) -> None:
        """Record what is left of a drive that ended; it is kept until the disk has taken it."""
        drive.record_rest()
        self.worked.findings += drive.findings
        self._ended = None
        self._courier.wake()

    def _off(self, now: datetime) -> timedelta:
        """Give UTC minus the device's clock, nothing where that is about right or not known."""
        utc = self._poses.utc_of(now)
        off = timedelta() if utc is None else utc - now
        return off if abs(off) > CLOCK_OFF else timedelta()

    def _was_set(self, now: datetime) -> bool:
        return abs(self._off(now) - self._shift) > CLOCK_OFF

    def _next(self) -> tuple[str, LiveFrame] | None:
        """Give the oldest frame of all cameras."""
        heads = [
            (frame.at, name, frame)
            for name, queue in self._captures.queues.items()
            if (frame := queue.oldest()) is not None
        ]
        if not heads:
            return None
        _, name, frame = min(heads, key=lambda head: head[:2])
        return name, frame

    def _look_at_next(self) -> bool:
        """Look at the frame whose turn it is, if there is one and its place is known."""
        found = self._next()
        if found is None:
            return False
        name, frame = found
        known = self._poses.known_until()
        waited_s = (self._means.now() - frame.at).total_seconds()
        if (known is None or known < frame.at) and 0.0 <= waited_s < MAX_WAIT_S:
            return False
        if not self._captures.queues[name].take(frame):
            return True
        if self._drive is None:
            self._board.passed(name, Passed.BETWEEN_PASSES)
            return True
        self._look(self._drive, name, frame)
        return True

    def _look(self, drive: Drive, name: str, frame: LiveFrame) -> None:
        began = self._monotonic()
        try:
            drive.take(name, frame, shift=self._shift)
        except DiskTrouble as trouble:
            self._refused_by_disk(trouble)
            return
        except (EdgeError, DetectError) as error:
            self.worked.failed += 1
            self._failing.add(name)
            self._board.is_wrong(name, (error.zh, error.en))
            _log.error("camera %s: %s", name, error)
            return
        if name in self._failing:
            self._failing.discard(name)
            self._board.is_wrong(name, None)
        if self._first:
            self._first = False
            self._means.say(f"相机 {name} 看到第一张画面", f"camera {name}: first frame looked at")
        self._board.looked(name, frame.at, took_s=self._monotonic() - began)
