"""Figures of the tracks: who is who over ten rendered patrols, and what an update costs.

The streets are rendered and the detector is simulated (`tests/detect/patrol.py`, `imperfect.py`);
our side follows the camera's motion in the rendered pictures. The reference gets the same
detections, and the same rules decide what counts: from two sights on a thing is a track, from its
first sight on it counts.
"""

import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from statistics import median
from typing import Final

import cv2
import numpy as np

from detect.detections import Detections
from detect.motion import CameraMotion, Glance, camera_motion, glance
from detect.pixels import small_grey
from detect.quality import WIDTH, judge
from detect.track import TrackPolicy
from detect.tracking import Tracker
from tests.benchmarks.figure import CannotRun, Measured, benchmark
from tests.benchmarks.peers import Peer
from tests.detect.imperfect import Imperfect
from tests.detect.painting import paint
from tests.detect.patrol import FRAMES_PER_S, Patrol, Sight, patrol
from tests.detect.road import FRAME, LABELS, START, detections

SEEDS: Final = tuple(range(101, 111))
"""Not those that the tracker was made with, which are 1 to 6."""

SECONDS: Final = 60.0
LEAST_SIGHTS: Final = 2
IGNORED_TOP: Final = 0.3
REFERENCE: Final = "bytetrack"
WITH_CAMERA_MOTION: Final = "botsort"
POLICY: Final = TrackPolicy(thresholds=dict.fromkeys(LABELS, 0.25))
"""Starts and carries on tracks at the scores at which the reference's own settings do."""

BOXES: Final = 100
UPDATES: Final = 150
ROUNDS: Final = 3
_PICTURE: Final = (640, 360)

Numbers = list[list[int]]


@dataclass(frozen=True, kw_only=True)
class _Scores:
    """How well tracks tell who is who, all sequences together."""

    idf1: float
    switches: int
    matched: int

    @property
    def switch_share(self) -> float:
        """Switches over all sights that a track covers."""
        return self.switches / max(self.matched, 1)


@dataclass(frozen=True, kw_only=True)
class _Run:
    """What both sides made of all sequences."""

    ours: _Scores
    reference: _Scores
    with_camera_motion: _Scores
    worst: float
    flow_ms: float


@benchmark(name="track.idf1_minus_reference", unit="share", goal=">= 0")
def idf1_minus_reference() -> Measured:
    """Give our IDF1 less that of the reference's tracker, in its own settings."""
    run = _run()
    return Measured(
        value=run.ours.idf1 - run.reference.idf1,
        how=f"rendered: {len(SEEDS)} patrols of {SECONDS:.0f} s at {FRAMES_PER_S} frames/s with "
        f"turns, bumps, occlusion, misses and false alarms; ours {run.ours.idf1:.3f}, ultralytics' "
        f"ByteTrack {run.reference.idf1:.3f}, its BoT-SORT with camera motion "
        f"{run.with_camera_motion.idf1:.3f}; least gain on one patrol {run.worst:+.3f}; trackeval",
    )


@benchmark(name="track.id_switch_share", unit="share", goal="<= 0.02")
def id_switch_share() -> Measured:
    """Give the share of tracked sights at which a thing got another number."""
    run = _run()
    return Measured(
        value=run.ours.switch_share,
        how=f"rendered: {run.ours.switches} switches over {run.ours.matched} tracked sights, the "
        f"same patrols; ByteTrack {run.reference.switches} over {run.reference.matched}; trackeval",
    )


@benchmark(name="track.flow_ms", unit="ms")
def flow_ms() -> Measured:
    """Give what it costs to follow the camera's motion from one frame to the next."""
    how = "median of a rendered 720p frame, made small and followed; not part of an update"
    return Measured(value=_run().flow_ms, how=how)


