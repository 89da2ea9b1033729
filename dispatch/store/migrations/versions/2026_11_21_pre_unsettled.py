"""pre unsettled.

Runs `pre` or `post` the new code, as the file's name says.
"""

import sqlalchemy as sa
from alembic import op

from dispatch.store.migrate import DowngradeRefused

revision = "2026_11_21_unsettled"
down_revision = "2026_11_21_held_back"
branch_labels = None
depends_on = None

WHICH = "NOT settled AND problem IS NOT NULL"


def upgrade() -> None:
    """Find what waits for the end of its pass; `migrate` tells anew whose report is its own."""
    op.execute("DELETE FROM facts")
    op.create_index(
        "ix_observations_unsettled",
        "observations",
        ["received_at"],
        sqlite_where=sa.text(WHICH),
        postgresql_where=sa.text(WHICH),
    )


def downgrade() -> None:
    """Refuse: every look at what waits would go through all sights.

    Raises:
        DowngradeRefused: always.
    """
    raise DowngradeRefused(revision)
