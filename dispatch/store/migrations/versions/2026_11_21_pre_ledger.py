"""pre ledger.

Runs `pre` or `post` the new code, as the file's name says.
"""

import hashlib

import sqlalchemy as sa
from alembic import op

from dispatch.store.migrate import DowngradeRefused

revision = "2026_11_21_ledger"
down_revision = "2026_11_21_heard"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the ledger, and enter what the centre holds in the order in which it came."""
    ledger = op.create_table(
        "ledger",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=96), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_ledger")),
    )
    rows = op.get_bind().execute(
        sa.text(
            'SELECT "at" AS moment, \'step\' AS kind, "case" AS name, "number" AS place, seal '
            "FROM steps UNION ALL "
            "SELECT received_at, 'evidence', sha256, 0, '' FROM evidence "
            "ORDER BY moment, kind, name, place"
        )
    )
    head, entries = "0" * 64, []
    for number, row in enumerate(rows, start=1):
        subject = f"{row.name}:{row.place}" if row.kind == "step" else row.name
        lines = (head, str(number), row.kind, subject, row.seal)
        head = hashlib.sha256("\n".join(lines).encode()).hexdigest()
        entry = {"number": number, "kind": row.kind, "subject": subject, "seal": row.seal}
        entries.append({**entry, "head": head})
    if entries:
        op.bulk_insert(ledger, entries)


def downgrade() -> None:
    """Refuse: what proves that nothing is missing would be lost.

    Raises:
        DowngradeRefused: always.
    """
    raise DowngradeRefused(revision)
