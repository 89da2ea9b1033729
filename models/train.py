"""Train a detector on sets that each label only some of the classes."""

import json
import math
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from ultralytics.nn.tasks import DetectionModel
from ultralytics.utils import DEFAULT_CFG
from ultralytics.utils.loss import v8DetectionLoss
from ultralytics.utils.torch_utils import ModelEMA

from models.augment import Image, View, read_image, view_of
from models.datasets import Picture
from models.labels import STREET_LABELS
from models.recipe import Recipe

RARE_BIAS: Final = -5.0
LONGEST_PX: Final = 1280
REPORT_STEPS: Final = 20

Batch = tuple[list[View], list[str]]


class PartialLabels(torch.nn.Module):  # type: ignore[misc] # torch is not there when checked
    """Binary cross-entropy in which what a picture does not label weighs less or nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = torch.ones(1)

    def forward(self, logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        """Return the weighted loss per picture, place and class."""
        # A labelled object counts in full whatever the weight of the class's absence.
        weight = torch.where(targets > 0, torch.ones_like(targets), self.weight)
        loss = torch.nn.functional.binary_cross_entropy_with_logits(
            logits, targets, reduction="none"
        )
        return loss * weight


@dataclass(slots=True, kw_only=True)
class Progress:
    """Where a training stands; written after every epoch so that it can be stopped at any time."""

    epoch: int = 0
    hours: float = 0.0


def start_model(path: Path) -> DetectionModel:
    """Load a checkpoint and widen its class branch to the street classes it lacks.

    The outputs that exist keep their place; new ones start small and with a low bias.
    """
    old = torch.load(path, map_location="cpu", weights_only=False)["model"].float()
    model = DetectionModel(old.yaml, nc=len(STREET_LABELS), verbose=False)
    source, target = old.state_dict(), model.state_dict()
    for name, value in target.items():
        given = source[name]
        if given.shape == value.shape:
            target[name] = given.clone()
        elif value.ndim > 1:
            target[name] = torch.cat((given, 0.01 * torch.randn_like(value[len(given) :])))
        else:
            target[name] = torch.cat((given, torch.full_like(value[len(given) :], RARE_BIAS)))
    model.load_state_dict(target)
    model.names = dict(enumerate(STREET_LABELS))
    model.args = DEFAULT_CFG
    return model


def train(
    pictures: Sequence[Picture],
    recipe: Recipe,
    *,
    start: Path,
    out: Path,
    resume: bool,
    report: Callable[[str], None],
) -> Path:
    """Train and return the averaged checkpoint of the last whole epoch.

    Args:
        start: checkpoint to begin with.
        out: folder for `last.pt`, `log.jsonl`; with `resume` an earlier one goes on.
        report: is told how it goes, a line at a time.
    """
    torch.manual_seed(recipe.seed)
    torch.set_num_threads(recipe.threads)
    cv2.setNumThreads(1)
    out.mkdir(parents=True, exist_ok=True)
    last = out / "last.pt"
    kept = torch.load(last, map_location="cpu", weights_only=False) if resume else None
    model = (kept["model"].float() if kept else start_model(start)).to(
        memory_format=torch.channels_last
    )
    model.args = DEFAULT_CFG
    progress = Progress(**kept["progress"]) if kept else Progress()
    run = _Run(model=model, recipe=recipe, pictures=pictures)
    if kept:
        run.optimizer.load_state_dict(kept["optimizer"])
    while progress.epoch < recipe.epochs:
        began = time.monotonic()
        losses = run.epoch(progress.epoch, report)
        progress.epoch += 1
        progress.hours += (time.monotonic() - began) / 3600
        _save(last, run, progress)
        with (out / "log.jsonl").open("a") as log:
            log.write(json.dumps({"epoch": progress.epoch, "hours": progress.hours} | losses))
            log.write("\n")
    return last


def _save(path: Path, run: "_Run", progress: Progress) -> None:
    partial = path.with_suffix(".part")
    torch.save(
        {
            "model": run.average.ema,
            "optimizer": run.optimizer.state_dict(),
            "progress": {"epoch": progress.epoch, "hours": progress.hours},
            "train_args": {},
        },
        partial,
    )
    partial.rename(path)


class _Run:
    def __init__(
        self, *, model: DetectionModel, recipe: Recipe, pictures: Sequence[Picture]
    ) -> None:
        self.model, self.recipe, self.pictures = model, recipe, pictures
        for name, parameter in model.named_parameters():
            layer = int(name.split(".")[1])
            parameter.requires_grad = layer >= recipe.freeze and "dfl" not in name
        moving = [p for p in model.parameters() if p.requires_grad]
        self.optimizer = torch.optim.AdamW(
            [
                {"params": [p for p in moving if p.ndim > 1], "weight_decay": 5e-4},
                {"params": [p for p in moving if p.ndim <= 1], "weight_decay": 0.0},
            ],
            lr=recipe.rate,
        )
        self.average = ModelEMA(model, decay=recipe.average_decay, tau=recipe.average_warmup)
        self.criterion = v8DetectionLoss(model)
        self.partial = PartialLabels()
        self.criterion.bce = self.partial
        self.images = _Images()

    def epoch(self, index: int, report: Callable[[str], None]) -> dict[str, float]:
        rng = np.random.default_rng((self.recipe.seed, index))
        plan = _plan(self.pictures, self.recipe, rng)
        self.model.train()
        for layer in list(self.model.model)[: self.recipe.freeze]:
            layer.eval()
        total = np.zeros(3)
        for step, (views, sources) in enumerate(_batches(plan, self.recipe, self.images, rng)):
            self._set_rate(
                (index + step / len(plan)) / self.recipe.epochs, step + index * len(plan)
            )
            total += self._step(views, sources)
            if (step + 1) % REPORT_STEPS == 0:
                mean = " ".join(f"{value:.3f}" for value in total / (step + 1))
                report(f"{index + 1}/{self.recipe.epochs} {step + 1}/{len(plan)} {mean}")
        return dict(
            zip(("box", "class", "dfl"), (total / len(plan)).round(4).tolist(), strict=True)
        )

    def _set_rate(self, share: float, step: int) -> None:
        cosine = 0.5 * (1 + math.cos(math.pi * share))
        warm = min(1.0, (step + 1) / self.recipe.warmup_steps)
        for group in self.optimizer.param_groups:
            group["lr"] = self.recipe.rate * warm * (0.03 + 0.97 * cosine)

    def _step(self, views: Sequence[View], sources: Sequence[str]) -> NDArray[np.float64]:
        batch = _tensors(views)
        prediction = self.model(batch["img"])
        self.partial.weight = self._weights(views, sources, prediction["feats"])
        loss, parts = self.criterion(prediction, batch)
        self.optimizer.zero_grad()
        loss.sum().backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 10.0)
        self.optimizer.step()
        self.average.update(self.model)
        return np.array([float(v) for v in parts.values()])

    def _weights(
        self, views: Sequence[View], sources: Sequence[str], feats: Sequence[torch.Tensor]
    ) -> torch.Tensor:
        """Return (batch, places, classes): how much the absence of a class counts there."""
        centres = _centres(feats, self.model.stride.tolist())
        rows = torch.tensor([self.recipe.absence(source) for source in sources])
        weight = rows[:, None, :].repeat(1, len(centres), 1)
        for i, view in enumerate(views):
            for box, label in zip(view.ignored_boxes, view.ignored_labels, strict=True):
                low, high = torch.from_numpy(box[:2]), torch.from_numpy(box[2:])
                inside = ((centres >= low) & (centres <= high)).all(1)
                weight[i, inside, int(label)] = 0.0
        return weight


class _Images:
    """Decoded pictures, kept in memory."""

    def __init__(self) -> None:
        self.kept: dict[Path, Image] = {}

    def of(self, picture: Picture) -> Image:
        if picture.path not in self.kept:
            self.kept[picture.path] = read_image(picture.path, longest=LONGEST_PX)
        return self.kept[picture.path]


def _plan(
    pictures: Sequence[Picture], recipe: Recipe, rng: np.random.Generator
) -> list[list[Picture]]:
    """Draw an epoch: every picture as often as its source's share says, in mixed batches."""
    times = [recipe.share(p.source) for p in pictures]
    counts = [int(t) + int(rng.random() < t % 1) for t in times]
    drawn = [p for p, n in zip(pictures, counts, strict=True) for _ in range(n)]
    order = rng.permutation(len(drawn))
    size = recipe.batch
    return [[drawn[j] for j in order[i : i + size]] for i in range(0, len(drawn) - size + 1, size)]


