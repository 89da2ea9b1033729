"""pre photo keys.

Runs `pre` or `post` the new code, as the file's name says.
"""

import sqlalchemy as sa
from alembic import op

from dispatch.store.migrate import DowngradeRefused

revision = "2026_11_21_photo_keys"
down_revision = "2026_11_21_told_anew"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep by what copies of a photo are looked up; photos of before have nothing of it."""
    op.create_table(
        "photo_keys",
        sa.Column("key", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("photo", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["photo"], ["photos.id"], name=op.f("fk_photo_keys_photo_photos")),
        sa.PrimaryKeyConstraint("key", "photo", name=op.f("pk_photo_keys")),
    )
    op.create_index(op.f("ix_photo_keys_photo"), "photo_keys", ["photo"])


def downgrade() -> None:
    """Refuse: copies would no longer be known.

    Raises:
        DowngradeRefused: always.
    """
    raise DowngradeRefused(revision)
