"""What a disk refuses, as errors that say what to do; work goes on by itself once there is room.

Nothing that was recorded is lost by any of them: what could not be recorded was never found.
"""

import errno
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from edge.errors import EdgeError


class DiskTrouble(EdgeError):
    """The disk did not take or give what it was asked to."""

    def __init__(self, path: Path, zh: str, en: str) -> None:
        super().__init__(f"磁盘故障（{path}）：{zh}", f"disk trouble ({path}): {en}")
        self.path = path


class DiskFull(DiskTrouble):
    """There is no room left."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path,
            "磁盘已满：请清理磁盘，或减小 [disk] evidence_mib；腾出空间后会自动继续",
            "it is full: clear it, or lower [disk] evidence_mib; work goes on by itself after that",
        )


class DiskReadOnly(DiskTrouble):
    """The disk takes nothing."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path,
            "磁盘只读或没有写权限：请检查挂载方式和文件夹权限",
            "it is read-only or not ours to write: check how it is mounted and who owns the folder",
        )


class DiskFaulty(DiskTrouble):
    """Reading or writing failed, or what was read is damaged."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path,
            "读写出错或文件损坏：请检查磁盘（dmesg、smartctl），必要时更换",
            "reading or writing failed, or the file is damaged: check the disk (dmesg, smartctl), "
            "replace it if need be",
        )


class DatabaseBusy(DiskTrouble):
    """Another process did not let go of the database in time."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path,
            "数据库一直被别的程序占用：请稍后再试，或结束多余的 xunhuan-edge",
            "another program holds the database: try again later, or end a second xunhuan-edge",
        )


_BY_ERRNO: Final[Mapping[int, type[DiskFull | DiskReadOnly | DiskFaulty]]] = {
    errno.ENOSPC: DiskFull,
    errno.EDQUOT: DiskFull,
    errno.EFBIG: DiskFull,
    errno.EROFS: DiskReadOnly,
    errno.EACCES: DiskReadOnly,
    errno.EPERM: DiskReadOnly,
    errno.EIO: DiskFaulty,
}
_BY_SQLITE: Final[Mapping[int, type[DiskFull | DiskReadOnly | DiskFaulty | DatabaseBusy]]] = {
    sqlite3.SQLITE_FULL: DiskFull,
    sqlite3.SQLITE_READONLY: DiskReadOnly,
    sqlite3.SQLITE_PERM: DiskReadOnly,
    sqlite3.SQLITE_CANTOPEN: DiskReadOnly,
    sqlite3.SQLITE_IOERR: DiskFaulty,
    sqlite3.SQLITE_CORRUPT: DiskFaulty,
    sqlite3.SQLITE_NOTADB: DiskFaulty,
    sqlite3.SQLITE_BUSY: DatabaseBusy,
    sqlite3.SQLITE_LOCKED: DatabaseBusy,
}
_PRIMARY: Final = 0xFF
"""The low byte of SQLite's extended result codes is the primary one."""


def sqlite_trouble(code: int | None, path: Path) -> DiskTrouble | None:
    """Give the error for a (maybe extended) result code of SQLite; None if it is not the disk's."""
    kind = None if code is None else _BY_SQLITE.get(code & _PRIMARY)
    return None if kind is None else kind(path)


@contextmanager
def named_troubles(path: Path) -> Iterator[None]:
    """Turn what the operating system says of a file into the errors above."""
    try:
        yield
    except OSError as error:
        kind = None if error.errno is None else _BY_ERRNO.get(error.errno)
        if kind is None:
            raise
        raise kind(path) from error
