"""A device takes no package that is wrong in any way, and goes on with the model that it has."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import onnx
import pytest
from onnx.external_data_helper import set_external_data

from detect.statement import PackageRefused, Refusal
from tests.edge import signed_models, toy
from tests.edge.signed_models import NOW, OTHER_KEY, rewritten
from tests.edge.updates.device import Device, drive, packaged, version_of


@pytest.fixture
def device(tmp_path: Path) -> Device:
    return Device(tmp_path / "device")


def _truncated(root: Path) -> Path:
    path = packaged(root)
    path.write_bytes(path.read_bytes()[:-900])
    return path


def _tampered(root: Path) -> Path:
    def change(name: str, content: bytes) -> tuple[str, bytes]:
        return name, content.replace(b'"threshold": 0.5', b'"threshold": 0.9')

    return rewritten(packaged(root), change=change)


def _escaping(root: Path) -> Path:
    path = packaged(root)
    return rewritten(path, change=lambda n, c: ("../../card.json" if n == "card.json" else n, c))


def _with_weights_elsewhere(root: Path) -> Path:
    def make(folder: Path) -> Path:
        signed_models.write_version(folder)
        model = onnx.load(folder / "model.onnx")
        set_external_data(model.graph.initializer[0], location="../../../etc/hostname")
        return signed_models.replace_weights(folder, model, version="2.0.0")

    return packaged(root, make)


def _of_other_classes(root: Path) -> Path:
    """Make a model whose manifest names fewer classes than it answers."""

    def make(folder: Path) -> Path:
        toy.write_model(folder, labels=toy.LABELS[:3])
        model = onnx.load(folder / "model.onnx")
        return signed_models.replace_weights(folder, model, version="2.0.0")

    return packaged(root, make)


def _no_weights(root: Path) -> Path:
    def make(folder: Path) -> Path:
        signed_models.write_version(folder)
        model = onnx.load(folder / "model.onnx")
        del model.graph.node[3:]
        return signed_models.replace_weights(folder, model, version="2.0.0")

    return packaged(root, make)


BAD: dict[str, tuple[Callable[[Path], Path], Refusal]] = {
    "tampered": (_tampered, Refusal.DAMAGED),
    "truncated": (_truncated, Refusal.DAMAGED),
    "path-escaping": (_escaping, Refusal.STRANGE_FILES),
    "of weights elsewhere": (_with_weights_elsewhere, Refusal.UNFIT),
    "signed by a stranger": (lambda root: packaged(root, key=OTHER_KEY), Refusal.UNSIGNED),
    "expired": (lambda root: packaged(root, expires=NOW - timedelta(hours=1)), Refusal.EXPIRED),
    "for later": (
        lambda root: packaged(root, not_before=NOW + timedelta(days=2)),
        Refusal.TOO_EARLY,
    ),
    "for a newer program": (
        lambda root: packaged(root, least_software="7.0.0"),
        Refusal.NEEDS_SOFTWARE,
    ),
    "NaN-producing": (lambda root: packaged(root, signed_models.answering_nan), Refusal.FAILS),
    "answering otherwise": (lambda root: packaged(root, signed_models.blind), Refusal.FAILS),
    "of other classes": (_of_other_classes, Refusal.FAILS),
    "of a broken graph": (_no_weights, Refusal.FAILS),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_package_is_refused_and_the_model_before_goes_on(
    device: Device, tmp_path: Path, kind: str
) -> None:
    make, why = BAD[kind]
    choice = device.start()
    running = choice.load()

    with pytest.raises(PackageRefused) as refused:
        device.admit(make(tmp_path))

    assert refused.value.why is why
    assert not choice.may_change()
    assert drive(running, 3) == 3
    assert version_of(device.start().load()) == "1.0.0"
    assert sorted(path.name for path in device.folder.iterdir() if path.is_dir()) == []


def test_a_good_package_runs_from_the_next_pass_on(device: Device, tmp_path: Path) -> None:
    choice = device.start()
    assert version_of(choice.load()) == "1.0.0"

    device.admit(packaged(tmp_path))

    assert choice.may_change()
    running = choice.load()
    assert (version_of(running), drive(running, 3)) == ("1.1.0", 3)
    state = choice.state()
    assert state is not None
    assert (state.sequence, state.on_trial) == (1, True)
    assert state.model.sha256 == running.manifest.sha256


def test_an_old_package_is_refused_though_it_was_good_once(device: Device, tmp_path: Path) -> None:
    old = packaged(tmp_path, sequence=4)
    device.admit(old)
    choice = device.start()
    choice.load()
    device.admit(packaged(tmp_path, sequence=5))
    choice.load()

    with pytest.raises(PackageRefused) as refused:
        device.admit(old)

    assert refused.value.why is Refusal.REPLAYED


def test_an_old_package_is_refused_after_the_newer_one_was_given_up(
    device: Device, tmp_path: Path
) -> None:
    replayed = packaged(tmp_path, sequence=4)
    device.admit(packaged(tmp_path, signed_models.answering_nan, sequence=5), rehearsed=False)
    choice = device.start()
    drive(choice.load(), 5)
    assert choice.must_change()
    assert version_of(choice.load()) == "1.0.0"

    for path in (replayed, packaged(tmp_path, sequence=5)):
        with pytest.raises(PackageRefused) as refused:
            device.admit(path)
        assert refused.value.why is Refusal.REPLAYED


def test_the_old_model_comes_back_under_a_higher_number(device: Device, tmp_path: Path) -> None:
    device.admit(packaged(tmp_path, sequence=5))
    device.start().load()

    older = signed_models.write_version(tmp_path / "older", "1.0.9")
    device.admit(signed_models.package(older, tmp_path / "6.xhm", sequence=6))

    assert version_of(device.start().load()) == "1.0.9"


def test_a_package_may_hand_over_to_another_key(device: Device, tmp_path: Path) -> None:
    heir = signed_models.public(OTHER_KEY)
    device.admit(packaged(tmp_path, sequence=2, next_keys=(heir,)))
    device.start().load()

    with pytest.raises(PackageRefused) as refused:
        device.admit(packaged(tmp_path, sequence=3))
    device.admit(packaged(tmp_path, sequence=3, key=OTHER_KEY))

    assert refused.value.why is Refusal.UNSIGNED
    assert device.slots().keys.all() == (heir,)
