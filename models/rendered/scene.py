"""One random street frame with everything that can be seen in it labelled."""

from dataclasses import dataclass, field
from functools import partial
from typing import Final, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from models.rendered.camera import Camera, Floats
from models.rendered.canvas import Canvas
from models.rendered.defects import GroundLayer, crack_lines, draw_crack, draw_pothole
from models.rendered.ground import Ground, GroundView, paint_ground, soft_spots
from models.rendered.noise import Noise
from models.rendered.scenery import draw_facade, draw_pole, draw_tree, paint_sky
from models.rendered.traffic import draw_person, draw_two_wheeler, draw_vehicle
from models.rendered.waste import draw_bin, draw_litter, draw_pile

WIDTH_PX: Final = 640
HEIGHT_PX: Final = 384
FINER: Final = 2
MIN_VISIBLE_SHARE: Final = 0.3
MIN_SIDE_PX: Final = 5


class Paint(Protocol):
    """Draw a thing at its place; `thing` is the number its pixels get."""

    def __call__(self, canvas: Canvas, *, at: Floats, thing: int) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A drawn frame: BGR pixels, and (n, 4) boxes x1 y1 x2 y2 in shares with their labels."""

    image: NDArray[np.uint8]
    boxes: NDArray[np.float32]
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Thing:
    """Something to paint at a place; `labels` names it and what rides on it."""

    at: Floats
    labels: tuple[str, ...]
    paint: Paint


@dataclass(slots=True, kw_only=True)
class _Plan:
    ground: Ground
    far_m: float
    near_m: float
    rng: np.random.Generator
    things: list[_Thing] = field(default_factory=list)

    def depth(self, x: float) -> float:
        """Return a distance along the street at which a place `x` aside is likely in view."""
        if self.near_m < 0:
            return float(self.rng.uniform(self.near_m, self.far_m))
        near = max(self.near_m, 1.3 * abs(x))
        return float(np.exp(self.rng.uniform(np.log(near), np.log(self.far_m))))

    def beside(self) -> float:
        """Return a place on the pavement."""
        left = self.rng.random() < 0.5
        reach = self.rng.uniform(0.2, max(0.6, self.ground.pavement_m))
        return self.ground.left_m - reach if left else self.ground.right_m + reach

    def on_road(self) -> float:
        """Return a place on the road."""
        return float(self.rng.uniform(self.ground.left_m + 0.4, self.ground.right_m - 0.4))

    def taken(self, x: float, y: float) -> bool:
        """Say whether a vehicle already stands where another would go."""
        others = [t.at for t in self.things if t.labels == ("traffic.vehicle",)]
        return any(abs(at[0] - x) < 2.4 and abs(at[1] - y) < 7.5 for at in others)

    def add(self, x: float, y: float, labels: tuple[str, ...], paint: Paint) -> None:
        """Put a thing into the plan."""
        self.things.append(_Thing(at=np.array([x, y, 0.0]), labels=labels, paint=paint))


def draw_frame(seed: int, *, overhead: bool | None = None) -> Frame:
    """Draw the frame of a seed; the same seed gives the same frame.

    Args:
        overhead: seen by a drone or by a vehicle; one frame in four by a drone if not given.
    """
    rng = np.random.default_rng((0x72646E64, seed))
    chance = rng.random()
    overhead = chance < 0.25 if overhead is None else overhead
    camera = _camera(rng, overhead=overhead)
    ground = Ground.drawn(rng)
    noise = Noise.drawn(rng)
    view = GroundView.through(camera)
    bright = rng.uniform(0.5, 1.15)
    colour = paint_ground(view, ground, noise, rng)
    soft_spots(colour, view, noise, rng)
    sun = _sun(rng)
    layer = GroundLayer(
        camera=camera,
        view=view,
        colour=colour,
        things=np.zeros(view.x.shape, np.int16),
        noise=noise,
        sun=sun,
    )
    names = _damage(layer, ground, overhead=overhead, rng=rng)
    lowest = np.where(view.seen.any(1), 0, 1).sum()
    sky = paint_sky(view.x.shape, horizon=float(lowest), rng=rng)
    pixels = np.where(view.seen[..., None], np.clip(colour, 0, 255), sky)
    canvas = Canvas(
        camera=camera,
        image=pixels.astype(np.uint8),
        things=layer.things,
        sun=sun,
        ambient=rng.uniform(0.45, 0.8),
    )
    before = np.bincount(canvas.things[canvas.things > 0].ravel(), minlength=len(names) + 1)
    _furnish(canvas, ground, names, overhead=overhead, rng=rng)
    labels, boxes = _labels(canvas, names, before)
    return Frame(image=_developed(canvas.image, bright, rng), boxes=boxes, labels=labels)


def _camera(rng: np.random.Generator, *, overhead: bool) -> Camera:
    height = np.exp(rng.uniform(np.log(5), np.log(25))) if overhead else rng.uniform(1.2, 2.4)
    pitch = rng.uniform(0.6, np.pi / 2) if overhead else rng.uniform(-0.02, 0.42)
    return Camera.looking(
        height_m=float(height),
        pitch=float(pitch),
        yaw=rng.normal(0, 1.5 if overhead else 0.16),
        roll=rng.normal(0, 0.03),
        width_px=WIDTH_PX * FINER,
        height_px=HEIGHT_PX * FINER,
        fov=float(np.deg2rad(rng.uniform(55, 95))),
    )


def _sun(rng: np.random.Generator) -> Floats:
    bearing, height = rng.uniform(0, 2 * np.pi), rng.uniform(0.35, 1.4)
    return np.array(
        [np.cos(bearing) * np.cos(height), np.sin(bearing) * np.cos(height), np.sin(height)]
    )


def _damage(
    layer: GroundLayer, ground: Ground, *, overhead: bool, rng: np.random.Generator
) -> list[str]:
    """Break the road; return the names of the things numbered from 1."""
    names: list[str] = []
    reach = layer.camera.height_m * 1.5
    for _ in range(int(rng.choice([0, 1, 2, 3, 5], p=(0.3, 0.25, 0.2, 0.15, 0.1)))):
        deep = rng.uniform(-reach, reach) if overhead else np.exp(rng.uniform(1.1, 2.7))
        spot = (rng.uniform(ground.left_m + 0.5, ground.right_m - 0.5), float(deep))
        radius = float(np.exp(rng.uniform(np.log(0.18), np.log(0.9))))
        names.append("road.pothole")
        draw_pothole(layer, at=spot, radius_m=radius, thing=len(names), rng=rng)
    for _ in range(int(rng.choice([0, 1, 2, 3], p=(0.55, 0.25, 0.12, 0.08)))):
        deep = rng.uniform(-reach, reach) if overhead else np.exp(rng.uniform(1.1, 2.6))
        spot = (rng.uniform(ground.left_m + 0.5, ground.right_m - 0.5), float(deep))
        names.append("road.crack")
        draw_crack(
            layer,
            lines=crack_lines(rng, at=spot, length_m=rng.uniform(0.8, 5.0)),
            width_m=rng.uniform(0.008, 0.03),
            thing=len(names),
            dark=rng.uniform(0.35, 0.75),
        )
    return names


def _furnish(
    canvas: Canvas,
    ground: Ground,
    names: list[str],
    *,
    overhead: bool,
    rng: np.random.Generator,
) -> None:
    """Put everything that stands on the street, from far to near."""
    reach = canvas.camera.height_m
    plan = _Plan(
        ground=ground,
        near_m=-1.5 * reach if overhead else 2.5,
        far_m=1.8 * reach if overhead else 35.0,
        rng=rng,
    )
    _plan_scenery(plan, overhead=overhead)
    _plan_waste(plan)
    _plan_traffic(plan)
    eye = np.array([0.0, 0.0, canvas.camera.height_m])
    ordered = sorted(plan.things, key=lambda t: -float(np.linalg.norm(t.at - eye)))
    for thing in ordered:
        number = len(names) + 1 if thing.labels else 0
        names.extend(thing.labels)
        thing.paint(canvas, at=thing.at, thing=number)


def _plan_scenery(plan: _Plan, *, overhead: bool) -> None:
    rng, ground = plan.rng, plan.ground
    for side, kerb in ((-1, ground.left_m), (1, ground.right_m)):
        y = -10.0 if not overhead else -25.0
        filled = rng.uniform(0, 1)
        while y < 70:
            long, deep, high = rng.uniform(5, 16), rng.uniform(4, 10), rng.uniform(3, 16)
            if rng.random() < filled and not (overhead and high > 6):
                x = kerb + side * (ground.pavement_m + rng.uniform(0.2, 3) + deep / 2)
                facade = partial(draw_facade, size=(deep, long, high), rng=rng)
                plan.add(x, y + long, (), facade)
            y += long + rng.uniform(0, 2)
    for _ in range(int(rng.integers(0, 9))):
        x = plan.beside()
        y = plan.depth(x) * 1.5
        draw = draw_tree if rng.random() < 0.5 and not overhead else draw_pole
        plan.add(x, y, (), partial(draw, rng=rng))


def _plan_waste(plan: _Plan) -> None:
    rng = plan.rng
    for _ in range(int(rng.choice([0, 1, 2], p=(0.3, 0.45, 0.25)))):
        x = plan.beside() if rng.random() < 0.7 else plan.on_road()
        y, spread = plan.depth(x), rng.uniform(0.4, 1.8)
        pile = partial(draw_pile, spread_m=spread, rng=rng)
        plan.add(x, y, ("sanitation.garbage_pile",), pile)
    for _ in range(int(rng.choice([0, 1, 2, 4], p=(0.2, 0.35, 0.3, 0.15)))):
        full = rng.uniform(0.4, 1.0) if rng.random() < 0.45 else 0.0
        x = plan.beside()
        name = "sanitation.bin_overflow" if full else "asset.bin"
        plan.add(x, plan.depth(x), (name,), partial(draw_bin, full=full, rng=rng))
    for _ in range(int(rng.choice([0, 2, 5, 9], p=(0.4, 0.3, 0.2, 0.1)))):
        x = plan.beside() if rng.random() < 0.6 else plan.on_road()
        y, size = plan.depth(x) * 0.6, rng.uniform(0.08, 0.4)
        plan.add(x, y, ("sanitation.litter",), partial(draw_litter, size_m=size, rng=rng))


def _plan_traffic(plan: _Plan) -> None:
    rng, ground = plan.rng, plan.ground
    for _ in range(int(rng.choice([0, 1, 2, 4, 7], p=(0.2, 0.25, 0.25, 0.2, 0.1)))):
        parked = rng.random() < 0.5
        side = ground.left_m + 1.1 if rng.random() < 0.5 else ground.right_m - 1.1
        x = side if parked else plan.on_road()
        yaw = rng.choice([0, np.pi]) + rng.normal(0, 0.12)
        yaw += np.pi / 2 if rng.random() < 0.12 else 0
        y = plan.depth(x) + 2.0
        if not plan.taken(x, y):
            plan.add(x, y, ("traffic.vehicle",), partial(draw_vehicle, yaw=yaw, rng=rng))
    for _ in range(int(rng.choice([0, 1, 2, 4], p=(0.35, 0.3, 0.2, 0.15)))):
        x = plan.beside() if rng.random() < 0.6 else plan.on_road()
        y, yaw = plan.depth(x), rng.uniform(0, 2 * np.pi)
        plan.add(x, y, ("traffic.person",), partial(draw_person, yaw=yaw, rng=rng))
    for _ in range(int(rng.choice([0, 1, 2, 3], p=(0.45, 0.3, 0.15, 0.1)))):
        ridden = rng.random() < 0.5
        x = plan.on_road() if ridden else plan.beside()
        y, yaw = plan.depth(x), rng.uniform(0, 2 * np.pi)
        names = ("traffic.two_wheeler", "traffic.person") if ridden else ("traffic.two_wheeler",)
        plan.add(x, y, names, partial(draw_two_wheeler, yaw=yaw, ridden=ridden, rng=rng))


def _labels(
    canvas: Canvas, names: list[str], before: NDArray[np.int64]
) -> tuple[tuple[str, ...], NDArray[np.float32]]:
    """Read the boxes of what is still seen; ground damage must keep a share of itself."""
    labels, boxes = [], []
    rows, columns = canvas.things.shape
    for number, name in enumerate(names, start=1):
        shown = canvas.things == number
        area = int(shown.sum())
        if area == 0 or (number < len(before) and area < MIN_VISIBLE_SHARE * before[number]):
            continue
        across, down = np.flatnonzero(shown.any(0)), np.flatnonzero(shown.any(1))
        box = np.array([across[0], down[0], across[-1] + 1, down[-1] + 1], np.float32)
        if min(box[2] - box[0], box[3] - box[1]) < MIN_SIDE_PX * FINER:
            continue
        labels.append(name)
        boxes.append(box / np.array([columns, rows] * 2, np.float32))
    return tuple(labels), np.array(boxes, np.float32).reshape(-1, 4)


def _developed(
    image: NDArray[np.uint8], bright: float, rng: np.random.Generator
) -> NDArray[np.uint8]:
    """Bring the painting to camera size with lens, exposure, colour and noise."""
    small = cv2.resize(image, (WIDTH_PX, HEIGHT_PX), interpolation=cv2.INTER_AREA)
    light = small.astype(np.float32)
    haze = rng.uniform(0, 0.25) if rng.random() < 0.3 else 0.0
    down = np.linspace(1, 0, HEIGHT_PX, dtype=np.float32)[:, None, None] ** 2
    light = light * (1 - haze * down) + 210 * haze * down
    light *= bright * rng.uniform(0.92, 1.08, 3)
    light += rng.normal(0, rng.uniform(1, 7), light.shape)
    light = cv2.GaussianBlur(light, (0, 0), rng.uniform(0.3, 1.0))
    return np.asarray(np.clip(light, 0, 255), np.uint8)
