"""pre merged cases.

Runs `pre` or `post` the new code, as the file's name says.
"""

import sqlalchemy as sa
from alembic import op

from dispatch.store.migrate import DowngradeRefused

revision = "2026_11_21_merged"
down_revision = "2026_11_21_gists"
branch_labels = None
depends_on = None

INDICES = {"ix_cases_merged_into": "merged_into", "ix_cases_merged_cell": "cell"}


def upgrade() -> None:
    """Find what was merged by what goes on in its place, and by where it lay."""
    for name, column in INDICES.items():
        op.create_index(
            name,
            "cases",
            [column],
            sqlite_where=sa.text("merged_into IS NOT NULL"),
            postgresql_where=sa.text("merged_into IS NOT NULL"),
        )


def downgrade() -> None:
    """Refuse: every pass would look through all cases again.

    Raises:
        DowngradeRefused: always.
    """
    raise DowngradeRefused(revision)
