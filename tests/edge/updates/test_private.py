"""The finder of faces and plates may come over the air too, in a slot of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from detect.statement import PackageRefused, Refusal, Role
from edge.config import Config, ModelConfig, SourceConfig, SourceKind
from edge.evidence.finder import choose_finder, shipped_finder
from edge.failpoints import UNARMED
from edge.updates.choice import Choice
from edge.updates.kept import Stage
from edge.updates.opening import open_choice
from tests.edge import signed_models, toy
from tests.edge.updates.device import Device

PRIVATE = ("privacy.face", "privacy.plate", "privacy.screen", "privacy.badge")


@pytest.fixture
def device(tmp_path: Path) -> Iterator[Device]:
    yield Device(tmp_path / "device")
    choose_finder(None)


def packaged(root: Path, **said: object) -> Path:
    folder = toy.write_model(root / "private", labels=PRIVATE)
    return signed_models.package(folder, root / "private.xhm", role=Role.PRIVACY, **said)


def start(device: Device) -> Choice:
    config = Config(
        state=device.root,
        source=SourceConfig(kind=SourceKind.INBOX),
        model=ModelConfig(folder=device.installed),
    )
    return open_choice(config, now=lambda: device.now, say=lambda zh, en: None, failpoints=UNARMED)


def finder_labels() -> set[str]:
    finder = shipped_finder()
    assert finder is not None
    return set(finder.manifest.labels)


def test_a_finder_that_came_over_the_air_works_from_the_next_start_and_is_kept(
    device: Device, tmp_path: Path
) -> None:
    device.admit(packaged(tmp_path))

    start(device).close()

    assert finder_labels() == set(PRIVATE)
    kept = device.slots().model(Role.PRIVACY, 1)
    assert kept is not None
    assert kept.stage is Stage.GOOD
    assert device.floor() == 0


def test_a_damaged_finder_makes_room_for_the_installed_one(device: Device, tmp_path: Path) -> None:
    device.admit(packaged(tmp_path))
    start(device).close()
    (weights,) = device.folder.glob("privacy-1-*/model.onnx")
    weights.write_bytes(b"")

    start(device).close()

    assert "privacy.badge" not in finder_labels()


def test_a_patrol_model_is_no_finder(device: Device, tmp_path: Path) -> None:
    folder = signed_models.write_version(tmp_path / "m")
    path = signed_models.package(folder, tmp_path / "m.xhm", role=Role.PRIVACY)

    with pytest.raises(PackageRefused) as refused:
        device.admit(path)

    assert refused.value.why is Refusal.UNFIT
