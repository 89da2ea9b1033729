"""In which frames a track shows its thing best: what a person is shown, and what is kept for it."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from detect.track import Track, TrackPoint
from edge.evidence.recall import Recall
from edge.findings.seen import Seen
from edge.placing.camera import Camera

SPARE: Final = 3
"""Best views of a track that are kept: what hides the best may show only later."""


def sights_of(track: Track, *, camera: Camera, recall: Recall) -> list[Seen]:
    """Give the sights of a track that were taken for its label."""
    points = (point for point in track.points if point.label == track.label)
    seen = list(_seen(points, camera, recall))
    assert seen, "looks are remembered for longer than any track is missed"
    return seen


def best_view(seen: Sequence[Seen], recall: Recall) -> Seen:
    """Choose the view a person would: shown, whole, usable, then sure, sharp and large."""
    return max(seen, key=lambda one: (recall.has_pixels(one.point.frame_index), _worth(one)))


def best_frames(tracks: Iterable[Track], *, camera: Camera, recall: Recall) -> frozenset[int]:
    """Give the frames of which any track may need the pixels, of those that have them still.

    What a thing is taken for may change with its next sight, so every label keeps its best views.
    """
    kept: set[int] = set()
    for track in tracks:
        by_label: dict[str, list[Seen]] = defaultdict(list)
        points = (point for point in track.points if recall.has_pixels(point.frame_index))
        for one in _seen(points, camera, recall):
            by_label[one.point.label].append(one)
        for shown in by_label.values():
            best = sorted(shown, key=_worth, reverse=True)[:SPARE]
            kept.update(one.point.frame_index for one in best)
    return frozenset(kept)


def _seen(points: Iterable[TrackPoint], camera: Camera, recall: Recall) -> Iterator[Seen]:
    for point in points:
        look = recall.look(point.frame_index)
        if look is not None:
            yield Seen(point=point, look=look, camera=camera.scaled_to(*look.size))


def _worth(one: Seen) -> tuple[bool, bool, float]:
    left, top, right, bottom = one.point.xyxy
    size = math.sqrt((right - left) * (bottom - top))
    value = size * one.point.probability * one.look.quality.sharpness
    return one.whole, one.look.quality.usable, value
