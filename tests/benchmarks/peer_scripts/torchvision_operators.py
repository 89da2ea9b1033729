"""What a torchvision without its compiled part lacks, so that the rest of it loads as it is.

Two schemas must be known before its modules can be imported, and one operator must work for
ultralytics: suppression of overlapping boxes, done by OpenCV, which is as fast.
"""

import cv2
import torch

_LIBRARY = torch.library.Library("torchvision", "DEF")


def declare() -> None:
    """Make the operators known that torchvision's Python part registers things for."""
    for name in ("nms", "qnms"):
        _LIBRARY.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    _LIBRARY.impl("nms", nms, "CPU")


def nms(boxes: torch.Tensor, scores: torch.Tensor, iou_threshold: float) -> torch.Tensor:
    """Return the indices of kept boxes, best first; `boxes` is (n, 4) corners."""
    if not len(boxes):
        return torch.zeros(0, dtype=torch.int64)
    xywh = boxes.double().numpy().copy()
    xywh[:, 2:] -= xywh[:, :2]
    kept = cv2.dnn.NMSBoxes(xywh, scores.float().numpy(), 0.0, iou_threshold)
    return torch.as_tensor(kept, dtype=torch.int64).reshape(-1)


declare()
