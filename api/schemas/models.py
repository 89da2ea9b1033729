"""Model packages and their rollouts, as those who look after devices see them."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from api.schemas.base import Shape
from dispatch.wire import ModelState


class RolloutOrder(Shape):
    """To whom a package shall go: patterns of device ids, and a share of those they name."""

    devices: Annotated[
        list[Annotated[str, Field(pattern=r"^[a-z0-9*?-]{1,63}$")]],
        Field(min_length=1, max_length=200),
    ]
    share: Annotated[float, Field(ge=0.0, le=1.0)]
    paused: bool = False


class RolloutOut(Shape):
    """To whom a package goes."""

    devices: list[str]
    share: float
    paused: bool
    changed_at: datetime
    changed_by: str


class RunningOut(Shape):
    """A device that the package reaches, or whose model it is."""

    device: str
    offered: bool
    state: ModelState | None
    """As its last heartbeat said; None before one came that says it."""


class PackageOut(Shape):
    """A registered package."""

    sha256: str
    size_bytes: int
    role: str
    name: str
    version: str
    sequence: int
    not_before: datetime
    expires: datetime
    labels: list[str]
    registered_at: datetime
    registered_by: str
    rollout: RolloutOut | None
    devices: list[RunningOut]
