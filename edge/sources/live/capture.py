"""One live camera: its thread opens it, decodes, judges, chooses, and opens it again when it fails.

Nothing here waits for what is done with the frames: chosen ones go into a bounded queue whose
oldest gives way. Every frame that is not looked at is counted with its reason.
"""

import logging
import random
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

import av
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from edge.board import StateBoard
from edge.camera_address import Opening
from edge.placing.camera import Camera, CroppedPicture
from edge.sources.choice import STEP_M, UNTRACKED_S, Choice, Spot
from edge.sources.decoded import grey
from edge.sources.live.frame import LiveFrame
from edge.sources.live.hardware import decoder
from edge.sources.live.latest import Latest
from edge.sources.live.resting import Resting
from edge.sources.live.stamping import Stamper
from edge.sources.live.stillness import THUMB, Stillness
from edge.state import Passed

OPEN_S: Final = 10.0
STALL_S: Final = 5.0
"""Without a packet for so long a camera is given up and opened again."""
FIRST_PAUSE_S: Final = 0.5
LONGEST_PAUSE_S: Final = 15.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveCamera:
    """A camera of the device.

    Attributes:
        hardware: what decodes (cuda, qsv, drm, …), None for the processor.
        latency_s: least time from exposure to arrival.
        rendered: the stream is drawn: a simulated twin.
    """

    name: str
    opening: Opening
    camera: Camera
    hardware: str | None = None
    latency_s: float = 0.0
    rendered: bool = False


class Moving(Protocol):
    """What a capture must know of the drive."""

    def is_wanted(self) -> bool:
        """Say whether a pass is under way."""

    def spot(self, at: datetime) -> Spot | None:
        """Give about where the vehicle was, by what is known of it by now."""

    def speed_m_s(self) -> float:
        """Give how fast it is; 0 where that is not known."""

    def stands(self) -> bool:
        """Say whether it is known to stand on the ground."""


