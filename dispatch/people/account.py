"""How a person signs in: an account with a hashed password, and sessions kept at the centre."""

from dataclasses import dataclass
from datetime import datetime

from dispatch.ids import PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A sign-in name with the hash of its password (an encoded argon2 string)."""

    name: str
    person: PersonId
    password_hash: str
    failures: int = 0
    locked_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A signed-in browser or phone, known by the SHA-256 of its token."""

    token_sha256: str
    person: PersonId
    started_at: datetime
    expires_at: datetime
