"""Recorded footage with its telemetry and camera, recognised by what it is.

A `*.street.json` is a rendered street and brings both; a folder is a set of photos whose own
metadata is their telemetry; any other file is a video, which needs a telemetry and a camera file.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from detect.detector import Detector
from edge.evidence.redaction import redactor_for
from edge.frame import Frame, FrameSource
from edge.placing.camera import Camera
from edge.placing.pose import Telemetry
from edge.placing.terrain import Ground
from edge.sources.choice import CHOICE, STEP_M, looked_at
from edge.sources.frozen import not_frozen
from edge.state import Passed


@dataclass(frozen=True, slots=True, kw_only=True)
class Footage:
    """What one pass is made from.

    Attributes:
        photos: single overlapping photos, not a stream of frames.
        ground: what rays meet, if not the camera's own plane or level.
        step_m: way between the frames of a stream that are looked at.
    """

    source: FrameSource
    telemetry: Telemetry
    camera: Camera
    photos: bool
    ground: Ground | None = None
    step_m: float = STEP_M


def pass_id(footage: Footage, *, device: str) -> str:
    """Give the id of a pass of recorded footage: of the device and of what was recorded."""
    source = hashlib.sha256(f"{device}\x1f{footage.source.digest}".encode()).hexdigest()
    return f"{device[:40]}.{source[:16]}"


def fingerprint(footage: Footage, detector: Detector) -> str:
    """Give what decides a pass's messages besides its footage: model, telemetry, camera, choice.

    What the centre asks for decides only which vehicles are told of, and may change in between.
    """
    ran = detector.manifest.sha256_of(detector.precision)
    parts = [ran, footage.telemetry.digest, repr(footage.camera)]
    redactor = redactor_for(detector.manifest, ran=detector.precision)
    parts += [] if redactor is None else [redactor.by]
    if not footage.photos:
        parts.append(f"{CHOICE} {footage.step_m}")
    if footage.ground is not None:
        parts.append(footage.ground.digest)
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def frames_of(
    footage: Footage, *, passed: Callable[[Passed], None] = lambda _: None
) -> Iterator[Frame]:
    """Give the frames that are looked at: every photo, and of a stream one a step of the way.

    Args:
        passed: is told of each frame of a stream that is left out for what is wrong with it.
    """
    if footage.photos:
        return footage.source.frames()
    chosen = looked_at(footage.source, footage.telemetry, step_m=footage.step_m)
    return not_frozen(chosen, footage.telemetry, passed=passed)
