"""pre case severity.

Runs `pre` or `post` the new code, as the file's name says.
"""

import sqlalchemy as sa
from alembic import op

from dispatch.store.migrate import DowngradeRefused

revision = "2026_11_21_severity"
down_revision = "2026_11_21_kind"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep how grave a case is; of those that are there nobody said so."""
    op.add_column("cases", sa.Column("severity", sa.String(length=32), nullable=True))


def downgrade() -> None:
    """Refuse: what people said of cases would be lost.

    Raises:
        DowngradeRefused: always.
    """
    raise DowngradeRefused(revision)
