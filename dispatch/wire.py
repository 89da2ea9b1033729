"""The vocabulary that devices and the centre share: Finding, Sweep, PhotoResult, Heartbeat.

Owned by the receiver. Standard library and pydantic only, so that a device needs nothing of the
centre but this module. Every message is frozen, validated when made, and refuses unknown fields.
World frame of positions: WGS 84; covariances are of the local east-north plane, in square metres.
Pixels per metre are of the picture as the model saw it (after scaling to its input), so that a
size in metres and the model card's recall by size in pixels can be set against each other.
"""

import base64
import binascii
import hashlib
import math
import zlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Final, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    model_validator,
)

WIRE_VERSION: Final = 1
MAX_BATCH: Final = 500
EARLIEST: Final = datetime(2010, 1, 1, tzinfo=UTC)
"""Before any device of this kind; a clock that was never set says 1970, 1980 or 2000."""


def _to_utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a time on the wire names its offset, for example 2026-11-21T08:00:00Z")
    at = at.astimezone(UTC)
    if at < EARLIEST:
        raise ValueError(f"{at.isoformat()} lies before {EARLIEST.date()}: the clock was not set")
    return at


LABEL_PATTERN: Final = r"^[a-z]+(?:_[a-z]+)*\.[a-z0-9]+(?:_[a-z0-9]+)*$"
Label = Annotated[str, StringConstraints(pattern=LABEL_PATTERN, max_length=64)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
MessageId = Annotated[
    str,
    StringConstraints(
        pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"
    ),
]
DeviceId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{1,62}$")]
PassId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.:-]{1,94}$")]
Instant = Annotated[datetime, AfterValidator(_to_utc)]
Share = Annotated[float, Field(ge=0.0, le=1.0, allow_inf_nan=False)]
Metres = Annotated[float, Field(ge=0.0, le=1e5, allow_inf_nan=False)]


class Wire(BaseModel):
    """A frozen message part that refuses fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_max_length=100_000)


def _is_empty(value: object) -> bool:
    return not value


def _is_none(value: object) -> bool:
    return value is None


class Platform(StrEnum):
    """What carried the camera."""

    VEHICLE = "vehicle"
    DRONE = "drone"
    PHONE = "phone"


class Light(StrEnum):
    """The light in which a frame was taken."""

    DAY = "day"
    DIM = "dim"
    NIGHT = "night"


class Covariance(Wire):
    """A 2x2 covariance in the local east-north plane, m²; positive definite."""

    ee: Annotated[float, Field(gt=0.0, le=1e8, allow_inf_nan=False)]
    en: Annotated[float, Field(ge=-1e8, le=1e8, allow_inf_nan=False)]
    nn: Annotated[float, Field(gt=0.0, le=1e8, allow_inf_nan=False)]

    @model_validator(mode="after")
    def _is_positive_definite(self) -> Self:
        if self.ee * self.nn - self.en * self.en <= 0.0:
            raise ValueError("the covariance is not positive definite")
        return self


# Radius of 90 % of a plane normal error in units of its larger standard error, for ratios 0,
# 0.1 … 1 of the smaller to the larger; the quantile of x² + (r y)², by integration.
_CE90_RADIUS: Final = (
    1.6449,
    1.6479,
    1.6573,
    1.6738,
    1.6992,
    1.7371,
    1.7915,
    1.8625,
    1.9472,
    2.0424,
    2.1460,
)
ACCURACY_M: Final = (("A", 0.5), ("B", 1.0), ("C", 10.0))
"""Classes of positional accuracy of city components: the error in metres that each allows."""


def ce90(ee: float, en: float, nn: float) -> float:
    """Give the radius of the 90 % circle of an east-north covariance, m² to metres."""
    half, apart = (ee + nn) / 2.0, math.hypot((ee - nn) / 2.0, en)
    large, small = math.sqrt(max(half + apart, 0.0)), math.sqrt(max(half - apart, 0.0))
    if large == 0.0:
        return 0.0
    steps = len(_CE90_RADIUS) - 1
    at = min(small / large, 1.0) * steps
    low = min(int(at), steps - 1)
    return large * (_CE90_RADIUS[low] + (at - low) * (_CE90_RADIUS[low + 1] - _CE90_RADIUS[low]))


def accuracy_class(ce90_m: float) -> str | None:
    """Give the class A, B or C of a place by its CE90; None beyond the last."""
    return next((name for name, limit_m in ACCURACY_M if ce90_m <= limit_m), None)


class Position(Wire):
    """Where something lies, with its error split into what the pass shares and what is its own.

    The shared part (GNSS bias, boresight) is common to every finding of one pass and cancels
    between two of them; the own part (pixel, range, attitude noise) does not.
    """

    latitude: Annotated[float, Field(ge=-90.0, le=90.0, allow_inf_nan=False)]
    longitude: Annotated[float, Field(ge=-180.0, le=180.0, allow_inf_nan=False)]
    height_hae_m: Annotated[float, Field(ge=-500.0, le=9000.0, allow_inf_nan=False)] | None = None
    shared: Covariance
    own: Covariance

    @property
    def ce90_m(self) -> float:
        """Give the radius that holds the true place in 90 of 100 cases, metres."""
        shared, own = self.shared, self.own
        return ce90(shared.ee + own.ee, shared.en + own.en, shared.nn + own.nn)

    @property
    def accuracy(self) -> str | None:
        """Give the best class of positional accuracy that CE90 reaches; None where none."""
        return accuracy_class(self.ce90_m)

    @model_validator(mode="after")
    def _is_a_place(self) -> Self:
        if self.latitude == 0.0 and self.longitude == 0.0:
            raise ValueError("latitude 0, longitude 0 is what a receiver says that has no fix")
        return self


class Quantity(StrEnum):
    """What a measure is of."""

    AREA_M2 = "area_m2"
    LENGTH_M = "length_m"
    """The longer side of what lies there, or the way along a crack."""
    WIDTH_M = "width_m"
    DEPTH_M = "depth_m"
    STEP_M = "step_m"
    """How far one edge stands above the other: of a cover and the road around it, say."""


class Method(StrEnum):
    """What of a picture a size was taken from."""

    BOX = "box"
    """The ground that the model's box encloses, and how much of such ground its class fills."""
    FOOTPRINT = "footprint"
    """The near edge of what stands, and how deep such things are."""


