"""pre stretches.

Runs `pre` or `post` the new code, as the file's name says.
"""

import sqlalchemy as sa
from alembic import op

from dispatch.store.migrate import DowngradeRefused

revision = "2026_11_21_stretches"
down_revision = "2026_11_21_reporters"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of what patrols did, and let facts say which pass a case is from.

    The facts are dropped, for `migrate` tells them anew. Sweeps of before count as told: when they
    came is not known, and `xunhuan rebuild-facts` dates them by their end.
    """
    op.execute(sa.text("DELETE FROM facts"))
    with op.batch_alter_table("facts") as facts:
        for name, length in (("pass_id", 96), ("device", 64), ("platform", 16)):
            facts.add_column(sa.Column(name, sa.String(length), nullable=False, server_default=""))
    op.drop_index("ix_facts_counting", table_name="facts")
    op.create_index("ix_facts_counting", "facts", _COUNTING)
    op.add_column(
        "sweeps", sa.Column("told", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.execute(sa.text("UPDATE sweeps SET told = true"))
    where = sa.text("NOT told")
    op.create_index(
        "ix_sweeps_untold", "sweeps", ["id"], sqlite_where=where, postgresql_where=where
    )
    _make_stretches()
    _make_patches()
    op.create_table(
        "lands",
        sa.Column("area", sa.String(length=32), nullable=False),
        sa.Column("known_from", sa.BigInteger(), nullable=False),
        sa.Column("known_to", sa.BigInteger(), nullable=False),
        sa.Column("cells", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("area", "known_from", name=op.f("pk_lands")),
    )


_COUNTING = [
    *("kind", "ends_at", "known_from", "known_to", "at", "due_at", "done_at", "lapsed_at"),
    *("noted_at", "suspended", "exempt", "word", "source", "recurs", "area", "department"),
    *("label", "since", "reason", "pass_id"),
]


def _make_stretches() -> None:
    op.create_table(
        "stretches",
        sa.Column("sweep", sa.String(length=64), nullable=False),
        sa.Column("known_from", sa.BigInteger(), nullable=False),
        sa.Column("known_to", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("pass_id", sa.String(length=96), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("area", sa.String(length=32), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("lasted_ms", sa.BigInteger(), nullable=False),
        sa.Column("distance_cm", sa.BigInteger(), nullable=False),
        sa.Column("labels", sa.Text(), nullable=False),
        sa.Column("rendered", sa.Boolean(), nullable=False),
        sa.CheckConstraint("known_from < known_to", name=op.f("ck_stretches_known_for_a_while")),
        sa.ForeignKeyConstraint(["sweep"], ["sweeps.id"], name=op.f("fk_stretches_sweep_sweeps")),
        sa.PrimaryKeyConstraint("sweep", "known_from", name=op.f("pk_stretches")),
    )
    op.create_index(op.f("ix_stretches_at"), "stretches", ["at"])


def _make_patches() -> None:
    op.create_table(
        "patches",
        sa.Column("sweep", sa.String(length=64), nullable=False),
        sa.Column("known_from", sa.BigInteger(), nullable=False),
        sa.Column("area", sa.String(length=32), nullable=False),
        sa.Column("labels", sa.Text(), nullable=False),
        sa.Column("known_to", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("cells", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["sweep"], ["sweeps.id"], name=op.f("fk_patches_sweep_sweeps")),
        sa.PrimaryKeyConstraint("sweep", "known_from", "area", "labels", name=op.f("pk_patches")),
    )
    op.create_index(op.f("ix_patches_at"), "patches", ["at"])
    op.create_index(op.f("ix_patches_area_seen_at"), "patches", ["area", "seen_at"])


def downgrade() -> None:
    """Refuse, as every step back.

    Raises:
        DowngradeRefused: always.
    """
    raise DowngradeRefused(revision)
