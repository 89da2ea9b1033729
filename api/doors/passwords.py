"""Passwords and session tokens: argon2id hashes, and opaque tokens of which only a hash is kept."""

import hashlib
import secrets
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from api.errors import ApiError

MIN_LENGTH: Final = 10
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_NOBODY: Final = _HASHER.hash(secrets.token_hex(16))


class WeakPassword(ApiError):
    """A password is too short to keep anybody out."""

    def __init__(self) -> None:
        super().__init__(
            f"密码至少 {MIN_LENGTH} 个字符", f"a password has at least {MIN_LENGTH} characters"
        )


def hash_password(password: str) -> str:
    """Hash a new password.

    Raises:
        WeakPassword: it is shorter than `MIN_LENGTH`.
    """
    if len(password) < MIN_LENGTH:
        raise WeakPassword
    return _HASHER.hash(password)


def password_fits(password: str, hashed: str | None) -> bool:
    """Compare a password with its hash; an unknown account costs the same time as a known one."""
    try:
        return _HASHER.verify(hashed or _NOBODY, password) and hashed is not None
    except (VerificationError, InvalidHashError):
        return False


def new_token() -> str:
    """Make a session token or one-time code of 192 random bits."""
    return secrets.token_urlsafe(24)


def token_digest(token: str) -> str:
    """Give the form in which a token is kept."""
    return hashlib.sha256(token.encode()).hexdigest()
