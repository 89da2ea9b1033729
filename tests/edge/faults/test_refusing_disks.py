"""A disk that is full, read-only or broken is named, loses nothing, and work goes on after it."""

import errno
import itertools
import random
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dispatch.wire import Receipt, ReceiptStatus
from edge.delivery.centre import Centre
from edge.delivery.keys import read_identity
from edge.delivery.metered import DailyAllowance
from edge.delivery.outbox import Outbox
from edge.delivery.uplink import Uplink
from edge.disk import DiskFaulty, DiskFull, DiskReadOnly, DiskTrouble
from edge.evidence.pictures import EvidenceGone
from tests.edge.fake_centre import fake_centre
from tests.edge.faults.lossy_disk import LossyDisk, LossyFiles
from tests.edge.faults.lossy_sqlite import LossyConnection, LossyVfs
from tests.edge.live_vehicle import enrolled
from tests.edge.messages import AT, finding_of, picture_of

pytestmark = pytest.mark.faults

MEBIBYTE = 1 << 20


def opened(disk: LossyDisk) -> Outbox:
    vfs = LossyVfs(disk)
    return Outbox(
        disk.root / "state",
        connect=lambda path: LossyConnection(path, vfs),
        files=LossyFiles(disk),
    )


def say(outbox: Outbox, number: int) -> None:
    picture = picture_of(number)
    outbox.record(finding_of(number, pictures=(picture,)), [picture], at=AT)


def waiting(outbox: Outbox) -> set[str]:
    return {message.id for message in outbox.next_batch(10_000, max_bytes=MEBIBYTE << 10)}


@pytest.mark.parametrize(
    ("fault", "named"),
    [(errno.ENOSPC, DiskFull), (errno.EROFS, DiskReadOnly), (errno.EIO, DiskFaulty)],
)
def test_wherever_a_disk_begins_to_refuse_what_was_recorded_stays_and_work_goes_on(
    tmp_path: Path, fault: int, named: type[DiskTrouble]
) -> None:
    for after in itertools.count():
        disk = LossyDisk(tmp_path / str(after))
        disk.root.mkdir()
        outbox = opened(disk)
        say(outbox, 1)
        refused = False

        disk.refuse(fault, after=after)
        try:
            say(outbox, 2)
        except DiskTrouble as trouble:
            refused = True
            assert type(trouble) is named
        while_it_refuses = waiting(outbox)
        disk.refuse(None)
        say(outbox, 2)
        outbox.close()
        again = opened(disk)

        assert finding_of(1).id in while_it_refuses
        assert waiting(again) == {finding_of(1).id, finding_of(2).id}
        assert again.evidence.read(picture_of(2).evidence.sha256) == picture_of(2).jpeg
        again.close()
        if not refused:
            break

    assert after > 10


def test_a_receipt_that_finds_a_full_disk_is_taken_by_giving_pictures_away(tmp_path: Path) -> None:
    disk = LossyDisk(tmp_path / "disk")
    disk.root.mkdir()
    outbox = opened(disk)
    say(outbox, 1)
    receipt = Receipt(id=finding_of(1).id, revision=0, status=ReceiptStatus.ACCEPTED)

    disk.refuse(errno.ENOSPC)
    with pytest.raises(DiskFull):
        outbox.settle([receipt], ())
    disk.refuse(None)
    outbox.settle([receipt], ())

    assert waiting(outbox) == set()
    outbox.close()


def test_what_the_centre_said_is_noted_once_the_disk_takes_it_and_nothing_travels_twice(
    tmp_path: Path,
) -> None:
    for after in itertools.count(step=2):
        disk = LossyDisk(tmp_path / str(after))
        disk.root.mkdir()
        outbox = opened(disk)
        say(outbox, 1)
        say(outbox, 2)
        with fake_centre() as centre:
            enrolled(tmp_path / "key", centre)
            link = Centre(read_identity(tmp_path / "key"), now=lambda: datetime.now(UTC))
            uplink = Uplink(link, outbox, sleep=lambda _: None, rng=random.Random(1))
            disk.refuse(errno.EROFS, after=after)
            refused, sent, pictures = 0, 0, 0
            for _ in range(3):
                try:
                    done = uplink.flush(attempts=1)
                    sent, pictures = sent + done.sent, pictures + done.evidence_sent
                except DiskTrouble:
                    refused += 1
            disk.refuse(None)
            done = uplink.flush(attempts=1)
            link.close()

        assert len(centre.nonces) == 3
        assert (outbox.depth().settled, outbox.depth().evidence_waiting) == (2, 0)
        outbox.close()
        if not refused:
            break

    assert (sent, pictures, done.sent) == (2, 2, 0)
    assert after > 4


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Eight mebibytes of disk of their own."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = shutil.which("mount")
    line = [str(mount), "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)]
    if mount is None or subprocess.run(line, capture_output=True, check=False).returncode:
        pytest.skip("a file system can be mounted by root only")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Take all room but some that a neighbour leaves."""
    ballast = folder / "neighbour.bin"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            pass
    return ballast


def test_on_a_full_disk_findings_push_out_pictures_until_there_are_none(small_disk: Path) -> None:
    outbox = Outbox(small_disk)
    for number in range(40):
        say(outbox, number)
    ballast = fill(small_disk)
    said = 40

    with pytest.raises(DiskFull, match="evidence_mib"):
        for _ in range(4000):
            say(outbox, said)
            said += 1
    kept = waiting(outbox)
    dropped = outbox.depth().evidence_dropped
    ballast.unlink()
    say(outbox, said)

    assert kept == {finding_of(number).id for number in range(said)}
    assert said > 40
    assert dropped >= 40
    assert outbox.evidence.read(picture_of(said).evidence.sha256) == picture_of(said).jpeg
    with pytest.raises(EvidenceGone):
        outbox.evidence.read(picture_of(0).evidence.sha256)
    outbox.close()


def test_a_disk_that_is_read_only_after_a_restart_is_named_and_keeps_what_it_has(
    small_disk: Path,
) -> None:
    outbox = Outbox(small_disk)
    say(outbox, 1)
    outbox.close()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)

    try:
        with pytest.raises(DiskReadOnly):
            Outbox(small_disk)
    finally:
        subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    again = Outbox(small_disk)

    assert waiting(again) == {finding_of(1).id}
    again.close()


def test_what_pictures_cost_by_the_byte_is_counted_though_the_disk_is_read_only(
    small_disk: Path,
) -> None:
    allowance = DailyAllowance(
        small_disk, bytes_a_day=1000, is_metered=lambda: True, now=lambda: AT
    )
    allowance.spend(300)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    try:
        allowance.spend(300)
        left = allowance.left_bytes()
    finally:
        subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    allowance.spend(300)
    after_a_restart = DailyAllowance(
        small_disk, bytes_a_day=1000, is_metered=lambda: True, now=lambda: AT
    )

    assert (left, allowance.left_bytes(), after_a_restart.left_bytes()) == (400, 100, 100)
