"""Nobody in a picture can be recognised; what the finding is about can be seen."""

import hashlib

import cv2
import numpy as np
import pytest

from detect.detections import Detections
from detect.manifest import Calibration, ClassEntry, Input, Manifest, OutputLayout
from dispatch.wire import EvidenceKind
from edge.evidence.pictures import View, context_picture, near_picture
from edge.evidence.redaction import PRIVATE_LABELS, PrivateBox, redactor_for
from tests.edge.messages import AT, REDACTOR

STRIPES = np.tile(np.repeat(np.array([[0], [255]], dtype=np.uint8), 4, axis=0), (60, 640))[
    ..., None
].repeat(3, axis=2)
"""480 x 640, black and white lines of 4 px: detail as fine as a plate's strokes."""


def manifest_of(*labels: str) -> Manifest:
    calibration = Calibration(measured_on="nothing")
    return Manifest(
        name="street-n",
        version="1.0.0",
        licence="AGPL-3.0-or-later",
        file="m.onnx",
        sha256="a" * 64,
        input=Input(name="images", shapes=((384, 640),)),
        output=OutputLayout.YOLO,
        classes=tuple(
            ClassEntry(label=label, threshold=0.4, calibration=calibration) for label in labels
        ),
    )


def firm(*xyxy: float) -> PrivateBox:
    return PrivateBox(xyxy=(xyxy[0], xyxy[1], xyxy[2], xyxy[3]), firm=True)


def test_a_covered_box_keeps_at_most_eight_cells_a_side() -> None:
    box = firm(100, 100, 300, 260)

    redacted, record = REDACTOR.redact(STRIPES, [box], subject=None)

    inside = redacted[100:260, 100:300, 0]
    assert len(np.unique(inside, axis=0)) <= 10
    assert inside.max() - inside.min() <= 32
    assert record.regions == 1
    assert (redacted[:80] == STRIPES[:80]).all()


def test_the_frame_in_memory_is_not_changed() -> None:
    before = STRIPES.copy()

    REDACTOR.redact(STRIPES, [firm(10, 10, 100, 100)], subject=None)

    assert (before == STRIPES).all()


def test_the_subject_stays_visible_beside_a_vehicle_but_not_under_a_person() -> None:
    vehicle = PrivateBox(xyxy=(100, 100, 300, 300), firm=False)
    subject = (200.0, 200.0, 260.0, 260.0)

    beside, _ = REDACTOR.redact(STRIPES, [vehicle], subject=subject)
    under, _ = REDACTOR.redact(STRIPES, [firm(100, 100, 300, 300)], subject=subject)

    assert (beside[200:260, 200:260] == STRIPES[200:260, 200:260]).all()
    assert (under[200:260, 200:260] != STRIPES[200:260, 200:260]).any()


@pytest.mark.parametrize("box", [(-50, -50, 5, 5), (630, 470, 900, 900), (700, 500, 800, 600)])
def test_a_box_at_the_edge_is_covered_as_far_as_it_is_seen(box: tuple[float, ...]) -> None:
    redacted, _ = REDACTOR.redact(STRIPES, [firm(*box)], subject=None)

    assert redacted.shape == STRIPES.shape


def test_a_face_that_fills_the_crop_is_covered_as_coarsely_as_the_whole_person() -> None:
    view = View(
        image=cv2.resize(STRIPES, (1280, 960), interpolation=cv2.INTER_NEAREST),
        at=AT,
        subject=(600, 400, 640, 440),
        private=(firm(-400, -400, 1700, 2000),),
    )

    picture = near_picture(view, redactor=REDACTOR)

    seen = cv2.imdecode(np.frombuffer(picture.jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert int(seen.max()) - int(seen.min()) < 40


def test_even_an_unsure_person_is_covered_and_a_surer_one_firmly() -> None:
    labels = ("road.pothole", *sorted(PRIVATE_LABELS))
    person = labels.index("traffic.person")
    detections = Detections(
        xyxy=np.array([[0, 0, 9, 9]] * 4, dtype=np.float32),
        score=np.array([0.9, 0.5, 0.06, 0.04], dtype=np.float32),
        probability=np.array([0.9, 0.5, 0.06, 0.04], dtype=np.float32),
        label=np.array([0, person, person, person], dtype=np.int64),
        labels=labels,
    )

    boxes = REDACTOR.private_boxes(detections)

    assert [box.firm for box in boxes] == [True, False]


def test_a_model_that_knows_no_people_may_not_let_pictures_out() -> None:
    assert redactor_for(manifest_of("road.pothole", "traffic.vehicle")) is None
    assert redactor_for(manifest_of("road.pothole", *PRIVATE_LABELS)) is not None


def test_evidence_is_small_hashed_and_says_where_the_subject_is() -> None:
    image = np.zeros((1080, 1920, 3), dtype=np.uint8)
    view = View(image=image, at=AT, subject=(900, 600, 1100, 700), private=())

    near = near_picture(view, redactor=REDACTOR)
    context = context_picture(view, redactor=REDACTOR)

    assert (near.evidence.kind, context.evidence.kind) == (EvidenceKind.NEAR, EvidenceKind.CONTEXT)
    assert max(near.evidence.width_px, near.evidence.height_px) <= 640
    assert (context.evidence.width_px, context.evidence.height_px) == (1280, 720)
    assert context.evidence.box_xyxy_px == (600.0, 400.0, 733.3, 466.7)
    assert near.evidence.sha256 == hashlib.sha256(near.jpeg).hexdigest()
    assert b"Exif" not in near.jpeg
    assert near_picture(view, redactor=REDACTOR).jpeg == near.jpeg
