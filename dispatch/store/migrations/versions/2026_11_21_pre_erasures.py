"""pre erasures.

Runs `pre` or `post` the new code, as the file's name says.
"""

import sqlalchemy as sa
from alembic import op

from dispatch.store.migrate import DowngradeRefused
from dispatch.store.moments import Moment

revision = "2026_11_21_erasures"
down_revision = "2026_11_21_arrivals"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep what was erased when its time was over, and find photos by the picture."""
    op.create_table(
        "erasures",
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=96), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seal", name=op.f("pk_erasures")),
    )
    op.create_index(op.f("ix_erasures_subject_at"), "erasures", ["subject", "at"])
    op.create_table(
        "erased_files",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("original", sa.Boolean(), nullable=False),
        sa.Column("erasure", sa.String(length=64), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["erasure"], ["erasures.seal"], name=op.f("fk_erased_files_erasure_erasures")
        ),
        sa.PrimaryKeyConstraint("sha256", "original", name=op.f("pk_erased_files")),
    )
    op.create_index(
        "ix_erased_files_unremoved",
        "erased_files",
        ["sha256"],
        sqlite_where=sa.text("NOT removed"),
        postgresql_where=sa.text("NOT removed"),
    )
    op.create_index(op.f("ix_photos_sha256"), "photos", ["sha256"])


def downgrade() -> None:
    """Refuse: a picture that was erased would look lost.

    Raises:
        DowngradeRefused: always.
    """
    raise DowngradeRefused(revision)
