"""Make a finding of a track: what it is, where it lies, how large, with pictures that show it.

The id is made of the time of the best view, device, pass and track number, so that every replay of
the same footage gives the same finding. What is told before its track ended keeps its first id.
"""

from dataclasses import dataclass
from typing import Final

from detect.manifest import Manifest
from detect.track import Track
from dispatch.wire import MOVABLE, Finding, Light, ModelRef, Platform, Stay, Unseen, message_id
from edge.errors import EdgeError
from edge.evidence.pictures import Picture, View, context_picture, near_picture
from edge.evidence.recall import Recall
from edge.evidence.redaction import Redactor
from edge.findings.measure import Sizes, sizes_of, untold
from edge.findings.seen import Seen
from edge.findings.standing import stay_of
from edge.findings.views import best_view, sights_of
from edge.placing.camera import Camera
from edge.placing.contact import box_sighting
from edge.placing.geotag import GroundPoint, place_track
from edge.placing.terrain import Ground
from edge.subjects import Footing, subject

MOST_TRIED: Final = 5
"""Views that are measured where the best one tells no size."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """One drive or flight as one device saw it."""

    id: str
    device: str
    platform: Platform
    rendered: bool
    camera: Camera
    manifest: Manifest
    model: ModelRef
    redactor: Redactor | None
    ground: Ground | None = None


def finding_of(
    track: Track, *, of: Pass, recall: Recall, told_as: str | None = None
) -> tuple[Finding, tuple[Picture, ...]]:
    """Make the finding of a track, with its pictures.

    A track that cannot be placed keeps its finding; the reason is in it.

    Args:
        told_as: id under which the thing was told before its track ended.
    """
    seen = sights_of(track, camera=of.camera, recall=recall)
    best = best_view(seen, recall)
    place, refused = _place(seen, track.label, of.ground)
    sizes = _sizes(seen, best, label=track.label, ground=of.ground, placed=place is not None)
    pictures = _pictures(best, of=of, recall=recall)
    entry = of.manifest.entry(track.label)
    assert entry is not None, "a track's label is one of the model's"
    finding = Finding(
        id=told_as or message_id(best.point.at, of.device, of.id, str(track.number)),
        device=of.device,
        pass_id=of.id,
        platform=of.platform,
        rendered=of.rendered,
        captured_at=best.point.at,
        first_seen_at=track.points[0].at,
        last_seen_at=track.points[-1].at,
        label=track.label,
        score=_rounded(track.score),
        threshold=entry.threshold,
        probabilities={name: _rounded(p) for name, p in track.probabilities.items()},
        frames_seen=track.frames_seen,
        frames_offered=max(track.frames_offered, track.frames_seen),
        position=None if place is None else place.position(),
        position_refused=refused,
        measure=sizes.measured[0] if sizes.measured else None,
        pixels_per_metre=None
        if place is None
        else _rounded(place.scale_for(track.label) * best.look.input_scale),
        light=Light(best.look.quality.light),
        model=of.model,
        evidence=tuple(picture.evidence for picture in pictures),
        stay=_stay(seen, best, of=of, recall=recall) if track.label in MOVABLE else None,
        position_note=None if place is None else _note(seen),
        also_measured=sizes.measured[1:],
        not_observable=sizes.not_observable,
    )
    return finding, pictures


def place_of(track: Track, *, of: Pass, recall: Recall) -> GroundPoint | None:
    """Place a track; None where that cannot be done."""
    return _place(sights_of(track, camera=of.camera, recall=recall), track.label, of.ground)[0]


def _place(
    seen: list[Seen], label: str, ground: Ground | None
) -> tuple[GroundPoint | None, str | None]:
    posed = [(one, one.look.pose) for one in seen if one.look.pose is not None]
    if not posed:
        return None, (seen[0].look.no_pose or "")[:300]
    whole = [(one, pose) for one, pose in posed if one.whole] or posed
    camera = whole[0][0].camera
    sightings = [
        box_sighting(one.point.xyxy, label=label, pose=pose, camera=one.camera, ground=ground)
        for one, pose in whole
    ]
    widest_px = max(one.point.xyxy[2] - one.point.xyxy[0] for one, _ in whole)
    try:
        place = place_track(sightings, camera=camera, ground=ground)
        if subject(label).footing is Footing.STANDING:
            width_m = widest_px / place.pixels_per_metre
            place = place.as_wide_as(width_m)
    except EdgeError as error:
        return None, str(error)[:300]
    return place, None


def _note(seen: list[Seen]) -> str | None:
    """Say what the self-check mended of the poses that a place rests on."""
    notes = dict.fromkeys(one.look.pose.note for one in seen if one.look.pose is not None)
    said = "; ".join(note for note in notes if note is not None)
    return said[:300] or None


def _sizes(
    seen: list[Seen], best: Seen, *, label: str, ground: Ground | None, placed: bool
) -> Sizes:
    """Measure in the best view, or where that tells no size, in the largest ones that do."""
    if not placed:
        return untold(label, Unseen.NO_PLACE)
    largest = sorted((one for one in seen if one.whole), key=_box_area, reverse=True)
    told = untold(label, Unseen.CUT_OFF)
    for one in (best, *largest[:MOST_TRIED]):
        if one.look.pose is None or not one.whole:
            continue
        told = sizes_of(
            one.point.xyxy,
            label=label,
            pose=one.look.pose,
            camera=one.camera,
            input_scale=one.look.input_scale,
            ground=ground,
        )
        if told.measured:
            break
    return told


def _box_area(one: Seen) -> float:
    left, top, right, bottom = one.point.xyxy
    return (right - left) * (bottom - top)


def _stay(seen: list[Seen], best: Seen, *, of: Pass, recall: Recall) -> Stay | None:
    index = best.point.frame_index
    image = recall.image(index) if recall.has_pixels(index) else None
    return stay_of(seen, best=best, image=image, ground=of.ground)


def _pictures(best: Seen, *, of: Pass, recall: Recall) -> tuple[Picture, ...]:
    """Show the subject near and in its surroundings; not at all where nobody can redact."""
    if of.redactor is None or not recall.has_pixels(best.point.frame_index):
        return ()
    view = View(
        image=recall.image(best.point.frame_index),
        at=best.point.at,
        subject=best.point.xyxy,
        private=best.look.private,
        covered=best.point.label in MOVABLE,
    )
    near = near_picture(view, redactor=of.redactor)
    context = context_picture(view, redactor=of.redactor)
    return (near,) if near.evidence.sha256 == context.evidence.sha256 else (near, context)


def _rounded(value: float) -> float:
    """Round to what carries meaning; the last bits of a float differ between processors."""
    return round(value, 4)
