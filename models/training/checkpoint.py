"""What a training starts from, and what it leaves behind."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import torch
from ultralytics.nn.tasks import DetectionModel
from ultralytics.utils import DEFAULT_CFG

from models.dataset.labels import catalogue_name
from models.errors import ModelsError

RARE_BIAS: Final = -5.0
"""Bias of an output that nothing is known of: a score below one in a hundred."""


class UnusableCheckpoint(ModelsError):
    """A file is no checkpoint that a training can begin or go on with."""

    def __init__(self, path: Path, zh: str, en: str) -> None:
        super().__init__(f"检查点 {path} 不能用：{zh}", f"the checkpoint {path} is unusable: {en}")
        self.path = path


@dataclass(slots=True, kw_only=True)
class Progress:
    """Where a training stands; written after every epoch so that it can be stopped at any time.

    `device` says in words what it ran on.
    """

    epoch: int = 0
    hours: float = 0.0
    device: str = ""


def start_model(path: Path, labels: Sequence[str]) -> DetectionModel:
    """Load a checkpoint and give its class branch one output for each label, in their order.

    Outputs that the checkpoint has, under the catalogue's name or a public data set's, keep their
    weights; new ones start small and with a low bias. All else stays as it is.

    Raises:
        UnusableCheckpoint: the file is missing, holds no detector, or one with an added class.
    """
    model = _read(path)["model"].float()
    if not all(isinstance(branch, torch.nn.Sequential) for branch in model.model[-1].cv3):
        raise UnusableCheckpoint(
            path,
            "其中有加过的类别，整体训练会丢掉它；请从原模型开始",
            "it has an added class, which a whole training would drop; start from the model before",
        )
    known = [catalogue_name(name) or name for name in model.names.values()]
    last = [branch[-1] for branch in model.model[-1].cv3]
    with_outputs(model, len(labels))
    for branch, old in zip(model.model[-1].cv3, last, strict=True):
        _take_over(branch[-1], old, known, labels)
    return prepared(model, labels)


def with_outputs(model: DetectionModel, classes: int) -> DetectionModel:
    """Give each class branch a new last layer of so many outputs, small and with a low bias."""
    head = model.model[-1]
    for branch in head.cv3:
        branch[-1] = torch.nn.Conv2d(branch[-1].in_channels, classes, 1)
        torch.nn.init.normal_(branch[-1].weight, 0.0, 0.01)
        torch.nn.init.constant_(branch[-1].bias, RARE_BIAS)
    head.nc, head.no = classes, classes + 4 * head.reg_max
    model.yaml = {**model.yaml, "nc": classes}
    return model


def prepared(model: DetectionModel, labels: Sequence[str]) -> DetectionModel:
    """Name a model's outputs and give it the loss gains of its library's defaults."""
    model.names = dict(enumerate(labels))
    model.args = DEFAULT_CFG
    return model


def _take_over(
    new: torch.nn.Conv2d, old: torch.nn.Conv2d, known: Sequence[str], labels: Sequence[str]
) -> None:
    with torch.no_grad():
        for i, label in enumerate(labels):
            if label in known:
                new.weight[i] = old.weight[known.index(label)]
                new.bias[i] = old.bias[known.index(label)]


def write_checkpoint(
    path: Path, *, model: torch.nn.Module, progress: Progress, going_on: Mapping[str, Any]
) -> None:
    """Write a checkpoint whole or not at all.

    Args:
        model: what is exported, the averaged weights.
        going_on: what only a resumed training needs.
    """
    partial = path.with_suffix(".part")
    kept = {"model": model, "progress": asdict(progress), "train_args": {}, **going_on}
    torch.save(kept, partial)
    partial.rename(path)


def read_checkpoint(path: Path) -> tuple[DetectionModel, Progress, Mapping[str, Any]]:
    """Read model, progress and what a resumed training needs.

    Raises:
        UnusableCheckpoint: the file is missing, or was not written by a training of ours.
    """
    kept = _read(path)
    if "progress" not in kept:
        raise UnusableCheckpoint(path, "不是本程序的训练留下的", "no training of ours left it")
    progress = Progress(**kept["progress"])
    return prepared(kept["model"].float(), tuple(kept["model"].names.values())), progress, kept


def _read(path: Path) -> Mapping[str, Any]:
    if not path.is_file():
        raise UnusableCheckpoint(path, "文件不存在", "there is no such file")
    # A checkpoint is a pickle, which runs code: only files of a known maker belong here.
    try:
        kept = torch.load(path, map_location="cpu", weights_only=False)
    except (ModuleNotFoundError, AttributeError) as error:
        raise UnusableCheckpoint(
            path,
            "由别的版本或别的程序写成；请从它的模型包开始",
            "another version or program wrote it; start from its package",
        ) from error
    if not isinstance(kept, dict) or not isinstance(kept.get("model"), DetectionModel):
        raise UnusableCheckpoint(path, "其中没有检测模型", "it holds no detector")
    return kept
