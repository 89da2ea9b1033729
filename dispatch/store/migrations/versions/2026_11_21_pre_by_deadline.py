"""pre by deadline.

Runs `pre` or `post` the new code, as the file's name says.
"""

import sqlalchemy as sa
from alembic import op

from dispatch.store.migrate import DowngradeRefused

revision = "2026_11_21_by_deadline"
down_revision = "2026_11_21_erased_ground"
branch_labels = None
depends_on = None

COLUMNS = ("status", "overdue_at", "id", "reported_at", "grid", "department", "label", "ended_at")


def upgrade() -> None:
    """Put what is open in the order of deadlines, with all that a queue is narrowed by."""
    op.drop_index("ix_cases_open", "cases")
    op.create_index(
        "ix_cases_open",
        "cases",
        list(COLUMNS),
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def downgrade() -> None:
    """Refuse: every queue would be gathered whole and sorted.

    Raises:
        DowngradeRefused: always.
    """
    raise DowngradeRefused(revision)
