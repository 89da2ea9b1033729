"""One live camera: its thread opens it, decodes, stamps, sifts, and opens it again when it fails.

Nothing here waits for what is done with the frames: chosen ones go into a bounded queue whose
oldest gives way.
"""

import logging
import random
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import av
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from edge.board import StateBoard
from edge.camera_address import Opening
from edge.placing.camera import Camera
from edge.sources.choice import STEP_M, UNTRACKED_S
from edge.sources.live.frame import LiveFrame
from edge.sources.live.hardware import decoder
from edge.sources.live.latest import Latest
from edge.sources.live.loss import ENDED, why
from edge.sources.live.resting import Resting
from edge.sources.live.sifting import Moving, Sifting
from edge.sources.live.stamping import Stamper
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
        self._camera, self._board, self._moving = camera, board, moving
        self._now, self._rng = now, rng
        self._sifting = Sifting(
            camera.name,
            camera.camera,
            into=into,
            board=board,
            moving=moving,
            step_m=step_m,
            untracked_s=untracked_s,
        )
        self._ended = threading.Event()
        self.count = 0
        self.beat_at = now()

    @property
    def newest(self) -> LiveFrame | None:
        """The newest picture that can be shown, whether or not it is looked at."""
        return self._sifting.newest

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
                self._lost(ENDED)
            except (av.error.FFmpegError, OSError, ValueError, IndexError) as error:
                self._lost(why(error))
            again = again or self.count > before
            failures = 1 if self.count > before else failures + 1
            bound = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0**failures)
            self.beat_at = self._now()
            self._ended.wait(bound * (0.5 + 0.5 * self._rng.random()))

    def _lost(self, reason: tuple[str, str]) -> None:
        if self._ended.is_set():
            return
        zh = f"视频流断开（{reason[0]}），正在重连"
        en = f"the stream is lost ({reason[1]}), connecting again"
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
            self._sifting.begins_anew()
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
        self._sifting.take(picture, at)
