"""How many faces and plates that people marked stay visible in a picture as it is written.

A marked box is missed if less than COVERED of its pixels are changed by the shipped redactor. The
boxes lie in `tests/data/redaction/marks.csv`; the photos stay in the sample folder.
"""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.figure import CannotRun, Measured, benchmark

if TYPE_CHECKING:
    import numpy as np

    from detect.detections import Detections
    from detect.detector import Detector
    from edge.evidence.redaction import Redactor
    from models.privacy.marks import Mark

    Image = np.ndarray

MARKS = Path(__file__).parents[1] / "data" / "redaction" / "marks.csv"
COVERED = 0.8
ASKED_PX = 16.0
"""Sizes from which on misses count; plates that a person can read are 40 wide and more."""
LARGE_PX = 40.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One mark, the share of it that was covered, and that whole boxes alone would have covered."""

    mark: "Mark"
    covered: float
    by_whole_boxes: float

    @property
    def missed(self) -> bool:
        return self.covered < COVERED


@benchmark(name="edge.redaction_miss_rate_faces", unit="share", goal="<= 0.02")
def faces_missed() -> Measured:
    """Redact every marked photo as evidence is redacted, and look at its faces."""
    return _told("face", also="head")


@benchmark(name="edge.redaction_miss_rate_plates", unit="share", goal="<= 0.02")
def plates_missed() -> Measured:
    """Redact every marked photo as evidence is redacted, and look at its plates."""
    return _told("plate", also=None)


@benchmark(name="edge.redaction_miss_rate_rendered_plates", unit="share")
def rendered_plates_missed() -> Measured:
    """Draw plates of 40 to 120 pixels on real vehicles, and look for them without whole boxes."""
    found = _rendered()
    missed = sum(share < COVERED for share in found)
    return Measured(
        value=missed / len(found),
        how=f"{_interval(missed, len(found))} drawn plates on vehicles of held-back photos, found "
        "by the model of faces and plates alone: covering whole vehicles would cover them all",
    )


@benchmark(name="edge.redaction_time_share", unit="ratio", goal="<= 0.3")
def time_beside_the_street_model() -> Measured:
    """Time both models on one picture of 640 by 640."""
    import time

    import numpy as np

    from detect.detector import Detector
    from edge.evidence.finder import shipped_finder
    from models.registry.registry import default_model

    finder, street = shipped_finder(), Detector(default_model(), threads=1)
    if finder is None:
        raise CannotRun("there is no model of faces and plates")
    image = np.random.default_rng(1).integers(0, 255, (640, 640, 3), dtype=np.uint8)

    def once(run: object) -> float:
        began = time.perf_counter()
        run(image)  # type: ignore[operator] # both take a picture
        return time.perf_counter() - began

    for run in (finder.find, street.detect):
        once(run)
    ours = sorted(once(finder.find) for _ in range(15))[7]
    theirs = sorted(once(street.detect) for _ in range(15))[7]
    return Measured(
        value=ours / theirs,
        how=f"{ours * 1000:.0f} ms a picture of 640x640 beside {theirs * 1000:.0f} ms a frame of "
        "the street model, one thread, median of 15; only what is written is looked at",
    )


def _told(kind: str, *, also: str | None) -> Measured:
    everything = _looked_through()
    held = [seen for seen in everything if seen.mark.part == "held" and seen.mark.kind == kind]
    asked = [seen for seen in held if seen.mark.size_px >= ASKED_PX]
    large = [seen for seen in held if seen.mark.size_px >= LARGE_PX]
    old = [seen for seen in everything if seen.mark.kind == kind]
    older = [seen for seen in old if seen.mark.size_px >= ASKED_PX]
    parts = [
        f"missed {_rate(asked)} from {ASKED_PX:.0f} px on, {_rate(held)} of all sizes, "
        f"{_rate(large)} from {LARGE_PX:.0f} px on, in photos the model of faces and plates did "
        f"not learn from; whole boxes alone, in all photos: {_rate(older, whole=True)} from "
        f"{ASKED_PX:.0f} px on, {_rate(old, whole=True)} of all sizes"
    ]
    if also is not None:
        others = [s for s in everything if s.mark.kind == also and s.mark.part == "held"]
        parts.append(f"heads without a face {_rate(others)}")
    parts.append(
        "marked by hand; the street model learnt from most of these photos, though not from marks"
    )
    return Measured(value=sum(s.missed for s in asked) / len(asked), how="; ".join(parts))


def _rate(seen: Sequence[Seen], *, whole: bool = False) -> str:
    missed = sum((s.by_whole_boxes if whole else s.covered) < COVERED for s in seen)
    return _interval(missed, len(seen))


def _interval(missed: int, marked: int) -> str:
    from models.evaluation.intervals import share_of

    share = share_of(missed, marked)
    return f"{missed} of {marked} ({share.low:.3f} to {share.high:.3f})"


@cache
def _looked_through() -> tuple[Seen, ...]:
    from dataclasses import replace

    from edge.evidence.redaction import redactor_for
    from models.privacy.marks import by_file, read_marks

    samples, detector = sample_folder(), street_model()
    redactor = redactor_for(detector.manifest)
    assert redactor is not None
    whole = replace(redactor, finder=None, whole_boxes=True)
    seen: list[Seen] = []
    for file, marks in by_file(read_marks(MARKS)).items():
        image = read_photo(samples / file)
        found = detector.detect(image)
        now = changed_by(redactor, image, found)
        before = changed_by(whole, image, found)
        seen += [
            Seen(
                mark=mark,
                covered=share_in(now, mark.box),
                by_whole_boxes=share_in(before, mark.box),
            )
            for mark in marks
        ]
    return tuple(seen)


def changed_by(redactor: "Redactor", image: "Image", found: "Detections") -> "Image":
    """Give which pixels differ from the photo's, True where redacted."""
    boxes = redactor.private_boxes(found)
    redacted, _ = redactor.redact(image, boxes, subject=None)
    return (redacted != image).any(axis=2)  # type: ignore[no-any-return] # numpy's any