class Measure(Wire):
    """A size of the subject on the ground, with its standard error.

    `of_shape` is the part of that error which every look at the same thing shares, because its
    shape is not known: it does not grow less with more passes.
    """

    quantity: Quantity
    value: Annotated[float, Field(ge=0.0, le=1e6, allow_inf_nan=False)]
    sigma: Annotated[float, Field(gt=0.0, le=1e6, allow_inf_nan=False)]
    # Left out where there is none: a measure that has none keeps the bytes it always had.
    of_shape: Annotated[
        Annotated[float, Field(ge=0.0, le=1e6, allow_inf_nan=False)] | None,
        Field(exclude_if=_is_none),
    ] = None
    method: Annotated[Method | None, Field(exclude_if=_is_none)] = None

    @model_validator(mode="after")
    def _holds_its_parts(self) -> Self:
        if self.of_shape is not None and self.of_shape > self.sigma:
            raise ValueError("of_shape is a part of sigma and cannot exceed it")
        return self


class Unseen(StrEnum):
    """Why a size cannot be told from a picture."""

    ONE_CAMERA = "one_camera"
    """One camera sees no heights and depths of what lies in the road."""
    FINER_THAN_PIXELS = "finer_than_pixels"
    CUT_OFF = "cut_off"
    """The border of the picture cuts it, or it is too small or too near the horizon."""
    NO_PLACE = "no_place"
    """Where it lies is not known, so neither is its scale."""


class NotObservable(Wire):
    """A size of the subject that the device cannot tell, and why."""

    quantity: Quantity
    reason: Unseen


