"""What a failed self-check holds is kept, shown and sent only after a person released it."""

import sqlite3
from pathlib import Path

import pytest

from edge.delivery.holds import NothingHeld
from edge.delivery.outbox import Outbox
from edge.durable import UnsafeOutbox
from tests.edge.messages import AT, finding_of

MEBIBYTE = 1 << 20


def waiting(outbox: Outbox) -> list[str]:
    return [message.id for message in outbox.next_batch(10, max_bytes=MEBIBYTE)]


def test_findings_of_a_held_pass_are_kept_and_not_sent(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    outbox.holds.hold("pass-1", zh="高度不对", en="wrong height")
    outbox.record(finding_of(1), at=AT)

    again = Outbox(tmp_path)

    assert waiting(again) == []
    assert (again.depth().waiting, again.depth().held) == (0, 1)
    (hold,) = again.holds.all()
    assert (hold.pass_id, hold.messages, hold.zh) == ("pass-1", 1, "高度不对")


def test_a_released_pass_is_sent_and_not_held_again(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    outbox.holds.hold("pass-1", zh="高度不对", en="wrong height")
    outbox.record(finding_of(1), at=AT)

    released = outbox.holds.release("pass-1")
    outbox.holds.hold("pass-1", zh="高度不对", en="wrong height")
    outbox.record(finding_of(2), at=AT)

    assert released == 1
    assert set(waiting(outbox)) == {finding_of(1).id, finding_of(2).id}
    assert outbox.holds.all() == ()


def test_a_pass_that_passes_its_check_waits_like_any_other(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    outbox.holds.hold("pass-1", zh="未完成", en="not done")
    outbox.record(finding_of(1), at=AT)

    outbox.holds.lift("pass-1")

    assert waiting(outbox) == [finding_of(1).id]
    assert outbox.depth().held == 0


def test_a_finding_of_a_held_pass_that_is_seen_better_stays_held(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    outbox.holds.hold("pass-1", zh="高度不对", en="wrong height")
    outbox.record(finding_of(1), at=AT)
    outbox.record(finding_of(1, score=0.9), at=AT)

    assert waiting(outbox) == []
    assert outbox.depth().held == 2
    assert outbox.depth().waiting == 0


def test_what_is_not_held_cannot_be_released(tmp_path: Path) -> None:
    with pytest.raises(NothingHeld, match="pass-9"):
        Outbox(tmp_path).holds.release("pass-9")


def test_an_outbox_of_the_version_before_keeps_what_it_holds(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    outbox.record(finding_of(1), at=AT)
    outbox.close()
    with sqlite3.connect(tmp_path / "outbox.db") as raw:
        raw.execute("DROP VIEW sendable")
        raw.execute("DROP TABLE held")
        raw.execute("DROP TABLE hold")
        raw.execute("PRAGMA user_version = 1")
    raw.close()

    upgraded = Outbox(tmp_path)

    assert waiting(upgraded) == [finding_of(1).id]
    assert upgraded.holds.all() == ()


def test_an_outbox_of_a_later_version_is_refused(tmp_path: Path) -> None:
    Outbox(tmp_path).close()
    with sqlite3.connect(tmp_path / "outbox.db") as raw:
        raw.execute("PRAGMA user_version = 99")
    raw.close()

    with pytest.raises(UnsafeOutbox, match="99"):
        Outbox(tmp_path)
