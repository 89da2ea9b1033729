"""pre erased ground.

Runs `pre` or `post` the new code, as the file's name says.
"""

import sqlalchemy as sa
from alembic import op

from dispatch.store.migrate import DowngradeRefused

revision = "2026_11_21_erased_ground"
down_revision = "2026_11_21_covered"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let sweeps say whether their ground was erased, find those of which it is left, and holds."""
    op.add_column(
        "sweeps", sa.Column("erased", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    where = sa.text("NOT erased")
    op.create_index(
        "ix_sweeps_kept", "sweeps", ["started_at"], sqlite_where=where, postgresql_where=where
    )
    holds = sa.text("action IN ('hold', 'appeal')")
    op.create_index(
        "ix_steps_holding", "steps", ["case"], sqlite_where=holds, postgresql_where=holds
    )


def downgrade() -> None:
    """Refuse: which ground was erased would be lost.

    Raises:
        DowngradeRefused: always.
    """
    raise DowngradeRefused(revision)
