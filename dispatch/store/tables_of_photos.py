"""By what copies of a photo are looked up."""

from typing import Final

from sqlalchemy import Column, ForeignKey, Index, Integer, Table

from dispatch.store.metadata import ID, METADATA

PHOTO_KEYS: Final = Table(
    "photo_keys",
    METADATA,
    Column("key", Integer, primary_key=True, autoincrement=False),
    Column("photo", ID, ForeignKey("photos.id"), primary_key=True),
    Index(None, "photo"),
)
