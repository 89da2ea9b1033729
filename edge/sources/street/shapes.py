"""What stands in the street, as flat faces and round blobs, and how both are painted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.sources.street.view import Matrix, Points, View

Image = NDArray[np.uint8]

_SHIFT: Final = 4
_SMALLEST_PX: Final = 1.5


class Texture:
    """A picture (with or without alpha) and its smaller copies, so that far things stay calm."""

    __slots__ = ("levels",)

    def __init__(self, image: Image) -> None:
        levels = [np.ascontiguousarray(image)]
        while min(levels[-1].shape[:2]) >= 8:
            levels.append(cv2.pyrDown(levels[-1]))
        self.levels: tuple[Image, ...] = tuple(levels)

    def level_for(self, shrink: float) -> Image:
        """Give the copy for a picture drawn `shrink` times smaller than the original."""
        step = int(np.clip(np.floor(np.log2(max(shrink, 1.0)) + 0.35), 0, len(self.levels) - 1))
        return self.levels[step]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Face:
    """A textured flat quadrilateral.

    Attributes:
        corners: (4, 3) street frame: top left, top right, bottom right, bottom left of the
            texture as seen from outside.
        outward: (3,) normal, or None for a face seen from both sides.
    """

    corners: Points
    texture: Texture
    outward: Points | None = None


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Blob:
    """A round thing: an upright ellipsoid painted as a picture that turns to the camera."""

    centre: Points
    radius_m: float
    half_height_m: float
    texture: Texture


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Thing:
    """An object of several shapes, painted together.

    Attributes:
        key: what it is called; truth is kept by this name.
        anchor: (3,) where it stands; things are painted from far to near by it.
        reach_m: no part is farther than this from the anchor.
    """

    key: str
    anchor: Points
    reach_m: float
    faces: tuple[Face, ...] = ()
    blobs: tuple[Blob, ...] = ()


def paint_thing(image: Image, thing: Thing, view: View) -> None:
    """Paint a thing over what the picture already shows (in place)."""
    for shape in _far_to_near(thing, view):
        if isinstance(shape, Face):
            _paint_face(image, shape, view)
        else:
            _paint_blob(image, shape, view)


def silhouettes(thing: Thing, view: View) -> list[Points]:
    """Give the outlines, in pixels, of what of a thing lies before the camera."""
    outlines: list[Points] = []
    for shape in _far_to_near(thing, view):
        if isinstance(shape, Face):
            outline = view.outline(shape.corners)
        else:
            outline = _round_outline(shape, view)
        if outline is not None:
            outlines.append(outline)
    return outlines


def far_to_near(things: Sequence[Thing], view: View) -> list[Thing]:
    """Order things for painting, dropping those wholly behind the camera."""
    depths = [float(view.in_camera(thing.anchor[None])[0, 2]) for thing in things]
    seen = [
        (float(np.linalg.norm(thing.anchor - view.place)), n)
        for n, (thing, depth) in enumerate(zip(things, depths, strict=True))
        if depth > -thing.reach_m
    ]
    return [things[n] for _, n in sorted(seen, reverse=True)]


def _far_to_near(thing: Thing, view: View) -> list[Face | Blob]:
    shapes: list[tuple[float, int, Face | Blob]] = []
    for face in thing.faces:
        middle = face.corners.mean(axis=0)
        if face.outward is None or float(face.outward @ (view.place - middle)) > 0.0:
            shapes.append((float(np.linalg.norm(middle - view.place)), len(shapes), face))
    for blob in thing.blobs:
        gap = float(np.linalg.norm(blob.centre - view.place))
        shapes.append((gap, len(shapes), blob))
    shapes.sort(key=lambda entry: (-entry[0], entry[1]))
    return [shape for _, _, shape in shapes]


def _paint_face(image: Image, face: Face, view: View) -> None:
    outline = view.outline(face.corners)
    if outline is None:
        return
    window = _window(outline, image)
    if window is None:
        return
    left, top, right, bottom = window
    area = abs(cv2.contourArea(outline.astype(np.float32)))
    full = face.texture.levels[0]
    shrink = float(np.sqrt(full.shape[0] * full.shape[1] / max(area, 1.0)))
    picture = face.texture.level_for(shrink)
    place = _pixel_from_texture(face.corners, picture.shape, view)
    place = np.array([[1.0, 0.0, -left], [0.0, 1.0, -top], [0.0, 0.0, 1.0]]) @ place
    size = (right - left, bottom - top)
    drawn = cv2.warpPerspective(
        picture, place, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    mask = np.zeros((size[1], size[0]), np.uint8)
    corner = np.round((outline - (left, top)) * (1 << _SHIFT)).astype(np.int32)
    cv2.fillConvexPoly(mask, corner, 255, lineType=cv2.LINE_AA, shift=_SHIFT)
    if drawn.shape[2] == 4:
        mask = cv2.multiply(mask, np.ascontiguousarray(drawn[..., 3]), scale=1 / 255)
    _blend(image[top:bottom, left:right], drawn[..., :3], mask)


def _paint_blob(image: Image, blob: Blob, view: View) -> None:
    outline = _round_extent(blob, view)
    if outline is None:
        return
    middle, half = outline
    window = _window(np.array([middle - half, middle + half]), image)
    if window is None:
        return
    left, top, right, bottom = window
    full = blob.texture.levels[0]
    picture = blob.texture.level_for(full.shape[1] / max(2.0 * float(half.min()), 1.0))
    rows, columns = picture.shape[:2]
    scale = 2.0 * half / (columns, rows)
    place = np.array(
        [
            [scale[0], 0.0, middle[0] - half[0] - left],
            [0.0, scale[1], middle[1] - half[1] - top],
        ]
    )
    drawn = cv2.warpAffine(picture, place, (right - left, bottom - top), flags=cv2.INTER_LINEAR)
    _blend(image[top:bottom, left:right], drawn[..., :3], np.ascontiguousarray(drawn[..., 3]))


def _round_extent(blob: Blob, view: View) -> tuple[Points, Points] | None:
    in_camera = view.in_camera(blob.centre[None])[0]
    if in_camera[2] < 2.0 * blob.radius_m:
        return None
    scale = view.lens.focal_px / float(in_camera[2])
    gap = view.place - blob.centre
    rise = float(gap[2] / np.linalg.norm(gap))
    tall = np.hypot(blob.half_height_m * np.sqrt(1.0 - rise * rise), blob.radius_m * rise)
    half = np.array([blob.radius_m * scale, tall * scale])
    return view.pixels(in_camera[None])[0], half


def _round_outline(blob: Blob, view: View) -> Points | None:
    extent = _round_extent(blob, view)
    if extent is None:
        return None
    middle, half = extent
    turn = np.linspace(0.0, 2 * np.pi, 16, endpoint=False)
    outline: Points = middle + np.column_stack([np.cos(turn), np.sin(turn)]) * half * 0.9
    return outline


def _pixel_from_texture(corners: Points, shape: tuple[int, ...], view: View) -> Matrix:
    first, second = corners[1] - corners[0], corners[3] - corners[0]
    basis = np.column_stack([first, second])
    share = np.linalg.lstsq(basis, corners[2] - corners[0], rcond=None)[0]
    rows, columns = shape[:2]
    texels = np.array(
        [[-0.5, -0.5], [columns - 0.5, -0.5], [columns - 0.5, rows - 0.5], [-0.5, rows - 0.5]],
        np.float32,
    )
    plane = np.array([[0, 0], [1, 0], share, [0, 1]], np.float32)
    plane_from_texture = cv2.getPerspectiveTransform(texels, plane)
    placed: Matrix = view.pixel_from_plane(corners[0], first, second) @ plane_from_texture
    return placed


def _window(outline: Points, image: Image) -> tuple[int, int, int, int] | None:
    low, high = outline.min(axis=0), outline.max(axis=0)
    if float((high - low).max()) < _SMALLEST_PX:
        return None
    left, top = max(int(np.floor(low[0])), 0), max(int(np.floor(low[1])), 0)
    right = min(int(np.ceil(high[0])) + 1, image.shape[1])
    bottom = min(int(np.ceil(high[1])) + 1, image.shape[0])
    if left >= right or top >= bottom:
        return None
    return left, top, right, bottom


def _blend(under: Image, over: Image, alpha: Image) -> None:
    weight = cv2.merge([alpha, alpha, alpha])
    kept = cv2.multiply(under, cv2.bitwise_not(weight), scale=1 / 255)
    cv2.add(kept, cv2.multiply(np.ascontiguousarray(over), weight, scale=1 / 255), dst=kept)
    under[:] = kept
