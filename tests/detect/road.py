"""A simulated road: things on level ground seen from a moving camera, as boxes with known truth."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property

import cv2
import numpy as np

from detect.detections import Detections
from detect.motion import CameraMotion

LABELS = ("road.pothole", "asset.bin", "sanitation.bin_overflow", "traffic.vehicle")
FRAME = (720, 1280)
START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
K = np.array([[900.0, 0, 640], [0, 900.0, 360], [0, 0, 1]])


@dataclass(frozen=True)
class Thing:
    """A box on the ground: east and north of its centre, its sides and height in metres.

    Its long side points along `yaw`, radians clockwise from north.
    """

    east: float
    north: float
    wide: float = 0.8
    long: float = 0.8
    high: float = 0.0
    label: int = 0
    yaw: float = 0.0

    @property
    def corners(self) -> np.ndarray:
        """(8, 3) east, north, up; the lower one and the upper one of each edge in turn."""
        s, c = np.sin(self.yaw), np.cos(self.yaw)
        return np.array(
            [
                (self.east + x * c + y * s, self.north - x * s + y * c, z)
                for x in (-self.wide / 2, self.wide / 2)
                for y in (-self.long / 2, self.long / 2)
                for z in (0.0, self.high)
            ]
        )

    def moved(self, metres: float) -> "Thing":
        """Give the thing after so many metres along its own yaw."""
        east, north = metres * np.sin(self.yaw), metres * np.cos(self.yaw)
        return replace(self, east=self.east + east, north=self.north + north)


@dataclass(frozen=True)
class Camera:
    """Where the camera is and how it is turned; radians, east and north in metres."""

    east: float = 0.0
    north: float = 0.0
    height: float = 1.6
    pitch: float = 0.1
    heading: float = 0.0
    roll: float = 0.0

    @cached_property
    def rotation(self) -> np.ndarray:
        """(3, 3) camera from east-north-up; x right, y down, z forward."""
        s, c = np.sin(self.heading), np.cos(self.heading)
        level = np.array([[c, -s, 0], [0, 0, -1], [s, c, 0]])
        s, c = np.sin(self.pitch), np.cos(self.pitch)
        pitched = np.array([[1, 0, 0], [0, c, -s], [0, s, c]]) @ level
        s, c = np.sin(self.roll), np.cos(self.roll)
        return np.array([[c, s, 0], [-s, c, 0], [0, 0, 1]]) @ pitched

    def distance(self, thing: Thing) -> float:
        """Give the metres along the ground to a thing's centre; infinite behind the camera."""
        east, north = thing.east - self.east, thing.north - self.north
        ahead = east * np.sin(self.heading) + north * np.cos(self.heading)
        return float(np.hypot(east, north)) if ahead > 0 else float("inf")

    def pixels(self, points: np.ndarray) -> np.ndarray | None:
        """Give the (n, 2) pixels of (n, 3) points, None if one is not before the camera."""
        there = (points - [self.east, self.north, self.height]) @ self.rotation.T
        if there[:, 2].min() < 0.5:
            return None
        return (there @ K.T)[:, :2] / there[:, 2:]

    def outline(self, thing: Thing) -> np.ndarray | None:
        """Give the (k, 2) convex outline of a thing, None if it is not before the camera."""
        uv = self.pixels(thing.corners)
        return None if uv is None else cv2.convexHull(uv.astype(np.float32))[:, 0]

    def box(self, thing: Thing) -> tuple[float, float, float, float] | None:
        """Give the thing's box in the frame, None if less than half of it is in view."""
        uv = self.pixels(thing.corners)
        if uv is None:
            return None
        u, v = uv.T
        left, top, right, bottom = u.min(), v.min(), u.max(), v.max()
        wide = min(right, FRAME[1]) - max(left, 0)
        tall = min(bottom, FRAME[0]) - max(top, 0)
        if wide < 14 or tall < 5 or wide * tall < 0.5 * (right - left) * (bottom - top):
            return None
        return max(left, 0), max(top, 0), min(right, FRAME[1]), min(bottom, FRAME[0])


def motion_between(before: Camera, now: Camera) -> CameraMotion:
    """Give the true motion of the ground between two cameras.

    Source: Hartley & Zisserman, Multiple View Geometry, 2nd ed., 13.1 (homography of a plane).
    """
    moved = np.array([now.east - before.east, now.north - before.north, now.height - before.height])
    seen = np.eye(3) + np.outer(moved, [0, 0, 1]) / before.height
    matrix = K @ now.rotation @ seen @ before.rotation.T @ np.linalg.inv(K)
    return CameraMotion(matrix=matrix / matrix[2, 2], known=True, frame=FRAME)


@dataclass
class Drive:
    """A drive past things; `truth` tells for each detection which thing it was, -1 for none."""

    things: list[Thing]
    cameras: list[Camera]
    seed: int = 0
    recall: float = 1.0
    false_alarms: float = 0.0
    noise: float = 0.0
    score: tuple[float, float] = (0.6, 0.9)
    truth: list[list[int]] = field(default_factory=list)

    def frames(self) -> Iterator[tuple[int, datetime, Detections, CameraMotion]]:
        """Give what a tracker is given, frame by frame, at 5 frames a second."""
        rng = np.random.default_rng(self.seed)
        before = None
        for index, camera in enumerate(self.cameras):
            motion = motion_between(before, camera) if before else CameraMotion.unknown(FRAME)
            before = camera
            yield index, START + timedelta(seconds=index / 5), self._seen(camera, rng), motion

    def _seen(self, camera: Camera, rng: np.random.Generator) -> Detections:
        rows = []
        for number, thing in enumerate(self.things):
            box = camera.box(thing)
            if box is None or rng.random() > self.recall:
                continue
            size = np.array([box[2] - box[0], box[3] - box[1]] * 2)
            rows.append((number, thing.label, np.array(box) + rng.normal(0, self.noise, 4) * size))
        for _ in range(rng.poisson(self.false_alarms)):
            x, y, side = rng.uniform(0, 1200), rng.uniform(300, 680), rng.uniform(10, 80)
            rows.append((-1, 0, np.array([x, y, x + side, y + side / 2])))
        scores = rng.uniform(*self.score, len(rows)).astype(np.float32)
        order = np.argsort(-scores, kind="stable")
        self.truth.append([rows[i][0] for i in order])
        return detections([rows[i][2] for i in order], scores[order], [rows[i][1] for i in order])


def detections(boxes, scores, labels) -> Detections:
    """Make the detections of a frame."""
    score = np.asarray(scores, np.float32)
    return Detections(
        xyxy=np.asarray(boxes, np.float32).reshape(-1, 4),
        score=score,
        probability=score,
        label=np.asarray(labels, np.int64),
        labels=LABELS,
    )


def straight(count: int, *, speed: float = 10.0, bumps: float = 0.0, seed: int = 0) -> list[Camera]:
    """Drive straight north at a speed (m/s), 5 frames a second, pitch shaken by bumps (rad)."""
    shaken = np.random.default_rng(seed).normal(0, bumps, count)
    return [
        Camera(north=speed / 5 * i, pitch=0.1 + shake) for i, shake in enumerate(shaken.tolist())
    ]
