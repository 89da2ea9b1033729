"""What a frame truly shows of the planted problems and of the vehicles: boxes and shares seen.

Kept apart from what the pipeline may read; only tests, benches and the demo's table look here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.sources.street.damage import outline
from edge.sources.street.motion import true_view
from edge.sources.street.passes import StreetPass
from edge.sources.street.plan import Kind, PlantedProblem, hollow_of
from edge.sources.street.scene import things_of
from edge.sources.street.shapes import Image, far_to_near, silhouettes
from edge.sources.street.view import Points, View

_COARSE: Final = 0.5
_VEHICLE: Final = "traffic.vehicle"

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueBox:
    """Where a frame shows a thing.

    Attributes:
        key: the problem's id, or the parked vehicle's name.
        xyxy: left, top, right, bottom, pixels, clipped; (0, 0) is the outer corner of the picture.
        seen: share of its outline within the picture that nothing stands before.
        range_m: from the camera along the ground.
    """

    key: str
    label: str
    xyxy: Box
    seen: float
    range_m: float


class Truth:
    """The truth of one pass."""

    def __init__(self, street_pass: StreetPass) -> None:
        plan, patrol = street_pass.plan, street_pass.patrol
        self._patrol = patrol
        self._present = tuple(p for p in plan.problems if p.id not in patrol.repaired)
        # House fronts line the street: they stand before nothing in it.
        street = plan.model_copy(
            update={"standing": tuple(s for s in plan.standing if s.kind is not Kind.HOUSE)}
        )
        self._things = things_of(street, repaired=patrol.repaired, parked=patrol.parked)
        self._labels = {p.id: p.label for p in self._present}
        self._labels.update({vehicle.key: _VEHICLE for vehicle in patrol.parked})

    def frame(self, index: int) -> tuple[TrueBox, ...]:
        """Give the boxes of a frame, near and far, hidden ones with a share of zero."""
        view = true_view(self._patrol, index / self._patrol.frames_per_s)
        order = far_to_near(self._things, view)
        shapes: list[tuple[str, list[Points]]] = [
            (p.id, _ground_outline(p, view)) for p in self._present if p.height_m == 0.0
        ]
        anchors = {p.id: np.array([p.along_m, p.right_m]) for p in self._present}
        for thing in order:
            shapes.append((thing.key, silhouettes(thing, view)))
            anchors.setdefault(thing.key, thing.anchor[:2])
        return tuple(
            TrueBox(
                key=key,
                label=self._labels[key],
                xyxy=box,
                seen=share,
                range_m=float(np.linalg.norm(anchors[key] - view.place[:2])),
            )
            for key, box, share in _boxes(shapes, view, wanted=set(self._labels))
        )


def _ground_outline(problem: PlantedProblem, view: View) -> list[Points]:
    edge = outline(hollow_of(problem))
    lying = np.column_stack([edge, np.zeros(len(edge))])
    if float(view.in_camera(lying)[:, 2].min()) < 0.5:
        return []
    return [view.project(lying)]


def _boxes(
    shapes: Sequence[tuple[str, list[Points]]], view: View, *, wanted: set[str]
) -> list[tuple[str, Box, float]]:
    size = (round(view.lens.height * _COARSE), round(view.lens.width * _COARSE))
    owner = np.zeros(size, np.uint16)
    alone: dict[str, int] = {}
    numbers: dict[str, int] = {}
    extents: dict[str, Box] = {}
    for n, (key, outlines) in enumerate(shapes, start=1):
        if not outlines:
            continue
        _fill(owner, outlines, n)
        if key in wanted:
            mask = np.zeros(size, np.uint8)
            _fill(mask, outlines, 1)
            alone[key], numbers[key] = int(cv2.countNonZero(mask)), n
            extents[key] = _extent(outlines, mask, view)
    found: list[tuple[str, Box, float]] = []
    for key, pixels in alone.items():
        if pixels:
            share = int(np.count_nonzero(owner == numbers[key])) / pixels
            found.append((key, extents[key], share))
    return found


def _fill(canvas: NDArray[np.integer], outlines: Sequence[Points], value: int) -> None:
    counts = [len(shape) for shape in outlines]
    points = np.clip(np.concatenate(outlines), -8000.0, 8000.0) * (_COARSE * 16)
    placed = np.round(points).astype(np.int32)
    for shape in np.split(placed, np.cumsum(counts)[:-1]):
        cv2.fillPoly(canvas, [shape], value, shift=4)


def _extent(outlines: Sequence[Points], mask: Image, view: View) -> Box:
    points = np.concatenate(outlines) + 0.5
    low, high = points.min(axis=0), points.max(axis=0)
    if low.min() >= 0.0 and high[0] <= view.lens.width and high[1] <= view.lens.height:
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])
    left, top, width, height = (value / _COARSE for value in cv2.boundingRect(mask))
    return left, top, left + width, top + height
