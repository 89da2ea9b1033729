"""An epoch of random views, made ahead of the step that learns from them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from models.corpus.augment import View, joined, view_of
from models.corpus.recipe import Recipe
from models.dataset.labelled_pictures import Labels, Picture
from models.dataset.labels import STREET_LABELS
from models.pictures.image import Image, read_image

LONGEST_PX: Final = 1280

Cell = tuple[Picture, ...]
"""The pictures of one view: one, or four of one source."""

Batch = tuple[list[View], list[str]]
"""Views and the source of each."""


def in_order_of(
    pictures: Sequence[Picture], labels: Sequence[str], *, numbered: Sequence[str] = STREET_LABELS
) -> tuple[Picture, ...]:
    """Renumber boxes to a model's outputs; boxes of what it shall not know are left out.

    Args:
        numbered: the names that the pictures' labels count now.
    """
    to_output = np.array([labels.index(n) if n in labels else -1 for n in numbered], np.int64)
    return tuple(_renumbered(picture, to_output) for picture in pictures)


def _renumbered(picture: Picture, to_output: Labels) -> Picture:
    labels, ignored = to_output[picture.labels], to_output[picture.ignored_labels]
    return replace(
        picture,
        boxes=picture.boxes[labels >= 0],
        labels=labels[labels >= 0],
        ignored_boxes=picture.ignored_boxes[ignored >= 0],
        ignored_labels=ignored[ignored >= 0],
    )


class Images:
    """Decoded pictures, kept in memory."""

    def __init__(self) -> None:
        self._kept: dict[Path, Image] = {}

    def of(self, picture: Picture) -> Image:
        """Return a picture's pixels, BGR, no side longer than `LONGEST_PX`."""
        if picture.path not in self._kept:
            self._kept[picture.path] = read_image(picture.path, longest=LONGEST_PX)
        return self._kept[picture.path]


def plan(
    pictures: Sequence[Picture], recipe: Recipe, *, mosaic: float, rng: np.random.Generator
) -> list[list[Cell]]:
    """Draw an epoch: every picture as often as its source's share says, in mixed batches.

    Args:
        mosaic: share of views made of four pictures. These are of one source, for sources label
            different classes.
    """
    times = [recipe.share(p.source) for p in pictures]
    counts = [int(t) + int(rng.random() < t % 1) for t in times]
    drawn = [p for p, n in zip(pictures, counts, strict=True) for _ in range(n)]
    same: Mapping[str, list[Picture]] = defaultdict(list)
    for picture in pictures:
        same[picture.source].append(picture)
    order = rng.permutation(len(drawn))
    cells = [_cell(drawn[i], same[drawn[i].source], mosaic, rng) for i in order]
    size = recipe.batch
    return [cells[i : i + size] for i in range(0, len(cells) - size + 1, size)]


def _cell(
    picture: Picture, same: Sequence[Picture], mosaic: float, rng: np.random.Generator
) -> Cell:
    if rng.random() >= mosaic:
        return (picture,)
    return (picture, *(same[int(i)] for i in rng.integers(len(same), size=3)))


def batches(
    planned: Sequence[Sequence[Cell]], recipe: Recipe, images: Images, rng: np.random.Generator
) -> Iterator[Batch]:
    """Make the views of an epoch, some batches ahead; their order and content are the seed's."""
    shapes = [recipe.shapes[int(i)] for i in rng.integers(len(recipe.shapes), size=len(planned))]
    seeds = rng.integers(2**32, size=len(planned))

    def make(i: int) -> Batch:
        own = np.random.default_rng(int(seeds[i]))
        views = [_view(cell, recipe, images, shape=shapes[i], rng=own) for cell in planned[i]]
        return views, [cell[0].source for cell in planned[i]]

    ahead = recipe.workers + 1
    with ThreadPoolExecutor(recipe.workers) as pool:
        waiting = [pool.submit(make, i) for i in range(min(ahead, len(planned)))]
        for i in range(len(planned)):
            yield waiting.pop(0).result()
            if i + ahead < len(planned):
                waiting.append(pool.submit(make, i + ahead))


def _view(
    cell: Cell, recipe: Recipe, images: Images, *, shape: tuple[int, int], rng: np.random.Generator
) -> View:
    part = shape if len(cell) == 1 else (shape[0] // 2, shape[1] // 2)
    views = [
        view_of(
            picture,
            images.of(picture),
            height=part[0],
            width=part[1],
            zoom=recipe.sources[picture.source].zoom,
            level=recipe.view != "overhead",
            rng=rng,
        )
        for picture in cell
    ]
    return views[0] if len(views) == 1 else joined(views)


def stacked(views: Sequence[View]) -> tuple[NDArray[np.uint8], dict[str, NDArray[np.float32]]]:
    """Return (n, 3, height, width) RGB pixels and the boxes of a batch.

    The boxes: `batch_idx` (m,), `cls` (m, 1), `bboxes` (m, 4) centre and size in shares.
    """
    height, width = views[0].image.shape[:2]
    pixels = np.stack([v.image[..., ::-1] for v in views]).transpose(0, 3, 1, 2)
    boxes = np.vstack([v.boxes for v in views]) / np.array([width, height] * 2, np.float32)
    centre, side = (boxes[:, :2] + boxes[:, 2:]) / 2, boxes[:, 2:] - boxes[:, :2]
    owner = np.repeat(np.arange(len(views)), [len(v.boxes) for v in views])
    return np.ascontiguousarray(pixels), {
        "batch_idx": owner.astype(np.float32),
        "cls": np.concatenate([v.labels for v in views]).astype(np.float32)[:, None],
        "bboxes": np.hstack((centre, side)).astype(np.float32),
    }
