"""Which detection continues which track: expected boxes, their affinity, and the pairs."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from detect.box import Boxes, iou_matrix

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

LEAST_IOU: Final = 0.15
LEAST_IOU_OF_TWO_LABELS: Final = 0.3
LEAST_SIZE_RATIO: Final = 0.4
SAME_BOX: Final = 0.8
"""Overlap from which boxes of two classes are one thing named twice."""

SLACK: Final = 0.015
"""Share of the frame's height by which even a tiny box may be off: a bump of half a degree."""

_RENAMED: Final = np.float32(0.75)
"""What an affinity is worth under another label: a bin full or not is still that bin."""

_REACH_KNOWN: Final = 0.8
_REACH_UNKNOWN: Final = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Boxed:
    """Boxes with their classes.

    Attributes:
        xyxy: (n, 4) float32 pixels.
        label: (n,) int64.
    """

    xyxy: Boxes
    label: Ints


def warp(xyxy: Boxes, matrix: NDArray[np.float64]) -> Boxes:
    """Give the boxes where a camera motion takes them: along their bottom edge, true to scale.

    The bottom edge stands on the ground that the motion describes; what rises above it does not,
    so the height only grows with the width. A box whose foot passes behind the camera becomes
    empty.

    Args:
        xyxy: (n, 4) pixels.
        matrix: (3, 3) homography of the ground, earlier pixel to later pixel.
    """
    left, top, right, bottom = xyxy.T.astype(np.float64)
    ones = np.ones_like(left)
    feet = np.stack((np.stack((left, bottom, ones)), np.stack((right, bottom, ones))))
    x, y, depth = np.moveaxis(matrix @ feet, 1, 0)
    ahead = (depth > 1e-6).all(axis=0)
    safe = np.where(depth > 1e-6, depth, 1.0)
    x, y = x / safe, y / safe
    growth = np.maximum(x[1] - x[0], 0.0) / np.maximum(right - left, 1e-6)
    foot = y.mean(axis=0)
    moved = np.stack((x[0], foot - (bottom - top) * growth, x[1], foot), axis=1)
    moved[~ahead] = -1.0
    return moved.astype(np.float32)


def affinity(tracks: Boxed, seen: Boxed, *, height: int, known: bool) -> Floats:
    """Give the (n, m) affinities of expected and seen boxes, 0 where they cannot be one thing.

    Overlap counts most. Boxes too far apart to overlap are paired by the distance of their
    centres in units of their size, which a fast road needs.

    Args:
        tracks: where the tracks are expected.
        seen: what the frame shows.
        height: of the frame, pixels.
        known: whether the camera's motion is known, so that expectations are good.
    """
    iou = iou_matrix(tracks.xyxy, seen.xyxy)
    same = tracks.label[:, None] == seen.label[None, :]
    near = _nearness(tracks.xyxy, seen.xyxy, height, _REACH_KNOWN if known else _REACH_UNKNOWN)
    one = np.where(iou >= LEAST_IOU, iou + near, np.float32(0.5) * near)
    other = np.where(iou >= LEAST_IOU_OF_TWO_LABELS, _RENAMED * (iou + near), np.float32(0))
    return np.asarray(np.where(same, one, other), np.float32)


def pairs(affinities: Floats) -> tuple[Ints, Ints]:
    """Pair rows with columns, the strongest affinity first; ties by order.

    Pairs that prefer each other are taken together, so a frame needs few rounds.
    """
    left = affinities.copy()
    rows: list[Ints] = []
    columns: list[Ints] = []
    while left.size:
        column, row = left.argmax(axis=1), left.argmax(axis=0)
        mine = np.arange(len(left))
        taken = mine[(row[column] == mine) & (left[mine, column] > 0)]
        if not len(taken):
            break
        rows.append(taken)
        columns.append(column[taken])
        left[taken] = 0
        left[:, column[taken]] = 0
    none = np.empty(0, np.int64)
    return np.concatenate([none, *rows]), np.concatenate([none, *columns])


def first_of_each(seen: Boxed) -> NDArray[np.bool_]:
    """Mark the boxes that are no second name of a stronger one: a bin that may be overflowing."""
    other = seen.label[:, None] != seen.label[None, :]
    if not other.any():
        return np.ones(len(seen.label), np.bool_)
    twice = other & (iou_matrix(seen.xyxy, seen.xyxy) >= SAME_BOX)
    return np.asarray(~np.triu(twice, 1).any(axis=0))


def _nearness(a: Boxes, b: Boxes, height: int, reach: float) -> Floats:
    """Give 1 for boxes that agree, down to 0 for those `reach` sizes apart or of other sizes."""
    slack = np.float32(SLACK * height)
    x_a, y_a, wide_a, tall_a = _middles(a)
    x_b, y_b, wide_b, tall_b = _middles(b)
    wide = (wide_a[:, None] + wide_b) * np.float32(0.5)
    # A flat box far ahead is a few pixels high: its place is no better known than half its width.
    tall = np.maximum((tall_a[:, None] + tall_b) * np.float32(0.5), wide * np.float32(0.5))
    across = (x_a[:, None] - x_b) / (wide + slack)
    along = (y_a[:, None] - y_b) / (tall + slack)
    distance = np.sqrt(across * across + along * along)
    wide_a, wide_b = wide_a[:, None] + slack, wide_b + slack
    alike = np.minimum(wide_a, wide_b) >= np.float32(LEAST_SIZE_RATIO) * np.maximum(wide_a, wide_b)
    return np.asarray(np.maximum(1 - distance / np.float32(reach), 0) * alike, np.float32)


def _middles(boxes: Boxes) -> tuple[Floats, Floats, Floats, Floats]:
    """Give the centres' x and y, the widths and the heights."""
    left, top, right, bottom = boxes.T
    half = np.float32(0.5)
    return (left + right) * half, (top + bottom) * half, right - left, bottom - top
