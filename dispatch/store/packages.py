"""The folder of model packages: files by their hash, and what was decided about them.

They are few, changed by an administrator now and then, and read by every process that shares the
data folder; so they lie in files, each written whole or not at all, changed by one at a time.
"""

import fcntl
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter

from dispatch.devices.rollout import Registered, Rollout
from dispatch.missing import PackageMissing

_REGISTERED: Final = TypeAdapter(dict[str, Registered])
_ROLLOUTS: Final = TypeAdapter(dict[str, Rollout])
_NAME: Final = re.compile(r"[0-9a-f]{64}")


class PackageFolder:
    """Model packages and their rollouts."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @property
    def models(self) -> Path:
        """The folder of unpacked models, each in a folder of its own."""
        return self._root / "models"

    def registered(self) -> dict[str, Registered]:
        """Give the packages, by their hash."""
        path = self._root / "packages.json"
        return _REGISTERED.validate_json(path.read_bytes()) if path.is_file() else {}

    def rollouts(self) -> dict[str, Rollout]:
        """Give the rollouts, by the hash of their package."""
        path = self._root / "rollouts.json"
        return _ROLLOUTS.validate_json(path.read_bytes()) if path.is_file() else {}

    def add(
        self, package: Registered, content: bytes, *, check: Callable[[dict[str, Registered]], None]
    ) -> None:
        """Keep a package; the same one again changes nothing.

        Args:
            check: sees what is there already, and raises where the package may not join it.
        """
        with self._alone():
            known = self.registered()
            if package.sha256 in known:
                return
            check(known)
            _write(self._root / f"{package.sha256}.xhm", content)
            known[package.sha256] = package
            _write(self._root / "packages.json", _REGISTERED.dump_json(known, indent=1))

    def decide(self, rollout: Rollout) -> None:
        """Keep what was decided of a package.

        Raises:
            PackageMissing: it is not registered.
        """
        with self._alone():
            if rollout.sha256 not in self.registered():
                raise PackageMissing(rollout.sha256)
            decided = self.rollouts() | {rollout.sha256: rollout}
            _write(self._root / "rollouts.json", _ROLLOUTS.dump_json(decided, indent=1))

    def piece(self, sha256: str, *, offset: int, length: int) -> bytes:
        """Give a part of a package's file; empty beyond its end.

        Raises:
            PackageMissing: it is not there.
        """
        if not _NAME.fullmatch(sha256) or not (path := self._root / f"{sha256}.xhm").is_file():
            raise PackageMissing(sha256)
        with path.open("rb") as file:
            file.seek(offset)
            return file.read(length)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let nobody else change the folder meanwhile, in this process or another."""
        self._root.mkdir(parents=True, exist_ok=True)
        handle = os.open(self._root / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def _write(path: Path, content: bytes) -> None:
    draft = path.with_name(f".{path.name}.part")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    handle = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
