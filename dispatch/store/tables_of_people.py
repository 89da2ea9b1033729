"""The tables of who takes part: people and their accounts, devices, and what these sent in vain."""

from typing import Final

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Integer, LargeBinary, String, Table, Text

from dispatch.store.metadata import ID, METADATA
from dispatch.store.moments import Moment

PEOPLE: Final = Table(
    "people",
    METADATA,
    Column("id", ID, primary_key=True),
    Column("name", String(120), nullable=False),
    Column("roles", JSON, nullable=False),
    Column("department", String(64)),
    Column("area", String(32), nullable=False),
    Column("active", Boolean, nullable=False),
)

ACCOUNTS: Final = Table(
    "accounts",
    METADATA,
    Column("name", String(120), primary_key=True),
    Column("person", ID, ForeignKey("people.id"), nullable=False, index=True),
    Column("password_hash", Text, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("locked_until", Moment),
)

SESSIONS: Final = Table(
    "sessions",
    METADATA,
    Column("token_sha256", ID, primary_key=True),
    Column("person", ID, ForeignKey("people.id"), nullable=False, index=True),
    Column("started_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
)

DEVICES: Final = Table(
    "devices",
    METADATA,
    Column("id", ID, primary_key=True),
    Column("name", String(120), nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("registered_at", Moment, nullable=False),
    Column("kind", String(16), nullable=False, server_default="any"),
    Column("revoked_at", Moment),
    Column("last_heartbeat", Text),
    Column("heard_at", Moment),
)

INVITATIONS: Final = Table(
    "invitations",
    METADATA,
    Column("code_sha256", ID, primary_key=True),
    Column("device", String(64), nullable=False),
    Column("name", String(120), nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("kind", String(16), nullable=False, server_default="any"),
)

NONCES: Final = Table(
    "nonces",
    METADATA,
    Column("device", String(64), primary_key=True),
    Column("nonce", String(64), primary_key=True),
    Column("spent_at", Moment, nullable=False, index=True),
)

QUARANTINE: Final = Table(
    "quarantine",
    METADATA,
    Column("id", ID, primary_key=True),
    Column("device", String(64), nullable=False),
    Column("received_at", Moment, nullable=False, index=True),
    Column("reason_zh", Text, nullable=False),
    Column("reason_en", Text, nullable=False),
    Column("body", Text, nullable=False),
)
