"""What reports without being a person: devices with their keys, and what they sent that failed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from dispatch import wire


class DeviceKind(StrEnum):
    """What a device is for, as chosen when it was invited; it may do that and no more."""

    VEHICLE = "vehicle"
    DRONE = "drone"
    VISION = "vision"
    ANY = "any"
    """Of before there were kinds: it may do everything, until it is invited anew."""

    @property
    def zh(self) -> str:
        """Say it in Chinese."""
        return _SAID[self][0]

    @property
    def en(self) -> str:
        """Say it in English."""
        return _SAID[self][1]

    @property
    def patrols(self) -> bool:
        """Whether it may report findings and ground that it inspected."""
        return self is not DeviceKind.VISION

    @property
    def sees_photos(self) -> bool:
        """Whether it may see photos as people took them, and say what they show."""
        return self in {DeviceKind.VISION, DeviceKind.ANY}


_SAID: Final = {
    DeviceKind.VEHICLE: ("巡查车", "patrol vehicle"),
    DeviceKind.DRONE: ("无人机", "drone"),
    DeviceKind.VISION: ("视觉处理机", "vision worker"),
    DeviceKind.ANY: ("未分类（旧）", "of any kind (old)"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A patrol device the centre knows by its public key (Ed25519, 32 bytes).

    Attributes:
        last_heartbeat: the newest by the device's own clock.
        heard_at: when anything last came, by the centre's clock; a device's may be wrong.
    """

    id: str
    name: str
    public_key: bytes
    registered_at: datetime
    kind: DeviceKind = DeviceKind.ANY
    revoked_at: datetime | None = None
    last_heartbeat: wire.Heartbeat | None = None
    heard_at: datetime | None = None


Nonce = tuple[str, str]
"""A device, and what it called one of its requests."""

NONCE_LIFE: Final = timedelta(days=1)
"""Longer than any request may be late, so that a replay is always known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A one-time code that lets one device register its key; only the code's hash is kept."""

    code_sha256: str
    device: str
    name: str
    expires_at: datetime
    kind: DeviceKind = DeviceKind.VEHICLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """A message the centre could not take, kept whole with the reason."""

    id: str
    device: str
    received_at: datetime
    reason_zh: str
    reason_en: str
    body: str
