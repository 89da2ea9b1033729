"""How well a model in training does on pictures that it does not learn from."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np
import torch

from detect.decode import Reading, decode
from detect.manifest import OutputLayout
from models.corpus.augment import View, still_views
from models.corpus.batches import Images, stacked
from models.corpus.recipe import Recipe
from models.dataset.labelled_pictures import Picture
from models.evaluation.scoring import PictureMatch, curve, match
from models.training.device import Device

FLOOR: Final = 0.01
SAME_IOU: Final = 0.6
MOST: Final = 300
AT_ONCE: Final = 16

Still = tuple[Picture, View]


def measure(
    model: torch.nn.Module,
    pictures: Sequence[Picture],
    recipe: Recipe,
    *,
    images: Images,
    device: Device,
) -> dict[str, float]:
    """Return AP50 of every class that people or a teacher labelled there.

    Pictures are shown in the recipe's first shape. What they do not label is not counted, so false
    alarms on other sources stay unseen: `models.evaluation.evaluate` measures those.
    """
    matches: dict[str, list[PictureMatch]] = defaultdict(list)
    for stills in _groups(pictures, recipe, images):
        pixels, _ = stacked([view for _, view in stills])
        batch = device.tensor(torch.from_numpy(pixels)).float() / 255
        with torch.inference_mode(), device.computing():
            outputs = model(batch)[0].float().cpu().numpy()
        for (picture, view), output in zip(stills, outputs, strict=True):
            for name, result in _matches(picture, view, output, recipe.labels).items():
                matches[name].append(result)
    curves = {name: curve(matches[name]) for name in recipe.labels if name in matches}
    return {name: round(c.average_precision(), 4) for name, c in curves.items() if c.objects}


def _groups(pictures: Sequence[Picture], recipe: Recipe, images: Images) -> Iterator[list[Still]]:
    height, width = recipe.shapes[0]
    waiting: list[Still] = []
    for picture in pictures:
        zoom = recipe.sources[picture.source].zoom
        views = still_views(picture, images.of(picture), height=height, width=width, zoom=zoom)
        waiting += [(picture, view) for view in views]
        while len(waiting) >= AT_ONCE:
            yield waiting[:AT_ONCE]
            waiting = waiting[AT_ONCE:]
    if waiting:
        yield waiting


def _matches(
    picture: Picture, view: View, output: np.ndarray, labels: Sequence[str]
) -> Mapping[str, PictureMatch]:
    reading = Reading(
        layout=OutputLayout.YOLO, classes=len(labels), floor=FLOOR, iou=SAME_IOU, most=MOST
    )
    found = decode(output, reading)
    return {
        name: match(
            found.xyxy[found.label == i],
            found.score[found.label == i].astype(np.float64),
            view.boxes[view.labels == i],
            input_scale=1.0,
            unsure=view.ignored_boxes[view.ignored_labels == i],
        )
        for i, name in enumerate(labels)
        if name in picture.known
    }