class ModelRef(Wire):
    """The model that saw, by name, version and the hash of its file."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
    version: Annotated[str, StringConstraints(pattern=r"^[0-9]+\.[0-9]+\.[0-9]+$")]
    sha256: Sha256


class RegionKind(StrEnum):
    """What a part of a picture shows that was made unrecognisable."""

    FACE = "face"
    PLATE = "plate"
    PERSON = "person"
    TWO_WHEELER = "two_wheeler"
    VEHICLE = "vehicle"


class Redaction(Wire):
    """What was made unrecognisable in a picture before it was written anywhere.

    `kinds` counts the regions by what they show, and `models` names every model whose boxes were
    used; devices of earlier versions leave both out.
    """

    method: Literal["pixelate"]
    by: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    regions: Annotated[int, Field(ge=0, le=10_000)]
    kinds: Annotated[
        dict[RegionKind, Annotated[int, Field(gt=0, le=10_000)]] | None,
        Field(exclude_if=_is_none),
    ] = None
    models: Annotated[tuple[ModelRef, ...], Field(max_length=8, exclude_if=_is_empty)] = ()

    @model_validator(mode="after")
    def _counts_every_region(self) -> Self:
        if self.kinds is not None and sum(self.kinds.values()) != self.regions:
            raise ValueError("kinds must add up to regions")
        return self


class EvidenceKind(StrEnum):
    """What a picture shows of the subject."""

    NEAR = "near"
    CONTEXT = "context"


class Evidence(Wire):
    """A redacted picture, named by the hash of its bytes; the bytes travel apart."""

    sha256: Sha256
    kind: EvidenceKind
    media_type: Literal["image/jpeg", "image/webp"]
    size_bytes: Annotated[int, Field(gt=0, le=25_000_000)]
    width_px: Annotated[int, Field(gt=0, le=20_000)]
    height_px: Annotated[int, Field(gt=0, le=20_000)]
    box_xyxy_px: tuple[float, float, float, float] | None = None
    taken_at: Instant
    redaction: Redaction


class Stay(Wire):
    """How long a thing that can drive away stood, as one pass saw it, and how it looks from afar.

    Height and a coarse colour tell two vehicles apart that stood in one place, and no more: they
    name neither the vehicle nor its driver, and there is no plate here.
    """

    seconds: Annotated[float, Field(ge=0.0, le=86_400.0, allow_inf_nan=False)]
    moved_m: Metres
    moved_sigma_m: Annotated[float, Field(gt=0.0, le=1e5, allow_inf_nan=False)]
    height: Measure | None = None
    colour: tuple[Share, Share, Share] | None = None
    """Mean red, green and blue of its middle."""


class _Message(Wire):
    v: Literal[1] = WIRE_VERSION
    id: MessageId
    device: DeviceId
    revision: Annotated[int, Field(ge=0, le=1_000_000)] = 0


class Finding(_Message):
    """One problem as one device saw it on one pass (发现)."""

    kind: Literal["finding"] = "finding"
    pass_id: PassId
    platform: Platform
    rendered: bool = False
    captured_at: Instant
    first_seen_at: Instant
    last_seen_at: Instant
    label: Label
    score: Share
    threshold: Share
    probabilities: Annotated[dict[Label, Share], Field(min_length=1, max_length=64)]
    frames_seen: Annotated[int, Field(ge=1, le=1_000_000)]
    frames_offered: Annotated[int, Field(ge=1, le=1_000_000)]
    position: Position | None
    position_refused: Annotated[str, StringConstraints(min_length=1, max_length=300)] | None = None
    measure: Measure | None = None
    pixels_per_metre: Annotated[float, Field(gt=0.0, le=1e5, allow_inf_nan=False)] | None = None
    light: Light
    model: ModelRef
    evidence: Annotated[tuple[Evidence, ...], Field(max_length=8)]
    # Left out where there is none: a finding that has none keeps the bytes it always had.
    stay: Annotated[Stay | None, Field(exclude_if=_is_none)] = None
    position_note: Annotated[
        Annotated[str, StringConstraints(min_length=1, max_length=300)] | None,
        Field(exclude_if=_is_none),
    ] = None
    also_measured: Annotated[tuple[Measure, ...], Field(max_length=4, exclude_if=_is_empty)] = ()
    not_observable: Annotated[
        tuple[NotObservable, ...], Field(max_length=8, exclude_if=_is_empty)
    ] = ()

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        if (self.position is None) == (self.position_refused is None):
            raise ValueError("a finding has a position or says why it has none")
        if not self.first_seen_at <= self.captured_at <= self.last_seen_at:
            raise ValueError("captured_at lies between first_seen_at and last_seen_at")
        if self.frames_seen > self.frames_offered:
            raise ValueError("frames_seen cannot exceed frames_offered")
        if self.label not in self.probabilities:
            raise ValueError(f"probabilities do not name the label {self.label}")
        return self


class Inspected(Wire):
    """Ground that one class group's problems of filing size would have been visible on.

    `cells` packs H3 cells of `resolution`, ascending (`pack_cells`); `pixels_per_metre` holds the
    best view of each cell in the same order (`pack_bytes`, a quarter-octave scale: see `pack_ppm`).
    """

    labels: Annotated[tuple[Label, ...], Field(min_length=1, max_length=64)]
    resolution: Annotated[int, Field(ge=11, le=15)]
    cells: str
    pixels_per_metre: str
    quality: Share
    light: Light

    @model_validator(mode="after")
    def _unpacks(self) -> Self:
        if len(unpack_cells(self.cells)) != len(unpack_ppm(self.pixels_per_metre)):
            raise ValueError("pixels_per_metre does not have one value for each cell")
        return self


class NotInspected(StrEnum):
    """Why ground within reach of the camera does not count as inspected."""

    OCCLUDED = "occluded"
    TOO_FAR = "too_far"
    DARK = "dark"
    BLURRED = "blurred"
    VEILED = "veiled"
    """By dirt or drops on the lens, or by the carrier itself."""


class Hidden(Wire):
    """Ground that lay in view but was not inspected, and why."""

    reason: NotInspected
    resolution: Annotated[int, Field(ge=11, le=15)]
    cells: str

    @model_validator(mode="after")
    def _unpacks(self) -> Self:
        unpack_cells(self.cells)
        return self


class Sweep(_Message):
    """The ground that one stretch (at most a minute) of a pass truly inspected (巡检覆盖)."""

    kind: Literal["sweep"] = "sweep"
    pass_id: PassId
    platform: Platform
    rendered: bool = False
    stretch: Annotated[int, Field(ge=0, le=100_000)]
    started_at: Instant
    ended_at: Instant
    distance_m: Metres
    frames: Annotated[int, Field(ge=0, le=1_000_000)]
    frame_distance_m: Metres
    position_sigma_m: Metres
    model: ModelRef
    inspected: Annotated[tuple[Inspected, ...], Field(max_length=16)]
    hidden: Annotated[tuple[Hidden, ...], Field(max_length=8)] = ()
    last: bool = False
    # How densely the way was looked at: between one usable frame and the next. An older device
    # does not say, and a stretch with one usable frame has no gap.
    frame_gap_median_m: Annotated[Metres | None, Field(exclude_if=_is_none)] = None
    frame_gap_most_m: Annotated[Metres | None, Field(exclude_if=_is_none)] = None
    frames_left_out: Annotated[int | None, Field(ge=0, le=10_000_000, exclude_if=_is_none)] = None

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if not self.started_at <= self.ended_at <= self.started_at + timedelta(hours=1):
            raise ValueError("a sweep ends after it starts and lasts at most an hour")
        return self

    @model_validator(mode="after")
    def _gaps_agree(self) -> Self:
        median, most = self.frame_gap_median_m, self.frame_gap_most_m
        if (median is None) != (most is None):
            raise ValueError("a sweep tells both the usual and the largest gap, or neither")
        if median is not None and most is not None and median > most:
            raise ValueError("the usual gap between frames cannot exceed the largest")
        return self


class PhotoResult(_Message):
    """What the vision worker made of a photo that a person took: redacted, looked at, compared."""

    kind: Literal["photo_result"] = "photo_result"
    photo: Annotated[str, StringConstraints(pattern=r"^[0-9a-f-]{36}$")]
    looked_at: Instant
    model: ModelRef
    readable: bool
    refused: Annotated[str, StringConstraints(min_length=1, max_length=300)] | None = None
    seen: Annotated[dict[Label, Share], Field(max_length=64)] = {}
    same_place: Share | None = None
    evidence: Annotated[tuple[Evidence, ...], Field(max_length=2)] = ()

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        if self.readable == (self.refused is not None):
            raise ValueError("a photo is readable or says why it is not")
        if self.readable and not self.evidence:
            raise ValueError("a readable photo comes back redacted, as evidence")
        return self


class Level(StrEnum):
    """How bad a complaint is."""

    WARN = "warn"
    """The device works, and somebody should see to it."""
    FAIL = "fail"
    """The device does not inspect, or what it finds does not arrive."""


ShortName = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Sentence = Annotated[str, StringConstraints(min_length=1, max_length=300)]
Rate = Annotated[float, Field(ge=0.0, le=1000.0, allow_inf_nan=False)]
Age = Annotated[float, Field(ge=0.0, allow_inf_nan=False)]


class Complaint(Wire):
    """One thing that is not well with a device: a stable code, and words that say what to do."""

    code: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    level: Level
    zh: Sentence
    en: Sentence


class Running(Wire):
    """How a device's model really runs, after what its machine could not do was passed over."""

    precision: ShortName
    provider: ShortName


