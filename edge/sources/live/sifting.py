"""Which pictures of a live camera are looked at: those that fit, change, and bring new ground.

Every other is counted with its reason, and what is wrong with the camera is told once.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from av.video.frame import VideoFrame

from edge.board import StateBoard
from edge.placing.camera import Camera, CroppedPicture
from edge.sources.choice import Choice, Spot
from edge.sources.decoded import grey
from edge.sources.live.doubted import Doubted
from edge.sources.live.frame import LiveFrame
from edge.sources.live.latest import Latest
from edge.sources.live.stillness import THUMB, Shows, Stillness
from edge.state import Passed


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


class Sifting:
    """Sifts the pictures of one camera, over all its connections."""

    def __init__(
        self,
        name: str,
        camera: Camera,
        *,
        into: Latest[LiveFrame],
        board: StateBoard,
        moving: Moving,
        step_m: float,
        untracked_s: float,
    ) -> None:
        """Begin with the next picture."""
        self._name, self._camera = name, camera
        self._into, self._board, self._moving = into, board, moving
        self._steps = (step_m, untracked_s)
        self._choice = self._new_choice()
        self._size: tuple[int, int] | None = None
        self._stillness, self._doubted = Stillness(), Doubted()
        self._wrong: Passed | None = None
        self._misfit: tuple[str, str] | None = None
        self.newest: LiveFrame | None = None

    def begins_anew(self) -> None:
        """Know that the stream was opened again."""
        self._wrong = None
        # What was not seen to change before the stream was lost may have been frozen.
        self._forget_doubted(Passed.FROZEN)

    def take(self, picture: VideoFrame, at: datetime) -> None:
        """Take a picture, later than those before it; what is chosen by now goes into the queue."""
        reason = self._unusable(picture)
        if reason is None:
            self.newest = LiveFrame(at=at, picture=picture, size=(picture.width, picture.height))
            reason = self._offer(picture, at)
        self._complain(reason)
        if reason is not None:
            self._board.passed(self._name, reason)

    def _unusable(self, picture: VideoFrame) -> Passed | None:
        """Say why a picture cannot be looked at by itself, if it cannot."""
        if picture.is_corrupt:
            return Passed.CORRUPT
        return None if self._fits(picture) else Passed.MISFIT

    def _offer(self, picture: VideoFrame, at: datetime) -> Passed | None:
        """Let a picture be chosen; say why it may not be, if it may not."""
        speed_m_s = self._moving.speed_m_s()
        shows = self._stillness.take(grey(picture, THUMB), at, speed_m_s=speed_m_s)
        if shows is Shows.FROZEN:
            self._pass_on(self._choice.finish())
            self._forget_doubted(Passed.FROZEN)
            return Passed.FROZEN
        if not self._moving.is_wanted():
            self._choice, self._size = self._new_choice(), None
            self._forget_doubted(Passed.BETWEEN_PASSES)
            return Passed.BETWEEN_PASSES
        self._size = self._size or (picture.width, picture.height)
        spot = self._moving.spot(at)
        # Where the place is not known, nobody can say that the vehicle moved.
        repeats = shows is Shows.THE_SAME and spot is not None
        frame = LiveFrame(at=at, picture=picture, size=self._size, repeats=repeats)
        self._pass_on(self._choice.offer(frame, spot))
        return None

    def _pass_on(self, chosen: Iterable[LiveFrame]) -> None:
        """Let chosen frames be looked at, but for those that may be of a camera that stopped."""
        for frame in chosen:
            given, gone = self._doubted.take(frame)
            gone += sum(self._into.put(each) is not None for each in given)
            for _ in range(gone):
                self._board.passed(self._name, Passed.OVERRUN)

    def _forget_doubted(self, why: Passed) -> None:
        for _ in range(self._doubted.drop()):
            self._board.passed(self._name, why)

    def _fits(self, picture: VideoFrame) -> bool:
        try:
            self._camera.scaled_to(picture.width, picture.height)
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
        self._board.is_wrong(self._name, self._misfit if wrong is Passed.MISFIT else said)

    def _new_choice(self) -> Choice[LiveFrame]:
        step_m, untracked_s = self._steps
        return Choice(
            step_m=step_m,
            untracked_s=untracked_s,
            passed=lambda reason: self._board.passed(self._name, reason),
        )
