"""What acceptance looks at in a finding: enough to say whether it can be taken, and no more."""

from datetime import datetime
from typing import NamedTuple

from dispatch import wire
from dispatch.ground.place import Place


class Spot(NamedTuple):
    """Where a finding lies, in degrees, with the covariance of its whole error, m²."""

    latitude: float
    longitude: float
    ee: float
    en: float
    nn: float

    @property
    def place(self) -> Place:
        """Give it as a place."""
        return Place(**self._asdict())


class Head(NamedTuple):
    """The head (报文头) of a finding. Plain values, so that it goes cheaply between processes.

    Args:
        spot: None where the finding has no place.
        pictures: SHA-256 of each picture that the finding speaks of.
    """

    id: str
    revision: int
    device: str
    pass_id: str
    label: str
    captured_at: datetime
    last_seen_at: datetime
    spot: Spot | None
    pictures: tuple[str, ...]


def head_of(finding: wire.Finding) -> Head:
    """Give the head of a finding."""
    position = finding.position
    return Head(
        finding.id,
        finding.revision,
        finding.device,
        finding.pass_id,
        finding.label,
        finding.captured_at,
        finding.last_seen_at,
        None if position is None else spot_of(position),
        tuple([picture.sha256 for picture in finding.evidence]),
    )


def spot_of(position: wire.Position) -> Spot:
    """Give a wire position with its whole error."""
    own, shared = position.own, position.shared
    return Spot(
        position.latitude,
        position.longitude,
        own.ee + shared.ee,
        own.en + shared.en,
        own.nn + shared.nn,
    )
