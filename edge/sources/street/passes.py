"""The passes over one street: how each camera moved, what it knew, what stood in its way."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from dispatch.wire import Instant, Platform
from edge.errors import EdgeError
from edge.sources.street.builds import Body
from edge.sources.street.plan import Metres, Part, StreetPlan

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
