"""Run a model over labelled pictures, by the code that runs it on a device, and keep each fate."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from detect.detections import Detections
from detect.detector import Detector
from detect.pixels import Image
from detect.quality import Light, judge
from detect.tiling import detect_tiled
from models.dataset.labelled_pictures import Labels, Picture
from models.dataset.labels import STREET_LABELS
from models.evaluation.scoring import Bools, PictureMatch, match
from models.pictures.image import read_image

FLOOR: Final = 0.001
"""Lowest raw score that takes part in average precision, as elsewhere in the field."""
WHOLE_PX: Final = 4096
TILE_OVERLAP: Final = 0.2

Matches = Mapping[str, tuple[PictureMatch, ...]]

_NO_BOXES: Final = np.zeros((0, 4), np.float32)
_ABSTAINED: Final = match(_NO_BOXES, np.zeros(0), _NO_BOXES, input_scale=1.0, unsure=_NO_BOXES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One picture after the model has seen it: what it is, and every class's match.

    `light` is told from the picture's own brightness, by the rule that devices use.
    """

    source: str
    light: Light
    known: frozenset[str]
    matches: Mapping[str, PictureMatch]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What happened on a set of pictures."""

    judged: tuple[Judged, ...]

    @property
    def pictures(self) -> int:
        """How many pictures were judged."""
        return len(self.judged)

    @property
    def labels(self) -> tuple[str, ...]:
        """Classes of the model that some picture of the set labels, in the model's order."""
        known = frozenset().union(*(each.known for each in self.judged))
        return tuple(n for n in (self.judged[0].matches if self.judged else ()) if n in known)

    @property
    def labelled(self) -> Matches:
        """Matches per class, of the pictures that label it."""
        return {
            name: tuple(each.matches[name] for each in self.judged if name in each.known)
            for name in self.labels
        }

    @property
    def everywhere(self) -> Matches:
        """Matches per class, of all pictures: where it is not labelled, any detection is wrong."""
        return {name: tuple(each.matches[name] for each in self.judged) for name in self.labels}

    def aligned(self, label: str) -> tuple[PictureMatch, ...]:
        """Give one match per picture of the set, an empty one where the class is not labelled."""
        return tuple(
            each.matches[label] if label in each.known else _ABSTAINED for each in self.judged
        )

    def in_light(self, light: Light) -> "Outcome":
        """Give the outcome on the pictures of one light."""
        return Outcome(judged=tuple(each for each in self.judged if each.light == light))

    def from_source(self, source: str) -> "Outcome":
        """Give the outcome on the pictures of one source."""
        return Outcome(judged=tuple(each for each in self.judged if each.source == source))


def run(
    detector: Detector,
    pictures: Sequence[Picture],
    *,
    in_tiles: bool = False,
    numbered: Sequence[str] = STREET_LABELS,
) -> Outcome:
    """Detect on every picture and match class by class.

    Args:
        in_tiles: look at pictures larger than the model's input as at photos from a drone, in
            tiles of its size.
        numbered: the names that the pictures' labels count.

    Raises:
        FileNotFoundError: a picture is missing or none.
    """
    return Outcome(judged=tuple(_judge(detector, each, in_tiles, numbered) for each in pictures))


def _judge(detector: Detector, picture: Picture, in_tiles: bool, numbered: Sequence[str]) -> Judged:
    image = read_image(picture.path, longest=WHOLE_PX)
    scale = detector.input_scale(image)
    if in_tiles and scale < 1.0:
        found = detect_tiled(detector, image, tile=detector.shape, overlap=TILE_OVERLAP)
        scale = 1.0
    else:
        found = detector.detect(image)
    return Judged(
        source=picture.source,
        light=judge(image).light,
        known=picture.known,
        matches=dict(_matches(found, picture, image, scale, numbered)),
    )


def _matches(
    found: Detections, picture: Picture, image: Image, scale: float, numbered: Sequence[str]
) -> Iterable[tuple[str, PictureMatch]]:
    size = np.array([image.shape[1], image.shape[0]] * 2, np.float32)
    for index, name in enumerate(found.labels):
        mine = found.label == index
        yield (
            name,
            match(
                found.xyxy[mine],
                found.score[mine].astype(np.float64),
                picture.boxes[_of(name, picture.labels, numbered)] * size,
                input_scale=scale,
                unsure=picture.ignored_boxes[_of(name, picture.ignored_labels, numbered)] * size,
                chance=found.probability[mine].astype(np.float64),
            ),
        )


def _of(name: str, labels: Labels, numbered: Sequence[str]) -> Bools:
    """Return which of a picture's labels are of a class, (n,)."""
    index = numbered.index(name) if name in numbered else -1
    return np.asarray(labels == index, np.bool_)
