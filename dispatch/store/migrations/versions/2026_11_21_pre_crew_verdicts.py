"""pre crew verdicts.

Runs `pre` or `post` the new code, as the file's name says.
"""

import sqlalchemy as sa
from alembic import op

from dispatch.store.migrate import DowngradeRefused

revision = "2026_11_21_crew"
down_revision = "2026_11_21_ledger"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep what crews said of finds."""
    op.create_table(
        "crew_verdicts",
        sa.Column("finding", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("finding", name=op.f("pk_crew_verdicts")),
    )


def downgrade() -> None:
    """Refuse: what crews said would be lost.

    Raises:
        DowngradeRefused: always.
    """
    raise DowngradeRefused(revision)
