"""pre hazards.

Runs `pre` or `post` the new code, as the file's name says.
"""

import sqlalchemy as sa
from alembic import op

from dispatch.store.migrate import DowngradeRefused

revision = "2026_11_21_hazards"
down_revision = "2026_11_21_erasures"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Mark in the line of arrivals what cannot wait; what waits already keeps its place."""
    op.add_column(
        "arrivals", sa.Column("hazard", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_index(
        "ix_arrivals_hazard",
        "arrivals",
        ["mail", "place"],
        sqlite_where=sa.text("hazard"),
        postgresql_where=sa.text("hazard"),
    )


def downgrade() -> None:
    """Refuse: what cannot wait would wait.

    Raises:
        DowngradeRefused: always.
    """
    raise DowngradeRefused(revision)
