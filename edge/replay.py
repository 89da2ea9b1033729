"""Replay recorded footage as one pass: look, record, write, send."""

import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from detect.detections import Detections
from detect.detector import Detector
from detect.manifest import Precision
from detect.provider import Provider
from dispatch.wire import Finding
from edge.calibrate.clock import with_estimated_offset, with_stated_offset
from edge.delivery.asked import NOTHING, asked_ground, fetch_asked
from edge.delivery.away import CentreAway
from edge.delivery.centre import Centre
from edge.delivery.exchange import CentreRefuses
from edge.delivery.hazards import fetch_hazards
from edge.delivery.holds import UNCHECKED
from edge.delivery.keys import replace_file
from edge.delivery.outbox import Outbox
from edge.delivery.sending import Sent, flush_outbox, identity_at
from edge.evidence.annotate import AnnotatedVideo, Annotator
from edge.failpoints import Failpoints
from edge.footage import Footage, fingerprint
from edge.frame import Frame
from edge.geocheck.checking import PassCheck
from edge.geocheck.verdict import Outcome, Verdict
from edge.geojson import geojson_bytes
from edge.opening import open_footage
from edge.pipeline import Pipeline, Watch
from edge.placing.dem import read_tile
from edge.placing.dem_ground import ElevationGround
from edge.sources.choice import STEP_M
from edge.state import Passed
from edge.vitals.onlooker import Nobody, Onlooker

