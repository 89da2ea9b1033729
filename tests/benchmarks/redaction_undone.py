"""Whether a face detector finds again what redaction covered."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.figure import CannotRun, Measured, benchmark
from tests.benchmarks.redaction import (
    COVERED,
    MARKS,
    changed_by,
    read_photo,
    sample_folder,
    share_in,
    street_model,
)

if TYPE_CHECKING:
    import numpy as np

    Image = np.ndarray

TEACHER = Path("weights") / "yunet-face" / "yunet_n_640_640.onnx"
SURE = 0.6
ENLARGED = 2.0


@benchmark(name="edge.redaction_faces_found_again", unit="share", goal="== 0")
def faces_found_again() -> Measured:
    """Ask YuNet for faces before redaction and after it, in covered marks that it knew before."""
    before, after = _found_before_and_after()
    if not before:
        raise CannotRun("the face detector finds no marked face")
    return Measured(
        value=after / before,
        how=f"YuNet found {before} of the covered marked faces before redaction and {after} after, "
        f"at a score of {SURE}, in the photo twice as large",
    )


@cache
def _found_before_and_after() -> tuple[int, int]:
    from edge.evidence.redaction import redactor_for
    from models.privacy.marks import by_file, read_marks

    samples, street = sample_folder(), street_model()
    redactor = redactor_for(street.manifest)
    assert redactor is not None
    before = after = 0
    faces = [mark for mark in read_marks(MARKS) if mark.kind == "face"]
    for file, marks in by_file(faces).items():
        image = read_photo(samples / file)
        found = street.detect(image)
        changed = changed_by(redactor, image, found)
        redacted, _ = redactor.redact(image, redactor.private_boxes(found), subject=None)
        plain, covered = (_faces(samples / TEACHER, each) for each in (image, redacted))
        for mark in marks:
            if share_in(changed, mark.box) >= COVERED and _hit(mark.box, plain):
                before += 1
                after += _hit(mark.box, covered)
    return before, after


def _faces(model: Path, image: "Image") -> list[tuple[float, float, float, float]]:
    import cv2

    large = cv2.resize(image, None, fx=ENLARGED, fy=ENLARGED, interpolation=cv2.INTER_CUBIC)
    size = (large.shape[1], large.shape[0])
    detector = cv2.FaceDetectorYN.create(str(model), "", size, SURE, 0.4, 200)
    _, found = detector.detect(large)
    rows = () if found is None else found[:, :4] / ENLARGED
    return [
        (float(x), float(y), float(x + width), float(y + height)) for x, y, width, height in rows
    ]


def _hit(
    mark: tuple[float, float, float, float], faces: list[tuple[float, float, float, float]]
) -> bool:
    """Say whether a face lies on a mark: overlap over union of 0.3 and more."""
    for face in faces:
        wide = min(mark[2], face[2]) - max(mark[0], face[0])
        high = min(mark[3], face[3]) - max(mark[1], face[1])
        both = sum((b[2] - b[0]) * (b[3] - b[1]) for b in (mark, face))
        if wide > 0 and high > 0 and wide * high >= 0.3 * (both - wide * high):
            return True
    return False
