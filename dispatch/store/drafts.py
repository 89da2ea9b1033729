"""Pictures that arrive in parts: kept until they are whole, bounded, and forgotten when stale.

Each device has a folder of its own, so that none can spoil what another began. Parts are not
synced: what a power cut takes or tears is found out by the hash at the end, and sent again.
"""

import fcntl
import hashlib
import os
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

from dispatch.missing import EvidenceRefused, UploadOutOfStep
from dispatch.store.evidence import MAX_BYTES

ROOM_BYTES: Final = 2 * MAX_BYTES
"""What one device may leave unfinished; beyond it, what it touched longest ago goes."""
_DEVICE: Final = re.compile(r"[a-z0-9-]{2,63}")
_NAME: Final = re.compile(r"[0-9a-f]{64}")


class Drafts:
    """Unfinished pictures in a folder, `<device>/<sha256>`; how long a file is says how far."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def kept(self, device: str, sha256: str) -> int:
        """Give how many bytes of a picture are kept, from its beginning."""
        try:
            return self._place(device, sha256).stat().st_size
        except FileNotFoundError:
            return 0

    def append(
        self, device: str, sha256: str, part: bytes, *, offset: int, length: int, at: datetime
    ) -> int:
        """Add a part where the last one ended; give how many bytes are kept now.

        Args:
            offset: where the part begins, bytes.
            length: of the whole picture, bytes.

        Raises:
            UploadOutOfStep: another number of bytes is kept; the sender goes on from there.
            EvidenceRefused: the picture is too large, or the part reaches beyond its end.
        """
        if length > MAX_BYTES:
            raise EvidenceRefused(sha256, "超过 25 MB", "larger than 25 MB")
        if offset + len(part) > length:
            raise EvidenceRefused(sha256, "分段超出总长", "a part reaches beyond its end")
        place = self._place(device, sha256)
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("ab") as file:
            # The part that is thought lost may still be on its way in.
            fcntl.flock(file, fcntl.LOCK_EX)
            _append(file, part, sha256=sha256, offset=offset)
        os.utime(place, (at.timestamp(), at.timestamp()))
        self._make_room(place)
        return offset + len(part)

    def whole(self, device: str, sha256: str) -> bytes:
        """Give a picture all of whose parts are there.

        Raises:
            UploadOutOfStep: its bytes are not those of its hash; it is forgotten and begins anew.
        """
        try:
            content = self._place(device, sha256).read_bytes()
        except FileNotFoundError:
            content = b""
        if hashlib.sha256(content).hexdigest() != sha256:
            self.drop(device, sha256)
            raise UploadOutOfStep(sha256, kept=0)
        return content

    def drop(self, device: str, sha256: str) -> None:
        """Forget what is kept of a picture; nothing kept is no fault."""
        self._place(device, sha256).unlink(missing_ok=True)

    def expire(self, *, before: datetime) -> int:
        """Forget what was not added to since a time; give how many."""
        gone = 0
        for file in self._root.glob("*/*"):
            if _touched(file) < before.timestamp():
                file.unlink(missing_ok=True)
                gone += 1
        return gone

    def _make_room(self, newest: Path) -> None:
        others = sorted((file for file in newest.parent.iterdir() if file != newest), key=_touched)
        excess = sum(_sizes([*others, newest])) - ROOM_BYTES
        for file in others:
            if excess <= 0:
                return
            excess -= sum(_sizes([file]))
            file.unlink(missing_ok=True)

    def _place(self, device: str, sha256: str) -> Path:
        if not _DEVICE.fullmatch(device) or not _NAME.fullmatch(sha256):
            raise EvidenceRefused(sha256, "不是图片的校验值", "this is not the hash of a picture")
        return self._root / device / sha256


def _append(file: BinaryIO, part: bytes, *, sha256: str, offset: int) -> None:
    kept = os.fstat(file.fileno()).st_size
    if kept != offset:
        raise UploadOutOfStep(sha256, kept=kept)
    file.write(part)


def _touched(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except FileNotFoundError:
        return float("inf")


def _sizes(files: list[Path]) -> Iterator[int]:
    for file in files:
        try:
            yield file.stat().st_size
        except FileNotFoundError:
            continue
