"""pre looks.

Runs `pre` or `post` the new code, as the file's name says.
"""

import sqlalchemy as sa
from alembic import op

from dispatch.store.migrate import DowngradeRefused
from dispatch.store.moments import Moment

revision = "2026_11_21_looks"
down_revision = "2026_11_21_works_of_wholes"
branch_labels = None
depends_on = None

CASES = sa.table(
    "cases",
    sa.column("id", sa.String),
    sa.column("status", sa.String),
    sa.column("look", sa.JSON),
    sa.column("overdue_at", Moment),
)
TASKS = sa.table(
    "tasks",
    sa.column("case", sa.String),
    sa.column("kind", sa.String),
    sa.column("status", sa.String),
    sa.column("made_at", Moment),
    sa.column("due_at", Moment),
)
FORMER = (
    *("status_id", "department_status_id", "label_status_id", "grid_status_id"),
    *("overdue_at_id", "number_end", "open"),
)
LISTS = {
    "newest": ["status", "id", "grid", "department", "label"],
    "newest_of_department": ["department", "status", "id", "grid", "label"],
    "newest_of_label": ["label", "status", "id", "grid", "department"],
    "grid": ["grid", "status", "id", "department", "label"],
    "numbered": ["number_end", "id", "grid", "department", "label", "status"],
}
SAID = ["id", "reported_at", "grid", "department", "label", "number_end"]
QUEUES = {"open": ["status", "overdue_at", *SAID], "due": ["overdue_at", *SAID, "status"]}


def upgrade() -> None:
    """Keep with each report by when it shall be confirmed, and index lists with what narrows them.

    Until now only the task said by when.
    """
    op.add_column("cases", sa.Column("look", sa.JSON(none_as_null=True), nullable=True))
    _fill()
    _index_anew()


def _fill() -> None:
    connection = op.get_bind()
    waiting = sa.select(TASKS.c.case, TASKS.c.made_at, TASKS.c.due_at).where(
        TASKS.c.status == "open", TASKS.c.kind == "confirm", TASKS.c.due_at.is_not(None)
    )
    for row in connection.execute(waiting).all():
        look = {"sent_at": row.made_at.isoformat(), "due_at": row.due_at.isoformat()}
        reported = sa.update(CASES).where(CASES.c.id == row.case, CASES.c.status == "reported")
        connection.execute(reported.values(look=look, overdue_at=row.due_at))


def _index_anew() -> None:
    for name in FORMER:
        op.drop_index(f"ix_cases_{name}", "cases")
    for name, columns in LISTS.items():
        op.create_index(f"ix_cases_{name}", "cases", columns)
    for name, columns in QUEUES.items():
        op.create_index(
            f"ix_cases_{name}",
            "cases",
            [*columns, "ended_at"],
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )


def downgrade() -> None:
    """Refuse: the code before would not keep the column, and would leave moments of it behind.

    Raises:
        DowngradeRefused: always.
    """
    raise DowngradeRefused(revision)
