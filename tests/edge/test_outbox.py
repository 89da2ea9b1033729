"""The outbox keeps what it recorded, says it once, and never gives an unsent finding away."""

import os
import signal
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from dispatch.wire import Receipt, ReceiptStatus
from edge.delivery.messages import Recorded
from edge.delivery.outbox import Outbox, PassReportedOtherwise
from edge.durable import Connection, UnsafeOutbox, connect_file
from edge.evidence.pictures import EvidenceGone
from edge.failpoints import STEPS, Failpoints, MalformedFailpoint
from tests.edge.messages import AT, finding_of, heartbeat_of, picture_of

MEBIBYTE = 1 << 20


def settle_all(outbox: Outbox, status: ReceiptStatus = ReceiptStatus.ACCEPTED) -> None:
    batch = outbox.next_batch(100, max_bytes=MEBIBYTE)
    receipts = [Receipt(id=m.id, revision=m.revision, status=status, reason="why") for m in batch]
    outbox.settle(receipts, ())


def test_a_recorded_finding_waits_after_the_device_starts_again(tmp_path: Path) -> None:
    picture = picture_of(1)
    Outbox(tmp_path).record(finding_of(1, pictures=(picture,)), [picture], at=AT)

    again = Outbox(tmp_path)

    assert [m.id for m in again.next_batch(10, max_bytes=MEBIBYTE)] == [finding_of(1).id]
    assert again.evidence.read(picture.evidence.sha256) == picture.jpeg


