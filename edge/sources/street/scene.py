"""The street as it stood during one pass, ready to be photographed from anywhere."""

from collections.abc import Collection, Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.sources.street import damage, furniture, rubbish
from edge.sources.street.ground import Ground, ground_of, horizon_row
from edge.sources.street.passes import Parked, PassPlan
from edge.sources.street.plan import Kind, PlantedProblem, Standing, StreetPlan, hollow_of
from edge.sources.street.shapes import Image, Thing, as_image, far_to_near, paint_thing
from edge.sources.street.sheet import Sheet
from edge.sources.street.surface import lay_surface, shade_sheet
from edge.sources.street.vehicles import park
from edge.sources.street.view import Points, View

PX_PER_M: Final = 56.0
_START: Final = (-12.0, -10.4)
_SIZE_M: Final = (262.0, 20.8)
_SHADE_PX_PER_M: Final = 14.0
_GREEN: Final = (62.0, 118.0, 44.0)
_BLUE: Final = (150.0, 92.0, 40.0)
_SKY: Final = np.array([[232.0, 206.0, 182.0], [226.0, 222.0, 218.0]])
_BEYOND: Final = (128, 128, 126)


class Scene:
    """Ground and things; `paint` photographs them."""

    def __init__(self, ground: Ground, things: Sequence[Thing]) -> None:
        self.ground = ground
        self.things = tuple(things)

    def paint(self, view: View) -> Image:
        """Give what an ideal camera sees."""
        image = _sky(view)
        self.ground.paint(image, view)
        for thing in far_to_near(self.things, view):
            paint_thing(image, thing, view)
        return image


def scene_of(plan: StreetPlan, patrol: PassPlan) -> Scene:
    """Build the street as it stood during a pass."""
    things = things_of(plan, repaired=patrol.repaired, parked=patrol.parked)
    sheet = lay_surface(_START, _SIZE_M, px_per_m=PX_PER_M, seed=plan.seed)
    paint_ground(sheet, plan, repaired=patrol.repaired)
    cast_shadows(sheet, things, sun=patrol.sun, shade=patrol.shade)
    return Scene(ground_of(sheet), things)


def things_of(
    plan: StreetPlan, *, repaired: Collection[str], parked: Sequence[Parked]
) -> list[Thing]:
    """Give all that stands in the street."""
    things = [thing for item in plan.standing if (thing := _standing(item)) is not None]
    for problem in plan.problems:
        thing = _problem_thing(problem, repaired=problem.id in repaired)
        if thing is not None:
            things.append(thing)
    things.extend(
        park(p.key, p.body, (p.along_m, p.right_m), colour=p.colour, seed=p.seed) for p in parked
    )
    return things


def paint_ground(sheet: Sheet, plan: StreetPlan, *, repaired: Collection[str]) -> None:
    """Paint what lies flat: harmless marks first, then the problems or what is left of them."""
    for item in plan.standing:
        spot = (item.along_m, item.right_m)
        if item.kind is Kind.MANHOLE:
            damage.paint_manhole(sheet, spot)
        elif item.kind is Kind.SEALED_CRACK:
            damage.paint_sealed_crack(sheet, spot, seed=item.seed)
        elif item.kind is Kind.STAIN:
            damage.paint_stain(sheet, spot, item.size_m, seed=item.seed)
    for problem in plan.problems:
        _paint_problem(sheet, problem, gone=problem.id in repaired)


def cast_shadows(
    sheet: Sheet, things: Sequence[Thing], *, sun: tuple[float, float], shade: float
) -> None:
    """Darken the ground where things keep the sun off it, softly."""
    scale = min(_SHADE_PX_PER_M, sheet.px_per_m)
    rows = round(sheet.image.shape[0] / sheet.px_per_m * scale)
    columns = round(sheet.image.shape[1] / sheet.px_per_m * scale)
    dark = np.zeros((rows, columns), np.uint8)
    contact = np.zeros((rows, columns), np.uint8)
    for thing in things:
        if not thing.key.startswith("house"):
            _cast(dark, thing, sun, sheet.start, scale)
            _cast(contact, thing, (0.0, 0.0), sheet.start, scale, below_m=1.2)
    soft = cv2.GaussianBlur(dark, (0, 0), 0.14 * scale).astype(np.float32) / 255.0
    near = cv2.GaussianBlur(contact, (0, 0), 0.25 * scale).astype(np.float32) / 255.0
    light = (1.0 - shade * soft) * (1.0 - 0.35 * near)
    shade_sheet(sheet, (light * 255.0).astype(np.uint8))


