"""pre works of wholes.

Runs `pre` or `post` the new code, as the file's name says.
"""

import sqlalchemy as sa
from alembic import op

from dispatch.store.migrate import DowngradeRefused

revision = "2026_11_21_works_of_wholes"
down_revision = "2026_11_21_works"
branch_labels = None
depends_on = None

_COUNTED = [
    *("kind", "ends_at", "known_from", "known_to", "at", "due_at", "done_at", "lapsed_at"),
    *("noted_at", "suspended", "exempt", "word", "source", "recurs", "area", "department"),
    *("label", "since", "reason", "pass_id", "worked_for"),
]


def upgrade() -> None:
    """Let a whole say by whose work it is judged, which was a fact of its own.

    The facts are dropped, for `migrate` tells them anew.
    """
    op.execute(sa.text("DELETE FROM facts"))
    for name in ("ix_facts_counting", "ix_facts_lasting"):
        op.drop_index(name, table_name="facts")
    with op.batch_alter_table("facts") as facts:
        for name, length in (("worked_for", 64), ("worked_by", 64), ("worked_as", 16)):
            facts.add_column(sa.Column(name, sa.String(length), nullable=False, server_default=""))
        facts.add_column(sa.Column("worked_at", sa.BigInteger()))
    op.create_index("ix_facts_counting", "facts", _COUNTED)
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
