"""Does a vehicle stand, for how long, and how does it look from afar? As one pass saw it.

Every sight near enough is placed on the ground by itself; where the first third of them and the
last third lie apart, the vehicle moved. Only its height and the mean colour of its middle are kept:
enough to tell two vehicles apart on one spot, too little to know either again elsewhere.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dispatch.wire import Measure, Quantity, Stay
from edge.errors import EdgeError
from edge.findings.seen import Seen
from edge.placing.contact import box_sighting
from edge.placing.geodesy import LocalPlane
from edge.placing.geotag import GroundPoint, place_pixel, place_track
from edge.placing.terrain import Ground

STILL_M: Final = 3.0
"""A vehicle that surely moved more than this while it was seen is not reported."""
ONE_SIDED_95: Final = 1.644854
FACE_M: Final = 1.0
"""How far the foot of its box wanders over a vehicle as the camera passes from tail to side."""
MOST_SIGHTS: Final = 60
_FLAT: Final = 0.35
"""Sine of the depression under which a box is about as high as what it shows."""
_EDGE_SHARE: Final = 0.06
_TALLEST_M: Final = 6.0

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Fix:
    seen: Seen
    place: GroundPoint


def stay_of(
    seen: Sequence[Seen],
    *,
    best: Seen,
    image: NDArray[np.uint8] | None,
    ground: Ground | None = None,
) -> Stay | None:
    """Say how a vehicle stood; None where too few sights could be placed to tell.

    Args:
        seen: its sights in order of time.
        best: the sight of which `image` is the frame; None if its pixels are forgotten.
        ground: what rays meet; None takes the camera's usual ground.
    """
    fixes = _fixes(seen, ground)
    if len(fixes) < 2:
        return None
    moved_m, sigma_m = _moved(fixes)
    lasted = fixes[-1].seen.point.at - fixes[0].seen.point.at
    return Stay(
        seconds=round(lasted.total_seconds(), 1),
        moved_m=round(moved_m, 2),
        moved_sigma_m=round(sigma_m, 2),
        height=_height(fixes, ground),
        colour=None if image is None else _colour(image, best.point.xyxy),
    )


def may_stand(stay: Stay | None) -> bool:
    """Say whether a vehicle may have stood all the while."""
    return stay is not None and stay.moved_m - ONE_SIDED_95 * stay.moved_sigma_m <= STILL_M


def _fixes(seen: Sequence[Seen], ground: Ground | None) -> list[_Fix]:
    step = max(1, math.ceil(len(seen) / MOST_SIGHTS))
    fixes = []
    for one in (*seen[:-1:step], seen[-1]):
        if one.look.pose is None or not one.whole:
            continue
        try:
            sighting = box_sighting(
                one.point.xyxy,
                label=one.point.label,
                pose=one.look.pose,
                camera=one.camera,
                ground=ground,
            )
            fixes.append(_Fix(one, place_track([sighting], camera=one.camera, ground=ground)))
        except EdgeError:
            # Too far or too flat to be placed by this frame alone; nearer ones count.
            continue
    return fixes


def _moved(fixes: Sequence[_Fix]) -> tuple[float, float]:
    """Give how far the last sights lie from the first, and the standard error of that, metres."""
    plane = LocalPlane(latitude=fixes[0].place.latitude, longitude=fixes[0].place.longitude)
    third = max(1, len(fixes) // 3)
    first, last = fixes[:third], fixes[-third:]
    away = _middle(last, plane) - _middle(first, plane)
    # Springs and wander are alike in neighbouring frames: many of them are no surer than one.
    spread = np.mean([fix.place.own for fix in first], axis=0)
    spread = spread + np.mean([fix.place.own for fix in last], axis=0) + FACE_M**2 * np.eye(2)
    return float(np.hypot(*away)), math.sqrt(float(np.linalg.eigvalsh(spread)[1]))


def _middle(fixes: Sequence[_Fix], plane: LocalPlane) -> Array:
    places = [plane.east_north(fix.place.latitude, fix.place.longitude) for fix in fixes]
    return np.asarray(np.mean(places, axis=0), np.float64)


def _height(fixes: Sequence[_Fix], ground: Ground | None) -> Measure | None:
    """Measure how high a vehicle is, from the nearest sight that is not from above."""
    level = [fix for fix in fixes if fix.place.foreshortening < _FLAT]
    if not level:
        return None
    nearest = min(level, key=lambda fix: fix.place.range_m)
    left, top, right, bottom = nearest.seen.point.xyxy
    pose = nearest.seen.look.pose
    assert pose is not None, "only sights with a pose are placed"
    foot = place_pixel(
        ((left + right) / 2.0, bottom), pose=pose, camera=nearest.seen.camera, ground=ground
    )
    value = (bottom - top) / foot.pixels_per_metre
    along = math.sqrt(float(np.linalg.eigvalsh(nearest.place.own)[1])) / nearest.place.range_m
    if not 0.0 < value < _TALLEST_M:
        return None
    sigma = value * math.hypot(_EDGE_SHARE, along)
    return Measure(quantity=Quantity.LENGTH_M, value=round(value, 2), sigma=round(sigma, 3))


def _colour(
    image: NDArray[np.uint8], xyxy: tuple[float, float, float, float]
) -> tuple[float, float, float] | None:
    """Give the mean red, green and blue of the middle of a box, each 0 to 1."""
    left, top, right, bottom = xyxy
    rows = slice(int(top + 0.35 * (bottom - top)), int(top + 0.7 * (bottom - top)) + 1)
    columns = slice(int(left + 0.25 * (right - left)), int(left + 0.75 * (right - left)) + 1)
    middle = image[rows, columns].reshape(-1, 3)
    if not len(middle):
        return None
    blue, green, red = (round(float(mean) / 255.0, 2) for mean in middle.mean(axis=0))
    return red, green, blue
