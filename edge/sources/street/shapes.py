"""What stands in the street, as flat faces and round blobs, and how both are painted."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from edge.sources.street.view import Matrix, Points, View

Image = NDArray[np.uint8]

_SHIFT: Final = 4
_SMALLEST_PX: Final = 1.5
_TURN: Final = np.linspace(0.0, 2.0 * np.pi, 16, endpoint=False)
_CIRCLE: Final = np.column_stack([np.cos(_TURN), np.sin(_TURN)])


def as_image(picture: ArrayLike) -> Image:
    """State that a picture of OpenCV holds bytes, which its own types leave open."""
    return np.asarray(picture, dtype=np.uint8)


class Texture:
    """A picture (with or without alpha) and its smaller copies, so that far things stay calm."""

    __slots__ = ("levels",)

    def __init__(self, image: Image) -> None:
        levels = [np.ascontiguousarray(image)]
        while min(levels[-1].shape[:2]) >= 8:
            levels.append(as_image(cv2.pyrDown(levels[-1])))
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
        plane_from_unit: (3, 3) from the unit square to plane coordinates whose axes are the
            edges at the first corner.
    """

    corners: Points
    texture: Texture
    outward: Points | None = None
    plane_from_unit: Matrix = field(init=False)

    def __post_init__(self) -> None:
        """Fit the texture to the corners once."""
        first, second = self.corners[1] - self.corners[0], self.corners[3] - self.corners[0]
        basis = np.column_stack([first, second])
        share = np.linalg.lstsq(basis, self.corners[2] - self.corners[0], rcond=None)[0]
        unit = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
        plane = np.array([[0, 0], [1, 0], share, [0, 1]], np.float32)
        object.__setattr__(self, "plane_from_unit", cv2.getPerspectiveTransform(unit, plane))


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
    """Order things for painting, dropping those that lie wholly outside the picture."""
    anchors = np.array([thing.anchor for thing in things]).reshape(-1, 3)
    reach = np.array([thing.reach_m for thing in things])
    x, y, depth = view.in_camera(anchors).T
    within = depth > -reach
    for offset, half in ((x, view.lens.width / 2), (y, view.lens.height / 2)):
        slant = np.hypot(half, view.lens.focal_px)
        beside = np.abs(offset) * view.lens.focal_px - depth * half
        within &= beside / slant < reach
    gaps = np.linalg.norm(anchors - view.place, axis=1)
    order = [int(n) for n in np.argsort(-gaps, kind="stable") if within[n]]
    return [things[n] for n in order]


def _far_to_near(thing: Thing, view: View) -> list[Face | Blob]:
    shapes: list[Face | Blob] = [face for face in thing.faces if _is_turned(face, view)]
    shapes.extend(thing.blobs)
    if len(shapes) < 2:
        return shapes
    middles = np.array(
        [s.centre if isinstance(s, Blob) else s.corners.mean(axis=0) for s in shapes]
    )
    gaps = np.square(middles - view.place).sum(axis=1)
    return [shapes[int(n)] for n in np.argsort(-gaps, kind="stable")]


def _is_turned(face: Face, view: View) -> bool:
    return face.outward is None or float(face.outward @ (view.place - face.corners[0])) > 0.0


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
    place = _pixel_from_texture(face, picture.shape, view)
    place[:2] -= np.array([[left], [top]]) * place[2]
    size = (right - left, bottom - top)
    drawn = as_image(
        cv2.warpPerspective(
            picture, place, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
    )
    mask: Image = np.zeros((size[1], size[0]), np.uint8)
    corner = np.round((outline - (left, top)) * (1 << _SHIFT)).astype(np.int32)
    cv2.fillConvexPoly(mask, corner, 255, lineType=cv2.LINE_AA, shift=_SHIFT)
    if drawn.shape[2] == 4:
        cv2.multiply(mask, np.ascontiguousarray(drawn[..., 3]), dst=mask, scale=1 / 255)
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
    size = (right - left, bottom - top)
    drawn = as_image(cv2.warpAffine(picture, place, size, flags=cv2.INTER_LINEAR))
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
    outline: Points = middle + _CIRCLE * half * 0.9
    return outline


def _pixel_from_texture(face: Face, shape: tuple[int, ...], view: View) -> Matrix:
    corners = face.corners
    across, down = 1.0 / shape[1], 1.0 / shape[0]
    unit_from_texel = np.array(
        [[across, 0.0, 0.5 * across], [0.0, down, 0.5 * down], [0.0, 0.0, 1.0]]
    )
    plane = view.pixel_from_plane(corners[0], corners[1] - corners[0], corners[3] - corners[0])
    placed: Matrix = plane @ (face.plane_from_unit @ unit_from_texel)
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
