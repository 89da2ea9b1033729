"""Teach a model one class more from a few hundred photos, leaving all it knows as it is.

The model stands still. Beside its class branch grows another, for the new class alone, on the
same features; boxes come from the branch that stands. So the other classes' outputs cannot change,
and what has to be learnt is small enough for a processor without a GPU.
"""

import copy
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import torch
from ultralytics.nn.tasks import DetectionModel

from models.corpus.augment import View, view_of
from models.corpus.batches import Images, in_order_of, stacked
from models.dataset.labelled_pictures import Picture, read_yolo
from models.dataset.labels import STREET_LABELS
from models.errors import ModelsError
from models.training.checkpoint import RARE_BIAS, Progress, prepared, write_checkpoint
from models.training.device import Device
from models.training.partial_loss import PartialLoss
from models.training.train import REPORT_STEPS, Report

LEAST_PHOTOS: Final = 20
BATCH: Final = 16
RATE: Final = 2e-3
WARMUP_STEPS: Final = 40
BACKGROUND_SHARE: Final = 0.25
"""Share of a batch that shows pictures without the new class, where there are any."""


class AlreadyKnown(ModelsError):
    """The model has an output of that name."""

    def __init__(self, label: str) -> None:
        super().__init__(
            f"模型已经认识 {label}；要改进它请用更多照片重新训练",
            f"the model knows {label} already; to better it, train anew with more photos",
        )
        self.label = label


class TooFewPhotos(ModelsError):
    """There is too little to learn a class from."""

    def __init__(self, label: str, found: int) -> None:
        super().__init__(
            f"只有 {found} 张照片标有 {label}，至少要 {LEAST_PHOTOS} 张，建议 200 张",
            f"only {found} photos show {label}; {LEAST_PHOTOS} are needed, 200 are advised",
        )
        self.label, self.found = label, found


@dataclass(frozen=True, slots=True, kw_only=True)
class Adding:
    """What is added and how.

    Attributes:
        label: catalogue name of the new class; the photos' labels count from this one name.
        absence: how far a picture that does not label the class says that it is absent.
        shapes: (height, width) of the input, pixels; one is drawn for every batch.
    """

    label: str
    steps: int = 600
    seed: int = 1
    absence: float = 0.5
    shapes: tuple[tuple[int, int], ...] = ((416, 416), (384, 640))
    threads: int = 2
    half: bool = True


