"""pre tips.

Runs `pre` or `post` the new code, as the file's name says.
"""

import sqlalchemy as sa
from alembic import op

from dispatch.store.migrate import DowngradeRefused
from dispatch.store.moments import Moment

revision = "2026_11_21_tips"
down_revision = "2026_11_21_registry"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Tie citizens' reports to their cases."""
    op.create_table(
        "tips",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("key_sha256", sa.String(length=64), nullable=False),
        sa.Column("case", sa.String(length=64), nullable=False),
        sa.Column("received_at", Moment(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name=op.f("fk_tips_case_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tips")),
        sa.UniqueConstraint("key_sha256", name=op.f("uq_tips_key_sha256")),
    )
    op.create_index(op.f("ix_tips_case"), "tips", ["case"], unique=False)


def downgrade() -> None:
    """Refuse: reporters would lose the way to their reports.

    Raises:
        DowngradeRefused: always.
    """
    raise DowngradeRefused(revision)