def test_a_replay_from_the_start_records_nothing_twice(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    outbox.record(finding_of(1), at=AT)
    settle_all(outbox)

    done = outbox.record(finding_of(1), at=AT)

    assert done is Recorded.KNOWN
    assert outbox.depth().waiting == 0


def test_a_finding_seen_better_becomes_its_next_revision(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    outbox.record(finding_of(1), at=AT)
    settle_all(outbox)

    done = outbox.record(finding_of(1, score=0.9), at=AT)
    again = outbox.record(finding_of(1, score=0.9), at=AT)

    assert (done, again) == (Recorded.REVISED, Recorded.KNOWN)
    assert [m.revision for m in outbox.next_batch(10, max_bytes=MEBIBYTE)] == [1]


def test_findings_are_sent_before_heartbeats_and_in_order_of_time(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    outbox.record(heartbeat_of(0), at=AT)
    for number in (3, 1, 2):
        outbox.record(finding_of(number, label="sanitation.litter"), at=AT)

    turn = [m.id for m in outbox.next_batch(10, max_bytes=MEBIBYTE)]

    assert turn == [finding_of(n).id for n in (1, 2, 3)] + [heartbeat_of(0).id]


def test_what_is_recorded_live_goes_before_a_backlog_however_the_clock_jumps(
    tmp_path: Path,
) -> None:
    outbox = Outbox(tmp_path)
    litter = partial(finding_of, label="sanitation.litter")
    for number in range(5, 10):
        outbox.record(litter(number), at=AT)
    place = outbox.last_place()
    outbox.record(litter(20), at=AT)
    outbox.record(litter(1), at=datetime.fromtimestamp(0, UTC))

    turn = [m.id for m in outbox.next_batch(3, max_bytes=MEBIBYTE, live_after=place)]
    whole = outbox.next_batch(10, max_bytes=MEBIBYTE, live_after=place)

    assert turn == [finding_of(n).id for n in (1, 20, 5)]
    assert len({m.id for m in whole}) == len(whole) == 7


def test_a_month_of_heartbeats_offline_leaves_one(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)

    for minute in range(50):
        outbox.record(heartbeat_of(minute), at=AT)

    assert outbox.depth().waiting == 1


def test_a_batch_keeps_to_its_bytes_but_never_starves_a_large_message(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    for number in range(5):
        outbox.record(finding_of(number), at=AT)
    size = len(outbox.next_batch(1, max_bytes=1)[0].body)

    assert len(outbox.next_batch(10, max_bytes=1)) == 1
    assert len(outbox.next_batch(10, max_bytes=size * 2)) == 2


def test_a_refused_finding_is_kept_and_shown_with_its_reason(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    outbox.record(finding_of(1), at=AT)

    settle_all(outbox, ReceiptStatus.QUARANTINED)

    assert outbox.depth().refused == 1
    assert outbox.refusals() == ((finding_of(1).id, "quarantined", "why"),)


def test_pictures_of_a_refused_finding_are_not_said_to_wait_and_go_first(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    shared, own = picture_of(1), picture_of(2)
    outbox.record(finding_of(1, pictures=(shared, own)), (shared, own), at=AT)
    settle_all(outbox, ReceiptStatus.QUARANTINED)
    refused = outbox.depth().evidence_waiting
    outbox.record(finding_of(2, pictures=(shared,)), (shared,), at=AT)
    waiting = outbox.depth().evidence_waiting
    outbox.prune(len(shared.jpeg))

    assert (refused, waiting) == (0, 1)
    # Where room is needed they go before any that will yet be sent.
    assert (outbox.depth().evidence_waiting, outbox.depth().evidence_dropped) == (1, 1)


def test_a_retry_receipt_settles_nothing(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    outbox.record(finding_of(1), at=AT)

    settle_all(outbox, ReceiptStatus.RETRY)

    assert outbox.depth().waiting == 1


def test_pictures_are_offered_once_their_finding_is_settled_near_crops_first(
    tmp_path: Path,
) -> None:
    outbox = Outbox(tmp_path)
    picture = picture_of(1)
    outbox.record(finding_of(1, pictures=(picture,)), [picture], at=AT)
    before = outbox.shelf.due(10)

    settle_all(outbox)

    assert before == ()
    assert [p.sha256 for p in outbox.shelf.due(10)] == [picture.evidence.sha256]


def test_a_full_disk_takes_sent_pictures_first_and_never_a_finding(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    sent, unsent = picture_of(1), picture_of(2)
    outbox.record(finding_of(1, pictures=(sent,)), [sent], at=AT)
    outbox.record(finding_of(2, pictures=(unsent,)), [unsent], at=AT)
    outbox.shelf.mark(sent.evidence.sha256, "uploaded")

    gone = outbox.prune(len(unsent.jpeg))
    assert gone == 1
    assert outbox.evidence.read(unsent.evidence.sha256) == unsent.jpeg
    with pytest.raises(EvidenceGone):
        outbox.evidence.read(sent.evidence.sha256)

    outbox.prune(0)
    assert outbox.depth().evidence_dropped == 1
    assert outbox.depth().waiting_findings == 2


def test_one_footage_is_not_reported_two_ways(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    outbox.begin_pass("pass-1", fingerprint="model-a")
    outbox.begin_pass("pass-1", fingerprint="model-a")

    with pytest.raises(PassReportedOtherwise):
        outbox.begin_pass("pass-1", fingerprint="model-b")


UNCHECKED = ("自检没有做完", "not checked")


def test_a_run_that_was_cut_short_or_held_gives_way_to_one_by_a_new_model(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    old, new = picture_of(1), picture_of(2)
    outbox.begin_pass("pass-1", fingerprint="model-a", held_for=UNCHECKED)
    outbox.record(finding_of(1, pictures=(old,)), [old], at=AT)

    replaces = outbox.begin_pass("pass-1", fingerprint="model-b", held_for=UNCHECKED)
    outbox.record(finding_of(2, pictures=(new,)), [new], at=AT)
    outbox.holds.lift("pass-1")
    outbox.shelf.clear_strays()

    assert replaces
    assert [m.id for m in outbox.next_batch(10, max_bytes=MEBIBYTE)] == [finding_of(2).id]
    assert outbox.evidence.read(new.evidence.sha256) == new.jpeg
    with pytest.raises(EvidenceGone):
        outbox.evidence.read(old.evidence.sha256)


@pytest.mark.parametrize("ends", ["lift", "release"])
def test_what_may_have_been_sent_is_not_taken_back_for_a_new_model(
    tmp_path: Path, ends: str
) -> None:
    outbox = Outbox(tmp_path)
    outbox.begin_pass("pass-1", fingerprint="model-a", held_for=UNCHECKED)
    outbox.record(finding_of(1), at=AT)
    getattr(outbox.holds, ends)("pass-1")

    with pytest.raises(PassReportedOtherwise):
        outbox.begin_pass("pass-1", fingerprint="model-b", held_for=UNCHECKED)

    assert [m.id for m in outbox.next_batch(10, max_bytes=MEBIBYTE)] == [finding_of(1).id]
    assert outbox.holds.all() == ()


def test_an_outbox_that_a_power_cut_could_empty_is_refused(tmp_path: Path) -> None:
    class Careless:
        """SQLite that ignores the wish to sync."""

        def __init__(self, path: Path) -> None:
            self._inner = connect_file(path)

        def execute(self, sql: str, parameters: tuple[object, ...] = ()) -> object:
            return self._inner.execute(sql.replace("= FULL", "= NORMAL"), parameters)

        def close(self) -> None:
            self._inner.close()

    def careless(path: Path) -> Connection:
        return Careless(path)

    with pytest.raises(UnsafeOutbox, match="synchronous"):
        Outbox(tmp_path, connect=careless)
    with pytest.raises(UnsafeOutbox, match="journal"):
        Outbox(tmp_path / "b", connect=lambda path: sqlite3.connect(":memory:"))


def test_an_outbox_of_a_newer_program_is_left_alone(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    outbox.close()
    with sqlite3.connect(tmp_path / "outbox.db") as raw:
        raw.execute("PRAGMA user_version = 99")
    raw.close()

    with pytest.raises(UnsafeOutbox, match="99"):
        Outbox(tmp_path)


RECORDER = """
import os, sys
from pathlib import Path
from edge.failpoints import Failpoints
from edge.delivery.outbox import Outbox
from tests.edge.messages import AT, finding_of, picture_of

outbox = Outbox(Path(sys.argv[1]), failpoints=Failpoints.parse(os.environ.get("XUNHUAN_FAILPOINT")))
for number in range(4):
    picture = picture_of(number)
    outbox.record(finding_of(number, pictures=(picture,)), [picture], at=AT)
    print(number, flush=True)
"""


@pytest.mark.faults
@pytest.mark.parametrize(
    "step", [name for name in STEPS if name.startswith(("outbox.", "evidence."))]
)
def test_a_kill_while_recording_loses_and_doubles_nothing(tmp_path: Path, step: str) -> None:
    command = [sys.executable, "-c", RECORDER, str(tmp_path)]
    environment = {**os.environ, "XUNHUAN_FAILPOINT": f"{step}:3"}
    killed = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=False)
    recorded = len(killed.stdout.split())
    survived = Outbox(tmp_path).depth().waiting

    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

    outbox = Outbox(tmp_path)
    assert killed.returncode == -signal.SIGKILL
    assert survived >= recorded
    assert outbox.depth().waiting == 4
    for number in range(4):
        picture = picture_of(number)
        assert outbox.evidence.read(picture.evidence.sha256) == picture.jpeg


def test_half_written_pictures_are_cleared_away(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    stray = outbox.evidence.path("b" * 64).with_suffix(".tmp")
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"half")

    assert outbox.shelf.clear_strays() == 1
    assert not stray.exists()


def test_a_damaged_picture_is_noticed(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    picture = picture_of(1)
    outbox.evidence.write(picture)
    outbox.evidence.path(picture.evidence.sha256).write_bytes(b"flipped")

    with pytest.raises(EvidenceGone, match="damaged"):
        outbox.evidence.read(picture.evidence.sha256)


@pytest.mark.parametrize("spec", ["outbox.after_commit:0", "outbox.after_commit:x"])
def test_a_failpoint_that_could_never_strike_is_refused(spec: str) -> None:
    with pytest.raises(MalformedFailpoint):
        Failpoints.parse(spec)
