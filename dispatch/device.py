"""What reports without being a person: devices with their keys, and what they sent that failed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from dispatch import wire


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
    revoked_at: datetime | None = None
    last_heartbeat: wire.Heartbeat | None = None
    heard_at: datetime | None = None


NONCE_LIFE: Final = timedelta(days=1)
"""Longer than any request may be late, so that a replay is always known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A one-time code that lets one device register its key; only the code's hash is kept."""

    code_sha256: str
    device: str
    name: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """A message the centre could not take, kept whole with the reason."""

    id: str
    device: str
    received_at: datetime
    reason_zh: str
    reason_en: str
    body: str
