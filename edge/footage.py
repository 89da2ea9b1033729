"""Recorded footage with its telemetry and camera, recognised by what it is.

A `*.street.json` is a rendered street and brings both; a folder is a set of photos whose own
metadata is their telemetry; any other file is a video, which needs a telemetry and a camera file.
"""

from dataclasses import dataclass

from edge.frame import FrameSource
from edge.placing.camera import Camera
from edge.placing.pose import Telemetry
from edge.placing.terrain import Ground
from edge.sources.choice import STEP_M


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
