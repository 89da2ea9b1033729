"""The passes over one street: how each camera moved, what it knew, what stood in its way."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from collections.abc import Callable
from typing import Annotated, Final, Literal

import numpy as np
from pydantic import Field, ValidationError

from dispatch.wire import Instant, Platform
from edge.errors import EdgeError
from edge.sources.street.plan import LENGTH_M, Metres, Part, Story, StreetPlan
from edge.sources.street.vehicles import BUILDS, Body

PASSES: Final = 6
DRONE_PASS: Final = 2
FIRST_LATER_PASS: Final = 3
_FIRST_DRIVE: Final = datetime(2026, 5, 11, 1, 30, tzinfo=UTC)
_STARTS: Final = (
    timedelta(0),
    timedelta(hours=1),
    timedelta(days=2),
    timedelta(days=2, hours=5),
    timedelta(days=3),
    timedelta(days=3, hours=6),
)
_COLOURS: Final = (
    (228.0, 230.0, 230.0),
    (60.0, 58.0, 56.0),
    (170.0, 172.0, 174.0),
    (60.0, 50.0, 150.0),
    (140.0, 80.0, 40.0),
    (150.0, 170.0, 180.0),
)
_RIGHT_PARKING_M: Final = 4.45
_ROW_M: Final = (-26.0, 9.0)
"""The row of trucks before and behind a problem that is hidden later."""

Positive = Annotated[float, Field(gt=0.0, allow_inf_nan=False)]
Sigma = Annotated[float, Field(ge=0.0, allow_inf_nan=False)]


class UnusableStreetFile(EdgeError):
    """A file is no rendered pass."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(
            f"{path} 不是渲染街道的巡查文件：{why}；请用 xunhuan-edge simulate 重新生成",
            f"{path} is no pass over a rendered street: {why}; make it again with "
            "xunhuan-edge simulate",
        )
        self.path = path


class Parked(Part):
    """A vehicle that stands at the kerb during one pass."""

    key: str
    body: Body
    along_m: Metres
    """Where its tail is."""
    right_m: Metres
    colour: tuple[float, float, float]
    seed: int


class Noise(Part):
    """Standard errors of what a carrier knows of its pose; metres, radians."""

    horizontal_shared_m: Sigma
    horizontal_own_m: Sigma
    vertical_m: Sigma
    yaw_shared: Sigma
    yaw_own: Sigma
    pitch: Sigma
    roll: Sigma


class Optics(Part):
    """The camera of a pass; the lens has no distortion and its axis pierces the middle."""

    width: int
    height: int
    focal_px: Positive
    pitch: Metres
    """Boresight of a vehicle's camera, attitude of a drone's gimbal; radians, negative is down."""
    above_ground_m: Positive
    exposure: Positive
    warmth: Positive
    grain: Sigma
    blur_px: Positive
    smear_px: int


class PassPlan(Part):
    """One pass: a drive or a flight along the whole street."""

    number: int
    platform: Platform
    starts_at: Instant
    from_m: Metres
    to_m: Metres
    right_m: Metres
    speed_m_s: Positive
    frames_per_s: Positive
    yaw: Metres
    """Of the carrier against the street, radians."""
    noise: Noise
    optics: Optics
    sun: tuple[float, float]
    """By how much a shadow falls along and to the right per metre of height."""
    shade: Annotated[float, Field(ge=0.0, le=1.0)]
    repaired: tuple[str, ...]
    parked: tuple[Parked, ...]
    seed: int

    @property
    def frame_count(self) -> int:
        """How many frames the pass has."""
        return int((self.to_m - self.from_m) / self.speed_m_s * self.frames_per_s) + 1


class StreetPass(Part):
    """All that a replay needs: the street, and one pass over it."""

    format: Literal[1] = 1
    rendered: Literal[True] = True
    plan: StreetPlan
    patrol: PassPlan


def plan_passes(plan: StreetPlan) -> tuple[PassPlan, ...]:
    """Plan a first drive, a drone flight, and four later drives."""
    return tuple(_plan_pass(plan, number) for number in range(1, PASSES + 1))


def read_pass(path: Path) -> StreetPass:
    """Read a pass.

    Raises:
        UnusableStreetFile: it cannot be read or says something else.
    """
    try:
        return StreetPass.model_validate_json(path.read_bytes())
    except OSError as error:
        raise UnusableStreetFile(path, error.strerror or "unreadable") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "/"
        raise UnusableStreetFile(path, f"{where}: {first['msg']}") from error


