"""pre works.

Runs `pre` or `post` the new code, as the file's name says.
"""

from alembic import op

from dispatch.store.migrate import DowngradeRefused

revision = "2026_11_21_works"
down_revision = "2026_11_21_lasting"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forget facts told before they said whose work was sent back; `migrate` tells all anew."""
    op.execute("DELETE FROM facts")


def downgrade() -> None:
    """Refuse, as every step back.

    Raises:
        DowngradeRefused: always.
    """
    raise DowngradeRefused(revision)
