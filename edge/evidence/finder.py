"""Find faces and number plates in a picture that is about to be written.

The picture itself is looked at, at the size at which it is written: what is too small for that is
too small to be recognised in it. Nobody is recognised and no plate is read.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from detect.detector import Detector
from detect.manifest import Manifest, Precision, read_manifest
from dispatch.wire import RegionKind
from edge.shipped import NoModelInstalled, shipped_model

PRIVACY_MODEL: Final = "privacy-n"
LEAST_SCORE: Final = 0.05
"""A false mosaic costs a patch of a picture, a missed one a face."""
SURE_SCORE: Final = 0.2
"""Score from which at the latest the subject is covered, too: thresholds suit what is pasted."""
KINDS: Final[Mapping[str, RegionKind]] = {
    "privacy.face": RegionKind.FACE,
    "privacy.plate": RegionKind.PLATE,
}

Image = NDArray[np.uint8]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """What may be a face or a plate, in pixels of the picture that was looked at.

    `sure` ones reach SURE_SCORE or their class's threshold; the others are covered all the same,
    but not where the subject of a finding lies.
    """

    xyxy: Box
    kind: RegionKind
    sure: bool = True


class Finder(Protocol):
    """What finds faces and plates."""

    @property
    def manifest(self) -> Manifest:
        """What is known of the model, with its measured misses."""
        ...

    def find(self, image: Image) -> tuple[Region, ...]:
        """Give the faces and plates of a picture, (H, W, 3) uint8, not changing it."""
        ...


class ModelFinder:
    """Finds with a model folder; may be shared by threads, which then take turns."""

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        """Read the model; its sessions are opened as pictures of their size come.

        Raises:
            UnusableModel: the folder's manifest or a hash is wrong.
        """
        self._folder, self._threads = folder, threads
        self._manifest = read_manifest(folder)
        self._detectors: dict[tuple[int, int], Detector] = {}
        self._turn = threading.Lock()

    @property
    def manifest(self) -> Manifest:
        """What the model's folder says of it."""
        return self._manifest

    def find(self, image: Image) -> tuple[Region, ...]:
        """Give what may be faces and plates of a picture, from a score of LEAST_SCORE on.

        Raises:
            DetectError: the model's answer cannot be used; the picture must then not be written.
        """
        with self._turn:
            found = self._detector(image.shape[0], image.shape[1]).detect(image)
        sure_from = {
            entry.label: min(entry.threshold, SURE_SCORE) for entry in self._manifest.classes
        }
        regions = []
        for row in range(len(found)):
            name = found.name_of(row)
            if name in KINDS:
                left, top, right, bottom = (float(value) for value in found.xyxy[row])
                sure = float(found.score[row]) >= sure_from[name]
                region = Region(xyxy=(left, top, right, bottom), kind=KINDS[name], sure=sure)
                regions.append(region)
        return tuple(regions)

    def _detector(self, height: int, width: int) -> Detector:
        """Give the smallest input that shows a picture unshrunk, or the largest there is."""
        shapes = sorted(self._manifest.input.shapes, key=lambda shape: shape[0] * shape[1])
        fitting = (shape for shape in shapes if shape[0] >= height and shape[1] >= width)
        shape = next(fitting, shapes[-1])
        if shape not in self._detectors:
            # At full precision: in eight bits the shipped model misses one face of fifty more.
            self._detectors[shape] = Detector(
                self._folder,
                threads=self._threads,
                shape=shape,
                floor=LEAST_SCORE,
                precision=Precision.FP32,
                seldom=True,
            )
        return self._detectors[shape]


_over_the_air: list[Path] = []


def choose_finder(folder: Path | None) -> None:
    """Let this process find by a model that came over the air; None for the installed one.

    Called once, when a device's program starts, before anything is redacted.
    """
    _over_the_air[:] = [] if folder is None else [folder]
    shipped_finder.cache_clear()


@cache
def shipped_finder() -> ModelFinder | None:
    """Give the finder of the device's model, installed or chosen, one for all threads.

    None where none was installed: whole people and vehicles are then covered, and nothing else.

    Raises:
        UnusableModel: it is damaged.
    """
    if _over_the_air:
        return ModelFinder(_over_the_air[0])
    try:
        return ModelFinder(shipped_model(PRIVACY_MODEL))
    except NoModelInstalled:
        return None
