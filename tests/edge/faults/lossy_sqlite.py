"""SQLite on a disk that loses power or refuses: a file system of our own below it.

Everything goes through to the real files; the disk beside takes notes (see `lossy_disk`), or says
no. Syncs are noted, not done: the machine that runs the test keeps its power.
"""

import errno
import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import apsw

from edge.disk import sqlite_trouble
from edge.durable import Rows, SqlValue
from tests.edge.faults.lossy_disk import LossyDisk

_SYNCS_ITS_FOLDER: Final = apsw.SQLITE_OPEN_WAL | apsw.SQLITE_OPEN_MAIN_JOURNAL
"""What SQLite's unix file system syncs the folder for at its first sync (os_unix.c, unixOpen)."""
_serial = itertools.count()


class LossyVfs(apsw.VFS):
    """A file system that tells a disk what is done to its files."""

    def __init__(self, disk: LossyDisk) -> None:
        self.disk = disk
        self.name = f"lossy{next(_serial)}"
        super().__init__(self.name, base="unix")

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:
        """Open a file and note that it is there."""
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        assert path is not None, "the outbox uses no temporary files"
        if not Path(path).exists():
            _step(self.disk)
        return _LossyFile(path, flags, self.disk)

    def xDelete(self, filename: str, syncdir: bool) -> None:
        """Delete a file and note it."""
        _step(self.disk, takes_room=False)
        super().xDelete(filename, syncdir)
        self.disk.remove(self.disk.relative(filename))
        if syncdir:
            self.disk.sync_folder(self.disk.relative(Path(filename).parent))


class _LossyFile(apsw.VFSFile):
    def __init__(self, path: str, flags: list[int], disk: LossyDisk) -> None:
        self._disk, self._name = disk, disk.relative(path)
        self._folder_due = bool(flags[0] & _SYNCS_ITS_FOLDER)
        super().__init__("unix", path, flags)
        disk.open(self._name)

    def xWrite(self, data: bytes, offset: int) -> None:
        _step(self._disk)
        super().xWrite(data, offset)
        self._disk.write(self._name, offset, bytes(data))

    def xTruncate(self, newsize: int) -> None:
        _step(self._disk, takes_room=False)
        super().xTruncate(newsize)
        self._disk.truncate(self._name, newsize)

    def xSync(self, flags: int) -> None:
        _step(self._disk, takes_room=False)
        self._disk.sync(self._name)
        if self._folder_due:
            self._disk.sync_folder(self._disk.relative(self._disk.root / Path(self._name).parent))
            self._folder_due = False


_WORDS: Final = {
    errno.ENOSPC: apsw.FullError,
    errno.EROFS: apsw.ReadOnlyError,
    errno.EIO: apsw.IOError,
}


def _step(disk: LossyDisk, *, takes_room: bool = True) -> None:
    try:
        disk.step(takes_room=takes_room)
    except OSError as refused:
        raise _WORDS[refused.errno or errno.EIO] from refused


def _code(error: apsw.Error) -> int | None:
    """Give SQLite's code of an error; one that the file system raised comes back without."""
    raised = {apsw.FullError: 13, apsw.ReadOnlyError: 8, apsw.IOError: 10}
    code: int | None = getattr(error, "extendedresult", raised.get(type(error)))
    return code


class LossyConnection:
    """A connection of the outbox through such a file system."""

    def __init__(self, path: Path, vfs: LossyVfs) -> None:
        self._path, self._vfs = path, vfs
        self._inner = apsw.Connection(str(path), vfs=vfs.name)
        self._inner.set_busy_timeout(1000)

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        return self._inner.in_transaction

    def execute(self, sql: str, parameters: Sequence[SqlValue] = (), /) -> Rows:
        """Run one statement; the disk's faults are named as on a real file."""
        try:
            return Rows([tuple(row) for row in self._inner.execute(sql, parameters)])
        except apsw.Error as error:
            raise sqlite_trouble(_code(error), self._path) or error from error

    def close(self) -> None:
        """Let go of the file; without power only of what this process holds of it."""
        self._inner.close(True)
