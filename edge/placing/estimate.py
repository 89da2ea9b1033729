"""Where the place lies that lines of sight show, with its error split into shared and own.

A place X and the errors b are estimated together, maximum a posteriori: each sighting gives two
normalised image coordinates z = pi(R^T (X - C)) + B b + noise, the errors b have unit priors
(their columns B are scaled by their standard errors), and the ground says how high X lies.
This is triangulation with a ground prior; with one sighting it is the cut of ray and ground.
Gauss-Newton with Huber weights (P. J. Huber, "Robust estimation of a location parameter", 1964).
Frames as in `edge.placing.sight`.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edge.placing.sight import PASS_ERRORS, Lines

Array = NDArray[np.float64]

_HUBER: Final = 2.0
_STEPS: Final = 12
_SETTLED_M: Final = 1e-3
_GROUND_FLOOR_M: Final = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A place with its error, split.

    Attributes:
        place: (3,) east, north, up.
        shared, own: (2, 2) covariances in the plane, m².
        settled: whether the iteration came to rest in front of the cameras.
    """

    place: Array
    shared: Array
    own: Array
    settled: bool


def estimate(lines: Lines, *, start: Array) -> Estimate:
    """Estimate the place that lines of sight show.

    Args:
        start: (3,) a first guess in front of every camera.
    """
    place = start.astype(np.float64)
    errors = np.zeros(lines.shift.shape[2] + 1)
    system = _linearise(lines, place, errors)
    # One ray already passes through the start: there is nothing to move.
    settled = len(lines.seen) == 1
    for _ in range(0 if settled else _STEPS):
        step = np.asarray(np.linalg.solve(system.information, system.gradient), np.float64)
        place, errors = place + step[:3], errors + step[3:]
        if not _in_front(lines, place):
            break
        system = _linearise(lines, place, errors)
        if float(np.abs(step[:3]).max()) < _SETTLED_M:
            settled = True
            break
    joint = np.asarray(np.linalg.inv(system.information), np.float64)
    passing = joint[:2, 3 : 3 + PASS_ERRORS]
    shared = passing @ passing.T
    own: Array = (joint[:2, :2] - shared) * system.excess
    return Estimate(place=place, shared=shared, own=own, settled=settled)


@dataclass(frozen=True, slots=True)
class _System:
    information: Array
    gradient: Array
    excess: float


def _linearise(lines: Lines, place: Array, errors: Array) -> _System:
    coordinates, toward, turning = _derivatives(lines, place)
    columns = turning @ lines.spin - toward @ lines.shift
    columns = np.concatenate([columns, _slope_column(lines, place, toward)], axis=2)
    residual = lines.seen - coordinates - columns @ errors
    # All whitened by the noise that is new in every frame: design and residual in one array.
    rows = np.concatenate([toward, columns, residual[:, :, None]], axis=2)
    white = _whiten(rows, _frame_noise(lines, turning))
    square = (white[:, :, -1] ** 2).sum(axis=1)
    huber = np.minimum(1.0, _HUBER / np.sqrt(np.maximum(square, 1e-12)))
    flat = (white * np.sqrt(huber)[:, None, None]).reshape(-1, rows.shape[2])
    normal = flat.T @ flat
    information, gradient = normal[:-1, :-1], normal[:-1, -1]
    ground = 1.0 / max(lines.ground_m, _GROUND_FLOOR_M) ** 2
    upright = np.array([-lines.rise[0], -lines.rise[1], 1.0])
    information[:3, :3] += ground * upright[:, None] * upright
    gradient[:3] -= ground * upright * float(upright @ (place - lines.foot))
    information.flat[3 * len(information) + 3 :: len(information) + 1] += 1.0
    gradient[3:] -= errors
    freedom = 2 * len(square) - 2
    excess = max(1.0, float((huber * square).sum()) / freedom) if freedom > 2 else 1.0
    return _System(information, gradient, excess)


def _in_front(lines: Lines, place: Array) -> bool:
    depth = np.einsum("kj,kj->k", lines.rotation[:, :, 2], place - lines.position)
    return bool((depth > 0.1).all())


def _derivatives(lines: Lines, place: Array) -> tuple[Array, Array, Array]:
    """Give the coordinates (K, 2), d of them / d place and / d left rotation, both (K, 2, 3)."""
    away = place - lines.position
    seen = (away[:, None, :] @ lines.rotation)[:, 0, :]
    depth = seen[:, 2:]
    coordinates = seen[:, :2] / depth
    across, axis = lines.rotation[:, :, :2], lines.rotation[:, :, 2:]
    toward = ((across - axis * coordinates[:, None, :]) / depth[:, None, :]).transpose(0, 2, 1)
    cross = np.zeros((len(away), 3, 3))
    x, y, z = away.T
    cross[:, 0, 1], cross[:, 0, 2], cross[:, 1, 2] = -z, y, -x
    cross[:, 1, 0], cross[:, 2, 0], cross[:, 2, 1] = z, -y, x
    return coordinates, toward, toward @ cross


def _slope_column(lines: Lines, place: Array, toward: Array) -> Array:
    """Give the column (K, 2, 1) of a ground that rises otherwise than stated on the way there."""
    reach = np.hypot(*(place - lines.position)[:, :2].T)
    column: Array = toward[:, :, 2:] * (reach * lines.slope)[:, None, None]
    return column


def _frame_noise(lines: Lines, turning: Array) -> Array:
    """Give the (K, 2, 2) noise that is new in every frame: pixel, pitch, roll, tilt."""
    turned = turning @ lines.sway
    noise: Array = lines.noise + turned @ turned.transpose(0, 2, 1)
    return noise


def _whiten(rows: Array, noise: Array) -> Array:
    """Give L⁻¹ rows (K, 2, n) of noise L Lᵀ (K, 2, 2)."""
    first = np.sqrt(noise[:, 0, 0])
    mixed = noise[:, 1, 0] / first
    second = np.sqrt(noise[:, 1, 1] - mixed**2)
    white = np.empty_like(rows)
    white[:, 0] = rows[:, 0] / first[:, None]
    white[:, 1] = (rows[:, 1] - mixed[:, None] * white[:, 0]) / second[:, None]
    return white