class Capture:
    """Captures one camera until it is told to end."""

    def __init__(
        self,
        camera: LiveCamera,
        *,
        into: Latest[LiveFrame],
        board: StateBoard,
        moving: Moving,
        now: Callable[[], datetime],
        rng: random.Random,
        step_m: float = STEP_M,
        untracked_s: float = UNTRACKED_S,
    ) -> None:
        """Make ready; `run` is for a thread of its own."""
        self._camera, self._into, self._board, self._moving = camera, into, board, moving
        self._now, self._rng = now, rng
        self._steps = (step_m, untracked_s)
        self._choice = self._new_choice()
        self._size: tuple[int, int] | None = None
        self._stillness = Stillness()
        self._ended = threading.Event()
        self._wrong: Passed | None = None
        self._misfit: tuple[str, str] | None = None
        self.newest: LiveFrame | None = None
        self.count = 0
        self.beat_at = now()

    def end(self) -> None:
        """Ask the thread to end; it does so with the next packet, or when a wait for one ends."""
        self._ended.set()

    def run(self) -> None:
        """Capture, and open again with growing pauses whenever the stream is lost."""
        failures, again = 0, False
        while not self._ended.is_set():
            before = self.count
            try:
                self._capture(again=again)
                self._lost("ended")
            except (av.error.FFmpegError, OSError, ValueError, IndexError) as error:
                # An error's text may hold the address with the password; its kind tells enough.
                self._lost(type(error).__name__)
            again = again or self.count > before
            failures = 1 if self.count > before else failures + 1
            bound = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0**failures)
            self.beat_at = self._now()
            self._ended.wait(bound * (0.5 + 0.5 * self._rng.random()))

    def _lost(self, why: str) -> None:
        if self._ended.is_set():
            return
        zh, en = f"视频流断开（{why}），正在重连", f"the stream is lost ({why}), connecting again"
        self._board.is_lost(self._camera.name, zh, en)
        _log.warning("camera %s: %s / %s", self._camera.name, zh, en)

    def _capture(self, *, again: bool) -> None:
        """Take frames from one connection until it ends or fails."""
        opening = self._camera.opening
        with av.open(
            opening.url,
            format=opening.kind,
            options=dict(opening.options),
            timeout=(OPEN_S, STALL_S),
            hwaccel=decoder(self._camera.hardware),
        ) as container:
            stream = container.streams.video[0]
            stream.thread_type = "SLICE"
            stamper = Stamper(latency_s=self._camera.latency_s)
            self._board.is_open(self._camera.name, again=again)
            self._wrong = None
            started = self._now()
            for picture, came_at in self._decoded(container, stream):
                arrived = came_at
                if opening.paced and picture.time is not None:
                    passed_s = (self._now() - started).total_seconds()
                    self._ended.wait(max(0.0, picture.time - passed_s))
                    arrived = self._now()
                if self._ended.is_set():
                    return
                self._take(picture, arrived, stamper)

    def _decoded(
        self, container: InputContainer, stream: VideoStream
    ) -> Iterator[tuple[VideoFrame, datetime]]:
        """Give the pictures, each with the time at which its packet came."""
        resting = Resting(rests=self._rests, left_out=self._left_out)
        for packet in container.demux(stream):
            if self._ended.is_set():
                return
            self.beat_at = self._now()
            for came in resting.take(packet, self.beat_at):
                try:
                    pictures = came.packet.decode()
                except av.error.InvalidDataError:
                    self._board.passed(self._camera.name, Passed.CORRUPT)
                    continue
                yield from ((each, came.at) for each in pictures if isinstance(each, VideoFrame))

    def _rests(self) -> bool:
        """Say whether key pictures are enough; a file that plays the camera is not read ahead."""
        return self._moving.stands() and not self._camera.opening.paced

    def _left_out(self, at: datetime) -> None:
        """Count a picture that was not even decoded."""
        self.count += 1
        self._board.captured(self._camera.name, at)
        wanted = self._moving.is_wanted()
        self._board.passed(self._camera.name, Passed.STANDING if wanted else Passed.BETWEEN_PASSES)

    def _take(self, picture: VideoFrame, arrived: datetime, stamper: Stamper) -> None:
        name = self._camera.name
        at = stamper.stamp(picture.time, arrived)
        if at is None:
            self._board.passed(name, Passed.OUT_OF_ORDER)
            return
        self.count += 1
        self._board.captured(name, at)
        if self._fits(picture) and not picture.is_corrupt:
            self.newest = LiveFrame(at=at, picture=picture, size=(picture.width, picture.height))
        reason = self._refused(picture, at)
        self._complain(reason)
        if reason is not None:
            self._board.passed(name, reason)
            return
        self._size = self._size or (picture.width, picture.height)
        frame = LiveFrame(at=at, picture=picture, size=self._size)
        for chosen in self._choice.offer(frame, self._moving.spot(at)):
            if self._into.put(chosen) is not None:
                self._board.passed(name, Passed.OVERRUN)

    def _refused(self, picture: VideoFrame, at: datetime) -> Passed | None:
        """Say why a frame cannot be looked at, if it cannot."""
        if picture.is_corrupt:
            return Passed.CORRUPT
        if not self._fits(picture):
            return Passed.MISFIT
        speed_m_s = self._moving.speed_m_s()
        if self._stillness.is_frozen(grey(picture, THUMB), at, speed_m_s=speed_m_s):
            return Passed.FROZEN
        if not self._moving.is_wanted():
            self._choice, self._size = self._new_choice(), None
            return Passed.BETWEEN_PASSES
        return None

    def _fits(self, picture: VideoFrame) -> bool:
        try:
            self._camera.camera.scaled_to(picture.width, picture.height)
        except CroppedPicture as error:
            self._misfit = (error.zh, error.en)
            return False
        return True

    def _complain(self, reason: Passed | None) -> None:
        """Say what is wrong with the pictures when it begins, and when it is over."""
        wrong = reason if reason in {Passed.MISFIT, Passed.FROZEN} else None
        if wrong is self._wrong:
            return
        self._wrong = wrong
        said = None if wrong is None else (wrong.zh, wrong.en)
        self._board.is_wrong(self._camera.name, self._misfit if wrong is Passed.MISFIT else said)

    def _new_choice(self) -> Choice[LiveFrame]:
        step_m, untracked_s = self._steps
        name = self._camera.name
        return Choice(
            step_m=step_m,
            untracked_s=untracked_s,
            passed=lambda reason: self._board.passed(name, reason),
        )
