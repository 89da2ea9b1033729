"""pre registry.

Runs `pre` or `post` the new code, as the file's name says.
"""

import sqlalchemy as sa
from alembic import op

from dispatch.store.migrate import DowngradeRefused
from dispatch.store.moments import Moment

revision = "2026_11_21_registry"
down_revision = "2026_11_21_severity"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep the city's components, and who was found responsible where no rule said it."""
    op.create_table(
        "components",
        sa.Column("id", sa.String(length=17), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("standard", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=False),
        sa.Column("longitude", sa.Float(), nullable=False),
        sa.Column("cell", sa.BigInteger(), nullable=False),
        sa.Column("accuracy", sa.String(length=1), nullable=False),
        sa.Column("owner", sa.String(length=80), nullable=False),
        sa.Column("condition", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", "valid_from", name=op.f("pk_components")),
    )
    op.create_index(op.f("ix_components_cell"), "components", ["cell"])
    op.create_index(
        "ix_components_current",
        "components",
        ["id"],
        sqlite_where=sa.text("valid_until IS NULL"),
        postgresql_where=sa.text("valid_until IS NULL"),
    )
    op.create_table(
        "precedents",
        sa.Column("case", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=64), nullable=False),
        sa.Column("owner", sa.String(length=80), nullable=False),
        sa.Column("grid", sa.String(length=15), nullable=False),
        sa.Column("department", sa.String(length=64), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name=op.f("fk_precedents_case_cases")),
        sa.PrimaryKeyConstraint("case", name=op.f("pk_precedents")),
    )
    op.create_index("ix_precedents_ground", "precedents", ["grid", "label", "owner"])


def downgrade() -> None:
    """Refuse: the census and what people decided would be lost.

    Raises:
        DowngradeRefused: always.
    """
    raise DowngradeRefused(revision)
