"""How large a thing is on the ground, from its box, with the error of that.

The box is drawn in by what the model leaves around a thing, its edges are cut with the ground, and
the sizes are shares of that ground by class (`edge.subjects`): what is known of shapes is their
mean and spread, so every look at one thing shares the error of its shape. A mask does not help,
see docs/decisions. Depth and height of a step cannot be observed by one camera.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dispatch.wire import Measure, Method, NotObservable, Unseen
from edge.errors import EdgeError
from edge.placing.camera import Camera
from edge.placing.pose import Pose
from edge.placing.terrain import Ground, Stance, ground_of
from edge.subjects import Footing, SizeRule, Span, subject

Array = NDArray[np.float64]
Box = tuple[float, float, float, float]

MARGIN_PX: Final = 1.0
"""What the model's boxes leave free on each side, pixels of its input (rendered streets)."""
EDGE_PX: Final = 0.9
"""Standard error of an edge, pixels of the model's input."""
BORDER_PX: Final = 3.0
"""A box that ends so near to the border, in pixels of the model's input, is cut by it."""
_EDGE_SHARE: Final = 0.03
"""And of the box's side, because large things end less sharply."""
_LEAST_PX: Final = 2.0
_MOST_M: Final = 50.0
_SQUARES: Final = frozenset({Span.RECTANGLE, Span.FOOT_SQUARE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """What a box tells of the size of its subject, and what it does not tell."""

    measured: tuple[Measure, ...]
    not_observable: tuple[NotObservable, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """From where, with what and onto what ground a box was seen.

    Attributes:
        input_scale: model-input pixels per pixel of the frame, > 0.
    """

    stance: Stance
    camera: Camera
    ground: Ground
    input_scale: float


def sizes_of(
    xyxy: Box,
    *,
    label: str,
    pose: Pose,
    camera: Camera,
    input_scale: float,
    ground: Ground | None = None,
) -> Sizes:
    """Measure what a box shows; what its class has no measure of is left out.

    The error holds box edges, pitch, camera height, slope and shape. A box that reaches the
    horizon or the border of the picture, or is too small to have sides, gives no size and says so.

    Args:
        xyxy: left, top, right, bottom in pixels of the frame.
        input_scale: model-input pixels per pixel of the frame, > 0.
    """
    ground = ground or ground_of(camera)
    if _is_cut(xyxy, camera, border_px=BORDER_PX / input_scale):
        return untold(label, Unseen.CUT_OFF)
    try:
        view = View(
            stance=ground.stance(pose, camera),
            camera=camera,
            ground=ground,
            input_scale=input_scale,
        )
        measured = tuple(_measure(rule, xyxy, label, view) for rule in subject(label).sizes)
    except EdgeError:
        # A box part of which has no place on the ground has no size either.
        return untold(label, Unseen.CUT_OFF)
    if any(each is None for each in measured):
        return untold(label, Unseen.CUT_OFF)
    return Sizes(
        measured=tuple(each for each in measured if each is not None),
        not_observable=subject(label).unseen,
    )


def untold(label: str, reason: Unseen) -> Sizes:
    """Give no size of a class, and the reason for each that would be measured."""
    wanted = tuple(
        NotObservable(quantity=rule.quantity, reason=reason) for rule in subject(label).sizes
    )
    return Sizes(measured=(), not_observable=(*wanted, *subject(label).unseen))


def _is_cut(xyxy: Box, camera: Camera, *, border_px: float) -> bool:
    left, top, right, bottom = xyxy
    right_px, bottom_px = camera.width - border_px, camera.height - border_px
    return left < border_px or top < border_px or right > right_px or bottom > bottom_px


def _drawn_in(xyxy: Box, margin_px: float) -> Box:
    left, top, right, bottom = xyxy
    across = min(margin_px, max(0.0, (right - left - _LEAST_PX) / 2.0))
    along = min(margin_px, max(0.0, (bottom - top - _LEAST_PX) / 2.0))
    return left + across, top + along, right - across, bottom - along


def _measure(rule: SizeRule, xyxy: Box, label: str, view: View) -> Measure | None:
    box = _drawn_in(xyxy, MARGIN_PX / view.input_scale)
    if min(box[2] - box[0], box[3] - box[1]) < _LEAST_PX:
        return None
    value = rule.share * _span(rule.span, box, view)
    if not 0.0 < value < _MOST_M ** (2.0 if rule.span in _SQUARES else 1.0):
        return None
    of_shape = rule.spread * value
    sigma = math.hypot(
        of_shape, _of_edges(rule, box, value, view), _of_pose(rule, box, value, view)
    )
    return Measure(
        quantity=rule.quantity,
        value=round(value, 3),
        sigma=round(max(sigma, 1e-3), 3),
        of_shape=round(of_shape, 3),
        method=Method.FOOTPRINT if subject(label).footing is Footing.STANDING else Method.BOX,
    )


def _span(span: Span, box: Box, view: View) -> float:
    """Give metres or square metres of the ground that a box encloses."""
    if span in (Span.FOOT, Span.FOOT_SQUARE):
        left, _, right, bottom = box
        foot = _between((left, bottom), (right, bottom), view)
        return foot * foot if span is Span.FOOT_SQUARE else foot
    return _OF_SIDES[span](*_sides(box, view))


def _sides(box: Box, view: View) -> tuple[float, float]:
    """Give metres across and along the view, through the middle of a box."""
    left, top, right, bottom = box
    middle, across = (top + bottom) / 2.0, (left + right) / 2.0
    return (
        _between((left, middle), (right, middle), view),
        _between((across, top), (across, bottom), view),
    )


_OF_SIDES: Final[Mapping[Span, Callable[[float, float], float]]] = {
    Span.RECTANGLE: lambda across, along: across * along,
    Span.LONGER: max,
    Span.SHORTER: min,
    Span.DIAGONAL: math.hypot,
}


def _between(one: tuple[float, float], other: tuple[float, float], view: View) -> float:
    feet = _feet([one, other], view)
    return float(np.linalg.norm(feet[1] - feet[0]))


def _feet(pixels: list[tuple[float, float]], view: View) -> Array:
    """Give (n, 3) places on the ground, metres east, north, up of the carrier."""
    stance = view.stance
    rays = view.camera.rays(np.array(pixels)) @ stance.rotation.T
    feet: Array = np.array([stance.position + view.ground.meet(stance, ray) * ray for ray in rays])
    return feet


def _of_edges(rule: SizeRule, box: Box, value: float, view: View) -> float:
    """Propagate the edges' errors, each on its own, by steps of one standard error inwards."""
    steps = []
    for edge, side in enumerate((box[2] - box[0], box[3] - box[1]) * 2):
        off = math.hypot(EDGE_PX / view.input_scale, _EDGE_SHARE * side)
        step = min(off, side / 2.0)
        moved = list(box)
        moved[edge] += step if edge < 2 else -step
        left, top, right, bottom = moved
        change = rule.share * _span(rule.span, (left, top, right, bottom), view) - value
        steps.append(change * off / step)
    return math.hypot(*steps)


def _of_pose(rule: SizeRule, box: Box, value: float, view: View) -> float:
    """Propagate the camera's height and how far it leans against the ground, by single steps."""
    stance, camera, ground = view.stance, view.camera, view.ground
    on_vehicle = camera.mounting.height_above_ground_m is not None
    rise_m = (
        camera.error.height_m
        if on_vehicle
        else math.hypot(stance.pose.error.vertical_m, ground.sigma_m)
    )
    lean = math.hypot(stance.pose.error.pitch, ground.slope, camera.error.pitch)
    down = np.array(
        [
            [1.0, 0.0, 0.0],
            [0.0, math.cos(lean), -math.sin(lean)],
            [0.0, math.sin(lean), math.cos(lean)],
        ]
    )
    risen = replace(stance, position=stance.position + np.array([0.0, 0.0, rise_m]))
    leaning = replace(stance, rotation=stance.rotation @ down.T)
    changes = [
        rule.share * _span(rule.span, box, replace(view, stance=moved)) - value
        for moved in (risen, leaning)
    ]
    return math.hypot(*changes)
