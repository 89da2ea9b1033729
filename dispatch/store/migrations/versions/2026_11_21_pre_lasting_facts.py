"""pre lasting facts.

Runs `pre` or `post` the new code, as the file's name says.
"""

import sqlalchemy as sa
from alembic import op

from dispatch.store.migrate import DowngradeRefused

revision = "2026_11_21_lasting"
down_revision = "2026_11_21_by_deadline"
branch_labels = None
depends_on = None

_COUNTED = [
    *("kind", "ends_at", "known_from", "known_to", "at", "due_at", "done_at", "lapsed_at"),
    *("noted_at", "suspended", "exempt", "word", "source", "recurs", "area", "department"),
    *("label", "since", "reason", "pass_id"),
]


def upgrade() -> None:
    """Find what lasts long apart from the many facts that are over soon."""
    where = sa.text("ends_at - known_from > 2678400000000")
    op.create_index(
        "ix_facts_lasting", "facts", _COUNTED, sqlite_where=where, postgresql_where=where
    )


def downgrade() -> None:
    """Refuse, as every step back.

    Raises:
        DowngradeRefused: always.
    """
    raise DowngradeRefused(revision)
