"""pre facts.

Runs `pre` or `post` the new code, as the file's name says.
"""

import sqlalchemy as sa
from alembic import op

from dispatch.store.migrate import DowngradeRefused

revision = "2026_11_21_facts"
down_revision = "2026_11_21_crew"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of facts; `migrate` fills it from the histories."""
    op.create_table(
        "facts",
        sa.Column("case", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.BigInteger(), nullable=False),
        sa.Column("known_to", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=True),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.Column("lapsed_at", sa.BigInteger(), nullable=True),
        sa.Column("noted_at", sa.BigInteger(), nullable=True),
        sa.Column("suspended", sa.Boolean(), nullable=False),
        sa.Column("exempt", sa.Boolean(), nullable=False),
        sa.Column("department", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("word", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("area", sa.String(length=32), nullable=False),
        sa.Column("label", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("recurs", sa.Boolean(), nullable=False),
        sa.CheckConstraint("known_from < known_to", name=op.f("ck_facts_known_for_a_while")),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name=op.f("fk_facts_case_cases")),
        sa.PrimaryKeyConstraint("case", "number", "known_from", name=op.f("pk_facts")),
    )
    op.create_index(
        "ix_facts_counting",
        "facts",
        [
            "kind",
            "ends_at",
            "known_from",
            "known_to",
            "at",
            "due_at",
            "done_at",
            "lapsed_at",
            "noted_at",
            "suspended",
            "exempt",
            "word",
            "source",
            "recurs",
            "area",
            "department",
            "label",
        ],
    )


def downgrade() -> None:
    """Refuse, as every step back.

    Raises:
        DowngradeRefused: always.
    """
    raise DowngradeRefused(revision)
