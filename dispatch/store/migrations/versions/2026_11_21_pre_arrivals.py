"""pre arrivals.

Runs `pre` or `post` the new code, as the file's name says.
"""

import sqlalchemy as sa
from alembic import op

from dispatch.store.migrate import DowngradeRefused

revision = "2026_11_21_arrivals"
down_revision = "2026_11_21_map"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep what was acknowledged until the cases have heard of it."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "mail",
        sa.Column("number", number, nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_mail")),
    )
    op.create_table(
        "arrivals",
        sa.Column("mail", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["mail"], ["mail.number"], name=op.f("fk_arrivals_mail_mail")),
        sa.PrimaryKeyConstraint("mail", "place", name=op.f("pk_arrivals")),
    )
    op.create_index(op.f("ix_arrivals_id"), "arrivals", ["id"])


def downgrade() -> None:
    """Refuse: what was acknowledged and not yet told would be lost.

    Raises:
        DowngradeRefused: always.
    """
    raise DowngradeRefused(revision)
