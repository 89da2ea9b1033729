"""What a device knows of each class on the ground: how it stands, what is measured, what is filed.

The one table; the model's labels are the catalogue's names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from dispatch.wire import NotObservable, Quantity, Unseen

OCCLUDERS: Final = frozenset({"traffic.vehicle", "traffic.person", "traffic.two_wheeler"})
"""What stands or drives in front of the ground; never the subject of a finding."""


class Footing(StrEnum):
    """How a thing meets the ground."""

    FLAT = "flat"
    """It lies in the road's surface: the middle of its box is its place."""
    STANDING = "standing"
    """It rises: where the box ends below is its near foot, and it is about as deep as wide."""


class Span(StrEnum):
    """What of the ground that a box encloses a size is a share of."""

    RECTANGLE = "rectangle"
    """Across times along the view."""
    LONGER = "longer"
    """The larger of across and along."""
    SHORTER = "shorter"
    DIAGONAL = "diagonal"
    FOOT_SQUARE = "foot_square"
    """The square over the near edge of what stands."""
    FOOT = "foot"
    """That near edge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeRule:
    """How a size follows from the ground that a box encloses.

    Attributes:
        share: the true size over the span, the mean over things of the class.
        spread: relative standard error of that share, because shapes differ.
    """

    quantity: Quantity
    span: Span
    share: float
    spread: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What one class is to the device.

    Attributes:
        filing_size_m: side of the square that the smallest thing to be filed fills on the ground
            (flat) or against the view (standing).
        sizes: what is measured of it, the first by which it is known.
        unseen: what a city may ask of it and no camera here can tell.
    """

    footing: Footing
    filing_size_m: float
    sizes: tuple[SizeRule, ...] = ()
    unseen: tuple[NotObservable, ...] = ()


_NO_DEPTH: Final = NotObservable(quantity=Quantity.DEPTH_M, reason=Unseen.ONE_CAMERA)
_NO_STEP: Final = NotObservable(quantity=Quantity.STEP_M, reason=Unseen.ONE_CAMERA)

# Shares and spreads: over rendered potholes and heaps of known size, see tests/benchmarks/measured.
# Of cracks only few sealed ones are rendered; boxes hold some 0.85 of their length. What a crack
# covers of its box is little known.
SUBJECTS: Final[Mapping[str, Subject]] = {
    "road.pothole": Subject(
        footing=Footing.FLAT,
        filing_size_m=0.7,
        sizes=(
            SizeRule(quantity=Quantity.AREA_M2, span=Span.RECTANGLE, share=0.61, spread=0.16),
            SizeRule(quantity=Quantity.LENGTH_M, span=Span.LONGER, share=0.93, spread=0.1),
            SizeRule(quantity=Quantity.WIDTH_M, span=Span.SHORTER, share=0.92, spread=0.1),
        ),
        unseen=(_NO_DEPTH, _NO_STEP),
    ),
    "road.crack": Subject(
        footing=Footing.FLAT,
        filing_size_m=0.7,
        sizes=(
            SizeRule(quantity=Quantity.LENGTH_M, span=Span.DIAGONAL, share=1.15, spread=0.2),
            SizeRule(quantity=Quantity.AREA_M2, span=Span.RECTANGLE, share=0.6, spread=0.35),
        ),
        unseen=(
            NotObservable(quantity=Quantity.WIDTH_M, reason=Unseen.FINER_THAN_PIXELS),
            _NO_DEPTH,
            _NO_STEP,
        ),
    ),
    "sanitation.garbage_pile": Subject(
        footing=Footing.STANDING,
        filing_size_m=1.0,
        sizes=(
            SizeRule(quantity=Quantity.AREA_M2, span=Span.FOOT_SQUARE, share=0.83, spread=0.22),
            SizeRule(quantity=Quantity.LENGTH_M, span=Span.FOOT, share=1.31, spread=0.11),
            SizeRule(quantity=Quantity.WIDTH_M, span=Span.FOOT, share=0.815, spread=0.11),
        ),
    ),
    "sanitation.bin_overflow": Subject(footing=Footing.STANDING, filing_size_m=0.8),
    "asset.bin": Subject(footing=Footing.STANDING, filing_size_m=0.8),
    "sanitation.litter": Subject(footing=Footing.STANDING, filing_size_m=0.3),
}
UNLISTED: Final = Subject(footing=Footing.STANDING, filing_size_m=0.5)
"""A class that is not in the table, such as a city's own."""


def subject(label: str) -> Subject:
    """Give what the device knows of a class."""
    return SUBJECTS.get(label, UNLISTED)
