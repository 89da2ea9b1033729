"""The vision worker: look at the photos that people sent to the centre.

Each photo is redacted, looked at, compared with the picture of the problem before its handling,
and answered over the same wire as a `PhotoResult`. The unredacted photo stays in memory.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Annotated, Final

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from detect.detector import Detector
from dispatch.wire import PhotoResult, Sha256, message_id
from edge.delivery.away import CentreAway
from edge.delivery.centre import Centre
from edge.delivery.exchange import CentreRefuses
from edge.evidence.annotate import CannotRedact
from edge.evidence.compare import same_place
from edge.evidence.imprint import imprint_of
from edge.evidence.pictures import Picture, View, context_picture
from edge.evidence.redaction import PRIVATE_LABELS, Redactor, redactor_for
from edge.photo import PhotoRefused, check_picture
from edge.shipped import model_ref

INBOX_PATH: Final = "/api/v1/device/inbox"
EVIDENCE_PATH: Final = "/api/v1/device/evidence/"
AGAINST_MOST: Final = 16
"""An answer tells the imprints of so many pictures."""

Image = NDArray[np.uint8]


class Entry(BaseModel):
    """A photo that waits to be looked at."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    photo: Annotated[str, Field(pattern=r"^[0-9a-f-]{36}$")]
    kind: str
    label: str | None = None
    before_evidence: Sha256 | None = None
    against: tuple[Sha256, ...] = ()
    taken_at: AwareDatetime


_ENTRIES: Final = TypeAdapter(tuple[Entry, ...])


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What the worker made of a photo."""

    result: PhotoResult
    pictures: tuple[Picture, ...]


class VisionWorker:
    """Looks at photos with one model."""

    def __init__(self, detector: Detector, *, device: str) -> None:
        """Set up a worker.

        Raises:
            CannotRedact: the model does not know people and vehicles.
        """
        redactor = redactor_for(detector.manifest, ran=detector.precision)
        if redactor is None:
            raise CannotRedact(f"{detector.manifest.name} {detector.manifest.version}")
        self._redactor: Redactor = redactor
        self._detector, self._device = detector, device

    def result_id(self, entry: Entry) -> str:
        """Give the id of the answer to a photo: the same whenever it is looked at."""
        return message_id(entry.taken_at, self._device, "photo", entry.photo)

    def look(
        self,
        entry: Entry,
        content: bytes,
        *,
        before: bytes | None,
        at: datetime,
        against: Mapping[str, bytes] = MappingProxyType({}),
    ) -> Looked:
        """Look at one photo.

        Args:
            content: the photo as it was sent.
            before: the redacted picture of the problem before its handling, if there is one.
            against: other redacted pictures that it may be a copy of, by hash.
        """
        try:
            image = decode_upright(content, name=entry.photo)
        except PhotoRefused as refused:
            return Looked(result=self._unreadable(entry, str(refused), at), pictures=())
        detections = self._detector.detect(image)
        view = View(
            image=image,
            at=entry.taken_at,
            subject=None,
            private=self._redactor.private_boxes(detections),
        )
        picture = context_picture(view, redactor=self._redactor)
        seen = {label: 0.0 for label in self._detector.labels if label not in PRIVATE_LABELS}
        for row in range(len(detections)):
            label = detections.name_of(row)
            if label in seen:
                seen[label] = max(seen[label], round(float(detections.probability[row]), 4))
        old = None if before is None else _decoded_before(before)
        result = PhotoResult(
            id=self.result_id(entry),
            device=self._device,
            photo=entry.photo,
            looked_at=at,
            model=model_ref(self._detector.manifest, self._detector.precision),
            readable=True,
            seen=seen,
            same_place=None if old is None else same_place(old, image),
            evidence=(picture.evidence,),
            imprint=imprint_of(image),
            before_imprint=None if old is None else imprint_of(old),
            compared=_imprints_of(against),
        )
        return Looked(result=result, pictures=(picture,))

    def _unreadable(self, entry: Entry, why: str, at: datetime) -> PhotoResult:
        return PhotoResult(
            id=self.result_id(entry),
            device=self._device,
            photo=entry.photo,
            looked_at=at,
            model=model_ref(self._detector.manifest, self._detector.precision),
            readable=False,
            refused=why[:300],
        )


def waiting_photos(centre: Centre) -> tuple[Entry, ...]:
    """Ask the centre which photos wait.

    Raises:
        CentreAway: the centre does not answer, or not as a centre does.
        CentreRefuses: this device may not look at photos.
    """
    answer = centre.send("GET", INBOX_PATH)
    try:
        return _ENTRIES.validate_json(answer.content)
    except ValidationError as error:
        raise CentreAway("the inbox is not a list of photos") from error


def fetch_photo(centre: Centre, entry: Entry) -> bytes | None:
    """Get a photo as it was sent; None for one that another worker has looked at meanwhile."""
    return _kept(centre, f"{INBOX_PATH}/{entry.photo}")


def fetch_before(centre: Centre, entry: Entry) -> bytes | None:
    """Get the picture from before the handling; None where there is none any more."""
    if entry.before_evidence is None:
        return None
    return _kept(centre, EVIDENCE_PATH + entry.before_evidence)


def fetch_against(centre: Centre, entry: Entry) -> dict[str, bytes]:
    """Get the other pictures that a photo is to be held against; those there are no more are left.

    Raises:
        CentreAway, CentreRefuses: as for every question.
    """
    asked = entry.against[:AGAINST_MOST]
    found = {sha256: _kept(centre, EVIDENCE_PATH + sha256) for sha256 in asked}
    return {sha256: content for sha256, content in found.items() if content is not None}


def _imprints_of(pictures: Mapping[str, bytes]) -> dict[str, str]:
    """Give what each looks like; one that cannot be read or shows nothing is left out."""
    images = {sha256: _decoded_before(content) for sha256, content in pictures.items()}
    made = {sha256: imprint_of(image) for sha256, image in images.items() if image is not None}
    return {sha256: imprint for sha256, imprint in made.items() if imprint is not None}


def _kept(centre: Centre, path: str) -> bytes | None:
    try:
        return centre.send("GET", path).content
    except CentreRefuses as refused:
        if refused.status in {404, 410}:
            return None
        raise


def decode_upright(content: bytes, *, name: str) -> Image:
    """Decode a photo as a person holds it, after its size was checked.

    Raises:
        PhotoRefused: too large, cut off, or no picture.
    """
    path = PurePosixPath(name)
    check_picture(path, content)
    image = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
    if image is None:
        raise PhotoRefused(path, "解码失败", "its pixels cannot be decoded")
    return np.asarray(image, dtype=np.uint8)


def _decoded_before(before: bytes) -> Image | None:
    """Decode the picture from before the handling; one that cannot be read says nothing."""
    try:
        return decode_upright(before, name="before")
    except PhotoRefused:
        return None
