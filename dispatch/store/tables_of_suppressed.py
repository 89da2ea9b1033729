"""The table of what approvals kept from becoming cases, with what was known of it when.

`known_to` of what is still so is the end of time.
"""

from typing import Final

from sqlalchemy import JSON, CheckConstraint, Column, Index, String, Table, Text

from dispatch.store.moments import Micros
from dispatch.store.tables import ID, METADATA

SUPPRESSED: Final = Table(
    "suppressed_sights",
    METADATA,
    Column("finding", ID, primary_key=True),
    Column("known_from", Micros, primary_key=True),
    Column("known_to", Micros, nullable=False),
    Column("at", Micros, nullable=False),
    Column("seen_at", Micros, nullable=False),
    Column("problem", ID, nullable=False),
    Column("suppression", String(40), nullable=False),
    Column("area", String(32), nullable=False),
    Column("label", String(64), nullable=False),
    Column("model", Text, nullable=False),
    Column("platform", String(16), nullable=False),
    Column("device", String(64), nullable=False),
    Column("body", JSON, nullable=False),
    CheckConstraint("known_from < known_to", name="known_for_a_while"),
    Index(None, "at"),
    Index(None, "problem"),
)
