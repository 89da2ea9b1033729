"""Pictures of a finding: near crop and context frame, redacted, hashed, kept on disk.

A picture is named by the SHA-256 of its bytes and lies at aa/bb/<hash>.jpg. It reaches that name
only whole and synced: temporary file, fsync, rename, fsync of the folder. Pixels are encoded anew,
so nothing of a photo's EXIF survives. The subject's box is stated, not burned in.
"""

import hashlib
from collections.abc import Container, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from dispatch.wire import Evidence, EvidenceKind
from edge.errors import EdgeError
from edge.evidence.redaction import Box, PrivateBox, Redactor
from edge.failpoints import UNARMED, Failpoints
from edge.files import Files, OsFiles, make_lasting_folder

NEAR_SIDE_PX: Final = 640
CONTEXT_WIDTH_PX: Final = 1280
NEAR_MARGIN: Final = 0.5
"""Share of the subject's longer side that the near crop shows around it."""
NEAR_MIN_PX: Final = 160
JPEG_QUALITY: Final = 85

Image = NDArray[np.uint8]


class EvidenceGone(EdgeError):
    """A picture that the outbox names is missing or damaged on disk."""

    def __init__(self, sha256: str, zh: str, en: str) -> None:
        super().__init__(f"证据图片 {sha256[:12]} {zh}", f"evidence {sha256[:12]} {en}")
        self.sha256 = sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One frame as a subject is shown in it.

    Attributes:
        image: (H, W, 3) uint8, not redacted; it stays in memory.
        subject: the subject's box, or None where the whole picture is the subject.
        covered: whether the subject itself belongs to somebody and is made unrecognisable.
    """

    image: Image
    at: datetime
    subject: Box | None
    private: tuple[PrivateBox, ...]
    covered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A redacted, encoded picture with its description."""

    evidence: Evidence
    jpeg: bytes


def near_picture(view: View, *, redactor: Redactor) -> Picture:
    """Crop a view around its subject."""
    height, width = view.image.shape[:2]
    left, top, right, bottom = view.subject or (0.0, 0.0, float(width), float(height))
    half = max(right - left, bottom - top, NEAR_MIN_PX / (1 + 2 * NEAR_MARGIN)) * (
        0.5 + NEAR_MARGIN
    )
    centre_x, centre_y = (left + right) / 2, (top + bottom) / 2
    window = (
        max(0, int(centre_x - half)),
        max(0, int(centre_y - half)),
        min(width, int(np.ceil(centre_x + half))),
        min(height, int(np.ceil(centre_y + half))),
    )
    return _picture(view, window, NEAR_SIDE_PX, kind=EvidenceKind.NEAR, redactor=redactor)


def context_picture(view: View, *, redactor: Redactor) -> Picture:
    """Show a subject in its whole frame."""
    height, width = view.image.shape[:2]
    return _picture(
        view,
        (0, 0, width, height),
        CONTEXT_WIDTH_PX,
        kind=EvidenceKind.CONTEXT,
        redactor=redactor,
    )


