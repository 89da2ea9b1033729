"""pre noted rows.

Runs `pre` or `post` the new code, as the file's name says.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from dispatch.store.migrate import DowngradeRefused
from dispatch.store.moments import FOREVER, Micros

revision = "2026_11_21_noted_rows"
down_revision = "2026_11_21_looks"
branch_labels = None
depends_on = None

_LEDGER = sa.table(
    "ledger", *(sa.column(name) for name in ("number", "kind", "subject", "seal", "head"))
)
_SIGHTS = sa.table(
    "suppressed_sights",
    sa.column("finding"),
    sa.column("known_from"),
    sa.column("known_to"),
    sa.column("at"),
    sa.column("body", sa.JSON()),
)
_STRETCHES = sa.table(
    "stretches",
    *(sa.column(name, Micros()) for name in ("known_from", "at")),
    *(sa.column(name) for name in ("sweep", "pass_id", "device", "platform", "model", "day")),
    *(sa.column(name) for name in ("area", "lasted_ms", "distance_cm", "labels", "ground")),
)
_PATCHES = sa.table(
    "patches",
    *(sa.column(name, Micros()) for name in ("known_from", "seen_at")),
    *(sa.column(name) for name in ("sweep", "area", "labels")),
    sa.column("cells", sa.LargeBinary()),
)
_TOLD = {"lasted_ms": "ms", "distance_cm": "cm", "pass_id": "pass"}
_OF_SIGHTS = ("finding", "problem", "label", "model", "platform", "device", "suppression")
_IN_WORDS = ("approval", "reason_zh", "reason_en")
Noted = tuple[str, str, str]


def upgrade() -> None:
    """Have the ledger note what is kept of suppressed sights and of stretches: proof begins here.

    The lines are those of a bundle as this version writes it.
    """
    op.add_column(
        "stretches", sa.Column("ground", sa.String(64), nullable=False, server_default="")
    )
    connection = op.get_bind()
    last = connection.execute(sa.select(_LEDGER).order_by(_LEDGER.c.number.desc()).limit(1)).first()
    number, head = (last.number, last.head) if last else (0, "0" * 64)
    for kind, subject, seal in [*_sights(connection), *_stretches(connection)]:
        number += 1
        lines = (head, str(number), kind, subject, seal)
        head = hashlib.sha256("\n".join(lines).encode()).hexdigest()
        entry = {"number": number, "kind": kind, "subject": subject, "seal": seal, "head": head}
        connection.execute(sa.insert(_LEDGER), entry)


def _sights(connection: sa.Connection) -> Iterator[Noted]:
    ordered = sa.select(_SIGHTS).order_by(_SIGHTS.c.finding, _SIGHTS.c.known_from)
    rows = connection.execute(ordered).all()
    for place, row in enumerate(rows, start=1):
        body = row.body
        line = {
            **{name: body[name] for name in (*_OF_SIGHTS, *_IN_WORDS)},
            "at": _utc(body["at"]),
            "known_from": _moment(row.known_from).isoformat(),
            "seen_at": _utc(body["seen_at"]),
            "area": body["grid"] or "",
            "source": "patrol",
            "share": round(body["share"], 4),
        }
        yield "suppressed", f"{row.finding}:{row.at}:{row.known_from}", _seal(line)
        follow = {(after.finding, after.known_from) for after in rows[place : place + 1]}
        if row.known_to != _micros(FOREVER) and (row.finding, row.known_to) not in follow:
            yield "suppressed", f"{row.finding}:{row.known_to}:{row.known_to}", ""


def _stretches(connection: sa.Connection) -> Iterator[Noted]:
    s = _STRETCHES.c
    for row in connection.execute(sa.select(_STRETCHES).order_by(s.sweep, s.known_from)).all():
        mine = _PATCHES.c.sweep == row.sweep, _PATCHES.c.known_from == row.known_from
        patches = connection.execute(sa.select(_PATCHES).where(*mine)).all()
        patches = sorted(patches, key=lambda patch: (patch.area, patch.labels.split()))
        ground = hashlib.sha256(b"".join(bytes(patch.cells) for patch in patches)).hexdigest()
        this = s.sweep == row.sweep, s.known_from == row.known_from
        connection.execute(sa.update(_STRETCHES).where(*this).values(ground=ground))
        yield "stretch", _subject(row), _seal(_line(row, patches, ground))


def _line(row: sa.Row[Any], patches: list[sa.Row[Any]], ground: str) -> dict[str, Any]:
    same = ("sweep", "device", "platform", "model", "day", "area")
    return {
        **{name: getattr(row, name) for name in same},
        **{told: getattr(row, name) for name, told in _TOLD.items()},
        "at": row.at.isoformat(),
        "known_from": row.known_from.isoformat(),
        "labels": row.labels.split(),
        "ground": ground,
        "patches": [
            {
                "area": patch.area,
                "labels": patch.labels.split(),
                "seen_at": patch.seen_at.isoformat(),
            }
            for patch in patches
        ],
    }


def _subject(row: sa.Row[Any]) -> str:
    return f"{row.sweep}:{_micros(row.at)}:{_micros(row.known_from)}"


def _seal(line: dict[str, Any]) -> str:
    written = json.dumps(line, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()


def _micros(at: datetime) -> int:
    return int(Micros().process_bind_param(at, op.get_bind().dialect) or 0)


def _moment(micros: int) -> datetime:
    moment = Micros().process_result_value(micros, op.get_bind().dialect)
    assert moment is not None
    return moment


def _utc(written: str) -> str:
    return datetime.fromisoformat(written).astimezone(UTC).isoformat()


def downgrade() -> None:
    """Refuse: what proves that nothing is missing would be lost.

    Raises:
        DowngradeRefused: always.
    """
    raise DowngradeRefused(revision)
