"""The folder of evidence: redacted pictures, each under the hash of its bytes."""

import hashlib
import io
import os
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from PIL import Image, UnidentifiedImageError

from dispatch.missing import EvidenceMissing, EvidenceRefused
from dispatch.store.failpoint import pass_by

MAX_BYTES: Final = 25_000_000
MAX_PIXELS: Final = 50_000_000
MEDIA_TYPES: Final = {"JPEG": "image/jpeg", "WEBP": "image/webp"}
_NO_PICTURE: Final = (
    UnidentifiedImageError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
    OSError,
    ValueError,
)
_NAME: Final = re.compile(r"[0-9a-f]{64}")


class EvidenceFolder:
    """Pictures in a folder, `aa/bb/<sha256>`; each is whole or not there."""

    def __init__(self, root: Path, *, failpoint: Callable[[str], None] = pass_by) -> None:
        self._root, self._failpoint = root, failpoint

    def put(self, content: bytes, *, sha256: str) -> None:
        """Keep a picture durably; the same one again changes nothing.

        Raises:
            EvidenceRefused: the hash differs, or it is no JPEG or WebP of a sane size.
        """
        check_picture(content, sha256=sha256)
        place = self._place(sha256)
        if place.exists():
            # Whoever brought it may have died before the folder was synced.
            _sync_folder(place.parent)
            return
        self._make_folder(place.parent)
        # Named by the writer, so that two who bring the same picture do not meet.
        draft = place.with_name(f".{sha256}.{os.getpid()}.{id(content):x}.part")
        with draft.open("wb") as file:
            file.write(content)
            self._failpoint("evidence.after_write")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(place)
        self._failpoint("evidence.after_rename")
        _sync_folder(place.parent)

    def get(self, sha256: str) -> bytes:
        """Give a picture's bytes.

        Raises:
            EvidenceMissing: it is not there.
        """
        try:
            return self._place(sha256).read_bytes()
        except FileNotFoundError as error:
            raise EvidenceMissing(sha256) from error

    def size(self, sha256: str) -> int:
        """Give how many bytes a picture has.

        Raises:
            EvidenceMissing: it is not there.
        """
        try:
            return self._place(sha256).stat().st_size
        except FileNotFoundError as error:
            raise EvidenceMissing(sha256) from error

    def kept_at(self, sha256: str) -> datetime:
        """Give when a picture was kept, by the machine's clock; the end of time if it is not."""
        try:
            return datetime.fromtimestamp(self._place(sha256).stat().st_mtime, UTC)
        except FileNotFoundError:
            return datetime.max.replace(tzinfo=UTC)

    def holds(self, sha256: str) -> bool:
        """Say whether the picture is there."""
        return self._place(sha256).exists()

    def delete(self, sha256: str) -> None:
        """Remove a picture whose retention has ended; one that is not there is no error."""
        place = self._place(sha256)
        if place.exists():
            place.unlink(missing_ok=True)
            _sync_folder(place.parent)

    def names(self) -> Iterator[str]:
        """List the hashes of all pictures."""
        for file in self._root.glob("??/??/*"):
            if _NAME.fullmatch(file.name):
                yield file.name

    def _place(self, sha256: str) -> Path:
        if not _NAME.fullmatch(sha256):
            raise EvidenceMissing(sha256)
        return self._root / sha256[:2] / sha256[2:4] / sha256

    def _make_folder(self, folder: Path) -> None:
        if folder.exists():
            return
        folder.mkdir(parents=True, exist_ok=True)
        for made in (folder.parent, self._root):
            _sync_folder(made)


def check_picture(content: bytes, *, sha256: str) -> None:
    """Look at the hash and the header, without decoding a single pixel.

    Raises:
        EvidenceRefused: with what is wrong.
    """
    if len(content) > MAX_BYTES:
        raise EvidenceRefused(sha256, "超过 25 MB", "larger than 25 MB")
    if hashlib.sha256(content).hexdigest() != sha256:
        raise EvidenceRefused(sha256, "内容与校验值不符，请重传", "its bytes have another hash")
    try:
        with Image.open(io.BytesIO(content), formats=tuple(MEDIA_TYPES)) as picture:
            pixels = picture.width * picture.height
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError) as error:
        raise EvidenceRefused(
            sha256, "不是 JPEG 或 WebP 图片", "no JPEG or WebP picture"
        ) from error
    if pixels > MAX_PIXELS:
        raise EvidenceRefused(sha256, "超过 5000 万像素", "more than 50 megapixels")


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
