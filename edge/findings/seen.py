"""One sight of a track with the frame in which it was had."""

from dataclasses import dataclass
from typing import Final

from detect.track import TrackPoint
from edge.evidence.recall import Look
from edge.placing.camera import Camera

EDGE_MARGIN_PX: Final = 2.0
"""A box this near to the picture's border is cut by it: its place and size are not to be had."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A sight, how its frame was looked at, and the camera at that frame's size."""

    point: TrackPoint
    look: Look
    camera: Camera

    @property
    def whole(self) -> bool:
        """Whether the border of the picture does not cut the box."""
        left, top, right, bottom = self.point.xyxy
        width, height = self.look.size
        inside_x = left > EDGE_MARGIN_PX and right < width - EDGE_MARGIN_PX
        return inside_x and top > EDGE_MARGIN_PX and bottom < height - EDGE_MARGIN_PX
