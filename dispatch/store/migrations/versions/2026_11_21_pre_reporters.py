"""pre reporters.

Runs `pre` or `post` the new code, as the file's name says.
"""

import sqlalchemy as sa
from alembic import op

from dispatch.store.migrate import DowngradeRefused

revision = "2026_11_21_reporters"
down_revision = "2026_11_21_suppressed"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Find what a person reported."""
    op.create_index(
        "ix_steps_reporter",
        "steps",
        ["by", "case"],
        unique=False,
        sqlite_where=sa.text("number = 1"),
        postgresql_where=sa.text("number = 1"),
    )


def downgrade() -> None:
    """Refuse, as every step before this one does.

    Raises:
        DowngradeRefused: always.
    """
    raise DowngradeRefused(revision)
