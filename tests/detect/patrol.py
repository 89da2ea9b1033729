"""A simulated patrol of a town: a minute of turns, bumps, stops and traffic, with known truth.

World frame: (east, north) metres on level ground, headings clockwise from north, radians. Nothing
here was seen by a camera; how far it is from a real drive is not known.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.detect.road import FRAME, Camera, Thing

FRAMES_PER_S: Final = 5
REACH_M: Final = 60.0
HOUSES_M: Final = 110.0
HOUSE: Final = -1
COARSE: Final = 4
"""Shares seen are counted on every fourth pixel of the frame."""

LEAST_PX: Final = (16.0, 7.0)
LEAST_SEEN: Final = 0.35
_FINE: Final = 10

Points = NDArray[np.float64]
_Maker = Callable[[Points, int, np.random.Generator], "Placed"]


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A thing of the town.

    Attributes:
        thing: where it is at the start.
        speed: metres a second along its own heading, from the start on.
        wanted: whether a detector looks for it; else it only stands before others.
    """

    thing: Thing
    speed: float = 0.0
    wanted: bool = True

    def at(self, seconds: float) -> Thing:
        """Give the thing as it stands so long after the start."""
        return self.thing.moved(self.speed * seconds) if self.speed else self.thing


@dataclass(frozen=True, kw_only=True)
class Sight:
    """A thing that a frame shows.

    Attributes:
        number: which thing.
        label: index into LABELS.
        xyxy: pixels, clipped at the frame's border.
        seen: share of it within the frame that nothing stands before.
    """

    number: int
    label: int
    xyxy: tuple[float, float, float, float]
    seen: float


