"""The tables of what the city has: its components, and who was found to be responsible."""

from typing import Final

from sqlalchemy import BigInteger, Column, Date, Float, ForeignKey, Index, String, Table, text

from dispatch.store.metadata import ID, METADATA
from dispatch.store.moments import Moment

COMPONENTS: Final = Table(
    "components",
    METADATA,
    Column("id", String(17), primary_key=True),
    Column("valid_from", Date, primary_key=True),
    Column("valid_until", Date),
    Column("standard", String(64), nullable=False),
    Column("code", String(8), nullable=False),
    Column("latitude", Float, nullable=False),
    Column("longitude", Float, nullable=False),
    Column("cell", BigInteger, nullable=False, index=True),
    Column("accuracy", String(1), nullable=False),
    Column("owner", String(80), nullable=False),
    Column("condition", String(16), nullable=False),
    Column("name", String(80), nullable=False),
)
"""A row for the days over which a component was the same."""

Index(
    "ix_components_current",
    COMPONENTS.c.id,
    sqlite_where=text("valid_until IS NULL"),
    postgresql_where=text("valid_until IS NULL"),
)

PRECEDENTS: Final = Table(
    "precedents",
    METADATA,
    Column("case", ID, ForeignKey("cases.id"), primary_key=True),
    Column("label", String(64), nullable=False),
    Column("owner", String(80), nullable=False),
    Column("grid", String(15), nullable=False),
    Column("department", String(64), nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_precedents_ground", "grid", "label", "owner"),
)
"""Who was found responsible where no rule said it; a row a case, gone when it is declined."""