def _cast(
    dark: Image,
    thing: Thing,
    sun: tuple[float, float],
    start: tuple[float, float],
    scale: float,
    *,
    below_m: float = 1e9,
) -> None:
    def placed(points: Points) -> NDArray[np.int32]:
        fallen = points[:, :2] + points[:, 2:] * np.array(sun) - start
        rounded: NDArray[np.int32] = np.round(fallen * scale * 16).astype(np.int32)
        return rounded

    for face in thing.faces:
        if float(face.corners[:, 2].min()) < below_m:
            cv2.fillConvexPoly(dark, placed(face.corners), 255, shift=4)
    for blob in thing.blobs:
        if blob.centre[2] < below_m:
            centre = placed(blob.centre[None])[0]
            radius = round(blob.radius_m * scale * 16 * 0.9)
            cv2.circle(dark, tuple(int(c) for c in centre), radius, 255, -1, shift=4)


def _standing(item: Standing) -> Thing | None:
    spot = (item.along_m, item.right_m)
    match item.kind:
        case Kind.HOUSE:
            return furniture.house(
                item.key,
                spot,
                length_m=item.size_m,
                height_m=item.height_m,
                side=float(np.sign(item.right_m)),
                colour=item.colour,
                seed=item.seed,
            )
        case Kind.TREE:
            return furniture.tree(item.key, spot, height_m=item.size_m, seed=item.seed)
        case Kind.LAMP_POST:
            return furniture.lamp_post(item.key, spot, seed=item.seed)
        case Kind.PEDESTRIAN:
            return furniture.pedestrian(item.key, spot, seed=item.seed)
        case Kind.BIN:
            return rubbish.bin_closed(
                item.key, spot, size_m=rubbish.BIN_M, colour=_GREEN, seed=item.seed
            )
        case _:
            return None


def _problem_thing(problem: PlantedProblem, *, repaired: bool) -> Thing | None:
    spot = (problem.along_m, problem.right_m)
    if problem.label == "sanitation.bin_overflow":
        colour = _GREEN if problem.seed % 3 else _BLUE
        build = rubbish.bin_closed if repaired else rubbish.bin_overflowing
        return build(problem.id, spot, size_m=rubbish.CONTAINER_M, colour=colour, seed=problem.seed)
    if problem.label == "sanitation.garbage_pile" and not repaired:
        return rubbish.heap(
            problem.id,
            spot,
            width_m=problem.length_m,
            height_m=problem.height_m,
            seed=problem.seed,
        )
    return None


def _paint_problem(sheet: Sheet, problem: PlantedProblem, *, gone: bool) -> None:
    spot = (problem.along_m, problem.right_m)
    if problem.label == "road.pothole":
        paint = damage.paint_patch if gone else damage.paint_pothole
        paint(sheet, hollow_of(problem))
        return
    damage.paint_stain(sheet, spot, problem.length_m * 0.5, seed=problem.seed)
    if not gone:
        half = (problem.length_m * 0.5, problem.width_m * 0.5)
        count = round(40 * problem.length_m)
        damage.paint_litter(sheet, spot, half, count=count, seed=problem.seed)


def _sky(view: View) -> Image:
    lens = view.lens
    horizon = horizon_row(view)
    column = np.empty((lens.height, 1, 3), np.uint8)
    column[:] = _BEYOND
    if horizon > 0.0:
        rows = min(int(np.ceil(horizon)) + 1, lens.height)
        share = np.linspace(0.0, 1.0, rows)[:, None]
        column[:rows] = (_SKY[0] + (_SKY[1] - _SKY[0]) * share).astype(np.uint8)[:, None]
    size = (lens.width, lens.height)
    return as_image(cv2.resize(column, size, interpolation=cv2.INTER_NEAREST))