DRY_DEVICE: Final = "dry-run"
"""The device named in what is looked at but never sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayOrder:
    """What to replay, and what to make of it.

    Attributes:
        starts_at: time of a video's first frame, if not as its file says.
        state: folder of the device that reports; None looks only.
        centre: address of the centre, if not where the device was enrolled.
        attempts: failures in a row to bear while sending; 0 leaves everything in the outbox.
        failpoint: value of the failpoint variable.
        offset_s: what to add to the camera's time to get the telemetry's, if it is known.
        estimate_offset: whether to tell it from the turns of the drive.
        dem: elevation tile that drones look down on; vehicles keep a plane of their own.
        take_off: latitude and longitude where the drone took off.
        precision, provider, shape: how the model is run, if not as this machine runs it best.
        step_m: way between the frames of a stream that are looked at.
    """

    source: Path
    telemetry: Path | None
    camera: Path | None
    starts_at: datetime | None
    model: Path
    threads: int
    state: Path | None
    centre: str | None
    attempts: int
    out: Path | None
    annotated: Path | None
    failpoint: str | None
    offset_s: float | None = None
    estimate_offset: bool = False
    precision: Precision | None = None
    provider: Provider | None = None
    dem: Path | None = None
    take_off: tuple[float, float] | None = None
    shape: tuple[int, int] | None = None
    step_m: float = STEP_M


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What a replay came to.

    Attributes:
        frozen: frames whose picture stood still although the carrier moved; they were left out.
        cut_off: why the footage ended early; what came before it was reported.
    """

    pass_id: str
    device: str
    rendered: bool
    frames: int
    findings: tuple[Finding, ...]
    sweeps: int
    geocheck: Verdict
    sent: Sent | None
    frozen: int
    cut_off: str | None
    seconds: float

    def as_json(self) -> dict[str, object]:
        """Give it for a script."""
        return {
            "pass_id": self.pass_id,
            "device": self.device,
            "rendered": self.rendered,
            "frames": self.frames,
            "findings": len(self.findings),
            "sweeps": self.sweeps,
            "geocheck": self.geocheck.outcome.value,
            "geocheck_said": {"zh": self.geocheck.zh, "en": self.geocheck.en},
            "sent": self.sent.sent if self.sent else 0,
            "waiting": self.sent.waiting if self.sent else 0,
            "refused": self.sent.refused if self.sent else 0,
            "evidence_sent": self.sent.evidence_sent if self.sent else 0,
            "away": self.sent.away if self.sent else None,
            "frozen": self.frozen,
            "cut_off": self.cut_off,
            "seconds": round(self.seconds, 3),
            "found": [_summary(finding) for finding in self.findings],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What a replay needs of the outside: clock, sleep, chance, and somebody to tell.

    Attributes:
        onlooker: told of the model and of each frame while work goes on.
        open_model: opens the model's folder in place of what the order says of it; whoever gives
            it watches how the model does.
    """

    now: Callable[[], datetime]
    monotonic: Callable[[], float]
    sleep: Callable[[float], None]
    rng: random.Random
    say: Callable[[str, str], None]
    onlooker: Onlooker = field(default_factory=Nobody)
    open_model: Callable[[Path], Detector] | None = None


def _detector(order: ReplayOrder, world: World) -> Detector:
    if world.open_model is not None:
        return world.open_model(order.model)
    return Detector(
        order.model,
        threads=order.threads,
        shape=order.shape,
        precision=order.precision,
        provider=order.provider,
    )


def replay(order: ReplayOrder, world: World) -> Replayed:
    """Replay footage as one pass.

    Raises:
        EdgeError, DetectError: of what was wrong; what was recorded before stays recorded.
    """
    began = world.monotonic()
    failpoints = Failpoints.parse(order.failpoint)
    device = DRY_DEVICE
    if order.state is not None:
        device = identity_at(order.state, centre=order.centre).enrolment.device
        _ask(order, world)
    detector = _detector(order, world)
    world.onlooker.loaded(detector)
    footage = open_footage(
        order.source,
        telemetry=order.telemetry,
        camera=order.camera,
        starts_at=order.starts_at,
        explain=world.say,
    )
    footage = _on_one_clock(footage, order, world)
    check = PassCheck(footage)
    footage = replace(_over_elevation(check.footage, order, world), step_m=order.step_m)
    with ExitStack() as stack:
        watch = _watch(order, detector, check, stack, world.onlooker)
        pipeline = Pipeline(
            footage,
            detector,
            device=device,
            watch=watch,
            asked=NOTHING if order.state is None else asked_ground(order.state),
            failpoints=failpoints,
        )
        outbox = None
        if order.state is not None:
            outbox = stack.enter_context(_outbox(order.state, failpoints))
            seen_by = fingerprint(footage, detector)
            if outbox.begin_pass(pipeline.of.id, fingerprint=seen_by, held_for=UNCHECKED):
                world.say(
                    "此前用别的模型、相机或轨迹看过但没有发出的结果，由这一次代替",
                    "this takes the place of what was seen with another model, camera or "
                    "telemetry, of which nothing was sent",
                )
        findings, sweeps = _run(pipeline, outbox, world)
        _tell_frozen(pipeline.passed[Passed.FROZEN], world)
        verdict = check.verdict()
        world.say(verdict.zh, verdict.en)
        if outbox is not None:
            _trust(outbox, pipeline.of.id, verdict)
    if order.out is not None:
        replace_file(order.out, geojson_bytes(findings), mode=0o644)
    return Replayed(
        pass_id=pipeline.of.id,
        device=device,
        rendered=footage.source.rendered,
        frames=pipeline.frames,
        findings=tuple(findings),
        sweeps=sweeps,
        geocheck=verdict,
        sent=_send(order, world),
        frozen=pipeline.passed[Passed.FROZEN],
        cut_off=None if pipeline.cut_off is None else str(pipeline.cut_off),
        seconds=world.monotonic() - began,
    )


def _over_elevation(footage: Footage, order: ReplayOrder, world: World) -> Footage:
    """Put a drone over its elevation tile; a vehicle may drive on a viaduct and keeps its plane."""
    if order.dem is None:
        return footage
    if footage.camera.mounting.height_above_ground_m is not None:
        world.say("车辆用自己的路面，不用高程瓦片", "a vehicle keeps its own plane, not the tile")
        return footage
    ground = ElevationGround(tile=read_tile(order.dem), take_off=order.take_off)
    return replace(footage, ground=ground)


def _on_one_clock(footage: Footage, order: ReplayOrder, world: World) -> Footage:
    """Bring the telemetry to the camera's clock as ordered; photos bring their poses themselves."""
    if footage.photos:
        return footage
    if order.estimate_offset:
        return with_estimated_offset(footage, explain=world.say)
    return footage if order.offset_s is None else with_stated_offset(footage, order.offset_s)


def _ask(order: ReplayOrder, world: World) -> None:
    """Learn what the centre asks for; without the centre, its last word counts."""
    if order.state is None or order.attempts == 0:
        return
    link = Centre(identity_at(order.state, centre=order.centre), now=world.now)
    try:
        fetch_asked(link, order.state)
        fetch_hazards(link, order.state)
    except (CentreAway, CentreRefuses) as silent:
        # What is found is recorded all the same; sending meets the same and decides.
        world.say(silent.zh, silent.en)
    finally:
        link.close()


def _run(pipeline: Pipeline, outbox: Outbox | None, world: World) -> tuple[list[Finding], int]:
    findings: list[Finding] = []
    sweeps = 0
    for produced in pipeline.run():
        message = produced.message
        if outbox is not None:
            outbox.record(message, produced.pictures, at=world.now())
        if isinstance(message, Finding):
            findings.append(message)
            world.say(
                f"发现 {message.label}，把握 {message.score:.2f}，看到 {message.frames_seen} 次",
                f"found {message.label}, score {message.score:.2f}, seen {message.frames_seen} x",
            )
        else:
            sweeps += 1
    return findings, sweeps


def _tell_frozen(frames: int, world: World) -> None:
    if frames:
        world.say(
            f"画面冻结：{frames} 帧在行驶中没有变化，没有采用；请检查相机和录像",
            f"the picture was frozen: {frames} frames did not change over the way driven and were "
            "left out; check camera and recording",
        )


def _send(order: ReplayOrder, world: World) -> Sent | None:
    if order.state is None or order.attempts == 0:
        return None
    return flush_outbox(
        order.state,
        attempts=order.attempts,
        centre=order.centre,
        failpoint=order.failpoint,
        now=world.now,
        sleep=world.sleep,
        rng=world.rng,
    )


def _watch(
    order: ReplayOrder,
    detector: Detector,
    check: PassCheck,
    stack: ExitStack,
    onlooker: Onlooker,
) -> Watch:
    video = None
    if order.annotated is not None:
        video = AnnotatedVideo(order.annotated, Annotator(detector.manifest))
        stack.enter_context(video)

    def watch(frame: Frame, detections: Detections) -> None:
        check.take(frame)
        onlooker.saw(frame.image, detections)
        if video is not None:
            video.add(frame, detections)

    return watch


def _trust(outbox: Outbox, pass_id: str, verdict: Verdict) -> None:
    """Let a checked pass be sent, or hold it with what is wrong."""
    if verdict.outcome is Outcome.FAILED:
        outbox.holds.hold(pass_id, zh=verdict.zh, en=verdict.en)
    else:
        outbox.holds.lift(pass_id)


@contextmanager
def _outbox(folder: Path, failpoints: Failpoints) -> Iterator[Outbox]:
    outbox = Outbox(folder, failpoints=failpoints)
    outbox.shelf.clear_strays()
    try:
        yield outbox
    finally:
        outbox.close()


def _summary(finding: Finding) -> dict[str, object]:
    position = finding.position
    return {
        "id": finding.id,
        "label": finding.label,
        "score": finding.score,
        "frames_seen": finding.frames_seen,
        "captured_at": finding.captured_at.isoformat(),
        "latitude": None if position is None else round(position.latitude, 7),
        "longitude": None if position is None else round(position.longitude, 7),
        "ce90_m": None if position is None else round(position.ce90_m, 2),
        "accuracy": None if position is None else position.accuracy,
        "position_refused": finding.position_refused,
        "evidence": len(finding.evidence),
    }
