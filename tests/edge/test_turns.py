"""With ten thousand findings waiting, what may hurt somebody goes first, then what is live."""

import random
import sqlite3
from pathlib import Path

from dispatch.wire import Finding, canonical_bytes, message_id
from edge.delivery.outbox import DATABASE_FILE, Outbox
from edge.delivery.uplink import Uplink
from tests.edge.faults.near_centre import NearCentre
from tests.edge.messages import AT, finding_of

BACKLOG = 10_000


def _labelled(number: int, label: str) -> Finding:
    found = finding_of(number)
    said = {"label": label, "id": message_id(found.captured_at, "car-7", label, str(number))}
    return found.model_copy(update=said | {"probabilities": {label: 0.8}})


def _fill(folder: Path) -> None:
    """Let findings wait as if recorded; by one transaction, for they are ten thousand."""
    Outbox(folder).close()
    rows = []
    for number in range(BACKLOG):
        found = finding_of(number)
        body = canonical_bytes(found)
        rows.append(
            (found.id, found.revision, "finding", 0, f"{number:064x}", body, AT.timestamp())
        )
    with sqlite3.connect(folder / DATABASE_FILE) as database:
        database.executemany(
            "INSERT INTO message VALUES (?, ?, ?, ?, ?, ?, ?, 'waiting', NULL, NULL)", rows
        )
    database.close()


def test_hazards_go_before_what_is_live_and_that_before_ten_thousand_that_wait(
    tmp_path: Path,
) -> None:
    _fill(tmp_path)
    outbox = Outbox(tmp_path)
    old_hazard = _labelled(5, "road.collapse")
    outbox.record(old_hazard, at=AT)
    before = outbox.last_place()
    live = _labelled(BACKLOG + 1, "sanitation.litter")
    hazard = _labelled(BACKLOG + 2, "road.manhole_missing")
    for found in (live, hazard):
        outbox.record(found, at=AT)

    batch = outbox.next_batch(5, max_bytes=1 << 20, live_after=before)
    outbox.close()

    assert [each.id for each in batch[:3]] == [hazard.id, old_hazard.id, live.id]
    assert [each.id for each in batch[3:]] == [finding_of(0).id, finding_of(1).id]


def test_a_hazard_found_while_the_backlog_is_sent_is_in_the_very_next_batch(
    tmp_path: Path,
) -> None:
    _fill(tmp_path)
    outbox, centre = Outbox(tmp_path), NearCentre(None)
    hazard, takes, take = _labelled(BACKLOG + 1, "road.collapse"), list[int](), centre.held.take

    def taking(body: bytes) -> dict[str, object]:
        if len(takes) == 3:
            outbox.record(hazard, at=AT)
        takes.append(len(centre.held.posted))
        return take(body)

    centre.held.take = taking  # type: ignore[method-assign] # looks on
    uplink = Uplink(centre, outbox, sleep=lambda s: None, rng=random.Random(1))  # type: ignore[arg-type]

    done = uplink.flush(attempts=1)
    outbox.close()

    assert done.sent == BACKLOG + 1
    assert centre.held.posted.index((hazard.id, hazard.revision)) == takes[4]
