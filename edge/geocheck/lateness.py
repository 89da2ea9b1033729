"""Where a photo of a flight was taken if its pictures came later than their stamps say.

A flight's photos know only their own moments: each is moved along the way to its neighbours, and
keeps its attitude, which the gimbal states by itself; what comes late is the receiver's place. A
hovering drone's photos move nowhere, whatever the clock.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edge.geocheck.agreement import Later, View
from edge.placing.geodesy import LocalPlane
from edge.placing.pose import Pose

Array = NDArray[np.float64]

NEAR_S: Final = 15.0
"""Photos farther apart say nothing of the speed in between."""
_LEAST_S: Final = 0.5
"""Clocks of cameras often count whole seconds."""


def later_along(views: Sequence[View]) -> Later:
    """Move photos along the way between them; at least one."""
    plane = LocalPlane(latitude=views[0].pose.latitude, longitude=views[0].pose.longitude)
    speeds = dict(zip((view.at for view in views), _velocities(views, plane), strict=True))

    def later(view: View, seconds: float) -> Pose | None:
        place = plane.east_north(view.pose.latitude, view.pose.longitude)
        latitude, longitude = plane.latitude_longitude(place + speeds[view.at] * seconds)
        return replace(view.pose, latitude=float(latitude), longitude=float(longitude))

    return later


def _velocities(views: Sequence[View], plane: LocalPlane) -> list[Array]:
    """Give metres a second (2,) east and north at each photo, of the way to its neighbours."""
    order = sorted(range(len(views)), key=lambda number: views[number].at)
    places = [plane.east_north(view.pose.latitude, view.pose.longitude) for view in views]
    velocities = [np.zeros(2) for _ in views]
    for step, number in enumerate(order):
        near = order[max(0, step - 1) : step + 2]
        ways = [
            (places[after] - places[before]) / seconds
            for before, after in pairwise(near)
            if _LEAST_S <= (seconds := _between_s(views[before], views[after])) <= NEAR_S
        ]
        if ways:
            velocities[number] = np.mean(ways, axis=0)
    return velocities


def _between_s(before: View, after: View) -> float:
    return (after.at - before.at) / timedelta(seconds=1)
