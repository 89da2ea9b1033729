"""How a carrier truly moves during a pass, and what it is told of that: truth with its noise."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from dispatch.wire import Platform
from edge.sources.street.passes import PassPlan
from edge.sources.street.view import Lens, View, view_from

LEVER_M: Final = (0.8, 0.0, 0.2)
"""A vehicle's camera minus its antenna: forward, right, down."""
_WAVES: Final = 8
_QUICK_S: Final = (0.5, 2.5)
_SLOW_S: Final = (3.0, 9.0)
_BUMP: Final = float(np.radians(0.25))
_SWAY: Final = float(np.radians(0.3))
_STEER: Final = float(np.radians(0.5))


@dataclass(frozen=True, slots=True, kw_only=True)
class Attitude:
    """Where the camera is and how its carrier is turned, street frame.

    Attributes:
        along_m, right_m, up_m: of the optical centre.
        yaw, pitch, roll: of the carrier's body (a drone's is its gimbal), radians; yaw from along.
    """

    along_m: float
    right_m: float
    up_m: float
    yaw: float
    pitch: float
    roll: float


def true_attitude(patrol: PassPlan, seconds: float) -> Attitude:
    """Give how the carrier truly was, so long after the start of its pass."""
    optics, noise, drone = patrol.optics, patrol.noise, patrol.platform is Platform.DRONE
    gimbal = optics.pitch if drone else 0.0
    pitch = noise.pitch if drone else _BUMP
    roll = noise.roll if drone else _SWAY
    return Attitude(
        along_m=patrol.from_m + patrol.speed_m_s * seconds,
        right_m=patrol.right_m + wave(patrol.seed, "weave", seconds, 0.12, _SLOW_S),
        up_m=optics.above_ground_m + wave(patrol.seed, "heave", seconds, 0.02, _SLOW_S),
        yaw=patrol.yaw + wave(patrol.seed, "steer", seconds, _STEER, _SLOW_S),
        pitch=gimbal + wave(patrol.seed, "bump", seconds, pitch, _QUICK_S),
        roll=wave(patrol.seed, "sway", seconds, roll, _QUICK_S),
    )


def true_view(patrol: PassPlan, seconds: float) -> View:
    """Give what the camera truly looks at, so long after the start of its pass."""
    attitude = true_attitude(patrol, seconds)
    optics = patrol.optics
    boresight = 0.0 if patrol.platform is Platform.DRONE else optics.pitch
    return view_from(
        np.array([attitude.along_m, attitude.right_m, attitude.up_m]),
        yaw=attitude.yaw,
        pitch=attitude.pitch + boresight,
        roll=attitude.roll,
        lens=Lens(width=optics.width, height=optics.height, focal_px=optics.focal_px),
    )


def wave(
    seed: int, name: str, seconds: float, sigma: float, periods_s: tuple[float, float]
) -> float:
    """Give a smooth random signal's value: zero mean, spread `sigma`, the same for the same seed.

    Args:
        periods_s: shortest and longest period of its parts.
    """
    rng = np.random.default_rng((seed, *name.encode()))
    periods = rng.uniform(*periods_s, _WAVES)
    phases = rng.uniform(0.0, 2.0 * np.pi, _WAVES)
    parts = np.sin(2.0 * np.pi * seconds / periods + phases)
    return float(sigma * np.sqrt(2.0 / _WAVES) * parts.sum())


def draw(seed: int, name: str, sigma: float) -> float:
    """Give one normal draw, the same for the same seed and name: a bias of a whole pass."""
    rng = np.random.default_rng((seed, *name.encode()))
    return float(rng.normal(0.0, sigma)) if sigma > 0.0 else 0.0


def quick_wave(seed: int, name: str, seconds: float, sigma: float) -> float:
    """Give a smooth random signal that forgets itself within a second or two."""
    return wave(seed, name, seconds, sigma, _QUICK_S)
