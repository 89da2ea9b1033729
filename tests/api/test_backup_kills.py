"""A backup that was killed is none; old ones are dropped with what only they referred to."""

import hashlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from api.centre.settings import Settings
from api.centre.wiring import ERASING, open_centre, picture_folder
from api.keeping.backup import NoBackup, restore_backup, write_backup
from api.keeping.file_lock import only_one
from api.keeping.old_backups import whole_backups
from api.keeping.retention import erase_over, remove_strays
from api.reports.audit import verify_centre
from tests.api import pictures
from tests.api.open_centre import OpenCentre

KILLED = """
import sys
from pathlib import Path
from api.keeping.backup import write_backup
from api.centre.settings import Settings
from api.centre.wiring import open_centre

folder, out, step = sys.argv[1:]
centre = open_centre(Settings(data_dir=Path(folder)), failpoint=step)
write_backup(Path(out), centre=centre, keep=1)
"""


@pytest.mark.parametrize("step", ["backup.before_manifest", "backup.before_rename"])
def test_killed_while_it_is_written_a_backup_is_none_and_the_next_one_is_whole(
    opened: OpenCentre, tmp_path: Path, step: str
) -> None:
    opened.handled()
    out = tmp_path / "kept"
    folder = str(opened.centre.settings.data_dir)

    ended = subprocess.run(
        [sys.executable, "-c", KILLED, folder, str(out), step], env=dict(os.environ), check=False
    )

    assert ended.returncode == -signal.SIGKILL
    assert whole_backups(out) == []
    with pytest.raises(NoBackup):
        restore_backup(out, Settings(data_dir=tmp_path / "new"))
    kept = write_backup(out, centre=opened.centre)
    assert [each.name for each in out.glob(".*.part")] == []
    restore_backup(out, Settings(data_dir=tmp_path / "new"))
    restored = open_centre(Settings(data_dir=tmp_path / "new"))
    assert verify_centre(None, centre=restored).head == kept.head
    assert verify_centre(None, centre=restored).troubles == ()
    restored.engine.dispose()


def test_an_erased_picture_leaves_the_backups_with_the_last_that_was_taken_before(
    opened: OpenCentre, tmp_path: Path
) -> None:
    case = opened.handled()
    assert opened.decide("supervisor", case, "approve", note="完好").status_code == 200
    out = tmp_path / "kept"
    write_backup(out, centre=opened.centre)
    opened.watch.later(days=800)
    assert erase_over(centre=opened.centre)

    opened.door.later(days=1)
    second = write_backup(out, centre=opened.centre, keep=2)
    still = set(picture_folder(out / "evidence").names())
    opened.door.later(days=1)
    write_backup(out, centre=opened.centre, keep=2)

    assert second.pictures == 0
    assert still != set()
    assert len(whole_backups(out)) == 2
    assert set(picture_folder(out / "evidence").names()) == set()


def test_nothing_is_removed_while_a_backup_is_written(opened: OpenCentre) -> None:
    case = opened.handled()
    assert opened.decide("supervisor", case, "approve", note="完好").status_code == 200
    opened.watch.later(days=800)
    before = set(opened.centre.evidence.names())

    with only_one(opened.centre.settings.data_dir / ERASING, wait=True):
        assert erase_over(centre=opened.centre)
        assert set(opened.centre.evidence.names()) == before != set()

    erase_over(centre=opened.centre)
    assert set(opened.centre.evidence.names()) == set()


def test_a_photo_that_nobody_handed_in_is_not_left_behind(opened: OpenCentre) -> None:
    case = opened.handling()
    opened.hand_in(case, mark="waits")
    waiting = set(opened.centre.inbox.names())
    content = pictures.road(pothole=False, mark="stray")
    opened.centre.inbox.put(content, sha256=hashlib.sha256(content).hexdigest())

    remove_strays(centre=opened.centre)
    soon = set(opened.centre.inbox.names())
    for file in opened.centre.settings.inbox_dir.rglob("?" * 64):
        os.utime(file, (1e9, 1e9))
    remove_strays(centre=opened.centre)

    assert len(soon) == 2
    assert set(opened.centre.inbox.names()) == waiting