def _plan_pass(plan: StreetPlan, number: int) -> PassPlan:
    rng = np.random.default_rng((plan.seed, 3, number))
    drone = number == DRONE_PASS
    later = number >= FIRST_LATER_PASS
    repaired = [p.id for p in plan.problems if later and p.story is Story.REPAIR]
    return PassPlan(
        number=number,
        platform=Platform.DRONE if drone else Platform.VEHICLE,
        starts_at=_FIRST_DRIVE + _STARTS[number - 1],
        from_m=13.0 if drone else 0.0,
        to_m=167.0 if drone else LENGTH_M - 12.0,
        right_m=0.0 if drone else 1.55 + float(rng.uniform(-0.2, 0.2)),
        speed_m_s=7.0 if drone else 8.0 + float(rng.uniform(-0.4, 0.6)),
        frames_per_s=0.5 if drone else 5.0,
        yaw=float(np.pi / 2) if drone else 0.0,
        noise=_noise(drone=drone),
        optics=_optics(rng, drone=drone),
        sun=(float(rng.uniform(0.25, 0.7)), float(rng.uniform(-0.5, -0.2))),
        shade=float(rng.uniform(0.15, 0.42)),
        repaired=tuple(repaired),
        parked=_parked(plan, rng, later=later),
        seed=int(rng.integers(1 << 30)),
    )


def _noise(*, drone: bool) -> Noise:
    degree = float(np.pi / 180.0)
    return Noise(
        horizontal_shared_m=1.0 if drone else 0.8,
        horizontal_own_m=0.3 if drone else 0.25,
        vertical_m=0.4 if drone else 0.5,
        yaw_shared=(0.8 if drone else 0.4) * degree,
        yaw_own=0.3 * degree,
        pitch=(0.4 if drone else 0.25) * degree,
        roll=(0.4 if drone else 0.3) * degree,
    )


def _optics(rng: np.random.Generator, *, drone: bool) -> Optics:
    return Optics(
        width=1600 if drone else 1280,
        height=1200 if drone else 720,
        focal_px=1150.0 if drone else 900.0,
        pitch=-float(np.pi / 2) if drone else -float(np.radians(6.0)),
        above_ground_m=18.0 if drone else 1.6,
        exposure=float(rng.uniform(0.9, 1.15)),
        warmth=float(rng.uniform(0.97, 1.05)),
        grain=float(rng.uniform(2.0, 4.5)),
        blur_px=float(rng.uniform(0.45, 0.75)),
        smear_px=1 if drone else 3,
    )


def _parked(plan: StreetPlan, rng: np.random.Generator, *, later: bool) -> tuple[Parked, ...]:
    parked: list[Parked] = []

    def stand(body: Body, along: float, right: float) -> None:
        colour = _COLOURS[int(rng.integers(len(_COLOURS)))]
        parked.append(
            Parked(
                key=f"parked-{len(parked)}",
                body=body,
                along_m=along,
                right_m=right,
                colour=colour,
                seed=int(rng.integers(1 << 30)),
            )
        )

    if later:
        for problem in plan.problems:
            if problem.story is Story.HIDDEN_LATER:
                _stand_row(problem.along_m, stand, rng)
    for along, right in _free_bays(plan, later=later):
        if rng.random() < 0.5:
            stand(Body.CAR if rng.random() < 0.7 else Body.VAN, along, right)
    return tuple(parked)


def _stand_row(
    along_m: float, stand: Callable[[Body, float, float], None], rng: np.random.Generator
) -> None:
    tail = along_m + _ROW_M[0]
    while tail < along_m + _ROW_M[1]:
        stand(Body.TRUCK, tail, _RIGHT_PARKING_M + float(rng.uniform(-0.05, 0.05)))
        tail += BUILDS[Body.TRUCK].length_m + 0.25


def _free_bays(plan: StreetPlan, *, later: bool) -> list[tuple[float, float]]:
    """Give bays (tail along, middle right) where a vehicle hides no problem of another story."""
    kerbside = [p.along_m for p in plan.problems if p.height_m > 0.0]
    bays = [
        (bay + 0.6, _RIGHT_PARKING_M)
        for bay in np.arange(4.0, LENGTH_M + 20.0, 6.2)
        if all(bay > along + 2.0 or bay + 6.2 < along - 19.0 for along in kerbside)
    ]
    bays.extend((bay + 0.6, -_RIGHT_PARKING_M) for bay in np.arange(4.0, LENGTH_M + 40.0, 6.2))
    if later:
        hidden = [p.along_m for p in plan.problems if p.story is Story.HIDDEN_LATER]
        bays = [
            (bay, right)
            for bay, right in bays
            if right < 0.0 or all(bay > along + 18.0 or bay < along - 34.0 for along in hidden)
        ]
    return [(float(bay), float(right)) for bay, right in bays]
