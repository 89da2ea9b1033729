"""What lies in a folder of backups: tables to read, pictures to have, old ones to drop."""

import gzip
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from api.centre.wiring import picture_folder

MANIFEST: Final = "manifest.json"
PICTURES: Final = "evidence"


def table_file(name: str) -> str:
    """Give where in a backup the rows of a table lie."""
    return f"tables/{name}.jsonl.gz"


def table_rows(backup: Path, name: str) -> Iterator[bytes]:
    """Give the rows of a table as lines; a table that a backup does not have has none."""
    file = backup / table_file(name)
    if file.exists():
        with gzip.open(file, "rb") as opened:
            yield from opened


def pictures_of(backup: Path) -> Iterator[str]:
    """Give the hashes of the pictures that a backup refers to and that were not erased then."""
    erased = {
        row["sha256"]
        for row in map(json.loads, table_rows(backup, "erased_files"))
        if not row["original"]
    }
    for line in table_rows(backup, PICTURES):
        sha256 = str(json.loads(line)["sha256"])
        if sha256 not in erased:
            yield sha256


def whole_backups(out: Path) -> list[Path]:
    """Give the whole backups in a folder, the oldest first."""
    return sorted(each for each in out.glob("[0-9]*Z") if (each / MANIFEST).is_file())


def drop_old(out: Path, *, keep: int) -> int:
    """Delete all but the newest backups, and pictures that none of these refers to.

    A picture that the centre erased is gone from the backups once the last that was taken before
    its erasure is dropped.

    Args:
        keep: how many stay, at least 1.
    """
    old = whole_backups(out)[:-keep]
    for backup in old:
        going = backup.replace(out / f".{backup.name}.part")
        shutil.rmtree(going)
    wanted = {sha256 for backup in whole_backups(out) for sha256 in pictures_of(backup)}
    folder = picture_folder(out / PICTURES)
    for sha256 in list(folder.names()):
        if sha256 not in wanted:
            folder.delete(sha256)
    return len(old)
