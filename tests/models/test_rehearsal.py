"""Rehearsals: a model is run in every way its manifest offers before it is believed."""

import hashlib
from pathlib import Path

import pytest

from detect.decode import UnusableOutput
from detect.manifest import Quantised, UnusableModel, read_manifest
from models.evaluation.rehearsal import rehearse
from tests.detect.colour_model import write_manifest, write_model

SHAPE = (64, 96)


def with_int8(folder: Path, body: bytes) -> None:
    (folder / "model-int8.onnx").write_bytes(body)
    digest = hashlib.sha256(body).hexdigest()
    entry = Quantised(file="model-int8.onnx", sha256=digest, shapes=(SHAPE,))
    write_manifest(folder, shape=SHAPE, int8=entry)


def test_a_model_is_run_in_every_precision_it_offers(tmp_path: Path) -> None:
    folder = write_model(tmp_path, shape=SHAPE)
    with_int8(folder, (folder / "model.onnx").read_bytes())

    ran = rehearse(folder, read_manifest(folder))

    assert [(way.height, way.width, way.precision) for way in ran] == [
        (*SHAPE, "fp32"),
        (*SHAPE, "int8"),
    ]
    assert "试运行正常" in ran[0].text()


def test_an_int8_file_that_does_not_load_is_found_though_its_hash_is_right(tmp_path: Path) -> None:
    folder = write_model(tmp_path, shape=SHAPE)
    with_int8(folder, b"no network")

    with pytest.raises(UnusableModel, match="model-int8"):
        rehearse(folder, read_manifest(folder))


def test_a_model_that_answers_nan_is_found_before_it_patrols(tmp_path: Path) -> None:
    folder = write_model(tmp_path, shape=SHAPE, nan=True)

    with pytest.raises(UnusableOutput, match="NaN"):
        rehearse(folder, read_manifest(folder))
