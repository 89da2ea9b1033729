"""pre suppressed sights.

Runs `pre` or `post` the new code, as the file's name says.
"""

import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from dispatch.store.migrate import DowngradeRefused
from dispatch.store.moments import FOREVER, Micros, Moment

revision = "2026_11_21_suppressed_sights"
down_revision = "2026_11_21_unsettled"
branch_labels = None
depends_on = None

_OLD = sa.table(
    "suppressed",
    sa.column("finding", sa.String()),
    sa.column("problem", sa.String()),
    sa.column("suppression", sa.String()),
    sa.column("grid", sa.String()),
    sa.column("seen_at", Moment()),
    sa.column("body", sa.JSON()),
)
_OBSERVATIONS = sa.table(
    "observations",
    sa.column("id", sa.String()),
    sa.column("received_at", Moment()),
    sa.column("finding", sa.Text()),
)


def upgrade() -> None:
    """Keep of suppressed sights what was known when, and whose sights they were."""
    new = op.create_table(
        "suppressed_sights",
        sa.Column("finding", sa.String(length=64), nullable=False),
        sa.Column("known_from", Micros(), nullable=False),
        sa.Column("known_to", Micros(), nullable=False),
        sa.Column("at", Micros(), nullable=False),
        sa.Column("seen_at", Micros(), nullable=False),
        sa.Column("problem", sa.String(length=64), nullable=False),
        sa.Column("suppression", sa.String(length=40), nullable=False),
        sa.Column("area", sa.String(length=32), nullable=False),
        sa.Column("label", sa.String(length=64), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "known_from < known_to", name=op.f("ck_suppressed_sights_known_for_a_while")
        ),
        sa.PrimaryKeyConstraint("finding", "known_from", name=op.f("pk_suppressed_sights")),
    )
    connection = op.get_bind()
    for row in connection.execute(sa.select(_OLD)).all():
        seen = connection.execute(
            sa.select(_OBSERVATIONS).where(_OBSERVATIONS.c.id == row.finding)
        ).first()
        connection.execute(sa.insert(new), _values(row, seen))
    op.create_index("ix_suppressed_sights_at", "suppressed_sights", ["at"])
    op.create_index("ix_suppressed_sights_problem", "suppressed_sights", ["problem"])
    op.drop_table("suppressed")


def _values(row: sa.Row[Any], seen: sa.Row[Any] | None) -> dict[str, object]:
    """Give the row of a sight; it counts for the moment at which its finding came."""
    finding = json.loads(seen.finding) if seen else {}
    at: datetime = seen.received_at if seen else row.seen_at
    model = finding.get("model") or {}
    whose = {
        "device": str(finding.get("device") or ""),
        "platform": str(finding.get("platform") or ""),
        "model": f"{model.get('name', '')} {model.get('version', '')}".strip(),
    }
    told = {**whose, "problem": row.problem, "at": at.astimezone(UTC).isoformat()}
    return {
        "finding": row.finding,
        "known_from": at,
        "known_to": FOREVER,
        "at": at,
        "seen_at": row.seen_at,
        "problem": row.problem,
        "suppression": row.suppression,
        "area": row.grid or "",
        "label": row.body["label"],
        "body": {**row.body, **told},
        **whose,
    }


def downgrade() -> None:
    """Refuse: what was known when would be lost.

    Raises:
        DowngradeRefused: always.
    """
    raise DowngradeRefused(revision)