class Beside(torch.nn.Module):  # type: ignore[misc] # torch is not there when checked
    """A class branch that stands, and one of its own for one class more."""

    def __init__(self, standing: torch.nn.Module, own: torch.nn.Module) -> None:
        super().__init__()
        self.standing, self.own = standing, own

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Return the scores of both, (n, classes + 1, rows, columns)."""
        return torch.cat((self.standing(features), self.own(features)), 1)


def add_class(
    model: DetectionModel,
    photos: Sequence[Picture],
    background: Sequence[Picture],
    adding: Adding,
    *,
    out: Path,
    device: Device,
    report: Report,
) -> Path:
    """Add a class and return the checkpoint.

    Args:
        photos: pictures in which every object of the class has a box.
        background: pictures of other things, in which the class is rare or absent.
        out: where `last.pt` is written.

    Raises:
        AlreadyKnown: the model has the class.
        TooFewPhotos: fewer than `LEAST_PHOTOS` show it.
    """
    labels = tuple(model.names.values())
    _check(photos, adding, labels)
    torch.manual_seed(adding.seed)
    began = time.monotonic()
    branches = _grow(model)
    device.taken(model)
    _learn(model, branches, photos, background, adding=adding, device=device, report=report)
    for branch in branches:
        branch.eval()
    prepared(model, (*labels, adding.label))
    out.mkdir(parents=True, exist_ok=True)
    epochs = -(-adding.steps * BATCH // len(photos))
    hours = (time.monotonic() - began) / 3600
    progress = Progress(epoch=epochs, hours=hours, device=device.name)
    model.to("cpu", memory_format=torch.contiguous_format)
    write_checkpoint(out / "last.pt", model=model, progress=progress, going_on={})
    return out / "last.pt"


def _check(photos: Sequence[Picture], adding: Adding, labels: Sequence[str]) -> None:
    if adding.label in labels:
        raise AlreadyKnown(adding.label)
    showing = sum(len(photo.boxes) > 0 for photo in photos)
    if showing < LEAST_PHOTOS:
        raise TooFewPhotos(adding.label, showing)


def _grow(model: DetectionModel) -> torch.nn.ModuleList:
    """Put a branch for one class beside each class branch; all else stands still."""
    model.eval()
    model.requires_grad_(False)
    head = model.model[-1]
    grown = torch.nn.ModuleList()
    for level, standing in enumerate(head.cv3):
        own = copy.deepcopy(_innermost(standing))
        own[-1] = torch.nn.Conv2d(own[-1].in_channels, 1, 1)
        torch.nn.init.normal_(own[-1].weight, 0.0, 0.01)
        torch.nn.init.constant_(own[-1].bias, RARE_BIAS)
        head.cv3[level] = Beside(standing, own.requires_grad_(True))
        grown.append(own)
    head.nc, head.no = head.nc + 1, head.no + 1
    model.yaml = {**model.yaml, "nc": head.nc}
    return grown


def _innermost(branch: torch.nn.Module) -> torch.nn.Module:
    """Return the branch that a model began with, under those that were added."""
    return _innermost(branch.standing) if isinstance(branch, Beside) else branch


def _learn(
    model: DetectionModel,
    branches: torch.nn.ModuleList,
    photos: Sequence[Picture],
    background: Sequence[Picture],
    *,
    adding: Adding,
    device: Device,
    report: Report,
) -> None:
    rng = np.random.default_rng(adding.seed)
    images = Images()
    loss = PartialLoss(model, classes=1)
    optimizer = torch.optim.AdamW(branches.parameters(), lr=RATE, weight_decay=5e-4)
    rate = torch.optim.lr_scheduler.OneCycleLR(
        optimizer,
        RATE,
        total_steps=adding.steps + 1,
        pct_start=min(0.3, WARMUP_STEPS / adding.steps),
    )
    branches.train()
    began, total = time.monotonic(), 0.0
    for step in range(1, adding.steps + 1):
        views, absence = _batch(photos, background, adding, images, rng)
        pixels, boxes = stacked(views)
        batch = {name: device.tensor(torch.from_numpy(v)) for name, v in boxes.items()}
        with device.computing():
            prediction = model(device.tensor(torch.from_numpy(pixels)).float() / 255)[1]
        own = {**prediction, "scores": prediction["scores"][:, -1:]}
        whole, parts = loss.of(own, batch, views=views, absence=absence)
        optimizer.zero_grad()
        whole.backward()
        optimizer.step()
        rate.step()
        total += float(parts[1])
        if step % REPORT_STEPS == 0:
            left = (time.monotonic() - began) / step * (adding.steps - step) / 60
            report(f"{step}/{adding.steps} {total / step:.3f}, 剩余 / left {left:.0f} min")


def _batch(
    photos: Sequence[Picture],
    background: Sequence[Picture],
    adding: Adding,
    images: Images,
    rng: np.random.Generator,
) -> tuple[list[View], list[list[float]]]:
    """Draw a batch: views, and per view how much the absence of the class counts."""
    height, width = adding.shapes[int(rng.integers(len(adding.shapes)))]
    others = round(BATCH * BACKGROUND_SHARE) if background else 0
    chosen = [photos[int(i)] for i in rng.integers(len(photos), size=BATCH - others)]
    chosen += [background[int(i)] for i in rng.integers(max(len(background), 1), size=others)]
    views = [
        view_of(p, images.of(p), height=height, width=width, zoom=1.0, level=True, rng=rng)
        for p in chosen
    ]
    return views, [[1.0 if adding.label in p.known else adding.absence] for p in chosen]


def photos_of(folder: Path, label: str) -> tuple[Picture, ...]:
    """Read the training pictures of a folder with the boxes of one class, as label 0.

    Args:
        folder: in our layout; other classes of the catalogue may be labelled there too.

    Raises:
        BrokenDataset: the folder is not whole, or has a class that nobody knows.
    """
    names = (label, *(name for name in STREET_LABELS if name != label))
    pictures = read_yolo(folder, split="train", default_source=folder.name, labels=names)
    return in_order_of(pictures, (label,), numbered=names)
