"""One drive: a pass for each camera, looked at frame by frame and recorded while it goes on."""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from detect.detections import Detections
from detect.detector import Detector
from dispatch.wire import Finding, Sweep
from edge.board import StateBoard
from edge.crew.finds import Finds
from edge.delivery.asked import AskedGround
from edge.delivery.hazards import hazard_labels
from edge.delivery.messages import Recorded
from edge.delivery.outbox import Holding, Outbox
from edge.failpoints import Failpoints
from edge.footage import Footage, fingerprint
from edge.frame import Frame
from edge.geocheck.verdict import Verdict
from edge.patrol.joining import Joining
from edge.patrol.selfcheck import SelfCheck
from edge.patrol.unfinished import Unfinished
from edge.pipeline import Pipeline
from edge.placing.pose import Telemetry
from edge.sources.live.capture import LiveCamera
from edge.sources.live.feed import LiveFeed
from edge.sources.live.frame import LiveFrame
from edge.telling import Produced
from edge.vitals.onlooker import Onlooker

_NOT_YET: Final = "行驶中的自检还没有做完 · its self-check while driving is not done yet"
"""What a hazard says of its place that could not wait for the check."""
MOST_UNRECORDED: Final = 200
"""What a disk does not take is kept in memory until it does, the newest of it at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What every drive of a device is recorded with.

    Attributes:
        state: the device's folder.
        now: the device's clock.
        say: is told, in Chinese and English, how self-checks came out.
        found: is told that something was recorded that should be sent at once.
        step_m: way between frames that are looked at.
        finds: the newest finds, for the crew to look at.
    """

    device: str
    state: Path
    detector: Detector
    outbox: Outbox
    board: StateBoard
    onlooker: Onlooker
    now: Callable[[], datetime]
    say: Callable[[str, str], None]
    found: Callable[[], None]
    failpoints: Failpoints
    step_m: float
    finds: Finds


@dataclass(frozen=True, slots=True, kw_only=True)
class _CameraPass:
    """The pass of one camera."""

    pipeline: Pipeline
    check: SelfCheck
    unfinished: Unfinished


class Drive:
    """The passes of all cameras over one drive."""

    def __init__(
        self,
        cameras: Sequence[LiveCamera],
        poses: Telemetry,
        means: Means,
        *,
        at: datetime,
        asked: AskedGround,
    ) -> None:
        """Begin a drive.

        Args:
            at: when it begins; names its passes.
        """
        self._means, self._joining = means, Joining()
        self.findings = self.joined = 0
        self._unrecorded: deque[tuple[str, Produced]] = deque(maxlen=MOST_UNRECORDED)
        self._passes = {
            camera.name: self._begin(camera, poses, at=at, asked=asked) for camera in cameras
        }

    @property
    def id(self) -> str:
        """The pass of the first camera."""
        return next(iter(self._passes.values())).pipeline.of.id

    @property
    def frames(self) -> int:
        """How many frames were looked at."""
        return sum(each.pipeline.frames for each in self._passes.values())

    def veils(self) -> dict[str, float]:
        """Give by camera the share of the street that dirt hides, where that is known."""
        shares = {name: each.pipeline.veiled_share for name, each in self._passes.items()}
        return {name: share for name, share in shares.items() if share is not None}

    def take(self, camera: str, frame: LiveFrame, *, shift: timedelta) -> None:
        """Look at a frame of a camera, and record what that brings.

        Args:
            shift: what to add to the device's time to get UTC.

        Raises:
            EdgeError, DetectError: the frame cannot be used, or what it brings not recorded.
        """
        of = self._passes[camera]
        index = of.pipeline.frames
        self._record(camera, of.pipeline.take(frame.develop(index=index, shift=shift)))

    def idle(self, at: datetime) -> None:
        """Record what became ripe while no frame was worth looking at: the vehicle stands."""
        for camera, of in self._passes.items():
            self._tell(of, of.check.due(at))
            self._record(camera, of.pipeline.idle(at))

    def finish(self) -> None:
        """End the drive: what was still followed is told, and last of all that it is over.

        Nothing is recorded by that alone: `record_rest` does it, again until the disk takes it.
        """
        for camera, of in self._passes.items():
            self._keep(camera, of.pipeline.finish())

    def record_rest(self) -> None:
        """Settle the self-checks and record what is not recorded yet.

        Raises:
            DiskTrouble: the disk did not take all of it; what is left is kept.
        """
        for of in self._passes.values():
            self._tell(of, of.check.settle())
        self._record_kept()
        for of in self._passes.values():
            of.unfinished.over()

    def _begin(
        self, camera: LiveCamera, poses: Telemetry, *, at: datetime, asked: AskedGround
    ) -> _CameraPass:
        means = self._means
        footage = Footage(
            source=LiveFeed(camera, from_=at),
            telemetry=poses,
            camera=camera.camera,
            photos=False,
            step_m=means.step_m,
        )

        def watch(frame: Frame, detections: Detections) -> None:
            means.onlooker.saw(frame.image, detections)
            of = self._passes[camera.name]
            self._tell(of, of.check.take(frame))

        pipeline = Pipeline(
            footage,
            means.detector,
            device=means.device,
            watch=watch,
            asked=asked,
            at_once=hazard_labels(means.state),
            failpoints=means.failpoints,
        )
        pass_id = pipeline.of.id
        means.outbox.begin_pass(pass_id, fingerprint=fingerprint(footage, means.detector))
        return _CameraPass(
            pipeline=pipeline,
            check=SelfCheck(footage, pass_id=pass_id, holds=means.outbox.holds),
            unfinished=Unfinished(means.state, pipeline.of, at=at),
        )

    def _tell(self, of: _CameraPass, verdict: Verdict | None) -> None:
        if verdict is None:
            return
        self._means.say(verdict.zh, verdict.en)
        if of.check.failed:
            of.unfinished.distrust()
        self._means.found()

    def _record(self, camera: str, produced: Iterable[Produced]) -> None:
        """Record what a frame brought, after what the disk would not take before."""
        self._keep(camera, produced)
        self._record_kept()

    def _keep(self, camera: str, produced: Iterable[Produced]) -> None:
        for each in produced:
            message = each.message
            if isinstance(message, Finding) and self._joining.is_known(camera, message):
                self.joined += 1
                continue
            self._unrecorded.append((camera, each))

    def _record_kept(self) -> None:
        while self._unrecorded:
            self._record_one(*self._unrecorded[0])
            self._unrecorded.popleft()

    def _record_one(self, camera: str, produced: Produced) -> None:
        means, message = self._means, produced.message
        check = self._passes[camera].check
        # A hazard does not wait for the self-check; it says that it did not.
        waits = not produced.early or check.failed
        if not waits and check.is_open and isinstance(message, Finding):
            message = message.model_copy(update={"position_note": _NOT_YET})
        holding = Holding.AS_THE_REST if waits else Holding.NEVER
        if isinstance(message, Sweep):
            self._passes[camera].unfinished.sweeps(message)
        done = means.outbox.record(message, produced.pictures, at=means.now(), holding=holding)
        means.board.disk(None)
        if isinstance(message, Finding) and done is Recorded.REVISED:
            means.found()
        elif isinstance(message, Finding):
            self.findings += 1
            means.board.found()
            means.finds.take(message, produced.pictures)
            means.found()
        else:
            means.failpoints.passing("live.after_sweep")
            self._passes[camera].unfinished.swept(message)
