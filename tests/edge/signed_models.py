"""Signed packages of toy models, good ones and spoilt ones."""

import base64
import json
import shutil
import stat
import zipfile
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import numpy as np
import onnx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from onnx import helper, numpy_helper

from detect.golden_answer import GOLDEN_FILE, GoldenAnswers
from detect.manifest import read_manifest
from detect.package import packed_files, write_package
from detect.statement import Role, Statement
from models.registry.registry import DEFAULT_MODEL, SHIPPED
from models.registry.sealing import golden_answers
from tests.edge import toy

KEY: Final = Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)
OTHER_KEY: Final = Ed25519PrivateKey.from_private_bytes(b"\x08" * 32)
NOW: Final = toy.STARTS
NAMES: Final = ("manifest.json", "card.json", "model.onnx")


def public(key: Ed25519PrivateKey = KEY) -> str:
    """Give a key's public half."""
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


def write_version(folder: Path, version: str = "1.1.0") -> Path:
    """Write the toy model under another version, with weights of their own."""
    toy.write_model(folder)
    model = onnx.load(folder / "model.onnx")
    model.doc_string = version
    return replace_weights(folder, model, version=version)


def replace_weights(folder: Path, model: onnx.ModelProto, *, version: str) -> Path:
    """Put other weights into a model folder, with a manifest and a card that speak of them."""
    content = model.SerializeToString()
    (folder / "model.onnx").write_bytes(content)
    sha256 = toy.hashlib.sha256(content).hexdigest()
    for name in ("manifest.json", "card.json"):
        said = json.loads((folder / name).read_text())
        (folder / name).write_text(json.dumps(said | {"version": version, "sha256": sha256}))
    return folder


def blind(folder: Path, version: str = "2.0.0") -> Path:
    """Write a model that loads and runs, and never sees anything."""
    return _with_colours(folder, np.float32(0.0), version)


def answering_nan(folder: Path, version: str = "2.0.0") -> Path:
    """Write a model that answers NaN."""
    return _with_colours(folder, np.float32(np.nan), version)


def _with_colours(folder: Path, factor: np.float32, version: str) -> Path:
    toy.write_model(folder)
    model = onnx.load(folder / "model.onnx")
    for tensor in model.graph.initializer:
        if tensor.name == "colours":
            spoilt = numpy_helper.to_array(tensor) * factor
            tensor.CopyFrom(numpy_helper.from_array(spoilt.astype(np.float32), "colours"))
    if np.isnan(factor):
        _poison(model)
    return replace_weights(folder, model, version=version)


def _poison(model: onnx.ModelProto) -> None:
    """Add NaN to the last answer: comparisons above would drop it on the way."""
    model.graph.initializer.append(numpy_helper.from_array(np.array(np.nan, np.float32), "nan"))
    for node in model.graph.node:
        if node.output[0] == "output0":
            node.output[0] = "sound"
    model.graph.node.append(helper.make_node("Add", ["sound", "nan"], ["output0"]))


def package(
    folder: Path,
    to: Path,
    *,
    sequence: int = 1,
    key: Ed25519PrivateKey = KEY,
    at: datetime = NOW,
    answers_of: Path | None = None,
    **said: object,
) -> Path:
    """Package a model folder as `xunhuan-models sign` does, or as somebody spoilt it.

    Args:
        answers_of: the folder of the model whose golden answers go along, if not the folder's own.
        said: what the statement shall say instead.
    """
    contents = {name: (folder / name).read_bytes() for name in NAMES}
    source = answers_of or folder
    answers = GoldenAnswers(answers=golden_answers(source, read_manifest(source)))
    contents[GOLDEN_FILE] = answers.model_dump_json().encode()
    manifest = json.loads(contents["manifest.json"])
    facts: dict[str, object] = {
        "role": Role.PATROL,
        "name": manifest["name"],
        "version": manifest["version"],
        "sequence": sequence,
        "not_before": at - timedelta(days=1),
        "expires": at + timedelta(days=300),
        "least_software": "0.1.0",
        "files": packed_files(contents),
    }
    write_package(contents, Statement(**(facts | said)), key, to=to)
    return to


def rewritten(
    path: Path,
    *,
    change: Callable[[str, bytes], tuple[str, bytes]] = lambda name, content: (name, content),
    extra: Sequence[tuple[str, bytes]] = (),
    link: str | None = None,
    packed: bool = False,
) -> Path:
    """Rewrite a package's zip: other names or bytes, more entries, a link, or compressed."""
    with zipfile.ZipFile(path) as archive:
        parts = [change(entry.filename, archive.read(entry)) for entry in archive.infolist()]
    method = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    spoilt = path.with_suffix(".spoilt")
    with zipfile.ZipFile(spoilt, "w", method) as archive:
        for name, content in (*parts, *extra):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = method
            kind = stat.S_IFLNK if name == link else stat.S_IFREG
            entry.external_attr = (kind | 0o644) << 16
            archive.writestr(entry, content)
    shutil.move(spoilt, path)
    return path


def write_full_card(folder: Path) -> Path:
    """Give a toy model the card of the model that ships, cut to its classes and its files."""
    manifest = read_manifest(folder)
    card = json.loads((SHIPPED / DEFAULT_MODEL / "card.json").read_text())
    labels = set(manifest.labels)
    stated = {
        "name": manifest.name,
        "version": manifest.version,
        "licence": manifest.licence,
        "sha256": manifest.sha256,
        "int8_sha256": None,
        "quantised": None,
        "labels": list(manifest.labels),
        "scores": [
            each | {"threshold": manifest.classes[0].threshold}
            for each in card["scores"]
            if each["label"] in labels
        ],
        "recall": [
            {"label": entry.label, "bands": [band.model_dump() for band in entry.recall]}
            for entry in manifest.classes
        ],
        "filing": [each for each in card["filing"] if each["label"] in labels],
    }
    for part in ("slices", "false_alarms", "comparison"):
        stated[part] = [each for each in card[part] if each["label"] in labels]
    (folder / "card.json").write_text(json.dumps(card | stated))
    return folder
