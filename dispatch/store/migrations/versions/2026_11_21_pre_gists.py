"""pre gists.

Runs `pre` or `post` the new code, as the file's name says.
"""

import sqlalchemy as sa
from alembic import op

from dispatch.store.migrate import DowngradeRefused

revision = "2026_11_21_gists"
down_revision = "2026_11_21_photo_keys"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Mark the observations that a gist holds, and find those quickly that are still read."""
    op.add_column(
        "observations",
        sa.Column("condensed", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    for column in ("cell", "problem"):
        op.create_index(
            f"ix_observations_read_{column}",
            "observations",
            [column],
            sqlite_where=sa.text("NOT condensed"),
            postgresql_where=sa.text("NOT condensed"),
        )


def downgrade() -> None:
    """Refuse: the version before would tell problems without what their gists hold.

    Raises:
        DowngradeRefused: always.
    """
    raise DowngradeRefused(revision)
