"""The tables of what was erased: the record that stays, and whether the bytes are gone."""

from typing import Final

from sqlalchemy import Boolean, Column, ForeignKey, Index, String, Table, Text, text

from dispatch.store.metadata import ID, METADATA
from dispatch.store.moments import Moment

ERASURES: Final = Table(
    "erasures",
    METADATA,
    Column("seal", String(64), primary_key=True),
    Column("subject", String(96), nullable=False),
    Column("at", Moment, nullable=False),
    Column("record", Text, nullable=False),
    Index(None, "subject", "at"),
)

# First the row says that a file is to go, then it goes, then the row says that it went.
ERASED_FILES: Final = Table(
    "erased_files",
    METADATA,
    Column("sha256", ID, primary_key=True),
    Column("original", Boolean, primary_key=True),
    Column("erasure", String(64), ForeignKey("erasures.seal"), nullable=False),
    Column("removed", Boolean, nullable=False),
    Index(
        "ix_erased_files_unremoved",
        "sha256",
        sqlite_where=text("NOT removed"),
        postgresql_where=text("NOT removed"),
    ),
)