@benchmark(name="track.time_ratio_100", unit="ratio", goal="<= 0.15")
def time_ratio_of_a_hundred_boxes() -> Measured:
    """Compare an update at 100 boxes with the reference's, each in its own process."""
    frames = list(_crowd())
    ours, theirs = [], []
    with Peer("following.py", timeout_s=300) as peer:
        for _ in range(ROUNDS):
            theirs += _reference(peer, REFERENCE, [seen for seen, _ in frames])["seconds"][10:]
            ours += _timed(frames)[10:]
    return Measured(
        value=median(ours) / median(theirs),
        how=f"{median(ours) * 1e3:.2f} ms against {median(theirs) * 1e3:.2f} ms of ultralytics' "
        f"ByteTrack, medians of {len(ours)} updates of {BOXES} boxes, in turns, one process each",
    )


@benchmark(name="track.gates_ms", unit="ms", goal="<= 1")
def gates_ms() -> Measured:
    """Give what the gate of a frame's quality and the calibration of its scores add to a frame."""
    from detect.decode import Candidates
    from detect.detector import Detector
    from detect.letterbox import Letterbox

    model = Path(__file__).parents[2] / "models" / "weights" / "street-n"
    if not (model / "manifest.json").is_file():
        raise CannotRun("models/weights/street-n is not there")
    detector = Detector(model, threads=1)
    whole = cv2.resize(paint(patrol(SEEDS[0]), 40), (1920, 1080))
    small = small_grey(np.repeat(whole[..., None], 3, axis=2), WIDTH)
    fit = Letterbox.fit((1080, 1920), detector.shape)
    seen = next(_crowd())[0]
    found = Candidates(xyxy=seen.xyxy / 2, score=seen.score, label=seen.label)
    spent = []
    cv2.setNumThreads(1)
    for _ in range(200):
        start = time.perf_counter()
        judge(small)
        detector._detections(found, fit)
        spent.append(time.perf_counter() - start)
    how = (
        "quality of a 1080p frame, calibration of 100 scores; median of 200, one thread; the small "
        "grey picture is the one that the camera's motion is followed in"
    )
    return Measured(value=median(spent) * 1e3, how=how)


@cache
def _run() -> _Run:
    ours, reference, moving, truths, spent = [], [], [], [], []
    with Peer("following.py", timeout_s=600) as peer, tempfile.TemporaryDirectory() as folder:
        pictures = Path(folder) / "pictures.npy"
        for seed in SEEDS:
            made = patrol(seed, seconds=SECONDS)
            truth = [made.truth(index) for index in range(len(made.cameras))]
            detector = Imperfect(made, seed=seed)
            seen = [detector.look(sights).detections for sights in truth]
            motions = list(_followed(made, pictures, spent))
            truths.append([_true_rows(sights) for sights in truth])
            ours.append(_rows(seen, _numbers(seen, motions)))
            reference.append(_rows(seen, _reference(peer, REFERENCE, seen)["numbers"]))
            told = _reference(peer, WITH_CAMERA_MOTION, seen, pictures=pictures)
            moving.append(_rows(seen, told["numbers"]))
        scores = [peer.ask(_question(truths, tracks)) for tracks in (ours, reference, moving)]
    each = zip(scores[0]["idf1_each"], scores[1]["idf1_each"], strict=True)
    return _Run(
        ours=_scores(scores[0]),
        reference=_scores(scores[1]),
        with_camera_motion=_scores(scores[2]),
        worst=min(a - b for a, b in each),
        flow_ms=median(spent) * 1e3,
    )


def _followed(made: Patrol, pictures: Path, spent: list[float]) -> Iterator[CameraMotion]:
    """Render a patrol, leave its pictures for the reference, and follow the camera in them."""
    shape = (len(made.cameras), *_PICTURE[::-1])
    kept = np.lib.format.open_memmap(pictures, mode="w+", dtype=np.uint8, shape=shape)
    before: Glance | None = None
    for index in range(len(made.cameras)):
        picture = paint(made, index)
        kept[index] = cv2.resize(picture, _PICTURE, interpolation=cv2.INTER_AREA)
        small = small_grey(picture, WIDTH)
        start = time.perf_counter()
        now = glance(small, frame=FRAME)
        if before is None:
            yield CameraMotion.unknown(FRAME)
        else:
            yield camera_motion(before, now, ignore_top=IGNORED_TOP)
        spent.append(time.perf_counter() - start)
        before = now
    kept.flush()


