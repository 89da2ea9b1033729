"""The one operator of torchvision that ultralytics calls, by OpenCV, which is as fast."""

from importlib.metadata import version
from types import SimpleNamespace

import cv2
import torch

__version__ = version("torchvision")


def nms(boxes: torch.Tensor, scores: torch.Tensor, iou_threshold: float) -> torch.Tensor:
    """Return the indices of kept boxes, best first; `boxes` is (n, 4) corners."""
    if not len(boxes):
        return torch.zeros(0, dtype=torch.int64)
    xywh = boxes.double().numpy().copy()
    xywh[:, 2:] -= xywh[:, :2]
    kept = cv2.dnn.NMSBoxes(xywh, scores.float().numpy(), 0.0, iou_threshold)
    return torch.as_tensor(kept, dtype=torch.int64).reshape(-1)


ops = SimpleNamespace(nms=nms)