class CameraHealth(Wire):
    """How one camera of a device is; rates are frames a second over the last while."""

    name: ShortName
    frame_age_s: Age | None = None
    camera_fps: Rate
    process_fps: Rate
    skipped_fps: Rate
    reconnects: Annotated[int, Field(ge=0)] = 0
    veil_share: Share | None = None
    """Of what the camera sees of the street, the share that dirt or drops hide."""


class Heartbeat(_Message):
    """How a device is."""

    kind: Literal["heartbeat"] = "heartbeat"
    at: Instant
    version: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    model: ModelRef | None = None
    pass_id: PassId | None = None
    outbox_depth: Annotated[int, Field(ge=0)]
    oldest_unsent_s: Annotated[float, Field(ge=0.0, allow_inf_nan=False)]
    disk_free_bytes: Annotated[int, Field(ge=0)]
    fix_age_s: Annotated[float, Field(ge=0.0, allow_inf_nan=False)] | None = None
    ok: bool
    complaints: Annotated[tuple[str, ...], Field(max_length=20)] = ()
    # Left out where nothing is known, so that what older devices sent keeps its bytes.
    reasons: Annotated[tuple[Complaint, ...], Field(max_length=20, exclude_if=_is_empty)] = ()
    running: Annotated[Running | None, Field(exclude_if=_is_none)] = None
    cameras: Annotated[tuple[CameraHealth, ...], Field(max_length=8, exclude_if=_is_empty)] = ()
    temperature_c: Annotated[
        Annotated[float, Field(ge=-60.0, le=150.0, allow_inf_nan=False)] | None,
        Field(exclude_if=_is_none),
    ] = None
    clock_offset_s: Annotated[
        Annotated[float, Field(allow_inf_nan=False)] | None, Field(exclude_if=_is_none)
    ] = None
    """The centre's clock minus the device's, seconds."""


