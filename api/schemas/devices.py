"""What devices and the centre say to each other beside the wire's messages."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, JsonValue

from api.schemas.base import Shape, Words
from dispatch.devices.condition import Standing
from dispatch.devices.device import DeviceKind
from dispatch.wire import MAX_BATCH, CameraHealth, Level, Message


class Batch(Shape):
    """Messages of one device; each is judged by itself."""

    messages: Annotated[list[JsonValue], Field(max_length=MAX_BATCH)]


class SoundBatch(Shape):
    """The same, where every message is understood."""

    messages: Annotated[list[Message], Field(max_length=MAX_BATCH)]


class Enrolment(Shape):
    """A device's public key and the one-time code that lets it in."""

    code: Annotated[str, Field(min_length=8, max_length=100)]
    public_key: Annotated[str, Field(min_length=44, max_length=44)]
    name: Annotated[str, Field(min_length=1, max_length=80)] | None = None


class Enrolled(Shape):
    """The name under which the device signs from now on."""

    device: str
    centre_time: datetime
    model_keys: list[str]
    """Whose model packages the device shall believe, if it believes nobody's yet."""
    centre_key: str
    """Ed25519, base64: every answer to the device is signed by it."""


class InboxItem(Shape):
    """A photo that waits for the vision worker."""

    photo: str
    kind: str
    case: str
    label: str | None
    taken_at: datetime
    before_evidence: str | None
    against: list[str]
    """Other pictures that a photo of the work is to be held against, for it may be their copy."""


class EvidenceKept(Shape):
    """The receipt of a picture."""

    sha256: str


class EvidencePart(Shape):
    """How far a picture has come that is sent in parts."""

    sha256: str
    offset: int
    """Bytes that are kept, from the beginning: the next part begins here."""
    complete: bool
    """Whether the whole picture is kept for good."""


class ComplaintOut(Shape):
    """What is wrong with a device, and what to do."""

    code: str
    level: Level
    words: Words


class DeviceOut(Shape):
    """A device as those who watch over the patrols see it."""

    id: str
    name: str
    kind: DeviceKind
    kind_words: Words
    registered_at: datetime
    revoked_at: datetime | None
    standing: Standing
    standing_words: Words
    alarming: bool
    last_heard_at: datetime | None
    ok: bool | None
    complaints: list[ComplaintOut]
    version: str | None
    model: str | None
    running: str | None
    outbox_depth: int | None
    oldest_unsent_s: float | None
    disk_free_bytes: int | None
    fix_age_s: float | None
    temperature_c: float | None
    clock_offset_s: float | None
    cameras: list[CameraHealth]


class InvitationOrder(Shape):
    """A name for a device that is to be let in."""

    device: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{1,62}$")]
    name: Annotated[str, Field(min_length=1, max_length=80)]
    kind: DeviceKind = DeviceKind.VEHICLE


class InvitationOut(Shape):
    """The one-time code, shown once."""

    device: str
    code: str
    expires_at: datetime
