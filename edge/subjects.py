"""What a device knows of each class on the ground: how it stands, what is measured, what is filed.

The one table; the model's labels are the catalogue's names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from dispatch.wire import Quantity

OCCLUDERS: Final = frozenset({"traffic.vehicle", "traffic.person", "traffic.two_wheeler"})
"""What stands or drives in front of the ground; never the subject of a finding."""


class Footing(StrEnum):
    """How a thing meets the ground."""

    FLAT = "flat"
    """It lies in the road's surface: the middle of its box is its place."""
    STANDING = "standing"
    """It rises: where the box ends below is its near foot, and it is about as deep as wide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What one class is to the device.

    Attributes:
        filing_size_m: side of the square that the smallest thing to be filed fills on the ground
            (flat) or against the view (standing).
    """

    footing: Footing
    filing_size_m: float
    quantity: Quantity | None = None


SUBJECTS: Final[Mapping[str, Subject]] = {
    "road.pothole": Subject(footing=Footing.FLAT, filing_size_m=0.7, quantity=Quantity.AREA_M2),
    "road.crack": Subject(footing=Footing.FLAT, filing_size_m=0.7, quantity=Quantity.LENGTH_M),
    "sanitation.garbage_pile": Subject(
        footing=Footing.STANDING, filing_size_m=1.0, quantity=Quantity.AREA_M2
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
