"""Ground on which the centre asks for vehicles that stand: elsewhere they are nobody's business.

The last word of the centre is kept in the state folder, so that a device without network still
knows it. It decides which findings are sent, never what a finding says.
"""

import math
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from dispatch.wire import Asked, Position
from edge.delivery.centre import Centre
from edge.delivery.keys import replace_file
from edge.delivery.word import word_of
from edge.placing.geodesy import LocalPlane

ASKED_FILE: Final = "asked.json"
ASKED_PATH: Final = "/api/v1/device/asked"
NEAR_M: Final = 60.0
"""From so near a camera may place what stands in a zone."""
_M_PER_DEGREE: Final = 111_195.0
_WAYS: Final = 16
_REACH: Final = (0.0, 1.1774, 2.1460)
"""Radii, in standard errors, of nothing, of half and of 90 % of a plane normal error."""

Array = NDArray[np.float64]


class AskedGround:
    """The zones that the centre asks about, as the device tests places against them."""

    def __init__(self, asked: Asked) -> None:
        self.labels = frozenset(label for zone in asked.zones for label in zone.labels)
        self._zones = tuple((zone, [np.array(ring) for ring in zone.rings]) for zone in asked.zones)
        outlines = [rings[0] for _, rings in self._zones]
        self._low = np.array([ring.min(axis=0) for ring in outlines]).reshape(-1, 2)
        self._high = np.array([ring.max(axis=0) for ring in outlines]).reshape(-1, 2)

    def is_near(self, latitude: float, longitude: float) -> bool:
        """Say whether a camera there may see what stands in a zone."""
        here = np.array([longitude, latitude])
        reach = NEAR_M / _M_PER_DEGREE / np.array([math.cos(math.radians(latitude)), 1.0])
        inside = (self._low - reach <= here) & (here <= self._high + reach)
        return bool(inside.all(axis=1).any())

    def may_hold(self, label: str, position: Position) -> bool:
        """Say whether a thing may lie in a zone that asks for its label, its error considered.

        Generous: the centre weighs the error in full and decides.
        """
        around = _around(position)
        return any(
            label in zone.labels and bool(_inside(rings, around).any())
            for zone, rings in self._zones
        )


NOTHING: Final = AskedGround(Asked())
"""What a device is asked for that no centre ever asked."""


def fetch_asked(centre: Centre, folder: Path) -> None:
    """Get what the centre asks for now and keep it in a state folder; one too old asks for nothing.

    Raises:
        CentreAway: it cannot be reached; what it asked for before is still kept.
        CentreRefuses: it does not accept this device.
    """
    asked = word_of(centre, ASKED_PATH, Asked) or Asked()
    replace_file(folder / ASKED_FILE, asked.model_dump_json().encode(), mode=0o644)


def asked_ground(folder: Path) -> AskedGround:
    """Give what the centre asked for last; nothing where it never did or the file is damaged."""
    try:
        return AskedGround(Asked.model_validate_json((folder / ASKED_FILE).read_bytes()))
    except (FileNotFoundError, ValidationError):
        # It is fetched anew at the next word with the centre.
        return NOTHING


def _around(position: Position) -> Array:
    """Give (n, 2) longitude and latitude of points all over a position's likely error."""
    shared, own = position.shared, position.own
    cross = shared.en + own.en
    covariance = np.array([[shared.ee + own.ee, cross], [cross, shared.nn + own.nn]])
    turns = np.arange(_WAYS) * (2.0 * np.pi / _WAYS)
    circle = np.column_stack([np.cos(turns), np.sin(turns)]) @ np.linalg.cholesky(covariance).T
    plane = LocalPlane(latitude=position.latitude, longitude=position.longitude)
    points = np.vstack([radius * circle for radius in _REACH])
    return plane.latitude_longitude(points)[:, ::-1]


def _inside(rings: list[Array], points: Array) -> NDArray[np.bool_]:
    """Say which (n, 2) points an outline with holes holds: those with an odd count of crossings."""
    inside = np.zeros(len(points), dtype=np.bool_)
    for ring in rings:
        (x0, y0), (x1, y1) = ring[:-1].T, ring[1:].T
        across = (y0 > points[:, 1:]) != (y1 > points[:, 1:])
        rise = np.where(y1 == y0, 1.0, y1 - y0)
        meets = x0 + (points[:, 1:] - y0) / rise * (x1 - x0)
        inside ^= (np.count_nonzero(across & (points[:, :1] < meets), axis=1) % 2).astype(np.bool_)
    return inside
