"""From how near each class must be seen for the model's stated recall to apply.

A class needs as many pixels as the smallest size band of its manifest entry in which the model
finds a share worth naming; its filing size turns pixels into pixels per metre. Classes with the
same need on the same footing form a group, so that a sweep says each piece of ground once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from detect.manifest import ClassEntry, Manifest
from dispatch.wire import Light
from edge.subjects import OCCLUDERS, Footing, subject

WORTH_NAMING: Final = 0.1
"""Lower bound of recall under which a look at a thing proves nothing."""
COMFORT: Final = 0.8
"""Share of a class's best recall from which seeing it larger gains little."""
_LEAST_PX: Final = 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What a group of classes needs of a view.

    Attributes:
        scale: least pixels per metre of the model's input, by light; a light that is missing is
            one in which the model's card states no recall.
    """

    labels: tuple[str, ...]
    footing: Footing
    scale: Mapping[Light, float]


def needs_of(manifest: Manifest, *, rendered: bool) -> tuple[Need, ...]:
    """Give the groups of a model's classes, in the order of its outputs.

    Args:
        rendered: whether the frames are drawn; recall measured on such tells nothing of real ones.
    """
    groups: dict[tuple[Footing, tuple[tuple[Light, float], ...]], list[str]] = {}
    for entry in manifest.classes:
        scale = _scale(entry, rendered=rendered)
        if entry.label in OCCLUDERS or not scale:
            continue
        groups.setdefault((subject(entry.label).footing, scale), []).append(entry.label)
    return tuple(
        Need(labels=tuple(labels), footing=footing, scale=dict(scale))
        for (footing, scale), labels in groups.items()
    )


def comfortable_scale(manifest: Manifest, *, rendered: bool) -> float | None:
    """Give the pixels per metre of the model's input beyond which no class gains by day.

    Args:
        rendered: whether the frames are drawn.

    Returns:
        That of the class that gains longest; None for a model that states no recall.
    """
    scales = [
        scale
        for entry in manifest.classes
        if entry.label not in OCCLUDERS
        and (scale := _comfortable(entry, rendered=rendered)) is not None
    ]
    return max(scales, default=None)


def _comfortable(entry: ClassEntry, *, rendered: bool) -> float | None:
    bands = [
        band
        for band in entry.recall
        if band.light == Light.DAY.value
        and band.lower >= WORTH_NAMING
        and (band.measured_on == "rendered") is rendered
    ]
    best = max((band.lower for band in bands), default=0.0)
    enough = [band.min_px for band in bands if band.lower >= COMFORT * best]
    if not enough:
        return None
    return max(_LEAST_PX, min(enough)) / subject(entry.label).filing_size_m


def _scale(entry: ClassEntry, *, rendered: bool) -> tuple[tuple[Light, float], ...]:
    size_m = subject(entry.label).filing_size_m
    scales = []
    for light in Light:
        pixels = [
            band.min_px
            for band in entry.recall
            if band.light == light.value
            and band.lower >= WORTH_NAMING
            and (band.measured_on == "rendered") is rendered
        ]
        if pixels:
            scales.append((light, round(max(_LEAST_PX, min(pixels)) / size_m, 3)))
    return tuple(scales)