def _numbers(seen: Sequence[Detections], motions: Sequence[CameraMotion]) -> Numbers:
    """Give each detection the number of its track, -1 for none."""
    tracker, ended = Tracker(LABELS, policy=POLICY), []
    for index, (shown, motion) in enumerate(zip(seen, motions, strict=True)):
        at = START + timedelta(seconds=index / FRAMES_PER_S)
        ended += tracker.update(index, at, shown, motion)
    numbers = [[-1] * len(shown) for shown in seen]
    rows = [{tuple(box): row for row, box in enumerate(shown.xyxy.tolist())} for shown in seen]
    for track in (*ended, *tracker.finish()):
        for point in track.points:
            numbers[point.frame_index][rows[point.frame_index][point.xyxy]] = track.number
    return numbers


def _reference(
    peer: Peer, tracker: str, seen: Sequence[Detections], *, pictures: Path | None = None
) -> Mapping[str, list]:
    frames = [
        {"xyxy": s.xyxy.tolist(), "score": s.score.tolist(), "label": s.label.tolist()}
        for s in seen
    ]
    path = None if pictures is None else str(pictures)
    return peer.ask({"act": "follow", "tracker": tracker, "frames": frames, "pictures": path})


def _rows(seen: Sequence[Detections], numbers: Numbers) -> list[Mapping[str, object]]:
    """Give each frame's tracked boxes, without what was seen too seldom to be a track."""
    sights = Counter(number for frame in numbers for number in frame)
    rows = []
    for shown, mine in zip(seen, numbers, strict=True):
        kept = [i for i, n in enumerate(mine) if n >= 0 and sights[n] >= LEAST_SIGHTS]
        rows.append({"number": [mine[i] for i in kept], "xyxy": shown.xyxy[kept].tolist()})
    return rows


def _true_rows(sights: Sequence[Sight]) -> Mapping[str, object]:
    return {"number": [one.number for one in sights], "xyxy": [one.xyxy for one in sights]}


def _question(truths: Sequence[object], tracks: Sequence[object]) -> Mapping[str, object]:
    both = zip(truths, tracks, strict=True)
    return {"act": "score", "sequences": [{"truth": true, "tracks": ours} for true, ours in both]}


def _scores(answer: Mapping[str, float]) -> _Scores:
    return _Scores(
        idf1=answer["idf1"], switches=int(answer["switches"]), matched=int(answer["matched"])
    )


def _crowd() -> Iterator[tuple[Detections, CameraMotion]]:
    """Give frames of a hundred boxes that drift through the picture, wavering."""
    rng = np.random.default_rng(5)
    column, row = np.mgrid[0:10, 0:10].reshape(2, -1)
    corner = np.stack((30 + 115 * column, 20 + 65 * row), 1) + rng.uniform(-8, 8, (BOXES, 2))
    size = rng.uniform(25, 60, (BOXES, 2))
    for index in range(UPDATES):
        pan = 12 * np.sin(index / 8)
        corner[:, 0] += pan
        box = np.hstack((corner, corner + size)) + rng.normal(0, 1.5, (BOXES, 4))
        order = rng.permutation(BOXES)
        score = np.sort(rng.uniform(0.3, 0.95, BOXES))[::-1]
        matrix = np.array([[1, 0, pan], [0, 1, 0], [0, 0, 1.0]])
        shown = detections(np.clip(box, 1, 1279)[order], score, (np.arange(BOXES) % 3)[order])
        yield shown, CameraMotion(matrix=matrix, known=True, frame=FRAME)


def _timed(frames: Sequence[tuple[Detections, CameraMotion]]) -> list[float]:
    tracker, spent = Tracker(LABELS, policy=POLICY), []
    for index, (shown, motion) in enumerate(frames):
        at = START + timedelta(seconds=index / FRAMES_PER_S)
        start = time.perf_counter()
        tracker.update(index, at, shown, motion)
        spent.append(time.perf_counter() - start)
    return spent
