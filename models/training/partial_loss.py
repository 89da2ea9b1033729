"""The loss of a detector on pictures that each label only some of its classes."""

from collections.abc import Mapping, Sequence

import torch
from ultralytics.nn.tasks import DetectionModel
from ultralytics.utils.loss import v8DetectionLoss

from models.corpus.augment import View


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


class PartialLoss:
    """Box, class and distance loss of a batch."""

    def __init__(self, model: DetectionModel, *, classes: int) -> None:
        self._criterion = v8DetectionLoss(model)
        self._criterion.nc = self._criterion.assigner.num_classes = classes
        self._labels = self._criterion.bce = PartialLabels()
        self._strides = model.stride.tolist()

    def of(
        self,
        prediction: Mapping[str, torch.Tensor],
        batch: Mapping[str, torch.Tensor],
        *,
        views: Sequence[View],
        absence: Sequence[Sequence[float]],
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return what is to be minimised, and (3,) box, class and distance loss.

        Args:
            prediction: the model's `boxes`, `scores` and `feats`, in any precision.
            batch: `batch_idx`, `cls` and `bboxes` as the library wants them.
            views: the pictures of the batch; on their ignored boxes no class loss is counted.
            absence: (pictures, classes) how much the absence of a class counts.
        """
        whole = {
            "boxes": prediction["boxes"].float(),
            "scores": prediction["scores"].float(),
            "feats": prediction["feats"],
        }
        weight = _weights(views, absence, centres(prediction["feats"], self._strides))
        self._labels.weight = weight.to(whole["scores"].device)
        loss, parts = self._criterion(whole, batch)
        return loss.sum(), torch.stack([v.detach() for v in parts.values()])


def _weights(
    views: Sequence[View], absence: Sequence[Sequence[float]], places: torch.Tensor
) -> torch.Tensor:
    """Return (batch, places, classes): how much the absence of a class counts there."""
    weight = torch.tensor(absence)[:, None, :].repeat(1, len(places), 1)
    for i, view in enumerate(views):
        for box, label in zip(view.ignored_boxes, view.ignored_labels, strict=True):
            low, high = torch.from_numpy(box[:2]), torch.from_numpy(box[2:])
            inside = ((places >= low) & (places <= high)).all(1)
            weight[i, inside, int(label)] = 0.0
    return weight


def centres(feats: Sequence[torch.Tensor], strides: Sequence[float]) -> torch.Tensor:
    """Return (places, 2): x y of every output place in canvas pixels, in the model's order."""
    grids = []
    for feat, stride in zip(feats, strides, strict=True):
        rows, columns = feat.shape[2:]
        y, x = torch.meshgrid(torch.arange(rows), torch.arange(columns), indexing="ij")
        grids.append((torch.stack((x, y), -1).reshape(-1, 2) + 0.5) * stride)
    return torch.cat(grids)
