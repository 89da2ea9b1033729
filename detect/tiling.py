"""Frames too large for the model's input, seen tile by tile and as a whole."""

from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from detect.box import Boxes, area, iou_of_pairs, overlap_matrix
from detect.detections import Detections
from detect.pixels import RawImage

CUT_PX: Final = 2.0
CUT_SHARE: Final = 0.05
"""A box as near to an inner border of its tile, in pixels or in shares of its side, may go on."""

AGREE_IOU: Final = 0.5
"""Overlap, within what two tiles both show, from which their boxes are one thing."""

SLACK: Final = 0.1
"""Share of its size by which a side of one thing may differ between two looks: where tiles share
only a strip of it, a little more or less of a side is half of all they both show."""

INSIDE: Final = 0.8
"""Share of a box in another one from which it lies in it."""

FILLED: Final = 0.7
"""Share of a box seen from afar that boxes seen near fill, from which it shows nothing more."""


class Sees(Protocol):
    """What finds things in a picture."""

    @property
    def labels(self) -> tuple[str, ...]:
        """Catalogue names of what it finds."""

    def detect(self, image: RawImage) -> Detections:
        """Find what a picture shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sights:
    """What all tiles show, in frame pixels.

    Attributes:
        xyxy: (n, 4) float32.
        score: (n,) float32.
        probability: (n,) float32.
        label: (n,) int64.
        tile: (n, 4) float32, the tile each was seen in.
        cut: (n, 4) bool, the sides that end at the tile's border while the frame goes on.
    """

    xyxy: Boxes
    score: NDArray[np.float32]
    probability: NDArray[np.float32]
    label: NDArray[np.int64]
    tile: Boxes
    cut: NDArray[np.bool_]


def tiles(frame: tuple[int, int], tile: tuple[int, int], overlap: float) -> Boxes:
    """Lay tiles over a frame, row by row, the last of each row and column flush with its border.

    Args:
        frame: (height, width), pixels.
        tile: (height, width), pixels.
        overlap: share of a tile that its neighbour shows too, 0 to 0.9.
    """
    tops = _starts(frame[0], tile[0], overlap)
    lefts = _starts(frame[1], tile[1], overlap)
    return np.array(
        [
            (x, y, min(x + tile[1], frame[1]), min(y + tile[0], frame[0]))
            for y in tops
            for x in lefts
        ],
        np.float32,
    )


def detect_tiled(
    detector: Sees, image: RawImage, *, tile: tuple[int, int], overlap: float
) -> Detections:
    """Find what a large frame shows, best first; things cut by a tile's border are joined.

    The frame as a whole counts as one more tile, for things larger than a tile.

    Args:
        detector: what looks at each tile.
        image: the frame.
        tile: (height, width) of a tile in frame pixels.
        overlap: share of a tile that its neighbour shows too, 0 to 0.9; at least the size of the
            thing looked for, or the two halves may not recognise each other.

    Raises:
        UnusableFrame: the frame is no picture.
        UnusableOutput: the model answered what cannot be read.
    """
    height, width = image.shape[:2]
    laid = tiles((height, width), tile, overlap)
    if len(laid) <= 1:
        return detector.detect(image)
    whole = np.array([[0, 0, width, height]], np.float32)
    sights = _look(detector, image, np.concatenate((whole, laid)))
    return _join(sights, detector.labels)


def _starts(length: int, tile: int, overlap: float) -> list[int]:
    if length <= tile:
        return [0]
    step = max(tile * (1 - min(max(overlap, 0.0), 0.9)), 1.0)
    count = int(np.ceil((length - tile) / step)) + 1
    return [round(i * (length - tile) / (count - 1)) for i in range(count)]


def _look(detector: Sees, image: RawImage, laid: Boxes) -> _Sights:
    """Look at each tile in order."""
    frame = np.array([0, 0, image.shape[1], image.shape[0]], np.float32)
    found: list[Detections] = []
    for left, top, right, bottom in laid.astype(int).tolist():
        found.append(detector.detect(image[top:bottom, left:right]))
    counts = [len(part) for part in found]
    tile = np.repeat(laid, counts, axis=0)
    xyxy = np.concatenate([part.xyxy for part in found]) + np.tile(tile[:, :2], 2)
    inner = tile != frame
    sides = np.tile(xyxy[:, 2:] - xyxy[:, :2], 2)
    return _Sights(
        xyxy=xyxy,
        score=np.concatenate([part.score for part in found]),
        probability=np.concatenate([part.probability for part in found]),
        label=np.concatenate([part.label for part in found]),
        tile=tile,
        cut=inner & (np.abs(xyxy - tile) <= np.maximum(CUT_PX, CUT_SHARE * sides)),
    )


def _join(sights: _Sights, labels: tuple[str, ...]) -> Detections:
    """Make one detection of the sights that are one thing, each side as seen uncut."""
    order = np.argsort(-sights.score, kind="stable")
    group = _groups(sights, order)
    leaders = [int(i) for i in order if group[i] == i]
    xyxy = np.array([_outline(sights, order[group[order] == i]) for i in leaders], np.float32)
    joined = Detections(
        xyxy=xyxy.reshape(-1, 4),
        score=sights.score[leaders],
        probability=sights.probability[leaders],
        label=sights.label[leaders],
        labels=labels,
    )
    size = area(sights.tile)
    near = np.array([size[group == i].min() < size.max() for i in leaders], np.bool_)
    return joined.take(near | ~_told_apart(joined, near))


def _told_apart(joined: Detections, near: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Say (n,) which boxes are filled by boxes of their class that lie in them and were seen near.

    From afar what lies close together looks like one thing.
    """
    size = np.maximum(area(joined.xyxy), np.float32(1e-9))
    shared = overlap_matrix(joined.xyxy, joined.xyxy)
    inside = (shared >= INSIDE * size[None, :]) & near[None, :]
    inside &= joined.label[:, None] == joined.label[None, :]
    np.fill_diagonal(inside, val=False)
    filled: NDArray[np.bool_] = (shared * inside).sum(axis=1) >= FILLED * size
    return filled