def _batches(
    plan: Sequence[Sequence[Picture]],
    recipe: Recipe,
    images: _Images,
    rng: np.random.Generator,
) -> Iterator[Batch]:
    shapes = [recipe.shapes[int(i)] for i in rng.integers(len(recipe.shapes), size=len(plan))]
    seeds = rng.integers(2**32, size=len(plan))

    def make(i: int) -> Batch:
        own = np.random.default_rng(int(seeds[i]))
        height, width = shapes[i]
        views = [
            view_of(
                p,
                images.of(p),
                height=height,
                width=width,
                zoom=recipe.sources[p.source].zoom,
                rng=own,
            )
            for p in plan[i]
        ]
        return views, [p.source for p in plan[i]]

    with ThreadPoolExecutor(1) as pool:
        waiting = [pool.submit(make, i) for i in range(min(2, len(plan)))]
        for i in range(len(plan)):
            yield waiting.pop(0).result()
            if i + 2 < len(plan):
                waiting.append(pool.submit(make, i + 2))


def _tensors(views: Sequence[View]) -> dict[str, torch.Tensor]:
    height, width = views[0].image.shape[:2]
    stack = np.ascontiguousarray(
        np.stack([v.image[..., ::-1] for v in views]).transpose(0, 3, 1, 2)
    )
    boxes = np.vstack([v.boxes for v in views]) / np.array([width, height] * 2, np.float32)
    centre, side = (boxes[:, :2] + boxes[:, 2:]) / 2, boxes[:, 2:] - boxes[:, :2]
    owner = np.repeat(np.arange(len(views)), [len(v.boxes) for v in views])
    images = torch.from_numpy(stack).contiguous(memory_format=torch.channels_last)
    return {
        "img": images.float() / 255,
        "batch_idx": torch.from_numpy(owner).float(),
        "cls": torch.from_numpy(np.concatenate([v.labels for v in views])).float()[:, None],
        "bboxes": torch.from_numpy(np.hstack((centre, side))).float(),
    }


def _centres(feats: Sequence[torch.Tensor], strides: Sequence[float]) -> torch.Tensor:
    """Return (places, 2): x y of every output place in canvas pixels, in the model's order."""
    grids = []
    for feat, stride in zip(feats, strides, strict=True):
        rows, columns = feat.shape[2:]
        y, x = torch.meshgrid(torch.arange(rows), torch.arange(columns), indexing="ij")
        grids.append((torch.stack((x, y), -1).reshape(-1, 2) + 0.5) * stride)
    return torch.cat(grids)
