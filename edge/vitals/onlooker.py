"""Who is told while footage is looked at: that work goes on, by which model, and what is seen."""

from typing import Protocol

from detect.detections import Detections
from detect.detector import Detector
from edge.evidence.annotate import Image


class Onlooker(Protocol):
    """Somebody who is told."""

    @property
    def wants_pictures(self) -> bool:
        """Whether somebody watches, also while the vehicle stands."""

    def loaded(self, detector: Detector) -> None:
        """Hear which model runs."""

    def saw(self, image: Image, detections: Detections, *, age_s: float = 0.0) -> None:
        """Hear that a frame was looked at; the image is not written to afterwards.

        Args:
            age_s: how long ago it was taken, where it is shown later than it came.
        """


class Nobody:
    """Nobody is told."""

    wants_pictures = False

    def loaded(self, detector: Detector) -> None:
        """Do nothing with a model."""

    def saw(self, image: Image, detections: Detections, *, age_s: float = 0.0) -> None:
        """Do nothing with a frame."""
