"""What ground a rendered drive truly showed, cell by cell, by the truth that no pipeline reads.

A sweep's cells lie where the carrier believed it was. What its whole pass was off by is stated in
the sweep and taken back here, so that a claim is held against the ground it is about; what wandered
within the pass is not.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import cv2
import h3.api.basic_int as h3
import numpy as np
from numpy.typing import NDArray

from edge.coverage.outlook import CELL_RADIUS_M, LATERAL_M, PLACEABLE_M, RANGE_M, RESOLUTION
from edge.placing.geodesy import LocalPlane
from edge.sources.street.motion import true_view
from edge.sources.street.passes import StreetPass
from edge.sources.street.plan import LENGTH_M, Kind
from edge.sources.street.scene import things_of
from edge.sources.street.shapes import Image, silhouettes
from edge.sources.street.view import Points, View
from edge.telemetry.simulated import SimulatedTelemetry, true_pose

LEAST_FRAMES: Final = 3
_COARSE: Final = 0.5
_CLOSE_M: Final = RANGE_M + 10.0
_SIDE_M: Final = LATERAL_M + 3.0
_HALF: Final = 0.5
_RING: Final = np.array(
    [(0.0, 0.0)] + [(math.cos(a), math.sin(a)) for a in np.arange(8) * (math.pi / 4.0)]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownGround:
    """Cells of ground along one drive, as the device numbers them.

    Attributes:
        shown: whose whole core three frames within reach showed, one of them from near enough to
            place what it shows.
        hidden: of which never three frames within reach showed half of the core, although it came
            into the picture.
    """

    shown: frozenset[int]
    hidden: frozenset[int]


def shown_ground(street: StreetPass, telemetry: SimulatedTelemetry) -> ShownGround:
    """Tell of all cells along a drive what it truly showed of them.

    Harmless things, parked vehicles and people hide; a planted problem does not, because ground
    that is claimed under it is a claim about its place.
    """
    cells, places = _cells(street, telemetry)
    things = things_of(street.plan, repaired=(), parked=street.patrol.parked)
    harmless = {p.id for p in street.plan.problems} | {
        item.key for item in street.plan.standing if item.kind is Kind.HOUSE
    }
    hiding = [thing for thing in things if thing.key not in harmless]
    anchors = np.array([thing.anchor[:2] for thing in hiding]).reshape(-1, 2)
    whole, near, half, ever = (np.zeros(len(cells), np.int64) for _ in range(4))
    for number in range(street.patrol.frame_count):
        view = true_view(street.patrol, number / street.patrol.frames_per_s)
        close = np.linalg.norm(anchors - view.place[:2], axis=1) < _CLOSE_M
        outlines = [
            outline
            for index in np.flatnonzero(close)
            for outline in silhouettes(hiding[int(index)], view)
        ]
        reach = np.linalg.norm(places - view.place[:2], axis=1)
        inside, free = _shares(places, view, _mask(outlines, view))
        within = reach <= RANGE_M
        ever += within & (inside == 1.0)
        whole += within & (free == 1.0)
        near += (reach <= PLACEABLE_M) & (free == 1.0)
        half += within & (free >= _HALF)
    beside = np.abs(places[:, 1] - street.patrol.right_m) <= LATERAL_M
    shown = beside & (whole >= LEAST_FRAMES) & (near > 0)
    hidden = (ever >= LEAST_FRAMES) & (half < LEAST_FRAMES)
    return ShownGround(
        shown=frozenset(cells[int(index)] for index in np.flatnonzero(shown)),
        hidden=frozenset(cells[int(index)] for index in np.flatnonzero(hidden)),
    )


def _cells(street: StreetPass, telemetry: SimulatedTelemetry) -> tuple[list[int], Points]:
    """Give the cells about the street and where (n, 2), along and right, each truly lies."""
    plan = street.plan
    plane = LocalPlane(latitude=plan.latitude, longitude=plan.longitude)
    along, right = np.meshgrid(np.arange(0.0, LENGTH_M, 1.0), np.arange(-_SIDE_M, _SIDE_M, 1.0))
    spots = [
        plan.east_north(float(a), float(r)) for a, r in zip(along.flat, right.flat, strict=True)
    ]
    degrees = plane.latitude_longitude(np.array(spots))
    cells = sorted({h3.latlng_to_cell(float(a), float(b), RESOLUTION) for a, b in degrees})
    middles = np.array([h3.cell_to_latlng(cell) for cell in cells])
    off = _off_by(street, telemetry, plane)
    east, north = (plane.east_north(middles[:, 0], middles[:, 1]) - off).T
    sine, cosine = math.sin(plan.heading), math.cos(plan.heading)
    ahead = east * sine + north * cosine + LENGTH_M / 2.0
    return cells, np.column_stack([ahead, east * cosine - north * sine])


def _off_by(street: StreetPass, telemetry: SimulatedTelemetry, plane: LocalPlane) -> Points:
    """Give (2,) by how many metres east and north the whole pass was off."""
    patrol = street.patrol
    gaps = []
    for number in range(patrol.frame_count):
        at = patrol.starts_at + timedelta(seconds=number / patrol.frames_per_s)
        told, true = telemetry.pose_at(at), true_pose(street, at)
        gaps.append(
            plane.east_north(told.latitude, told.longitude)
            - plane.east_north(true.latitude, true.longitude)
        )
    return np.mean(gaps, axis=0)


def _mask(outlines: Sequence[Points], view: View) -> Image:
    """Give at half size what stands before the ground."""
    size = (round(view.lens.height * _COARSE), round(view.lens.width * _COARSE))
    mask = np.zeros(size, np.uint8)
    for outline in outlines:
        corners = np.round(np.clip(outline, -8000.0, 8000.0) * (_COARSE * 16)).astype(np.int32)
        cv2.fillPoly(mask, [corners], 1, shift=4)
    return mask


def _shares(
    places: Points, view: View, mask: Image
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the share (n,) of each cell's core in the picture, and in it with nothing before it."""
    core = places[:, None, :] + _RING * CELL_RADIUS_M
    lying = np.concatenate([core, np.zeros((*core.shape[:2], 1))], axis=2).reshape(-1, 3)
    seen = view.in_camera(lying)
    ahead = seen[:, 2] > 0.5
    seen[~ahead, 2] = 1.0
    column, row = np.floor(view.pixels(seen) * _COARSE).astype(np.int64).T
    inside = ahead & (column >= 0) & (row >= 0)
    inside &= (column < mask.shape[1]) & (row < mask.shape[0])
    free = inside.copy()
    free[inside] = mask[row[inside], column[inside]] == 0
    return tuple(flag.reshape(len(places), -1).mean(axis=1) for flag in (inside, free))
