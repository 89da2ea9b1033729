"""Files as a power cut sees them: bytes last once synced, names once their folder is.

What must survive goes through a `Files`, so that a test may put one below it that loses all that
was not synced.
"""

import os
from pathlib import Path
from typing import Protocol

from edge.disk import named_troubles


class Files(Protocol):
    """The few things that are done to files that must survive."""

    def make_folder(self, path: Path) -> None:
        """Make one folder; one that is there already is no fault. Its name is not yet synced."""

    def write(self, path: Path, content: bytes) -> None:
        """Write a file anew and sync its bytes. Its name is not yet synced.

        Raises:
            DiskTrouble: the disk does not take it.
        """

    def rename(self, path: Path, to: Path) -> None:
        """Give a file another name in the same folder, replacing what has it. Not yet synced."""

    def remove(self, path: Path) -> None:
        """Delete a file; one that is gone already is no fault. Not yet synced."""

    def sync_folder(self, path: Path) -> None:
        """Make the names in a folder survive."""


class OsFiles:
    """The files of the operating system."""

    def make_folder(self, path: Path) -> None:
        """Make one folder."""
        with named_troubles(path):
            path.mkdir(exist_ok=True)

    def write(self, path: Path, content: bytes) -> None:
        """Write a file anew and sync its bytes."""
        with named_troubles(path), path.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())

    def rename(self, path: Path, to: Path) -> None:
        """Give a file another name."""
        with named_troubles(path):
            path.replace(to)

    def remove(self, path: Path) -> None:
        """Delete a file."""
        with named_troubles(path):
            path.unlink(missing_ok=True)

    def sync_folder(self, path: Path) -> None:
        """Make the names in a folder survive."""
        with named_troubles(path):
            sync_folder(path)


def make_lasting_folder(files: Files, path: Path) -> None:
    """Make a folder and those above it, so that their names survive.

    Those that are there are synced too, as far up as they could be ours: who made them may have
    been killed before that.

    Raises:
        DiskTrouble: the disk does not take them.
    """
    for each in (*reversed(path.absolute().parents), path.absolute()):
        if not each.is_dir():
            files.make_folder(each)
        if os.access(each.parent, os.R_OK | os.W_OK):
            files.sync_folder(each.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