class EvidenceStore:
    """The folder of pictures."""

    def __init__(
        self, folder: Path, *, files: Files | None = None, failpoints: Failpoints = UNARMED
    ) -> None:
        self.folder = folder
        self._files: Files = files or OsFiles()
        self._failpoints = failpoints
        self._lasting: set[str] = set()
        make_lasting_folder(self._files, folder)

    def path(self, sha256: str) -> Path:
        """Give where a picture lies, or would."""
        return self.folder / sha256[:2] / sha256[2:4] / f"{sha256}.jpg"

    def write(self, picture: Picture) -> None:
        """Put a picture on disk so that a power cut cannot take it back.

        One that lies there already is not written again, but its name is synced all the same: who
        wrote it may have been killed before that.

        Raises:
            DiskTrouble: the disk does not take it.
        """
        path = self.path(picture.evidence.sha256)
        self._make_shelf(path.parent)
        if not (path.is_file() and path.read_bytes() == picture.jpeg):
            beside = path.with_suffix(".tmp")
            self._files.write(beside, picture.jpeg)
            self._failpoints.passing("evidence.after_write")
            self._files.rename(beside, path)
            self._failpoints.passing("evidence.after_rename")
        self._files.sync_folder(path.parent)

    def read(self, sha256: str) -> bytes:
        """Read a picture and check that it is whole.

        Raises:
            EvidenceGone: it is missing, or its bytes are not those that were hashed.
        """
        try:
            content = self.path(sha256).read_bytes()
        except FileNotFoundError as error:
            raise EvidenceGone(sha256, "不在磁盘上", "is not on disk") from error
        if hashlib.sha256(content).hexdigest() != sha256:
            raise EvidenceGone(sha256, "在磁盘上已损坏", "is damaged on disk")
        return content

    def remove(self, sha256: str) -> None:
        """Delete a picture; one that is gone already is no fault."""
        self._files.remove(self.path(sha256))

    def names(self) -> Iterator[str]:
        """Give the hashes of all pictures on disk, in order."""
        for path in sorted(self.folder.glob("*/*/*.jpg")):
            yield path.stem

    def clear_strays(self, known: Container[str]) -> int:
        """Delete what is half written, and pictures that nobody knows; give how many files."""
        drafts = sorted(self.folder.glob("*/*/*.tmp"))
        strays = [path for path in self.folder.glob("*/*/*.jpg") if path.stem not in known]
        for path in (*drafts, *strays):
            self._files.remove(path)
        return len(drafts) + len(strays)

    def _make_shelf(self, shelf: Path) -> None:
        """Make a picture's folder last, also one whose maker was killed before it was synced."""
        name = shelf.parent.name + shelf.name
        if name in self._lasting:
            return
        for folder in (self.folder, shelf.parent, shelf):
            self._files.make_folder(folder)
            self._files.sync_folder(folder.parent)
        self._lasting.add(name)


def _picture(
    view: View,
    window: tuple[int, int, int, int],
    longest_px: int,
    *,
    kind: EvidenceKind,
    redactor: Redactor,
) -> Picture:
    left, top, right, bottom = window
    scale = min(1.0, longest_px / max(right - left, bottom - top))
    image = view.image[top:bottom, left:right]
    if scale < 1.0:
        size = (round((right - left) * scale), round((bottom - top) * scale))
        image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    subject = None if view.subject is None else _moved(view.subject, left, top, scale)
    boxes = [replace(box, xyxy=_moved(box.xyxy, left, top, scale)) for box in view.private]
    shown = None if view.covered else subject
    redacted, record = redactor.redact(image, boxes, subject=shown)
    jpeg = encode_jpeg(redacted)
    evidence = Evidence(
        sha256=hashlib.sha256(jpeg).hexdigest(),
        kind=kind,
        media_type="image/jpeg",
        size_bytes=len(jpeg),
        width_px=redacted.shape[1],
        height_px=redacted.shape[0],
        box_xyxy_px=None if subject is None else _rounded(subject),
        taken_at=view.at,
        redaction=record,
    )
    return Picture(evidence=evidence, jpeg=jpeg)


def encode_jpeg(image: Image, *, quality: int = JPEG_QUALITY) -> bytes:
    """Encode a picture as a JPEG that holds nothing but its pixels.

    Args:
        image: (H, W, 3) uint8, blue-green-red, not empty.
    """
    done, encoded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert done, "OpenCV encodes any 8-bit picture that is not empty"
    return encoded.tobytes()


def _moved(box: Box, left: float, top: float, scale: float) -> Box:
    x0, y0, x1, y1 = box
    return ((x0 - left) * scale, (y0 - top) * scale, (x1 - left) * scale, (y1 - top) * scale)


def _rounded(box: Box) -> Box:
    x0, y0, x1, y1 = (round(value, 1) for value in box)
    return (x0, y0, x1, y1)
