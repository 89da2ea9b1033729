"""Findings of one drive by several cameras, joined on the ground: one thing is told once.

Each camera follows on its own. What a second camera finds where the first has found the same is
the same thing, if the two places agree within their own errors; what the drive shares cancels.
"""

import math
from collections import deque
from typing import Final

import numpy as np

from dispatch.wire import Finding, Position
from edge.findings.stitching import CAP_M, GATE
from edge.placing.geodesy import LocalPlane

REMEMBERED: Final = 500
"""Findings of a drive against which new ones are held; a city street has a few in 100 m."""


class Joining:
    """Remembers what the cameras of one drive found."""

    def __init__(self) -> None:
        """Begin a drive."""
        self._found: deque[tuple[str, Finding]] = deque(maxlen=REMEMBERED)

    def is_known(self, camera: str, finding: Finding) -> bool:
        """Take a finding; say whether another camera told of the same thing before."""
        place = finding.position
        if place is None:
            return False
        if any(
            other != camera
            and before.label == finding.label
            and before.position is not None
            and _agree(before.position, place)
            for other, before in self._found
        ):
            return True
        self._found.append((camera, finding))
        return False


def _agree(one: Position, other: Position) -> bool:
    plane = LocalPlane(latitude=one.latitude, longitude=one.longitude)
    away = plane.east_north(other.latitude, other.longitude)
    if math.hypot(float(away[0]), float(away[1])) > CAP_M:
        return False
    both = np.array(
        [
            [one.own.ee + other.own.ee, one.own.en + other.own.en],
            [one.own.en + other.own.en, one.own.nn + other.own.nn],
        ]
    )
    return float(away @ np.linalg.solve(both, away)) <= GATE
