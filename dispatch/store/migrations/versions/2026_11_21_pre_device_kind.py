"""pre device kind.

Runs `pre` or `post` the new code, as the file's name says.
"""

import sqlalchemy as sa
from alembic import op

from dispatch.store.migrate import DowngradeRefused

revision = "2026_11_21_kind"
down_revision = "2026_11_21_lists"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep what a device is for; those that are there may go on doing everything."""
    for table, before in (("devices", "any"), ("invitations", "any")):
        column = sa.Column("kind", sa.String(length=16), nullable=False, server_default=before)
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(column)


def downgrade() -> None:
    """Refuse: a device that may do one thing would again be let do everything.

    Raises:
        DowngradeRefused: always.
    """
    raise DowngradeRefused(revision)
