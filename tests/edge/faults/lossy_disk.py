"""A disk that loses power: what was written and not synced is lost, kept or torn, piece by piece.

Everything is written through to a real folder at once, as a page cache shows it, and noted down.
`cut` makes from the notes a folder as a restart may find it: bytes that were synced are there, any
others may be missing, or there in part (sectors of 512 bytes); names that a synced folder held are
there, any change to them since may be missing. Nothing but this is promised by POSIX.
"""

import errno
import os
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from edge.disk import named_troubles
from edge.files import OsFiles

SECTOR: Final = 512
Survival = Literal["nothing", "everything", "some"]


class PowerCut(BaseException):
    """The power is gone; nothing that the program still does has an effect."""


@dataclass(slots=True)
class _Bytes:
    """One file's bytes: those on the disk, and what was written since."""

    synced: bytearray = field(default_factory=bytearray)
    since: list[tuple[int, bytes | None]] = field(default_factory=list)

    def now(self) -> bytes:
        content = bytearray(self.synced)
        for offset, data in self.since:
            _apply(content, offset, data)
        return bytes(content)


@dataclass(slots=True)
class _Name:
    """A change of one folder's names that is not yet synced; `gone` loses its name by it."""

    folder: str
    name: str
    file: _Bytes | None
    is_folder: bool = False
    gone: str | None = None


def _apply(content: bytearray, offset: int, data: bytes | None) -> None:
    """Write data at an offset; None cuts the file off there."""
    if data is None:
        del content[offset:]
        content.extend(bytes(max(0, offset - len(content))))
        return
    content.extend(bytes(max(0, offset - len(content))))
    content[offset : offset + len(data)] = data


class LossyDisk:
    """A folder, and what of it the disk has for certain. Paths are relative to the folder.

    Args:
        steps_left: how many changes pass before the power goes; None is never.
    """

    def __init__(self, root: Path, *, steps_left: int | None = None) -> None:
        self.root, self.steps_left, self.steps = root, steps_left, 0
        self.dead = False
        self._refusal: tuple[int, int] | None = None
        self._names: dict[str, _Bytes | None] = {}
        self._lasting: dict[str, _Bytes | None] = {}
        self._changes: list[_Name] = []

    def relative(self, path: Path | str) -> str:
        """Give a path as the disk's notes name it."""
        return str(Path(path).relative_to(self.root))

    def step(self, *, takes_room: bool = True) -> None:
        """Pass one change; the power may go here, or the disk refuse.

        Raises:
            PowerCut: it did, now or before.
            OSError: the disk has refused since `refuse` said so, if only what takes room.
        """
        self.steps += 1
        if self._refusal is not None and (takes_room or self._refusal[1] != errno.ENOSPC):
            left, fault = self._refusal
            self._refusal = (left - 1, fault)
            if left <= 0:
                raise OSError(fault, os.strerror(fault))
        if not self.dead and self.steps_left is not None:
            self.steps_left -= 1
            self.dead = self.steps_left < 0
        if self.dead:
            raise PowerCut

    def refuse(self, fault: int | None, *, after: int = 0) -> None:
        """From some changes on answer every one with an error number; None takes all again."""
        self._refusal = None if fault is None else (after, fault)

    def open(self, name: str) -> None:
        """Note that a file is there, maybe new."""
        if name not in self._names:
            self._names[name] = file = _Bytes()
            self._changes.append(_Name(_folder(name), name, file))

    def write(self, name: str, offset: int, data: bytes) -> None:
        """Note a write."""
        file = self._names[name]
        assert file is not None
        file.since.append((offset, data))

    def truncate(self, name: str, size: int) -> None:
        """Note that a file was cut off."""
        file = self._names[name]
        assert file is not None
        file.since.append((size, None))

    def sync(self, name: str) -> None:
        """Note that a file's bytes are on the disk."""
        file = self._names[name]
        assert file is not None
        file.synced, file.since = bytearray(file.now()), []

    def make_folder(self, name: str) -> None:
        """Note a new folder."""
        if name not in self._names:
            self._names[name] = None
            self._changes.append(_Name(_folder(name), name, None, is_folder=True))

    def rename(self, name: str, to: str) -> None:
        """Note that a file has another name, at once or not at all."""
        file = self._names.pop(name)
        self._names[to] = file
        self._changes.append(_Name(_folder(to), to, file, gone=name))

    def remove(self, name: str) -> None:
        """Note that a file is gone."""
        if self._names.pop(name, None) is not None:
            self._changes.append(_Name(_folder(name), name, None, gone=name))

    def sync_folder(self, name: str) -> None:
        """Note that a folder's names are on the disk."""
        for change in [each for each in self._changes if each.folder == name]:
            _rename(self._lasting, change)
        self._changes = [each for each in self._changes if each.folder != name]

    def revive(self) -> None:
        """Go on after a kill: the machine kept its power, and with it all that was written."""
        self.dead, self.steps_left = False, None

    def cut(self, to: Path, *, survival: Survival, rng: random.Random) -> "LossyDisk":
        """Make the folder that a restart finds, and a disk of it on which all is synced."""
        names = dict(self._lasting)
        for change in self._changes:
            if _survives(survival, rng):
                _rename(names, change)
        after = LossyDisk(to)
        to.mkdir()
        for name in sorted(names):
            if any(str(above) not in names for above in Path(name).parents if str(above) != "."):
                continue
            file = names[name]
            if file is None:
                (to / name).mkdir()
                after._names[name] = after._lasting[name] = None
                continue
            content = _left_of(file, survival, rng)
            (to / name).write_bytes(content)
            after._names[name] = after._lasting[name] = _Bytes(bytearray(content))
        return after


