"""Capture threads that die or hang are started again, and that is counted."""

import threading
from datetime import UTC, datetime, timedelta

from edge.board import StateBoard
from edge.camera_address import opening_of
from edge.patrol.captures import HUNG, Captures
from edge.placing.camera import Camera
from edge.sources.live.capture import Capture, LiveCamera
from edge.sources.live.frame import LiveFrame
from edge.sources.live.latest import Latest

START = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)


class Dying:
    """A capture whose thread ends at once, or hangs as one in a driver does."""

    def __init__(self, *, hangs: bool) -> None:
        self.beat_at, self._ended, self._hangs = START, threading.Event(), hangs

    def run(self) -> None:
        if self._hangs:
            self._ended.wait()

    def end(self) -> None:
        self._ended.set()


def captures_of(board: StateBoard, made: list[Dying], now: list[datetime], *, hangs: bool):
    def make(camera: LiveCamera, queue: Latest[LiveFrame]) -> Capture:
        made.append(Dying(hangs=hangs))
        return made[-1]

    lens = Camera(width=640, height=360, fx=500.0, fy=500.0, cx=320.0, cy=180.0)
    opening = opening_of("front", "tcp://127.0.0.1:9")
    camera = LiveCamera(name="front", opening=opening, camera=lens)
    return Captures([camera], make=make, board=board, most=4, now=lambda: now[0])


def test_a_thread_that_died_is_started_again_and_counted() -> None:
    made: list[Dying] = []
    board = StateBoard(now=lambda: START)
    captures = captures_of(board, made, [START], hangs=False)
    while board.state().threads["camera-front"]:
        pass

    captures.tend()
    captures.close()

    assert len(made) == 2
    assert board.state().cameras[0].restarts == 1


def test_a_thread_that_hangs_in_a_driver_is_left_behind() -> None:
    made: list[Dying] = []
    now = [START]
    board = StateBoard(now=lambda: START)
    captures = captures_of(board, made, now, hangs=True)
    captures.tend()
    well = len(made)
    now[0] = START + HUNG + timedelta(seconds=1)

    captures.tend()
    captures.close()

    assert (well, len(made)) == (1, 2)
