"""Train a detector on sets that each label only some of the classes."""

import json
import math
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import torch
from ultralytics.nn.tasks import DetectionModel
from ultralytics.utils.torch_utils import ModelEMA

from models.corpus.augment import View
from models.corpus.batches import Images, batches, in_order_of, plan, stacked
from models.corpus.recipe import Recipe
from models.dataset.labelled_pictures import Picture
from models.training.checkpoint import Progress, read_checkpoint, start_model, write_checkpoint
from models.training.curves import LOSSES, draw_curves
from models.training.device import Device, Processor
from models.training.held_out import measure
from models.training.partial_loss import PartialLoss

REPORT_STEPS: Final = 20
STEEPEST: Final = 10.0
"""Norm at which a gradient is cut."""
LEAST_RATE: Final = 0.03
"""Share of the rate that is left at the end."""

Report = Callable[[str], None]


def train(
    pictures: Sequence[Picture],
    recipe: Recipe,
    *,
    start: Path,
    out: Path,
    resume: bool,
    report: Report,
    held_out: Sequence[Picture] = (),
    processor: Processor = Processor.AUTO,
) -> Path:
    """Train and return the averaged checkpoint of the last whole epoch.

    Args:
        start: checkpoint to begin with.
        out: folder for `last.pt`, `log.jsonl`, `curves.svg`; with `resume` an earlier one goes on
            where its last whole epoch ended.
        report: is told how it goes, a line at a time.
        held_out: pictures to measure on while it learns from the others.

    Raises:
        UnusableCheckpoint: there is nothing to start from or to go on with.
        NoSuchDevice: the processor asked for is not there.
    """
    torch.manual_seed(recipe.seed)
    cv2.setNumThreads(1)
    device = Device.chosen(processor, half=recipe.half, threads=recipe.threads)
    report(f"{recipe.name} {recipe.version}: {len(pictures)} + {len(held_out)}, {device.name}")
    out.mkdir(parents=True, exist_ok=True)
    last, log = out / "last.pt", out / "log.jsonl"
    run = _resumed(last, recipe, device) if resume else _begun(start, recipe, device)
    run.progress.device = device.name
    learnt = in_order_of(pictures, recipe.labels, numbered=recipe.numbered)
    measured = in_order_of(held_out, recipe.labels, numbered=recipe.numbered)
    if not resume:
        log.unlink(missing_ok=True)
    while run.progress.epoch < recipe.epochs:
        row = run.epoch(learnt, measured, report)
        write_checkpoint(
            last, model=run.average.ema, progress=run.progress, going_on=run.going_on()
        )
        with log.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
        draw_curves(log, out / "curves.svg")
    return last


def _begun(start: Path, recipe: Recipe, device: Device) -> "_Run":
    return _Run(start_model(start, recipe.labels), recipe, device, Progress())


def _resumed(last: Path, recipe: Recipe, device: Device) -> "_Run":
    averaged, progress, kept = read_checkpoint(last)
    run = _Run(averaged, recipe, device, progress)
    run.model.load_state_dict(kept["weights"])
    run.optimizer.load_state_dict(kept["optimizer"])
    run.average.updates = kept["updates"]
    return run


class _Run:
    """A model, what moves it, and its running average."""

    def __init__(
        self, model: DetectionModel, recipe: Recipe, device: Device, progress: Progress
    ) -> None:
        self.recipe, self.device, self.progress = recipe, device, progress
        self.model = device.taken(model)
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
        self.loss = PartialLoss(model, classes=len(recipe.labels))
        self.images = Images()

    def going_on(self) -> dict[str, Any]:
        """Return what a resumed training needs beside the averaged model."""
        return {
            "weights": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "updates": self.average.updates,
        }

    def epoch(
        self, pictures: Sequence[Picture], held_out: Sequence[Picture], report: Report
    ) -> dict[str, Any]:
        """Learn for one epoch and return its line of the log."""
        began = time.monotonic()
        losses = self._learn(pictures, report)
        self.progress.epoch += 1
        row: dict[str, Any] = {"epoch": self.progress.epoch, **losses}
        last = self.progress.epoch == self.recipe.epochs
        if held_out and (last or self.progress.epoch % self.recipe.check_every == 0):
            row["ap50"] = measure(
                self.average.ema, held_out, self.recipe, images=self.images, device=self.device
            )
            report(" ".join(f"{name} {value:.3f}" for name, value in row["ap50"].items()))
        self.progress.hours += (time.monotonic() - began) / 3600
        return row | {"hours": round(self.progress.hours, 4)}

    def _learn(self, pictures: Sequence[Picture], report: Report) -> dict[str, float]:
        epoch, began = self.progress.epoch, time.monotonic()
        rng = np.random.default_rng((self.recipe.seed, epoch))
        whole = epoch >= self.recipe.mosaic_until * self.recipe.epochs
        mosaic = 0.0 if whole else self.recipe.mosaic
        planned = plan(pictures, self.recipe, mosaic=mosaic, rng=rng)
        self.model.train()
        for layer in list(self.model.model)[: self.recipe.freeze]:
            layer.eval()
        total = torch.zeros(len(LOSSES), device=self.device.kind)
        made = batches(planned, self.recipe, self.images, rng)
        for step, (views, sources) in enumerate(made, start=1):
            self._set_rate(epoch + step / len(planned), epoch * len(planned) + step)
            total += self._step(views, sources)
            if step % REPORT_STEPS == 0:
                share = (epoch * len(planned) + step) / (self.recipe.epochs * len(planned))
                each = (time.monotonic() - began) / step
                left = each * len(planned) * self.recipe.epochs * (1 - share) / 60
                mean = " ".join(f"{value:.3f}" for value in (total / step).tolist())
                place = f"{epoch + 1}/{self.recipe.epochs} {step}/{len(planned)}"
                report(f"{place} {mean} {each:.2f} s, 剩余 / left {left:.0f} min")
        mean = (total / max(len(planned), 1)).tolist()
        return {name: round(value, 4) for name, value in zip(LOSSES, mean, strict=True)}

    def _set_rate(self, epochs: float, step: int) -> None:
        cosine = 0.5 * (1 + math.cos(math.pi * epochs / self.recipe.epochs))
        warm = min(1.0, step / self.recipe.warmup_steps)
        for group in self.optimizer.param_groups:
            group["lr"] = self.recipe.rate * warm * (LEAST_RATE + (1 - LEAST_RATE) * cosine)

    def _step(self, views: Sequence[View], sources: Sequence[str]) -> torch.Tensor:
        pixels, boxes = stacked(views)
        images = self.device.tensor(torch.from_numpy(pixels)).float() / 255
        batch = {name: self.device.tensor(torch.from_numpy(v)) for name, v in boxes.items()}
        with self.device.computing():
            prediction = self.model(images.contiguous(memory_format=torch.channels_last))
        absence = [self.recipe.absence(source) for source in sources]
        loss, parts = self.loss.of(prediction, batch, views=views, absence=absence)
        self.optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), STEEPEST)
        self.optimizer.step()
        self.average.update(self.model)
        return parts
