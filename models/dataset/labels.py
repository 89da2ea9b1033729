"""Class names: the catalogue's own, and what public data sets call the same things."""

from collections.abc import Mapping
from typing import Final

STREET_LABELS: Final[tuple[str, ...]] = (
    "road.pothole",
    "road.crack",
    "sanitation.garbage_pile",
    "asset.bin",
    "sanitation.bin_overflow",
    "sanitation.litter",
    "traffic.person",
    "traffic.vehicle",
    "traffic.two_wheeler",
)
"""What `street-n` knows, in the order of its outputs."""

TRAFFIC_LABELS: Final = frozenset({"traffic.person", "traffic.vehicle", "traffic.two_wheeler"})

PUBLIC_CODES: Final[Mapping[str, str]] = {
    "pothole": "road.pothole",
    "potholes": "road.pothole",
    "road_crack": "road.crack",
    "crack": "road.crack",
    "garbage_pile": "sanitation.garbage_pile",
    "bin": "asset.bin",
    "bin_overflow": "sanitation.bin_overflow",
    "litter": "sanitation.litter",
    "person": "traffic.person",
    "car": "traffic.vehicle",
    "truck": "traffic.vehicle",
    "bus": "traffic.vehicle",
    "minibus": "traffic.vehicle",
    "bicycle": "traffic.two_wheeler",
    "motorcycle": "traffic.two_wheeler",
    # RDD2022 (Arya et al. 2022): longitudinal, lateral and alligator cracks, potholes
    "d00": "road.crack",
    "d10": "road.crack",
    "d20": "road.crack",
    "d40": "road.pothole",
    # Pascal VOC
    "motorbike": "traffic.two_wheeler",
    # VisDrone: a pedestrian stands or walks, people sit or ride
    "pedestrian": "traffic.person",
    "people": "traffic.person",
    "van": "traffic.vehicle",
    "motor": "traffic.two_wheeler",
    # DOTA
    "small_vehicle": "traffic.vehicle",
    "large_vehicle": "traffic.vehicle",
}
"""Codes of public data sets, as `folded`; the only place where they are translated."""


def folded(code: str) -> str:
    """Give a class code in one way of writing: lower case, words joined by underscores."""
    return "_".join(code.lower().replace("-", " ").split())


def catalogue_name(code: str) -> str | None:
    """Give the catalogue's name of a public code or of itself; None where it is not known."""
    return code if code in STREET_LABELS else PUBLIC_CODES.get(folded(code))


COCO_TRAFFIC: Final[Mapping[str, str]] = {
    "coco.0": "traffic.person",
    "coco.1": "traffic.two_wheeler",
    "coco.2": "traffic.vehicle",
    "coco.3": "traffic.two_wheeler",
    "coco.5": "traffic.vehicle",
    "coco.7": "traffic.vehicle",
}
"""Outputs of a COCO model (person, bicycle, car, motorcycle, bus, truck) that teach traffic."""

COCO_CLASSES: Final = 80

LABEL_NAMES: Final[Mapping[str, tuple[str, str]]] = {
    "road.pothole": ("坑洼", "pothole"),
    "road.crack": ("路面裂缝", "road crack"),
    "sanitation.garbage_pile": ("垃圾堆", "garbage pile"),
    "asset.bin": ("垃圾桶", "bin"),
    "sanitation.bin_overflow": ("垃圾桶满溢", "overflowing bin"),
    "sanitation.litter": ("散落垃圾", "litter"),
    "traffic.person": ("行人", "person"),
    "traffic.vehicle": ("车辆", "vehicle"),
    "traffic.two_wheeler": ("两轮车", "two-wheeler"),
    "privacy.face": ("人脸", "face"),
    "privacy.plate": ("车牌", "number plate"),
}
"""What people call the classes, Chinese and English."""