def _groups(sights: _Sights, order: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give for each sight the strongest sight of the same thing.

    Two sights of different tiles are one thing if they agree on what both tiles show; two of one
    tile never are, not even where a third one, seen from farther away, covers both.
    """
    leader = np.arange(len(order))
    _, place_of_tile = np.unique(sights.tile, axis=0, return_inverse=True)
    seen_in = [{int(place)} for place in place_of_tile.ravel()]
    for place, mine in enumerate(order):
        rest = order[place + 1 :]
        apart = (sights.tile[rest] != sights.tile[mine]).any(axis=1)
        rest = rest[apart & (sights.label[rest] == sights.label[mine])]
        for other in rest[_agree(sights, int(mine), rest)]:
            first, second = leader[mine], leader[other]
            if first != second and seen_in[first].isdisjoint(seen_in[second]):
                stronger, weaker = sorted((first, second), key=lambda i: (-sights.score[i], i))
                leader[leader == weaker] = stronger
                seen_in[stronger] |= seen_in[weaker]
    return leader


def _agree(sights: _Sights, mine: int, rest: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Say (n,) with which of the rest a sight agrees on what both their tiles show."""
    low = np.maximum(sights.tile[mine, :2], sights.tile[rest, :2])
    high = np.maximum(np.minimum(sights.tile[mine, 2:], sights.tile[rest, 2:]), low)
    shown = [
        np.clip(sights.xyxy[which], np.tile(low, 2), np.tile(high, 2)) for which in (mine, rest)
    ]
    shared = iou_of_pairs(shown[0], shown[1])
    sides = sights.xyxy[:, 2:] - sights.xyxy[:, :2]
    slack = SLACK * np.tile(np.maximum(sides[mine], sides[rest]), 2)
    alike = (np.abs(shown[0] - shown[1]) <= slack).all(axis=1)
    apart = np.maximum(sights.xyxy[mine, :2], sights.xyxy[rest, :2]) - np.minimum(
        sights.xyxy[mine, 2:], sights.xyxy[rest, 2:]
    )
    touching = (apart <= slack[:, :2]).all(axis=1)
    goes_on = sights.cut[mine].any() | sights.cut[rest].any(axis=1)
    return np.asarray((shared >= AGREE_IOU) | (alike & touching & goes_on))


def _outline(sights: _Sights, members: NDArray[np.int64]) -> NDArray[np.float32]:
    """Take each side from the nearest look that shows it, the strongest first.

    What every look cuts goes as far as any of them saw it.
    """
    width, height = (sights.tile[members, 2:] - sights.tile[members, :2]).T
    members = members[np.argsort(width * height, kind="stable")]
    boxes, cut = sights.xyxy[members], sights.cut[members]
    farthest = np.concatenate((boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)))
    first = np.argmin(cut, axis=0)
    shown = boxes[first, np.arange(4)]
    return np.where(cut.all(axis=0), farthest, shown)
