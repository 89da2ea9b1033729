"""A device's models as its program holds them, with toy models and the real detector."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from detect.detector import Detector
from detect.errors import DetectError
from detect.statement import Role, Statement
from edge.config import ModelConfig
from edge.failpoints import UNARMED, Failpoints
from edge.updates.admission import Admission
from edge.updates.choice import MODELS_FOLDER, Choice
from edge.updates.rehearsal import rehearse
from edge.updates.slots import Slots
from tests.edge import signed_models, toy


def _no_rehearsal(_folder: Path, _how: ModelConfig) -> None:
    """Let a model in that the rehearsal would have stopped, to see the trial stop it."""


@dataclass
class Device:
    """A device's state folder, opened as often as the process starts."""

    root: Path
    now: datetime = signed_models.NOW
    how: ModelConfig = field(default_factory=ModelConfig)
    failpoints: Failpoints = UNARMED
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Install a model, and trust one key."""
        self.installed = self.root / "installed"
        if not self.installed.exists():
            toy.write_model(self.installed)
            self.slots().keys.trust([signed_models.public()])

    @property
    def folder(self) -> Path:
        return self.root / MODELS_FOLDER

    def slots(self) -> Slots:
        return Slots(self.folder, failpoints=self.failpoints)

    def admission(self, *, rehearsed: bool = True) -> Admission:
        return Admission(
            self.folder,
            self.slots(),
            self.how,
            now=lambda: self.now,
            software="0.1.0",
            failpoints=self.failpoints,
            rehearse=rehearse if rehearsed else _no_rehearsal,
        )

    def admit(self, path: Path, *, rehearsed: bool = True) -> Statement:
        return self.admission(rehearsed=rehearsed).admit(path)

    def start(self) -> Choice:
        """Start the process."""
        self.admission().clear_strays()
        return Choice(
            self.folder,
            self.slots(),
            self.how,
            installed=self.installed,
            now=lambda: self.now,
            say=lambda zh, en: self.said.append(f"{zh} / {en}"),
        )

    def floor(self) -> int:
        return self.slots().slot(Role.PATROL).floor


def version_of(detector: Detector) -> str:
    """Tell which model looks, and see that it does look."""
    return detector.manifest.version


def drive(detector: Detector, frames: int) -> int:
    """Look at a road with a pothole on it, frame by frame; give how often something was seen."""
    image = toy.road(5.0)
    seen = 0
    for _ in range(frames):
        try:
            seen += len(detector.detect(image)) > 0
        except DetectError:
            continue
    return seen


def packaged(root: Path, make: Callable[[Path], Path] | None = None, **said: object) -> Path:
    """Package a model of the newer version, or one that is made otherwise."""
    name = f"m{len(list(root.glob('m*')))}"
    folder = (make or signed_models.write_version)(root / name)
    good = root / "good-answers"
    if not good.exists():
        signed_models.write_version(good, "2.0.0")
    answers_of = None if make is None else good
    return signed_models.package(folder, root / f"{name}.xhm", answers_of=answers_of, **said)
