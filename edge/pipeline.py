"""One pass, one frame at a time through all stages: no threads, no clock, nothing written.

The same footage, telemetry, camera and model give the same messages in the same order. Findings
come as their tracks end, sweeps as their stretches end, the last sweep after every finding.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from typing import Final

from detect.detections import Detections
from detect.detector import Detector
from detect.pixels import Image, small_grey
from detect.quality import WIDTH
from detect.track import Track, TrackPolicy
from detect.tracking import Tracker
from dispatch.wire import EARLIEST
from edge.coverage.inspected import Coverage
from edge.coverage.sweeps import blind_sweep, sweep_of
from edge.coverage.windscreen import Windscreen
from edge.delivery.asked import NOTHING, AskedGround
from edge.errors import EdgeError
from edge.evidence.recall import Look, Recall
from edge.evidence.redaction import redactor_for
from edge.failpoints import UNARMED, Failpoints
from edge.findings.early import PARKED, Early
from edge.findings.gathering import SEEN, Gathering
from edge.findings.report import Pass, place_of
from edge.findings.stitching import Stitching
from edge.footage import Footage, frames_of, pass_id
from edge.frame import Frame
from edge.placing.dem_ground import NoTakeOff
from edge.placing.terrain import GroundNotMet
from edge.shipped import model_ref
from edge.sight import Sight
from edge.sources.video import CutOffVideo
from edge.state import Passed
from edge.telling import Produced, Telling

FORGETS_EVERY: Final = 8
"""Frames after which pixels that nobody will be shown are forgotten."""

Watch = Callable[[Frame, Detections], None]


class ClockNotSet(EdgeError):
    """Footage says it was taken before there were such cameras."""

    def __init__(self, at: datetime) -> None:
        super().__init__(
            f"素材的时间是 {at.isoformat()}，相机时钟没有设置；录像请用 --start 指定开始时间",
            f"the footage says {at.isoformat()}: the camera's clock was not set; state a video's "
            "start with --start",
        )
        self.at = at


class Pipeline:
    """One pass, over recorded footage or as it is driven."""

    def __init__(
        self,
        footage: Footage,
        detector: Detector,
        *,
        device: str,
        watch: Watch | None = None,
        asked: AskedGround = NOTHING,
        at_once: Collection[str] | None = None,
        failpoints: Failpoints = UNARMED,
    ) -> None:
        """Set up a pass.

        Args:
            asked: where vehicles that stand are reported, too.
            at_once: classes that are told before their tracks end; None tells nothing early, as
                of recorded footage, whose pass is held until its end anyway.
            watch: is shown each frame with its detections, for annotated pictures.
        """
        self.frames = 0
        self.cut_off: CutOffVideo | None = None
        self.passed = Counter[Passed]()
        self._footage, self._watch, self._failpoints = footage, watch, failpoints
        self.of = Pass(
            id=pass_id(footage, device=device),
            device=device,
            platform=footage.source.platform,
            rendered=footage.source.rendered,
            camera=footage.camera,
            manifest=detector.manifest,
            model=model_ref(detector.manifest, detector.precision),
            redactor=redactor_for(detector.manifest, ran=detector.precision),
            ground=footage.ground,
        )
        self._recall = Recall()
        policy = TrackPolicy.of(detector.manifest)
        self._windscreen = Windscreen(footage.camera)
        self._coverage = Coverage(
            footage.camera,
            manifest=detector.manifest,
            rendered=footage.source.rendered,
            ground=footage.ground,
            seen=SEEN if footage.photos else policy.seen,
            waits=self._windscreen.is_judged,
        )
        self._stretches = 0
        self._last_at: datetime | None = None
        self._tracker = Tracker(detector.labels, policy=policy)
        self._gathering = Gathering(policy=policy, asked=asked.labels, ground=footage.ground)
        self._stitching = Stitching(
            lambda track: place_of(track, of=self.of, recall=self._recall),
            thresholds=policy.thresholds,
        )
        self._sight = Sight(footage, detector, of=self.of)
        self._telling = Telling(
            self.of,
            recall=self._recall,
            windscreen=self._windscreen,
            asked=asked,
            early=None if at_once is None else Early(at_once, root=self._stitching.root),
        )

    @property
    def veiled_share(self) -> float | None:
        """Of what the camera sees of the street, the share that dirt hides; None if unknown."""
        veil = self._windscreen.veil
        return None if veil is None else veil.share

    def run(self) -> Iterator[Produced]:
        """Look at every frame and give what the pass has to say.

        A video that is cut off still reports what came before; `cut_off` then says so.

        Raises:
            EdgeError: the source or its telemetry cannot be read on.
            DetectError: a frame or the model's answer cannot be used.
        """
        try:
            for frame in frames_of(self._footage, passed=self._passed_over):
                yield from self.take(frame)
        except CutOffVideo as error:
            self.cut_off = error
        self._failpoints.passing("pass.after_last_frame")
        yield from self.finish()

    def _passed_over(self, why: Passed) -> None:
        self.passed[why] += 1

    def idle(self, at: datetime) -> Iterator[Produced]:
        """Give what became ripe by a time, though no frame was worth looking at."""
        if not self._footage.photos:
            yield from self._telling.ended(self._stitching.take((), at=at))
        if self._last_at is not None and at - self._last_at >= PARKED:
            yield from self._telling.untold(self._tracker.live())

    def finish(self) -> Iterator[Produced]:
        """End the pass: what was still followed, and last of all the last sweep."""
        yield from self._telling.ended(self._finish())
        self._failpoints.passing("pass.before_end")
        yield from self._end()

    def take(self, frame: Frame) -> Iterator[Produced]:
        """Look at one frame, later than those before it, and give what it brings.

        Raises:
            ClockNotSet: its time lies before there were such devices.
            EdgeError, DetectError: the frame or the model's answer cannot be used.
        """
        if frame.at < EARLIEST:
            raise ClockNotSet(frame.at)
        small = small_grey(frame.image, WIDTH)
        detections, look = self._sight.look(frame, small)
        self._windscreen.take(
            small,
            pose=look.pose,
            quality=look.quality,
            detections=detections,
            frame=frame.image.shape[:2],
        )
        if self._watch is not None:
            self._watch(frame, detections)
        self._recall.keep(frame, look, with_pixels=self._telling.may_show(detections, look))
        self.frames, self._last_at = self.frames + 1, frame.at
        ended = self._join(frame, small, detections, look)
        yield from self._telling.ended(ended)
        yield from self._telling.hazards(self._tracker.live())
        yield from self._cover(frame, detections, look)
        if self.frames % FORGETS_EVERY == 0:
            self._forget()

    def _join(
        self, frame: Frame, small: Image, detections: Detections, look: Look
    ) -> Sequence[Track]:
        if self._footage.photos:
            camera = self._footage.camera.scaled_to(*look.size)
            self._gathering.take(frame, detections, pose=look.pose, camera=camera)
            return ()
        if not look.quality.usable:
            # A frame that shows nothing neither counts against a track nor moves the camera.
            return ()
        motion = self._sight.motion(small, look)
        ended = self._tracker.update(frame.index, frame.at, detections, motion)
        return self._stitching.take(filter(self._telling.may_report, ended), at=frame.at)

    def _finish(self) -> Sequence[Track]:
        if self._footage.photos:
            return self._gathering.finish()
        last = self._last_at
        if last is None:
            return ()
        ended = filter(self._telling.may_report, self._tracker.finish())
        return (*self._stitching.take(ended, at=last), *self._stitching.finish())

    def _cover(self, frame: Frame, detections: Detections, look: Look) -> Iterator[Produced]:
        if look.pose is None:
            return
        try:
            stretch = self._coverage.add(
                frame,
                look.pose,
                look.quality,
                detections,
                input_scale=look.input_scale,
                veil=self._windscreen.veil,
            )
        except (GroundNotMet, NoTakeOff):
            # What is found there says why it has no place; ground without one is not claimed.
            return
        if stretch is not None:
            self._stretches += 1
            yield Produced(message=sweep_of(stretch, of=self.of, last=False))

    def _forget(self) -> None:
        """Forget the pixels of frames that show nothing best that may yet be reported."""
        if self._footage.photos or (self._windscreen.is_judged and self._windscreen.veil is None):
            # A flight's things are told at its end; what dirt hides on a view shows only later.
            return
        self._telling.forget_but((*self._tracker.followed(), *self._stitching.held()))

    def _end(self) -> Iterator[Produced]:
        """Say that the pass is over: its last sweep, even if that claims no ground."""
        stretch = self._coverage.finish()
        if stretch is not None:
            yield Produced(message=sweep_of(stretch, of=self.of, last=True))
        elif self._last_at is not None:
            number = self._stretches
            yield Produced(
                message=blind_sweep(number, of=self.of, at=self._last_at, frames=self.frames)
            )