def _folder(name: str) -> str:
    return str(Path(name).parent)


def _survives(survival: Survival, rng: random.Random) -> bool:
    return survival == "everything" or (survival == "some" and rng.random() < 0.5)


def _rename(names: dict[str, _Bytes | None], change: _Name) -> None:
    if change.gone is not None:
        names.pop(change.gone, None)
    if change.is_folder or change.file is not None:
        names[change.name] = change.file


def _left_of(file: _Bytes, survival: Survival, rng: random.Random) -> bytes:
    """Give a file's bytes after a cut: of what was not synced any subset, torn at sectors."""
    content = bytearray(file.synced)
    for offset, data in file.since:
        if _survives(survival, rng):
            torn = survival == "some" and rng.random() < 0.5
            _apply(content, offset, _torn(data, rng) if torn and data is not None else data)
    return bytes(content)


def _torn(data: bytes, rng: random.Random) -> bytes:
    return data[: SECTOR * rng.randrange(len(data) // SECTOR + 1)]


class LossyFiles:
    """Files on such a disk; what is really done is done by the operating system's."""

    def __init__(self, disk: LossyDisk) -> None:
        self._disk, self._real = disk, OsFiles()

    def make_folder(self, path: Path) -> None:
        """Make one folder."""
        self._step(path)
        path.mkdir(exist_ok=True)
        self._disk.make_folder(self._disk.relative(path))

    def write(self, path: Path, content: bytes) -> None:
        """Write a file anew and sync it; the power may go between these."""
        name = self._disk.relative(path)
        self._step(path)
        path.write_bytes(content)
        self._disk.open(name)
        self._disk.truncate(name, 0)
        self._disk.write(name, 0, content)
        self._step(path)
        self._disk.sync(name)

    def rename(self, path: Path, to: Path) -> None:
        """Give a file another name."""
        self._step(path)
        path.replace(to)
        self._disk.rename(self._disk.relative(path), self._disk.relative(to))

    def remove(self, path: Path) -> None:
        """Delete a file."""
        self._step(path, takes_room=False)
        path.unlink(missing_ok=True)
        self._disk.remove(self._disk.relative(path))

    def sync_folder(self, path: Path) -> None:
        """Make the names in a folder survive; what is above the disk has survived already."""
        if path.is_relative_to(self._disk.root):
            self._step(path, takes_room=False)
            self._disk.sync_folder(self._disk.relative(path))

    def _step(self, path: Path, *, takes_room: bool = True) -> None:
        with named_troubles(path):
            self._disk.step(takes_room=takes_room)
