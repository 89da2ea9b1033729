"""pre case map.

Runs `pre` or `post` the new code, as the file's name says.
"""

import sqlalchemy as sa
from alembic import op

from dispatch.store.migrate import DowngradeRefused

revision = "2026_11_21_map"
down_revision = "2026_11_21_stretches"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep where a case lies beside it, and index what maps and what queues of tasks ask."""
    op.add_column("cases", sa.Column("latitude", sa.Float(), nullable=True))
    op.add_column("cases", sa.Column("longitude", sa.Float(), nullable=True))
    places = ", ".join(f"{name} = {_of_place(name)}" for name in ("latitude", "longitude"))
    op.execute(f"UPDATE cases SET {places}")  # noqa: S608 # no value of others
    told = ["latitude", "longitude", "cell", "status", "grid", "department", "id"]
    op.create_index(
        "ix_cases_map_open",
        "cases",
        [*told, "ended_at"],
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "ix_cases_map_ended",
        "cases",
        ["ended_at", *told],
        sqlite_where=sa.text("ended_at IS NOT NULL"),
        postgresql_where=sa.text("ended_at IS NOT NULL"),
    )
    op.drop_index("ix_cases_open", "cases")
    op.create_index(
        "ix_cases_open",
        "cases",
        ["status", "reported_at", "overdue_at", "grid", "department", "ended_at"],
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "ix_tasks_open",
        "tasks",
        ["role", "due_at", "id", "area", "department", "person"],
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )


def downgrade() -> None:
    """Refuse: the code before would not fill the columns, and maps would lack its cases.

    Raises:
        DowngradeRefused: always.
    """
    raise DowngradeRefused(revision)


def _of_place(name: str) -> str:
    if op.get_bind().dialect.name == "sqlite":
        return f"json_extract(place, '$.{name}')"
    return f"CAST(place ->> '{name}' AS DOUBLE PRECISION)"
