"""What every message is made of: bounded names and numbers, its id, its bytes, its signature."""

import base64
import hashlib
from datetime import UTC, datetime
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

WIRE_VERSION: Final = 1
MAX_BATCH: Final = 500
EARLIEST: Final = datetime(2010, 1, 1, tzinfo=UTC)
"""Before any device of this kind; a clock that was never set says 1970, 1980 or 2000."""


def _to_utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a time on the wire names its offset, for example 2026-11-21T08:00:00Z")
    at = at.astimezone(UTC)
    if at < EARLIEST:
        raise ValueError(f"{at.isoformat()} lies before {EARLIEST.date()}: the clock was not set")
    return at


LABEL_PATTERN: Final = r"^[a-z]+(?:_[a-z]+)*\.[a-z0-9]+(?:_[a-z0-9]+)*$"
Label = Annotated[str, StringConstraints(pattern=LABEL_PATTERN, max_length=64)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
MessageId = Annotated[
    str,
    StringConstraints(
        pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"
    ),
]
DeviceId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{1,62}$")]
PassId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.:-]{1,94}$")]
Instant = Annotated[datetime, AfterValidator(_to_utc)]
Share = Annotated[float, Field(ge=0.0, le=1.0, allow_inf_nan=False)]
Metres = Annotated[float, Field(ge=0.0, le=1e5, allow_inf_nan=False)]


class Wire(BaseModel):
    """A frozen message part that refuses fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_max_length=100_000)


def is_empty(value: object) -> bool:
    """Say whether a field is left out of the bytes because it holds nothing."""
    return not value


def is_none(value: object) -> bool:
    """Say whether a field is left out of the bytes because it is not known."""
    return value is None


class Envelope(Wire):
    """What every message says of itself: its version, its id, who sends it, which revision."""

    v: Literal[1] = WIRE_VERSION
    id: MessageId
    device: DeviceId
    revision: Annotated[int, Field(ge=0, le=1_000_000)] = 0


ShortName = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Sentence = Annotated[str, StringConstraints(min_length=1, max_length=300)]
Rate = Annotated[float, Field(ge=0.0, le=1000.0, allow_inf_nan=False)]
Age = Annotated[float, Field(ge=0.0, allow_inf_nan=False)]


PERSON: Final = "traffic.person"
"""Seen only so that people can be made unrecognisable; nothing may be asked about them."""
MOVABLE: Final = frozenset({"traffic.vehicle", "traffic.two_wheeler"})
"""What drives away, and belongs to somebody: reported only where the centre asks for it."""


def message_id(at: datetime, *parts: str) -> str:
    """Make a time-ordered id that is the same on every replay: a UUID of version 8.

    48 bits of milliseconds since 1970, then 74 bits of the SHA-256 of the parts.

    Args:
        at: aware time that orders the id.
        parts: what makes the message itself, e.g. device, pass, track.
    """
    digest = int.from_bytes(hashlib.sha256("\x1f".join(parts).encode()).digest()[:10], "big")
    millis = int(at.timestamp() * 1000) & ((1 << 48) - 1)
    value = millis << 80 | 0x8 << 76 | (digest >> 62 & 0xFFF) << 64 | 0b10 << 62
    value |= digest & ((1 << 62) - 1)
    text = f"{value:032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def canonical_bytes(message: BaseModel) -> bytes:
    """Give the one byte form of a message, over which bodies are compared and hashed."""
    return message.model_dump_json(exclude_none=False).encode()


def signature_base(
    *, method: str, path: str, body: bytes, device: str, created: int, nonce: str
) -> bytes:
    """Give the bytes that a device signs (Ed25519) for one request.

    The form is a fixed profile of RFC 9421: method, path with query, digest of the body, and the
    signature's parameters, a line each.

    Args:
        method: upper case.
        path: path and query as sent.
        created: seconds since 1970 by the device's clock.
        nonce: 22 or more URL-safe characters, never used twice by one device.
    """
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    lines = (
        f'"@method": {method}',
        f'"@path": {path}',
        f'"content-digest": sha-256=:{digest}:',
        '"@signature-params": ("@method" "@path" "content-digest")'
        f';created={created};nonce="{nonce}";keyid="{device}";alg="ed25519"',
    )
    return "\n".join(lines).encode()