PERSON: Final = "traffic.person"
"""Seen only so that people can be made unrecognisable; nothing may be asked about them."""
MOVABLE: Final = frozenset({"traffic.vehicle", "traffic.two_wheeler"})
"""What drives away, and belongs to somebody: reported only where the centre asks for it."""


Corner = tuple[
    Annotated[float, Field(ge=-180.0, le=180.0, allow_inf_nan=False)],
    Annotated[float, Field(ge=-90.0, le=90.0, allow_inf_nan=False)],
]
Ring = Annotated[tuple[Corner, ...], Field(min_length=4, max_length=10_000)]


class AskedZone(Wire):
    """Ground on which the centre asks for what is none of its business elsewhere (询问区).

    `rings` hold longitude and latitude, closed: the outline first, then its holes.
    """

    zone: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    labels: Annotated[tuple[Label, ...], Field(min_length=1, max_length=16)]
    rings: Annotated[tuple[Ring, ...], Field(min_length=1, max_length=100)]

    @model_validator(mode="after")
    def _asks_for_no_persons(self) -> Self:
        if not MOVABLE.issuperset(self.labels):
            raise ValueError("only what drives away is asked for, and nobody may ask for persons")
        return self


class Asked(Wire):
    """All that the centre asks its devices for."""

    v: Literal[1] = WIRE_VERSION
    zones: Annotated[tuple[AskedZone, ...], Field(max_length=5000)] = ()


Message = Annotated[Finding | Sweep | PhotoResult | Heartbeat, Field(discriminator="kind")]
MESSAGE: Final[TypeAdapter[Message]] = TypeAdapter(Message)


class ReceiptStatus(StrEnum):
    """What the centre did with a message. Every status but `retry` settles it for the device."""

    ACCEPTED = "accepted"
    KNOWN = "known"
    SUPERSEDED = "superseded"
    CONFLICT = "conflict"
    QUARANTINED = "quarantined"
    RETRY = "retry"


