"""What speaks for or against a repair: the looks of passes, and the word of photos and people."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from dispatch.ground.place import Place
from dispatch.sights.observation import Observation
from dispatch.verification.detectability import RecallBand
from dispatch.wire import Finding, Light, ModelRef, NotInspected, Sweep, unpack_cells, unpack_ppm

Recalls = Callable[[ModelRef, str], Sequence[RecallBand]]
"""What the card of a model states of a label; nothing where the model does not know it."""

_DARKNESS = (Light.DAY, Light.DIM, Light.NIGHT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The handled problem, as it was known before the handling.

    Args:
        place: from observations before the handling alone, else they would count twice.
        size_m: length, or square root of the area; the class's filing size where none was measured.
        handled_at: when the handling was reported done.
        certain_since: from when on it was surely there, so that a miss is a miss of the detector.
            None: since some unknown moment before its first sight.
        first_seen_at: its time of day counts for classes that keep hours.
    """

    label: str
    place: Place
    size_m: float
    first_seen_at: datetime
    handled_at: datetime
    certain_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one pass inspected round the target, and whether it saw the problem there.

    Args:
        inspected: pixels per metre of each H3 cell inspected for the target's label; cells of
            several resolutions may stand side by side.
        hidden: why cells in view were not inspected.
        sigma_m: standard error of the pass's ground, per axis, as long as the pass lasts; the
            device's own word.
        bands: what the card of the pass's model states of the label.
        seen: the observations of the pass that identity gave to this problem.
    """

    pass_id: str
    at: datetime
    inspected: Mapping[int, float]
    light: Light
    sigma_m: float
    hidden: Mapping[int, NotInspected] = field(default_factory=dict)
    bands: Sequence[RecallBand] = ()
    seen: Sequence[Observation] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """What a photo or a person says of the place, with the measured chances of its being wrong.

    Args:
        source: who speaks, for the record: "after_photo", "verifier", …
        says_present: whether the problem is said to be there.
        wrong_if_present: chance of "not there" although it is there, 0..1 exclusive.
        wrong_if_absent: chance of "there" although it is not there, 0..1 exclusive.
        same_place: chance that it speaks of this place at all.
    """

    source: str
    at: datetime
    says_present: bool
    wrong_if_present: float
    wrong_if_absent: float
    same_place: float = 1.0


def looks_of(
    sweeps: Sequence[Sweep],
    observations: Sequence[Observation],
    *,
    label: str,
    recalls: Recalls,
) -> tuple[Look, ...]:
    """Gather the looks of passes, in time, from the sweeps near a problem and its observations.

    A pass that saw the problem without a sweep near by gives a look that inspected nothing.

    Args:
        sweeps: those that inspected or hid ground near the problem.
        observations: those that identity gave to the problem.
    """
    ordered = sorted(sweeps, key=lambda each: (each.pass_id, each.stretch, each.id))
    by_pass = {key: list(part) for key, part in groupby(ordered, key=lambda each: each.pass_id)}
    seen: dict[str, list[Observation]] = {}
    for one in sorted(observations, key=lambda each: each.order):
        # What people report is no pass: it says that a thing was there, and never that it was not.
        if isinstance(one.finding, Finding):
            seen.setdefault(one.finding.pass_id, []).append(one)
    looks = []
    for pass_id in sorted({*by_pass, *seen}):
        mine, near = seen.get(pass_id, []), by_pass.get(pass_id, [])
        looks.append(_swept(near, mine, label=label, recalls=recalls) if near else _unswept(mine))
    return tuple(sorted(looks, key=lambda each: (each.at, each.pass_id)))


def _swept(
    sweeps: Sequence[Sweep],
    seen: Sequence[Observation],
    *,
    label: str,
    recalls: Recalls,
) -> Look:
    inspected: dict[int, float] = {}
    hidden: dict[int, NotInspected] = {}
    lights = {Light.DAY}
    for sweep in sweeps:
        for part in sweep.inspected:
            if label not in part.labels:
                continue
            lights.add(part.light)
            views = zip(unpack_cells(part.cells), unpack_ppm(part.pixels_per_metre), strict=True)
            for cell, view in views:
                inspected[cell] = max(view, inspected.get(cell, 0.0))
        for ground in sweep.hidden:
            hidden.update(dict.fromkeys(unpack_cells(ground.cells), ground.reason))
    at = max(sweep.ended_at for sweep in sweeps)
    return Look(
        pass_id=sweeps[0].pass_id,
        at=at,
        inspected=inspected,
        light=max(lights, key=_DARKNESS.index),
        sigma_m=max(each.position_sigma_m for each in sweeps),
        hidden={cell: why for cell, why in hidden.items() if cell not in inspected},
        bands=bands_of([(each.model, each.rendered) for each in sweeps], label, recalls),
        seen=tuple(seen),
    )


def bands_of(
    looked: Sequence[tuple[ModelRef, bool]], label: str, recalls: Recalls
) -> tuple[RecallBand, ...]:
    """Give the bands of the one model that looked; of several, those of the first by hash.

    Args:
        looked: with which model, and whether at rendered frames.
    """
    model = min((model for model, _ in looked), key=lambda each: each.sha256)
    stated = recalls(model, label)
    rendered = tuple(each for each in stated if each.rendered)
    if rendered and all(drawn for _, drawn in looked):
        return rendered
    return tuple(each for each in stated if not each.rendered)


def _unswept(seen: Sequence[Observation]) -> Look:
    finding = max(seen, key=lambda each: each.order).of_device
    return Look(
        pass_id=finding.pass_id,
        at=finding.last_seen_at,
        inspected={},
        light=finding.light,
        sigma_m=0.0,
        seen=tuple(seen),
    )
