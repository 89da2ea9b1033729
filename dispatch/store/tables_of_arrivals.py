"""The tables of what was acknowledged and waits to be told to the map and the cases."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    false,
    text,
)

from dispatch.store.moments import Micros
from dispatch.store.tables import ID, METADATA

# Batches of which something was acknowledged and waits to be told to the map and the cases, packed
# as they came. A later one has a greater number; two processes may commit theirs in another order,
# but never those of one device, which waits for each answer.
MAIL: Final = Table(
    "mail",
    METADATA,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("device", String(64), nullable=False),
    Column("received_at", Micros, nullable=False),
    Column("packed", LargeBinary, nullable=False),
)

ARRIVALS: Final = Table(
    "arrivals",
    METADATA,
    Column("mail", BigInteger, ForeignKey("mail.number"), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("id", ID, nullable=False, index=True),
    Column("hazard", Boolean, nullable=False, server_default=false()),
    Index(
        "ix_arrivals_hazard",
        "mail",
        "place",
        sqlite_where=text("hazard"),
        postgresql_where=text("hazard"),
    ),
)
