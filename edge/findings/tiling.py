"""In which tiles a large photo from above is looked at: by how fine it shows the ground.

A tile is made as small as the model's input when it is looked at. It may be the larger, and the
photo take the fewer looks, the more pixels a metre of ground has beyond what the model's classes
gain by. It is never smaller than the input: enlarging shows nothing new.
"""

import math
from dataclasses import dataclass
from typing import Final

from detect.manifest import Manifest
from edge.errors import EdgeError
from edge.needs import comfortable_scale
from edge.placing.camera import Camera
from edge.placing.geotag import place_pixel
from edge.placing.pose import Pose
from edge.placing.terrain import Ground
from edge.subjects import subject

LEAST_OVERLAP: Final = 0.2
MOST_OVERLAP: Final = 0.5
_USUAL_BY_FILED: Final = 2.0
"""How much larger than the smallest thing to be filed most things are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiling:
    """How a photo is cut.

    Attributes:
        tile: (height, width) in pixels of the photo.
        overlap: share of a tile that its neighbour shows too.
        input_scale: pixels of the model's input per pixel of the photo.
    """

    tile: tuple[int, int]
    overlap: float
    input_scale: float


def tiling_of(
    manifest: Manifest,
    *,
    shape: tuple[int, int],
    pose: Pose | None,
    camera: Camera,
    ground: Ground | None = None,
    rendered: bool = False,
) -> Tiling:
    """Choose the tiles of one photo; as large as the model's input where its scale is unknown.

    Args:
        shape: (height, width) of the model's input.
        camera: of the photo's size.
        rendered: whether the photo is drawn.
    """
    finest = None if pose is None else _ground_scale(pose, camera, ground)
    wanted = comfortable_scale(manifest, rendered=rendered)
    if finest is None or wanted is None:
        return Tiling(tile=shape, overlap=LEAST_OVERLAP, input_scale=1.0)
    shrink = max(1.0, finest / wanted)
    tile = (round(shape[0] * shrink), round(shape[1] * shrink))
    largest_m = _USUAL_BY_FILED * max(subject(label).filing_size_m for label in manifest.labels)
    overlap = min(max(largest_m * finest / min(tile), LEAST_OVERLAP), MOST_OVERLAP)
    return Tiling(tile=tile, overlap=overlap, input_scale=shape[1] / tile[1])


def _ground_scale(pose: Pose, camera: Camera, ground: Ground | None) -> float | None:
    """Give the pixels per metre of the farthest ground a photo shows; None beside the ground.

    As the middle of the picture would show it: the rim stretches, which is left as a margin.
    """
    width, height = float(camera.width), float(camera.height)
    corners = ((0.0, 0.0), (width, 0.0), (width, height), (0.0, height))
    try:
        farthest_m = max(
            place_pixel(uv, pose=pose, camera=camera, ground=ground).range_m for uv in corners
        )
    except EdgeError:
        return None
    return math.sqrt(camera.fx * camera.fy) / farthest_m
