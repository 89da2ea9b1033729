"""Faces and plates are covered in the very picture that is written, and nothing of them is left."""

import os
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from detect.errors import DetectError
from detect.manifest import Manifest, Missed, Precision, Quantised
from dispatch.wire import ModelRef, RegionKind
from edge.evidence.finder import Region, shipped_finder
from edge.evidence.pictures import EvidenceStore, View, context_picture, near_picture
from edge.evidence.redaction import (
    FEW_CELLS,
    PRIVATE_LABELS,
    PrivateBox,
    Redactor,
    may_stand_alone,
    redactor_for,
)
from edge.failpoints import Failpoints
from tests.edge.messages import AT
from tests.edge.test_privacy import STRIPES, manifest_of

Image = NDArray[np.uint8]

FINDS = manifest_of("privacy.face", "privacy.plate")
FACE = Region(xyxy=(210.0, 210.0, 250.0, 260.0), kind=RegionKind.FACE)
PLATE = Region(xyxy=(400.0, 300.0, 480.0, 326.0), kind=RegionKind.PLATE)


@dataclass(frozen=True)
class KnowsWhere:
    """A finder that is told where faces and plates lie."""

    regions: tuple[Region, ...]
    manifest: Manifest = FINDS

    def find(self, image: Image) -> tuple[Region, ...]:
        return self.regions


@dataclass(frozen=True)
class BreaksDown:
    """A finder whose model answers nonsense."""

    manifest: Manifest = FINDS

    def find(self, image: Image) -> tuple[Region, ...]:
        raise DetectError("模型输出不能用", "unusable model output")


def street_redactor(finder: KnowsWhere | BreaksDown) -> Redactor:
    redactor = redactor_for(manifest_of("road.pothole", *PRIVATE_LABELS), finder)
    assert redactor is not None
    return redactor


def view_of(image: Image, **told: object) -> View:
    return replace(View(image=image, at=AT, subject=None, private=()), **told)  # type: ignore[arg-type] # a view's own fields


def test_a_face_on_the_subject_is_covered_and_the_rest_of_the_subject_is_seen() -> None:
    subject = (200.0, 200.0, 300.0, 300.0)

    redacted, _ = street_redactor(KnowsWhere((FACE,))).redact(STRIPES, [], subject=subject)

    assert len(np.unique(redacted[212:258, 212:248, 0])) <= FEW_CELLS**2
    assert (redacted[270:300, 200:300] == STRIPES[270:300, 200:300]).all()


def test_the_record_names_the_file_that_ran() -> None:
    quick = Quantised(file="model-int8.onnx", sha256="8" * 64, shapes=((64, 64),))
    manifest = manifest_of("road.pothole", *PRIVATE_LABELS).model_copy(update={"int8": quick})
    redactor = redactor_for(manifest, KnowsWhere(()), ran=Precision.INT8)
    assert redactor is not None

    _, record = redactor.redact(STRIPES, [], subject=None)

    assert [model.sha256 for model in record.models] == ["8" * 64, FINDS.sha256]
    assert "8" * 12 in record.by


def test_no_stroke_of_a_plate_is_left_in_its_mosaic() -> None:
    redacted, _ = street_redactor(KnowsWhere((PLATE,))).redact(STRIPES, [], subject=None)

    inside = redacted[300:326, 400:480, 0]
    changes = np.count_nonzero(np.diff(inside.astype(int), axis=1), axis=1)
    assert changes.max() <= FEW_CELLS + 1


def test_a_picture_says_what_was_covered_of_which_kind_and_by_which_models() -> None:
    vehicle = PrivateBox(xyxy=(380, 240, 520, 340), firm=False, kind=RegionKind.VEHICLE)
    redactor = street_redactor(KnowsWhere((FACE, PLATE)))

    picture = context_picture(view_of(STRIPES, private=(vehicle,)), redactor=redactor)

    record = picture.evidence.redaction
    assert record.kinds == {RegionKind.FACE: 1, RegionKind.PLATE: 1, RegionKind.VEHICLE: 1}
    assert record.regions == 3
    assert [type(model) for model in record.models] == [ModelRef, ModelRef]


def test_whole_people_and_vehicles_stay_covered_until_misses_are_measured_and_few() -> None:
    def measured(missed: int, upper: float) -> Manifest:
        known = Missed(marked=400, missed=missed, upper=upper, min_px=16)
        classes = tuple(e.model_copy(update={"missed": known}) for e in FINDS.classes)
        return FINDS.model_copy(update={"classes": classes})

    assert not may_stand_alone(FINDS)
    assert not may_stand_alone(measured(9, 0.042))
    assert may_stand_alone(measured(1, 0.014))
    assert not may_stand_alone(manifest_of("road.pothole"))


def test_a_picture_that_could_not_be_looked_at_is_not_made() -> None:
    with pytest.raises(DetectError):
        near_picture(view_of(STRIPES), redactor=street_redactor(BreaksDown()))


def test_a_power_cut_while_a_picture_is_written_leaves_nothing_unredacted(tmp_path: Path) -> None:
    everywhere = PrivateBox(xyxy=(0, 0, 640, 480), firm=True)
    redactor = street_redactor(KnowsWhere(()))
    picture = context_picture(view_of(STRIPES, private=(everywhere,)), redactor=redactor)

    for step in ("evidence.after_write", "evidence.after_rename"):
        pid = os.fork()
        if pid == 0:
            EvidenceStore(tmp_path, failpoints=Failpoints.parse(step)).write(picture)
            os._exit(0)
        os.waitpid(pid, 0)

    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    for path in files:
        seen = np.asarray(cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_COLOR))
        assert int(seen.max()) - int(seen.min()) < 40


def test_what_may_be_a_face_is_covered_beside_the_subject_but_does_not_hide_it() -> None:
    unsure = replace(FACE, sure=False)
    redactor = street_redactor(KnowsWhere((unsure,)))

    beside, _ = redactor.redact(STRIPES, [], subject=None)
    on_it, _ = redactor.redact(STRIPES, [], subject=(200.0, 200.0, 300.0, 300.0))

    assert len(np.unique(beside[212:258, 212:248, 0])) <= FEW_CELLS**2
    assert (on_it[200:300, 200:300] == STRIPES[200:300, 200:300]).all()


@pytest.mark.parametrize("size", [(480, 640), (720, 1280), (90, 120), (1500, 2000)])
def test_the_installed_finder_looks_at_pictures_of_any_size(size: tuple[int, int]) -> None:
    finder = shipped_finder()
    assert finder is not None
    image = np.random.default_rng(2).integers(0, 255, (*size, 3), dtype=np.uint8)

    regions = finder.find(image)

    assert all(0 <= r.xyxy[0] < r.xyxy[2] <= size[1] for r in regions)
    assert all(0 <= r.xyxy[1] < r.xyxy[3] <= size[0] for r in regions)


def test_the_installed_finder_states_its_misses_and_does_not_stand_alone_on_them() -> None:
    finder = shipped_finder()
    assert finder is not None

    assert all(entry.missed is not None for entry in finder.manifest.classes)
    assert not may_stand_alone(finder.manifest)
