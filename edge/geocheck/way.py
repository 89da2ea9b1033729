"""The way of a carrier without the noise of its telemetry.

A clock that is off shows by how the carrier brakes and turns. The noise of its poses is another one
at every moment: of many moments one agrees with the frames by luck, and would be taken for the
clock. So only what is left of the way after smoothing over `WINDOW_S` is moved in time.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edge.geocheck.agreement import Later, View
from edge.placing.geodesy import LocalPlane
from edge.placing.pose import NoPose, Pose, Telemetry, body_angles, ned_from_body

Array = NDArray[np.float64]

WINDOW_S: Final = 3.0
"""Width of the (raised cosine) window; own errors forget themselves within a second or two."""
STEP_S: Final = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class SmoothWay:
    """Where a carrier was and how it was turned, at even steps; NaN where it is not known.

    Attributes:
        start: time of the first step.
        places: (n, 2) metres east and north on `plane`.
        turns: (n, 3, 3) rotations from the body to north-east-down.
    """

    start: datetime
    plane: LocalPlane
    places: Array
    turns: Array

    def moved(self, pose: Pose, seconds: float) -> Pose | None:
        """Move a pose along the way, its own noise kept; None where the way is not known."""
        here, there = self._at(pose.at), self._at(pose.at + timedelta(seconds=seconds))
        if here is None or there is None:
            return None
        place = self.plane.east_north(pose.latitude, pose.longitude) + there[0] - here[0]
        latitude, longitude = self.plane.latitude_longitude(place)
        own = ned_from_body(pose.yaw, pose.pitch, pose.roll)
        yaw, pitch, roll = body_angles(there[1] @ here[1].T @ own)
        return replace(
            pose,
            latitude=float(latitude),
            longitude=float(longitude),
            yaw=yaw,
            pitch=pitch,
            roll=roll,
        )

    def _at(self, at: datetime) -> tuple[Array, Array] | None:
        step = (at - self.start).total_seconds() / STEP_S
        number = int(np.floor(step))
        if not 0 <= number < len(self.places) - 1:
            return None
        share = step - number
        place = (1.0 - share) * self.places[number] + share * self.places[number + 1]
        turn = (1.0 - share) * self.turns[number] + share * self.turns[number + 1]
        if not (np.isfinite(place).all() and np.isfinite(turn).all()):
            return None
        return place, _nearest_rotation(turn)


def smooth_way(telemetry: Telemetry, *, since: datetime, until: datetime) -> SmoothWay:
    """Ask a track over a span of time, and smooth it."""
    count = int((until - since).total_seconds() / STEP_S) + 2
    poses = [_asked(telemetry, since + timedelta(seconds=STEP_S * n)) for n in range(count)]
    first = next((pose for pose in poses if pose is not None), None)
    plane = LocalPlane(
        latitude=0.0 if first is None else first.latitude,
        longitude=0.0 if first is None else first.longitude,
    )
    places, turns = np.full((count, 2), np.nan), np.full((count, 3, 3), np.nan)
    for number, pose in enumerate(poses):
        if pose is not None:
            places[number] = plane.east_north(pose.latitude, pose.longitude)
            turns[number] = ned_from_body(pose.yaw, pose.pitch, pose.roll)
    return SmoothWay(
        start=since,
        plane=plane,
        places=_smooth(places),
        turns=_smooth(turns.reshape(-1, 9)).reshape(-1, 3, 3),
    )


def later_on(telemetry: Telemetry, views: Sequence[View], *, most_s: float) -> Later:
    """Move views of a drive along its smoothed way, `most_s` at most; at least one view."""
    around = timedelta(seconds=most_s + WINDOW_S)
    way = smooth_way(
        telemetry,
        since=min(view.at for view in views) - around,
        until=max(view.at for view in views) + around,
    )
    return lambda view, seconds: way.moved(view.pose, seconds)


def _asked(telemetry: Telemetry, at: datetime) -> Pose | None:
    try:
        return telemetry.pose_at(at)
    except NoPose:
        return None


def _smooth(values: Array) -> Array:
    """Give weighted means (n, k) over the window; NaN where less than all of it is known."""
    half = round(WINDOW_S / STEP_S / 2.0)
    weights = 1.0 + np.cos(np.pi * np.arange(-half, half + 1) / (half + 1))
    weights /= weights.sum()
    around = np.pad(values, ((half, half), (0, 0)), constant_values=np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(around, len(weights), axis=0)
    smoothed: Array = windows @ weights
    return smoothed


def _nearest_rotation(mean: Array) -> Array:
    """Give the rotation (3, 3) nearest a mean of rotations (polar decomposition)."""
    left, _, right = np.linalg.svd(mean)
    flip = np.diag([1.0, 1.0, float(np.linalg.det(left @ right))])
    nearest: Array = left @ flip @ right
    return nearest