def share_in(changed: "Image", box: Iterable[float]) -> float:
    left, top, right, bottom = (round(value) for value in box)
    return float(changed[top : max(bottom, top + 1), left : max(right, left + 1)].mean())


def _rendered() -> list[float]:
    import numpy as np

    from edge.evidence.finder import shipped_finder
    from edge.evidence.redaction import redactor_for
    from models.privacy.marks import by_file, read_marks
    from models.privacy.pasting import paste, plate_patch
    from models.privacy.plates import draw_plate

    samples, detector, finder = sample_folder(), street_model(), shipped_finder()
    redactor = redactor_for(detector.manifest)
    if finder is None or redactor is None:
        raise CannotRun("there is no model of faces and plates")
    rng, found = np.random.default_rng(5), []
    marks = [mark for mark in read_marks(MARKS) if mark.part == "held" and mark.kind == "plate"]
    for file in by_file(marks):
        image = read_photo(samples / file)
        for left, top, right, bottom in _vehicles(detector.detect(image)):
            at = ((left + right) / 2, top + 0.7 * (bottom - top))
            wide = float(np.exp(rng.uniform(np.log(LARGE_PX), np.log(120.0))))
            drawn, box = paste(image, plate_patch(draw_plate(rng)), at=at, width=wide, rng=rng)
            if box[2] - box[0] < LARGE_PX:
                continue
            found.append(share_in(changed_by(redactor, drawn, _nothing(detector.labels)), box))
    return found


def _vehicles(found: "Detections") -> list[tuple[float, ...]]:
    return [
        tuple(float(value) for value in found.xyxy[row])
        for row in range(len(found))
        if found.name_of(row) == "traffic.vehicle"
        and found.score[row] >= 0.3
        and found.xyxy[row][2] - found.xyxy[row][0] >= 100
    ]


def _nothing(labels: tuple[str, ...]) -> "Detections":
    import numpy as np

    from detect.detections import Detections

    empty = np.zeros(0, np.float32)
    return Detections(
        xyxy=np.zeros((0, 4), np.float32),
        score=empty,
        probability=empty,
        label=np.zeros(0, np.int64),
        labels=labels,
    )


@cache
def street_model() -> "Detector":
    from detect.detector import Detector
    from models.registry.registry import default_model

    return Detector(default_model(), threads=1)


def read_photo(path: Path) -> "Image":
    import cv2
    import numpy as np

    image = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if image is None:
        raise CannotRun(f"{path.name} is not among the samples")
    return np.asarray(image, dtype=np.uint8)


def sample_folder() -> Path:
    folder = os.environ.get("XUNHUAN_SAMPLES")
    if not folder:
        raise CannotRun("XUNHUAN_SAMPLES names no sample folder")
    return Path(folder)
