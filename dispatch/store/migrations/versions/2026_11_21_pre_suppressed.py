"""pre suppressed.

Runs `pre` or `post` the new code, as the file's name says.
"""

import sqlalchemy as sa
from alembic import op

from dispatch.store.migrate import DowngradeRefused
from dispatch.store.moments import Moment

revision = "2026_11_21_suppressed"
down_revision = "2026_11_21_tips"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for sights that an approval kept from becoming a case."""
    op.create_table(
        "suppressed",
        sa.Column("finding", sa.String(length=64), nullable=False),
        sa.Column("problem", sa.String(length=64), nullable=False),
        sa.Column("suppression", sa.String(length=40), nullable=False),
        sa.Column("grid", sa.String(length=15), nullable=True),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("finding", name="pk_suppressed"),
    )
    op.create_index("ix_suppressed_problem", "suppressed", ["problem"])
    op.create_index("ix_suppressed_seen_at", "suppressed", ["seen_at"])


def downgrade() -> None:
    """Refuse: what was counted would be lost.

    Raises:
        DowngradeRefused: always.
    """
    raise DowngradeRefused(revision)