@dataclass(frozen=True, kw_only=True)
class Patrol:
    """A minute's drive: the camera of each frame, and the town around it."""

    cameras: tuple[Camera, ...]
    route: Points
    things: tuple[Placed, ...]
    fronts: tuple[Thing, ...]

    def near(self, index: int) -> list[tuple[int, Thing]]:
        """Give what is before the camera of a frame: flat things, then the others far to near.

        Things come with their number, house fronts with the number HOUSE.
        """
        camera, seconds = self.cameras[index], index / FRAMES_PER_S
        things = [(number, placed.at(seconds)) for number, placed in enumerate(self.things)]
        things = [(n, thing) for n, thing in things if camera.distance(thing) < REACH_M]
        fronts = [(HOUSE, front) for front in self.fronts if camera.distance(front) < HOUSES_M]
        return sorted(
            (*things, *fronts), key=lambda one: (one[1].high > 0, -camera.distance(one[1]))
        )

    def truth(self, index: int) -> list[Sight]:
        """Give what a frame shows of the things a detector looks for."""
        camera, order = self.cameras[index], self.near(index)
        owner = np.full((FRAME[0] // COARSE, FRAME[1] // COARSE), HOUSE, np.int16)
        alone: dict[int, int] = {}
        for number, thing in order:
            hull = camera.outline(thing)
            if hull is None:
                continue
            mask = np.zeros(owner.shape, np.uint8)
            corners = np.clip(hull / COARSE, -8000, 8000)
            cv2.fillConvexPoly(mask, np.round(corners).astype(np.int32), 1)
            alone[number] = cv2.countNonZero(mask)
            owner[mask > 0] = number
        counts = np.bincount(owner[owner != HOUSE], minlength=len(self.things))
        sights = []
        for number, thing in order:
            wanted = number != HOUSE and self.things[number].wanted
            box = camera.box(thing) if wanted else None
            if box is None or not alone.get(number):
                continue
            seen = float(counts[number]) / alone[number]
            wide, tall = box[2] - box[0], box[3] - box[1]
            if seen >= LEAST_SEEN and wide >= LEAST_PX[0] and tall >= LEAST_PX[1]:
                sights.append(Sight(number=number, label=thing.label, xyxy=box, seen=seen))
        return sights


def patrol(seed: int, *, seconds: float = 60.0) -> Patrol:
    """Make up a patrol; the same for the same seed."""
    rng = np.random.default_rng((seed, 1))
    steps = round(seconds * FRAMES_PER_S) * _FINE
    heading, speed = _steering(steps, rng)
    dt = 1 / (FRAMES_PER_S * _FINE)
    moved = np.stack((np.sin(heading), np.cos(heading)), 1) * (speed * dt)[:, None]
    path = np.cumsum(moved, axis=0)
    beyond = path[-1] + [np.sin(heading[-1]), np.cos(heading[-1])] * np.arange(1.0, 80.0)[:, None]
    ahead = np.concatenate((path, beyond))
    headings = np.concatenate((heading, np.full(len(beyond), heading[-1])))
    route = _every_metre(np.column_stack((ahead, headings)))
    return Patrol(
        cameras=_cameras(path, heading, speed, rng),
        route=route,
        things=_things(route, rng, seconds=seconds),
        fronts=_fronts(route, rng),
    )


def _steering(steps: int, rng: np.random.Generator) -> tuple[Points, Points]:
    """Give heading and speed at each step: straights, corners, stops, lane changes."""
    turn, speed = np.zeros(steps), np.zeros(steps)
    at, fast = 0, float(rng.uniform(7, 13))
    per_s = FRAMES_PER_S * _FINE
    while at < steps:
        straight = round(rng.uniform(5, 11) * per_s)
        speed[at : at + straight] = fast
        swerve = at + round(rng.uniform(0.2, 0.6) * straight)
        side = float(rng.choice([-1.0, 1.0])) * 0.12
        turn[swerve : swerve + per_s], turn[swerve + per_s : swerve + 2 * per_s] = side, -side
        at += straight
        if rng.random() < 0.4:
            at += round(rng.uniform(2, 6) * per_s)
        corner = round(rng.uniform(3.2, 4.5) * per_s)
        speed[at : at + corner] = rng.uniform(4.0, 5.5)
        turn[at : at + corner] = float(rng.choice([-1.0, 1.0])) * np.pi / 2 / corner * per_s
        at += corner
        fast = float(rng.uniform(6, 13))
    smooth = np.hanning(per_s * 2 + 1)
    smooth /= smooth.sum()
    padded = np.pad(speed, per_s, mode="edge")
    quiet = np.convolve(np.pad(turn, per_s), smooth, mode="valid")
    return np.cumsum(quiet) / per_s, np.convolve(padded, smooth, mode="valid")


def _cameras(
    path: Points, heading: Points, speed: Points, rng: np.random.Generator
) -> tuple[Camera, ...]:
    """Mount the camera: it sways all the way, and dips and rises after each bump."""
    count = len(path) // _FINE
    seconds = np.arange(count) / FRAMES_PER_S
    pitch = 0.1 + _wave(seconds, 0.004, rng)
    for bump in rng.choice(count, size=max(count // 25, 1), replace=False).tolist():
        kick = float(rng.normal(0, 0.014))
        after = np.arange(count - bump)
        pitch[bump:] += kick * np.cos(2.4 * after) * np.exp(-after / 1.5)
    roll = _wave(seconds, 0.006, rng)
    heave = _wave(seconds, 0.015, rng)
    rolling = np.minimum(speed[::_FINE] / 3, 1.0)
    return tuple(
        Camera(
            east=float(path[i * _FINE, 0]),
            north=float(path[i * _FINE, 1]),
            height=1.6 + float(heave[i]),
            pitch=0.1 + float((pitch[i] - 0.1) * rolling[i]),
            heading=float(heading[i * _FINE]),
            roll=float(roll[i] * rolling[i]),
        )
        for i in range(count)
    )


def _wave(seconds: Points, sigma: float, rng: np.random.Generator) -> Points:
    periods, phases = rng.uniform(0.7, 4.0, 6), rng.uniform(0, 2 * np.pi, 6)
    parts = np.sin(2 * np.pi * seconds[:, None] / periods + phases)
    return sigma * np.sqrt(2 / 6) * parts.sum(axis=1)


def _every_metre(path: Points) -> Points:
    """Give (n, 3) east, north, heading at each metre of a path."""
    step = np.hypot(*np.diff(path[:, :2], axis=0).T)
    along = np.concatenate(([0.0], np.cumsum(step)))
    metres = np.arange(0.0, along[-1], 1.0)
    return np.column_stack([np.interp(metres, along, column) for column in path.T])


def _beside(route: Points, metre: int, right: float) -> tuple[float, float, float]:
    """Give east, north and heading of a place beside the route."""
    east, north, heading = route[min(metre, len(route) - 1)].tolist()
    return east + right * np.cos(heading), north - right * np.sin(heading), heading


def _things(route: Points, rng: np.random.Generator, *, seconds: float) -> tuple[Placed, ...]:
    kinds: Sequence[tuple[float, _Maker]] = (
        (0.34, _pothole),
        (0.14, _bin),
        (0.08, _overflow),
        (0.14, _parked),
        (0.30, _post),
    )
    shares = np.array([share for share, _ in kinds])
    placed: list[Placed] = []
    metre = 8.0
    while metre < len(route):
        kind = kinds[int(rng.choice(len(kinds), p=shares))][1]
        count = 1 + int(rng.random() < 0.25)
        placed += [kind(route, round(metre + rng.uniform(0, 3)), rng) for _ in range(count)]
        metre += float(rng.exponential(2.0)) + 0.5
    clear = [p for p in placed if p.thing.high == 0 or _clear(route, p.thing, 2.6)]
    return (*clear, *_traffic(route, rng, seconds=seconds))


def _clear(route: Points, thing: Thing, metres: float) -> bool:
    away = np.hypot(route[:, 0] - thing.east, route[:, 1] - thing.north)
    return float(away.min()) > metres


def _pothole(route: Points, metre: int, rng: np.random.Generator) -> Placed:
    east, north, heading = _beside(route, metre, float(rng.uniform(-3.2, 3.2)))
    wide, long = rng.uniform(0.3, 1.3, 2).tolist()
    return Placed(thing=Thing(east, north, wide=wide, long=long, yaw=heading))


def _bin(route: Points, metre: int, rng: np.random.Generator, *, label: int = 1) -> Placed:
    right = float(rng.choice([-1.0, 1.0]) * rng.uniform(4.6, 7.0))
    east, north, heading = _beside(route, metre, right)
    high = float(rng.uniform(0.9, 1.3))
    return Placed(thing=Thing(east, north, 0.6, 0.7, high, label, yaw=heading))


def _overflow(route: Points, metre: int, rng: np.random.Generator) -> Placed:
    return _bin(route, metre, rng, label=2)


def _parked(route: Points, metre: int, rng: np.random.Generator) -> Placed:
    right = float(rng.choice([-1.0, 1.0], p=[0.35, 0.65]) * rng.uniform(3.9, 4.4))
    east, north, heading = _beside(route, metre, right)
    return Placed(thing=Thing(east, north, 1.8, 4.3, float(rng.uniform(1.4, 1.9)), 3, heading))


def _post(route: Points, metre: int, rng: np.random.Generator) -> Placed:
    right = float(rng.choice([-1.0, 1.0]) * rng.uniform(4.4, 6.0))
    east, north, heading = _beside(route, metre, right)
    return Placed(thing=Thing(east, north, 0.3, 0.3, 4.5, 0, heading), wanted=False)


def _traffic(route: Points, rng: np.random.Generator, *, seconds: float) -> list[Placed]:
    """Give vehicles that come towards or drive across, each along a straight line."""
    cars = []
    for moment in np.arange(2.0, seconds, 4.0).tolist():
        metre = round(moment / seconds * (len(route) - 80) + rng.uniform(10, 40))
        east, north, heading = _beside(route, metre, -3.4)
        speed = float(rng.uniform(5, 10))
        yaw = heading + np.pi
        back = speed * (moment + rng.uniform(0, 2))
        start = Thing(east, north, 1.8, 4.4, float(rng.uniform(1.4, 2.6)), 3, yaw).moved(-back)
        cars.append(Placed(thing=start, speed=speed))
    return cars


def _fronts(route: Points, rng: np.random.Generator) -> tuple[Thing, ...]:
    fronts = []
    for side in (-1.0, 1.0):
        for metre in range(0, len(route), 13):
            east, north, heading = _beside(route, metre, side * float(rng.uniform(12, 14)))
            high = float(rng.choice([4.0, 7.0, 10.0]))
            front = Thing(east, north, 4.0, float(rng.uniform(8, 12)), high, yaw=heading)
            if _clear(route, front, 8.5):
                fronts.append(front)
    return tuple(fronts)
