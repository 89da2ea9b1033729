"""pre covered.

Runs `pre` or `post` the new code, as the file's name says.
"""

import sqlalchemy as sa
from alembic import op

from dispatch.store.migrate import DowngradeRefused

revision = "2026_11_21_covered"
down_revision = "2026_11_21_suppressed_sights"
branch_labels = None
depends_on = None

_DAYS = {
    "sqlite": "UPDATE patches SET day = strftime('%Y-%m-%d', \"at\" / 1000000, 'unixepoch')",
    "postgresql": "UPDATE patches SET day = "
    "to_char(to_timestamp(\"at\" / 1000000) AT TIME ZONE 'UTC', 'YYYY-MM-DD')",
}


def upgrade() -> None:
    """Let patches say of which day they are, and make the table in which they are added up.

    `migrate` fills it. Patches of before are put to the day of UTC.
    """
    op.add_column("patches", sa.Column("day", sa.String(10), nullable=False, server_default=""))
    op.get_bind().exec_driver_sql(_DAYS[op.get_bind().dialect.name])
    op.create_index(op.f("ix_patches_day_area"), "patches", ["day", "area"])
    op.create_table(
        "covered",
        sa.Column("span", sa.String(length=5), nullable=False),
        sa.Column("begins", sa.String(length=10), nullable=False),
        sa.Column("area", sa.String(length=32), nullable=False),
        sa.Column("labels", sa.Text(), nullable=False),
        sa.Column("known_to", sa.BigInteger(), nullable=False),
        sa.Column("first_at", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("ground", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("first_at <= last_at", name=op.f("ck_covered_first_before_last")),
        sa.PrimaryKeyConstraint(
            "span", "begins", "area", "labels", "known_to", name=op.f("pk_covered")
        ),
    )


def downgrade() -> None:
    """Refuse, as every step back.

    Raises:
        DowngradeRefused: always.
    """
    raise DowngradeRefused(revision)
