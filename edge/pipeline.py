"""One pass, one frame at a time through all stages: no threads, no clock, nothing written.

The same footage, telemetry, camera and model give the same messages in the same order. Findings
come as their tracks end, sweeps as their stretches end, the last sweep after every finding.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from detect.detections import Detections
from detect.detector import Detector
from detect.motion import CameraMotion, Glance, camera_motion, glance
from detect.pixels import Image, small_grey
from detect.quality import WIDTH, judge
from detect.tiling import detect_tiled
from detect.track import Track, TrackPolicy
from detect.tracking import Tracker
from dispatch.wire import EARLIEST, Finding, Sweep
from edge.coverage.inspected import Coverage
from edge.coverage.sweeps import blind_sweep, sweep_of
from edge.coverage.travel import motion_by_poses
from edge.coverage.windscreen import Windscreen
from edge.delivery.asked import NOTHING, AskedGround
from edge.errors import EdgeError
from edge.evidence.pictures import Picture
from edge.evidence.recall import Look, Recall
from edge.evidence.redaction import PrivateBox, redactor_for
from edge.failpoints import UNARMED, Failpoints
from edge.findings.early import PARKED, Early
from edge.findings.gathering import SEEN, Gathering
from edge.findings.report import Pass, finding_of, place_of
from edge.findings.standing import may_stand
from edge.findings.stitching import Stitching
from edge.findings.tiling import tiling_of
from edge.findings.views import best_frames
from edge.footage import Footage, frames_of, pass_id
from edge.frame import Frame
from edge.placing.dem_ground import NoTakeOff
from edge.placing.pose import NoPose, Pose
from edge.placing.shutter import with_motion
from edge.placing.terrain import GroundNotMet
from edge.shipped import model_ref
from edge.sources.video import CutOffVideo
from edge.state import Passed
from edge.subjects import OCCLUDERS

ASSETS: Final = "asset."
"""Labels of things that belong there; they are seen, but are no problem."""
LARGE: Final = 1.6
"""A photo this many times larger than the model's input is looked at in tiles."""
SKY_SHARE: Final = 0.3
"""What of a road camera's picture lies above the ground, and is not followed."""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Produced:
    """A message that a pass made, with the pictures that belong to it.

    Attributes:
        early: its thing is still followed; it may be told again under the same id.
    """

    message: Finding | Sweep
    pictures: tuple[Picture, ...] = ()
    early: bool = False


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
        self._footage, self._detector = footage, detector
        self._watch, self._asked, self._failpoints = watch, asked, failpoints
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
        self._early = None if at_once is None else Early(at_once, root=self._stitching.root)
        self._before: tuple[Glance, Pose | None] | None = None

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
            yield from self._report(self._stitching.take((), at=at))
        if self._early is not None and self._last_at is not None and at - self._last_at >= PARKED:
            yield from self._tell_early(self._early, self._early.untold(self._tracker.live()))

    def finish(self) -> Iterator[Produced]:
        """End the pass: what was still followed, and last of all the last sweep."""
        yield from self._report(self._finish())
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
        pose, no_pose = self._pose(frame.at)
        detections, input_scale = self._detect(frame, pose)
        small = small_grey(frame.image, WIDTH)
        look = Look(
            at=frame.at,
            size=(frame.image.shape[1], frame.image.shape[0]),
            pose=pose,
            no_pose=no_pose,
            quality=judge(small),
            input_scale=input_scale,
            private=self._private(detections),
        )
        self._windscreen.take(
            small,
            pose=look.pose,
            quality=look.quality,
            detections=detections,
            frame=frame.image.shape[:2],
        )
        if self._watch is not None:
            self._watch(frame, detections)
        self._recall.keep(frame, look, with_pixels=self._may_show(detections, look))
        self.frames, self._last_at = self.frames + 1, frame.at
        ended = self._join(frame, small, detections, look)
        yield from self._report(ended)
        if self._early is not None:
            yield from self._tell_early(self._early, self._early.of_hazards(self._tracker.live()))
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
        motion = self._motion(small, look)
        ended = self._tracker.update(frame.index, frame.at, detections, motion)
        return self._stitching.take(filter(self._may_report, ended), at=frame.at)

    def _finish(self) -> Sequence[Track]:
        if self._footage.photos:
            return self._gathering.finish()
        last = self._last_at
        if last is None:
            return ()
        ended = filter(self._may_report, self._tracker.finish())
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

    def _detect(self, frame: Frame, pose: Pose | None) -> tuple[Detections, float]:
        height, width = frame.image.shape[:2]
        if self._footage.photos:
            tiling = tiling_of(
                self.of.manifest,
                shape=self._detector.shape,
                pose=pose,
                camera=self._footage.camera.scaled_to(width, height),
                ground=self._footage.ground,
                rendered=self.of.rendered,
            )
            tile = tiling.tile
            if height > LARGE * tile[0] or width > LARGE * tile[1]:
                found = detect_tiled(self._detector, frame.image, tile=tile, overlap=tiling.overlap)
                return found, tiling.input_scale
        return self._detector.detect(frame.image), self._detector.input_scale(frame.image)

    def _pose(self, at: datetime) -> tuple[Pose | None, str | None]:
        """Give the pose, or why there is none."""
        try:
            pose = self._footage.telemetry.pose_at(at)
        except NoPose as error:
            return None, str(error)
        if self._footage.photos:
            # Between two photos a flight's telemetry knows nothing.
            return pose, None
        return with_motion(pose, self._footage.telemetry, self._footage.camera), None

    def _private(self, detections: Detections) -> tuple[PrivateBox, ...]:
        redactor = self.of.redactor
        return () if redactor is None else redactor.private_boxes(detections)

    def _motion(self, small: Image, look: Look) -> CameraMotion:
        """Give the motion that the pictures show; where they show none, what the poses say."""
        width, height = look.size
        now, pose = glance(small, frame=(height, width)), look.pose
        before, self._before = self._before, (now, pose)
        if before is None:
            return CameraMotion.unknown(now.frame)
        earlier, pose_before = before
        motion = camera_motion(earlier, now, ignore_top=SKY_SHARE)
        if motion.known or pose is None or pose_before is None:
            return motion
        camera = self._footage.camera.scaled_to(width, height)
        return motion_by_poses(pose_before, pose, camera=camera)

    def _may_show(self, detections: Detections, look: Look) -> bool:
        thresholds = {entry.label: entry.threshold for entry in self.of.manifest.classes}
        pose = look.pose
        near = pose is not None and self._asked.is_near(pose.latitude, pose.longitude)
        asked = self._asked.labels if near else frozenset()
        return any(
            (is_problem(detections.name_of(row)) or detections.name_of(row) in asked)
            and float(detections.score[row]) >= thresholds[detections.name_of(row)]
            for row in range(len(detections))
        )

    def _report(self, ended: Sequence[Track]) -> Iterator[Produced]:
        for track in ended:
            told_as = None if self._early is None else self._early.id_of(track.number)
            found = self._found(track, told_as=told_as)
            if found is not None:
                yield Produced(message=found[0], pictures=found[1])

    def _tell_early(self, early: Early, tracks: Sequence[Track]) -> Iterator[Produced]:
        for track in tracks:
            found = self._found(track, told_as=None)
            if found is not None and early.may_tell(found[0]):
                early.tell(track.number, found[0])
                yield Produced(message=found[0], pictures=found[1], early=True)

    def _found(
        self, whole: Track, *, told_as: str | None
    ) -> tuple[Finding, tuple[Picture, ...]] | None:
        """Give the finding of a track; None if it is none that is reported."""
        track = self._shown(whole)
        if track is None or not track.is_evidence or not self._may_report(track):
            return None
        found = finding_of(track, of=self.of, recall=self._recall, told_as=told_as)
        return found if is_problem(track.label) or self._is_asked_for(found[0]) else None

    def _may_report(self, track: Track) -> bool:
        return is_problem(track.label) or track.label in self._asked.labels

    def _is_asked_for(self, finding: Finding) -> bool:
        """Say whether a vehicle may have stood on ground that the centre asks about."""
        where = finding.position
        stood = where is not None and may_stand(finding.stay)
        return stood and where is not None and self._asked.may_hold(finding.label, where)

    def _forget(self) -> None:
        """Forget the pixels of frames that show nothing best that may yet be reported."""
        if self._footage.photos or (self._windscreen.is_judged and self._windscreen.veil is None):
            # A flight's things are told at its end; what dirt hides on a view shows only later.
            return
        followed = (*self._tracker.followed(), *self._stitching.held())
        reported = filter(self._may_report, followed)
        shown = filter(None, map(self._shown, reported))
        self._recall.keep_only(best_frames(shown, camera=self.of.camera, recall=self._recall))

    def _shown(self, track: Track) -> Track | None:
        """Give what a track shows beside the camera's veil, by all that is known of it by now."""
        look = self._recall.look(track.points[-1].frame_index)
        assert look is not None, "looks are remembered for longer than any track is missed"
        return self._windscreen.shown(track, (look.size[1], look.size[0]))


def is_problem(label: str) -> bool:
    """Say whether a class is reported: not what drives and stands there by right."""
    return label not in OCCLUDERS and not label.startswith(ASSETS)
