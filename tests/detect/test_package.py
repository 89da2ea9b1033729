"""A signed package is believed whole or not at all: whoever spoils it, it names what is wrong."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import helper, numpy_helper
from onnx.external_data_helper import set_external_data

from detect.errors import DetectError
from detect.onnx_file import NotAlone, check_alone
from detect.package import Package, files_of, read_package
from detect.statement import PackageRefused, Refusal, check_when, key_id
from tests.edge import signed_models, toy
from tests.edge.signed_models import KEY, NOW, OTHER_KEY, public, rewritten

Spoil = Callable[[Path], object]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return signed_models.write_version(tmp_path_factory.mktemp("model"))


@pytest.fixture
def packed(model: Path, tmp_path: Path) -> Path:
    return signed_models.package(model, tmp_path / "a.xhm", sequence=7)


def read(path: Path) -> Package:
    return read_package(path, trusted=[public()])


def test_a_sound_package_gives_the_very_files_that_were_packed(packed: Path, model: Path) -> None:
    package = read(packed)

    files = dict(files_of(packed, package))
    assert files["model.onnx"] == (model / "model.onnx").read_bytes()
    assert (package.statement.sequence, package.manifest.version) == (7, "1.1.0")


def test_the_same_folder_is_packed_to_the_same_bytes(model: Path, tmp_path: Path) -> None:
    first = signed_models.package(model, tmp_path / "1.xhm")
    second = signed_models.package(model, tmp_path / "2.xhm")

    assert first.read_bytes() == second.read_bytes()


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-200])


def _flip(path: Path, at: float) -> None:
    content = bytearray(path.read_bytes())
    content[int(at * len(content))] ^= 1
    path.write_bytes(content)


def _renamed(old: str, new: str) -> Callable[[str, bytes], tuple[str, bytes]]:
    return lambda name, content: (new if name == old else name, content)


def _changed(target: str, old: bytes, new: bytes) -> Callable[[str, bytes], tuple[str, bytes]]:
    return lambda name, content: (name, content.replace(old, new) if name == target else content)


SPOILT: dict[str, tuple[Spoil, Refusal]] = {
    "empty": (lambda p: p.write_bytes(b""), Refusal.DAMAGED),
    "truncated": (_truncate, Refusal.DAMAGED),
    "no zip at all": (lambda p: p.write_bytes(b"MZ" * 500), Refusal.DAMAGED),
    "weights changed": (
        lambda p: rewritten(p, change=_changed("model.onnx", b"images", b"imagez")),
        Refusal.DAMAGED,
    ),
    "statement changed": (
        lambda p: rewritten(p, change=_changed("statement.json", b'"sequence":7', b'"sequence":9')),
        Refusal.UNSIGNED,
    ),
    "a path that leads out": (
        lambda p: rewritten(p, change=_renamed("card.json", "../card.json")),
        Refusal.STRANGE_FILES,
    ),
    "an absolute path": (
        lambda p: rewritten(p, change=_renamed("card.json", "/etc/card.json")),
        Refusal.STRANGE_FILES,
    ),
    "a library beside": (
        lambda p: rewritten(p, extra=[("custom_ops.so", b"\x7fELF")]),
        Refusal.STRANGE_FILES,
    ),
    "a link": (lambda p: rewritten(p, link="card.json"), Refusal.STRANGE_FILES),
    "compressed": (lambda p: rewritten(p, packed=True), Refusal.STRANGE_FILES),
    "more than its entries": (
        lambda p: p.write_bytes(b"#!/bin/sh\n" + p.read_bytes()),
        Refusal.STRANGE_FILES,
    ),
    "a thousand entries": (
        lambda p: rewritten(p, extra=[(f"n{i}.json", b"{}") for i in range(1000)]),
        Refusal.DAMAGED,
    ),
}


@pytest.mark.parametrize("how", SPOILT)
def test_a_spoilt_package_is_refused_for_what_is_wrong_with_it(packed: Path, how: str) -> None:
    spoil, why = SPOILT[how]
    spoil(packed)

    with pytest.raises(PackageRefused) as refused:
        read(packed)

    assert refused.value.why is why


@pytest.mark.parametrize("at", [i / 40 for i in range(40)])
def test_no_flipped_bit_goes_unnoticed(packed: Path, at: float) -> None:
    before = packed.read_bytes()
    _flip(packed, at)

    try:
        package = read(packed)
    except PackageRefused:
        return
    # A bit that says nothing (a zip's own date) may change, what is read may not.
    sound = packed.with_name("sound.xhm")
    sound.write_bytes(before)
    assert dict(files_of(packed, package)) == dict(files_of(sound, read(sound)))


def test_a_strangers_signature_is_refused(model: Path, tmp_path: Path) -> None:
    path = signed_models.package(model, tmp_path / "a.xhm", key=OTHER_KEY)

    with pytest.raises(PackageRefused, match=key_id(public(OTHER_KEY))) as refused:
        read(path)

    assert refused.value.why is Refusal.UNSIGNED


def test_a_statement_of_another_model_is_refused(model: Path, tmp_path: Path) -> None:
    path = signed_models.package(model, tmp_path / "a.xhm", version="9.9.9")

    with pytest.raises(PackageRefused) as refused:
        read(path)

    assert refused.value.why is Refusal.UNFIT


@pytest.mark.parametrize(
    ("later", "floor", "software", "why"),
    [
        (timedelta(days=301), 0, "0.1.0", Refusal.EXPIRED),
        (timedelta(days=-2), 0, "0.1.0", Refusal.TOO_EARLY),
        (timedelta(), 7, "0.1.0", Refusal.REPLAYED),
        (timedelta(), 8, "0.1.0", Refusal.REPLAYED),
        (timedelta(), 0, "0.0.9", Refusal.NEEDS_SOFTWARE),
    ],
)
def test_a_package_that_is_not_for_now_is_refused(
    packed: Path, later: timedelta, floor: int, software: str, why: Refusal
) -> None:
    with pytest.raises(PackageRefused) as refused:
        check_when(read(packed).statement, now=NOW + later, floor=floor, software=software)

    assert refused.value.why is why


def test_a_package_for_now_is_not_refused(packed: Path) -> None:
    check_when(read(packed).statement, now=NOW, floor=6, software="0.1.0.dev3+local")


def test_weights_in_other_files_are_refused(model: Path, tmp_path: Path) -> None:
    graph = onnx.load(model / "model.onnx")
    set_external_data(graph.graph.initializer[0], location="../../secret")
    folder = signed_models.write_version(tmp_path / "m")
    signed_models.replace_weights(folder, graph, version="1.1.0")

    with pytest.raises(NotAlone, match="other files"):
        check_alone("model.onnx", (folder / "model.onnx").read_bytes())


def test_weights_in_other_files_are_found_inside_branches_too() -> None:
    tensor = numpy_helper.from_array(np.zeros(3, np.float32), "t")
    set_external_data(tensor, location="/etc/passwd")
    branch = helper.make_graph([helper.make_node("Constant", [], ["t"], value=tensor)], "b", [], [])
    node = helper.make_node("If", ["c"], ["o"], then_branch=branch, else_branch=branch)
    whole = helper.make_model(helper.make_graph([node], "g", [], []))

    with pytest.raises(NotAlone):
        check_alone("model.onnx", whole.SerializeToString())


def test_operators_that_need_a_library_are_refused() -> None:
    node = helper.make_node("RunShell", ["images"], ["output0"], domain="evil.ops")
    whole = helper.make_model(helper.make_graph([node], "g", [], []))

    with pytest.raises(NotAlone, match=r"evil\.ops"):
        check_alone("model.onnx", whole.SerializeToString())


@pytest.mark.parametrize(
    "content", [b"\x00", b"\x3a\xff\xff\xff\xff\x0f", b"ORTM" * 9, b"\xff" * 99]
)
def test_what_is_no_model_file_is_refused(content: bytes) -> None:
    with pytest.raises(NotAlone):
        check_alone("model.onnx", content)


def test_the_models_that_ship_stand_alone() -> None:
    shipped = sorted((Path(toy.__file__).parents[2] / "models" / "weights").glob("*/*.onnx"))
    assert shipped

    for path in shipped:
        check_alone(path.name, path.read_bytes())


def test_a_package_is_bound_to_the_card_of_its_weights(tmp_path: Path) -> None:
    folder = signed_models.write_version(tmp_path / "m")
    (folder / "card.json").write_text('{"version": "1.1.0", "sha256": "' + "0" * 64 + '"}')
    path = signed_models.package(folder, tmp_path / "a.xhm", key=KEY)

    with pytest.raises(DetectError, match="card"):
        read(path)