class Receipt(Wire):
    """The centre's word, given after its COMMIT, on one message."""

    id: str
    revision: int
    status: ReceiptStatus
    reason: str | None = None


class Receipts(Wire):
    """The answer to a batch, in its order, with the evidence that the centre still lacks."""

    receipts: tuple[Receipt, ...]
    evidence_wanted: tuple[Sha256, ...]


def message_id(at: datetime, *parts: str) -> str:
    """Make a time-ordered id that is the same on every replay: a UUID of version 8.

    48 bits of milliseconds since 1970, then 74 bits of the SHA-256 of the parts.

    Args:
        at: aware time that orders the id.
        parts: what makes the message itself, e.g. device, pass, track.
    """
    digest = int.from_bytes(hashlib.sha256("\x1f".join(parts).encode()).digest()[:10], "big")
    millis = int(at.timestamp() * 1000) & ((1 << 48) - 1)
    value = millis << 80 | 0x8 << 76 | (digest >> 62 & 0xFFF) << 64 | 0b10 << 62
    value |= digest & ((1 << 62) - 1)
    text = f"{value:032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def canonical_bytes(message: BaseModel) -> bytes:
    """Give the one byte form of a message, over which bodies are compared and hashed."""
    return message.model_dump_json(exclude_none=False).encode()


def pack_cells(cells: Iterable[int]) -> str:
    """Pack H3 cells: sorted, delta-coded as varints, deflated, base64."""
    out = bytearray()
    before = 0
    for cell in sorted(set(cells)):
        delta, before = cell - before, cell
        while delta >= 0x80:
            out.append(delta & 0x7F | 0x80)
            delta >>= 7
        out.append(delta)
    return base64.b64encode(zlib.compress(bytes(out), 9)).decode()


def unpack_cells(packed: str) -> tuple[int, ...]:
    """Unpack what `pack_cells` packed.

    Raises:
        ValueError: the text is not such a packing, or unpacks to more than a mebibyte.
    """
    cells: list[int] = []
    value = shift = total = 0
    for byte in _inflate(packed):
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            total += value
            cells.append(total)
            value = shift = 0
        elif shift > 63:
            raise ValueError("a packed cell is longer than 64 bits")
    if shift:
        raise ValueError("the packed cells are cut off")
    return tuple(cells)


def pack_ppm(pixels_per_metre: Sequence[float]) -> str:
    """Pack best views: a byte each, round(4 log2(1 + value)), rounded down to stay honest."""
    values = bytes(min(255, int(4.0 * math.log2(1.0 + value))) for value in pixels_per_metre)
    return base64.b64encode(zlib.compress(values, 9)).decode()


def unpack_ppm(packed: str) -> tuple[float, ...]:
    """Unpack what `pack_ppm` packed, in pixels per metre, never above the original.

    Raises:
        ValueError: the text is not such a packing.
    """
    return tuple(2.0 ** (byte / 4.0) - 1.0 for byte in _inflate(packed))


def _inflate(packed: str) -> bytes:
    inflater = zlib.decompressobj()
    try:
        raw = inflater.decompress(base64.b64decode(packed, validate=True), 1 << 20)
    except (binascii.Error, zlib.error) as error:
        raise ValueError("this is not a packed list") from error
    if not inflater.eof:
        raise ValueError("the packed list is cut off or larger than a mebibyte")
    return raw


def signature_base(
    *, method: str, path: str, body: bytes, device: str, created: int, nonce: str
) -> bytes:
    """Give the bytes that a device signs (Ed25519) for one request.

    The form is a fixed profile of RFC 9421: method, path with query, digest of the body, and the
    signature's parameters, a line each.

    Args:
        method: upper case.
        path: path and query as sent.
        created: seconds since 1970 by the device's clock.
        nonce: 22 or more URL-safe characters, never used twice by one device.
    """
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    lines = (
        f'"@method": {method}',
        f'"@path": {path}',
        f'"content-digest": sha-256=:{digest}:',
        '"@signature-params": ("@method" "@path" "content-digest")'
        f';created={created};nonce="{nonce}";keyid="{device}";alg="ed25519"',
    )
    return "\n".join(lines).encode()
