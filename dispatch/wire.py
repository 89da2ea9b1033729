"""The vocabulary that devices and the centre share: findings, sweeps, words of crews, and more.

Owned by the receiver. Standard library and pydantic only, so that a device needs nothing of the
centre but this module. Every message is frozen, validated when made, and refuses unknown fields.
World frame of positions: WGS 84; covariances are of the local east-north plane, in square metres.
Pixels per metre are of the picture as the model saw it (after scaling to its input), so that a
size in metres and the model card's recall by size in pixels can be set against each other.
"""

from typing import Annotated, Final

from pydantic import Field, TypeAdapter

from dispatch.vocabulary.answer import ANSWER_CREATED, ANSWER_SIGNATURE, answer_base
from dispatch.vocabulary.asked import Asked, AskedZone, Ring
from dispatch.vocabulary.basis import (
    EARLIEST,
    LABEL_PATTERN,
    MAX_BATCH,
    MOVABLE,
    PERSON,
    WIRE_VERSION,
    DeviceId,
    Instant,
    Label,
    MessageId,
    Metres,
    PassId,
    Sha256,
    Share,
    Wire,
    canonical_bytes,
    message_id,
    signature_base,
)
from dispatch.vocabulary.cells import pack_cells, pack_ppm, unpack_cells, unpack_ppm
from dispatch.vocabulary.crew import CrewVerdict, crew_verdict_id
from dispatch.vocabulary.evidence import Evidence, EvidenceKind, Redaction, RegionKind
from dispatch.vocabulary.finding import Finding
from dispatch.vocabulary.ground import Hidden, Inspected, NotInspected, Sweep
from dispatch.vocabulary.hazards import Hazards
from dispatch.vocabulary.health import CameraHealth, Complaint, Heartbeat, Level, Running
from dispatch.vocabulary.model import (
    MOST_PIECE_BYTES,
    ModelOffer,
    ModelOffers,
    ModelStage,
    ModelState,
)
from dispatch.vocabulary.photo import PhotoResult
from dispatch.vocabulary.place import ACCURACY_M, Covariance, Position, accuracy_class, ce90
from dispatch.vocabulary.receipt import Receipt, Receipts, ReceiptStatus
from dispatch.vocabulary.report import MOST_PHOTOS, Placing, Report, ReportedPhoto, Reporter
from dispatch.vocabulary.sheet import RouteSheet, Spot, SpotKind
from dispatch.vocabulary.sheet_files import GPX_TYPE, KML_TYPE, gpx_of, kml_of
from dispatch.vocabulary.sight import Light, ModelRef, Platform, Stay
from dispatch.vocabulary.size import Measure, Method, NotObservable, Quantity, Unseen

Message = Annotated[
    Finding | Sweep | PhotoResult | Heartbeat | CrewVerdict, Field(discriminator="kind")
]
MESSAGE: Final[TypeAdapter[Message]] = TypeAdapter(Message)
Sight = Annotated[Finding | Report, Field(discriminator="kind")]
"""What an observation is made of: a device's finding or a person's report."""
SIGHT: Final[TypeAdapter[Sight]] = TypeAdapter(Sight)

__all__ = [
    "ACCURACY_M",
    "ANSWER_CREATED",
    "ANSWER_SIGNATURE",
    "EARLIEST",
    "GPX_TYPE",
    "KML_TYPE",
    "LABEL_PATTERN",
    "MAX_BATCH",
    "MESSAGE",
    "MOST_PHOTOS",
    "MOST_PIECE_BYTES",
    "MOVABLE",
    "PERSON",
    "SIGHT",
    "WIRE_VERSION",
    "Asked",
    "AskedZone",
    "CameraHealth",
    "Complaint",
    "Covariance",
    "CrewVerdict",
    "DeviceId",
    "Evidence",
    "EvidenceKind",
    "Finding",
    "Hazards",
    "Heartbeat",
    "Hidden",
    "Inspected",
    "Instant",
    "Label",
    "Level",
    "Light",
    "Measure",
    "Message",
    "MessageId",
    "Method",
    "Metres",
    "ModelOffer",
    "ModelOffers",
    "ModelRef",
    "ModelStage",
    "ModelState",
    "NotInspected",
    "NotObservable",
    "PassId",
    "PhotoResult",
    "Placing",
    "Platform",
    "Position",
    "Quantity",
    "Receipt",
    "ReceiptStatus",
    "Receipts",
    "Redaction",
    "RegionKind",
    "Report",
    "ReportedPhoto",
    "Reporter",
    "Ring",
    "RouteSheet",
    "Running",
    "Sha256",
    "Share",
    "Sight",
    "Spot",
    "SpotKind",
    "Stay",
    "Sweep",
    "Unseen",
    "Wire",
    "accuracy_class",
    "answer_base",
    "canonical_bytes",
    "ce90",
    "crew_verdict_id",
    "gpx_of",
    "kml_of",
    "message_id",
    "pack_cells",
    "pack_ppm",
    "signature_base",
    "unpack_cells",
    "unpack_ppm",
]
