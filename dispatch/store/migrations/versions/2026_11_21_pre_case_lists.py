"""pre case lists.

Runs `pre` or `post` the new code, as the file's name says.
"""

import json
from datetime import datetime

import sqlalchemy as sa
from alembic import op

from dispatch.store.migrate import DowngradeRefused
from dispatch.store.moments import Moment

revision = "2026_11_21_lists"
down_revision = "2026_11_21_facts"
branch_labels = None
depends_on = None

_PAGE = 5_000


def upgrade() -> None:
    """Keep what lists are narrowed by beside each case, and index it."""
    op.add_column("cases", sa.Column("overdue_at", Moment(), nullable=True))
    op.add_column("cases", sa.Column("number_end", sa.String(length=8), nullable=True))
    _fill()
    op.create_index(op.f("ix_cases_label_status_id"), "cases", ["label", "status", "id"])
    op.create_index(op.f("ix_cases_overdue_at_id"), "cases", ["overdue_at", "id"])
    op.create_index(op.f("ix_cases_number_end"), "cases", ["number_end"])
    op.create_index(
        "ix_cases_open",
        "cases",
        ["status", "reported_at", "overdue_at", "grid", "department"],
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def downgrade() -> None:
    """Refuse: the code before would not fill the columns, and lists would lack its cases.

    Raises:
        DowngradeRefused: always.
    """
    raise DowngradeRefused(revision)


def _fill() -> None:
    connection = op.get_bind()
    connection.execute(sa.text("UPDATE cases SET number_end = upper(substr(id, length(id) - 7))"))
    cases = sa.table(
        "cases",
        sa.column("id", sa.String),
        sa.column("clocks", sa.Text),
        sa.column("ended_at", Moment),
        sa.column("overdue_at", Moment),
    )
    clocks = sa.cast(cases.c.clocks, sa.Text).label("clocks")
    page = (
        sa.select(cases.c.id, clocks)
        .where(cases.c.ended_at.is_(None))
        .order_by(cases.c.id)
        .limit(_PAGE)
    )
    rows = connection.execute(page).all()
    while rows:
        for row in rows:
            due = [
                datetime.fromisoformat(clock["due_at"])
                for clock in json.loads(row.clocks).values()
                if clock["paused_at"] is None and clock["stopped_at"] is None
            ]
            if due:
                changed = sa.update(cases).where(cases.c.id == row.id)
                connection.execute(changed.values(overdue_at=min(due)))
        rows = connection.execute(page.where(cases.c.id > rows[-1].id)).all()
