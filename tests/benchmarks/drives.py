"""Drives over rendered streets with known truth: what was there, inspected, and found.

    python -m tests.benchmarks.drives --first-seed 1000 --seeds 12 --out trials.json

writes every trial (a planted problem that a drive claims to have inspected, at a size in pixels)
for `xunhuan-models recall`, which turns them into the card's recall per pass. The seeds are not
the demo's.
"""

import argparse
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Final

import numpy as np
from h3.api import basic_int as h3

from detect.box import Letterbox
from detect.detector import Detector
from dispatch.ground.place import Place, distance_m
from dispatch.wire import (
    Finding,
    Light,
    NotInspected,
    Platform,
    Sweep,
    unpack_cells,
    unpack_ppm,
)
from edge.coverage.outlook import RESOLUTION, Outlook
from edge.frame import Frame, FrameSource
from edge.opening import open_footage
from edge.pipeline import Pipeline
from edge.placing.geodesy import LocalPlane
from edge.placing.terrain import ground_of
from edge.sources.street.layout import plan_street
from edge.sources.street.passes import StreetPass
from edge.sources.street.plan import PlantedProblem, StreetPlan
from edge.sources.street.schedule import DRONE_PASS, PASSES, plan_passes
from edge.sources.street.source import camera_of
from edge.sources.street.writing import pass_file
from edge.subjects import subject
from edge.telemetry.simulated import SimulatedTelemetry, true_pose
from edge.weights import default_model

REACH_M: Final = 6.0
LEAST_FRAMES: Final = 3
DRIVES: Final = tuple(number for number in range(1, PASSES + 1) if number != DRONE_PASS)


Through = Callable[[Frame], Frame]
"""What becomes of a frame before the device sees it."""


@dataclass(frozen=True, slots=True)
class _SeenThrough:
    """A source whose frames something comes before."""

    source: FrameSource
    through: Through

    @property
    def digest(self) -> str:
        return self.source.digest

    @property
    def platform(self) -> Platform:
        return self.source.platform

    @property
    def rendered(self) -> bool:
        return self.source.rendered

    def frames(self) -> Iterator[Frame]:
        return map(self.through, self.source.frames())


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A planted problem on one drive.

    Args:
        size_px: side of its foot in pixels of the model's input at the best view; 0 where too few
            frames have it in the picture and near.
        claimed: whether the drive claims to have inspected its ground. A heap hides its own
            ground, so that this is a claim about a place, not about the thing on it.
        hidden: a parked vehicle stands before it on this drive, whatever the sweep says.
        claimed_px: the same side by the best view that the sweep states; 0 where it claims nothing.
        light: of that claim.
    """

    seed: int
    drive: int
    problem: str
    label: str
    size_px: float
    detected: bool
    claimed: bool
    hidden: bool
    claimed_px: float
    light: Light


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaired:
    """A planted problem that is gone on a drive: can the drive bear witness to its repair?

    Attributes:
        claimed: whether the drive claims to have inspected its ground for its class.
        reason: why its ground counts for nothing, as the drive says; None where it says nothing.
    """

    label: str
    claimed: bool
    reason: NotInspected | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drive:
    """One drive along a rendered street: what it had to say, and what became of each problem."""

    street: StreetPass
    telemetry: SimulatedTelemetry
    sweeps: tuple[Sweep, ...]
    trials: tuple[Trial, ...]
    repaired: tuple[Repaired, ...]


def trials(seeds: Sequence[int], *, model: Path, drives: Sequence[int] = DRIVES) -> Iterator[Trial]:
    """Drive each street and give what became of each problem that was there."""
    detector = Detector(model, threads=2)
    with tempfile.TemporaryDirectory() as folder:
        for seed in seeds:
            for number in drives:
                yield from drive(seed, number, detector=detector, folder=Path(folder)).trials


def drive(seed: int, number: int, *, detector: Detector, folder: Path) -> Drive:
    """Drive along the street of a seed.

    Args:
        number: which of the street's passes.
        folder: where the file of the pass is written.
    """
    street = planned(seed, number)
    return drive_along(street, detector=detector, folder=folder)


def drive_along(
    street: StreetPass, *, detector: Detector, folder: Path, through: Through | None = None
) -> Drive:
    """Drive one pass of a street.

    Args:
        folder: where the file of the pass is written.
        through: what the air and the lens do to each frame besides.
    """
    file = _write(street, folder)
    footage = open_footage(file, telemetry=None, camera=None, starts_at=None, explain=_silent)
    if through is not None:
        footage = replace(footage, source=_SeenThrough(footage.source, through))
    messages = [each.message for each in Pipeline(footage, detector, device="bench").run()]
    findings = [each for each in messages if isinstance(each, Finding)]
    sweeps = [each for each in messages if isinstance(each, Sweep)]
    return Drive(
        street=street,
        telemetry=SimulatedTelemetry(file),
        sweeps=tuple(sweeps),
        trials=tuple(
            _trial(problem, street, findings, sweeps, shape=detector.shape)
            for problem in street.plan.problems
            if problem.id not in street.patrol.repaired
        ),
        repaired=tuple(
            _repaired(street.plan.problem(gone), sweeps) for gone in street.patrol.repaired
        ),
    )


def planned(seed: int, number: int) -> StreetPass:
    """Plan one pass alone: a street's phone photos take longer to paint than a drive."""
    plan = plan_street(seed)
    return StreetPass(plan=plan, patrol=plan_passes(plan)[number - 1])


def write_pass(seed: int, number: int, folder: Path) -> Path:
    """Write one pass of a usual street as the file that a replay opens."""
    return _write(planned(seed, number), folder)


def _write(said: StreetPass, folder: Path) -> Path:
    file = folder / pass_file(said.patrol.number)
    file.write_text(said.model_dump_json(), encoding="utf-8")
    return file


def _trial(
    problem: PlantedProblem,
    street: StreetPass,
    findings: Sequence[Finding],
    sweeps: Sequence[Sweep],
    *,
    shape: tuple[int, int],
) -> Trial:
    claim = _claim(problem, sweeps)
    side_m, number = problem.area_m2**0.5, street.patrol.number
    return Trial(
        seed=street.plan.seed,
        drive=number,
        problem=problem.id,
        label=problem.label,
        size_px=side_m * best_view(problem, street, shape),
        detected=any(found_by(each, street.plan) == problem.id for each in findings),
        claimed=claim is not None,
        hidden=problem.story == "hidden_later" and number > DRONE_PASS,
        claimed_px=0.0 if claim is None else side_m * claim[0],
        light=Light.DAY if claim is None else claim[1],
    )


def _silent(_zh: str, _en: str) -> None:
    """Say nothing."""


def best_view(problem: PlantedProblem, street: StreetPass, shape: tuple[int, int]) -> float:
    """Give pixels of the model's input per metre at the best view, as a sweep would state it.

    By geometry alone, whatever stands between; 0 where fewer frames than evidence needs are near.
    """
    camera = camera_of(street.patrol)
    scale = Letterbox.fit((camera.height, camera.width), shape).scale
    plane = LocalPlane(latitude=problem.latitude, longitude=problem.longitude)
    outlook = Outlook(ground_of(camera), plane, on_vehicle=True)
    cell = h3.latlng_to_cell(problem.latitude, problem.longitude, RESOLUTION)
    views: list[float] = []
    for number in range(street.patrol.frame_count):
        at = street.patrol.starts_at + timedelta(seconds=number / street.patrol.frames_per_s)
        pose = true_pose(street, at)
        glance = outlook.look(
            ground_of(camera).stance(pose, camera),
            plane.east_north(pose.latitude, pose.longitude),
            np.zeros((0, 4)),
            camera=camera,
            input_scale=scale,
        )
        if cell in glance.cells:
            row = glance.cells.index(cell)
            if glance.in_view[row] and glance.near[row]:
                views.append(float(glance.scale[subject(problem.label).footing][row]))
    return max(views) if len(views) >= LEAST_FRAMES else 0.0


def _repaired(problem: PlantedProblem, sweeps: Sequence[Sweep]) -> Repaired:
    reasons = reasons_of(sweeps)
    cell = h3.latlng_to_cell(problem.latitude, problem.longitude, RESOLUTION)
    return Repaired(
        label=problem.label,
        claimed=_claim(problem, sweeps) is not None,
        reason=reasons.get(cell),
    )


def reasons_of(sweeps: Sequence[Sweep]) -> dict[int, NotInspected]:
    """Give why cells count for nothing, where sweeps say so."""
    return {
        cell: part.reason
        for sweep in sweeps
        for part in sweep.hidden
        for cell in unpack_cells(part.cells)
    }


def _claim(problem: PlantedProblem, sweeps: Sequence[Sweep]) -> tuple[float, Light] | None:
    """Give pixels per metre and light of the claim to have inspected a problem's cell."""
    for part in (part for sweep in sweeps for part in sweep.inspected):
        if problem.label in part.labels:
            cell = h3.latlng_to_cell(problem.latitude, problem.longitude, part.resolution)
            scales = dict(
                zip(unpack_cells(part.cells), unpack_ppm(part.pixels_per_metre), strict=True)
            )
            if cell in scales:
                return scales[cell], part.light
    return None


def found_by(finding: Finding, plan: StreetPlan) -> str | None:
    """Give the id of the planted problem that a finding is of: the nearest of its class.

    None where none lies within reach of what a pass may be off.
    """
    position = finding.position
    alike = [problem for problem in plan.problems if problem.label == finding.label]
    if position is None or not alike:
        return None
    seen = Place(latitude=position.latitude, longitude=position.longitude, ee=0.0, en=0.0, nn=0.0)
    away, nearest = min((distance_m(seen, _truth(problem)), problem.id) for problem in alike)
    return nearest if away <= REACH_M else None


def _truth(problem: PlantedProblem) -> Place:
    return Place(latitude=problem.latitude, longitude=problem.longitude, ee=0.0, en=0.0, nn=0.0)


def main() -> None:
    """Drive, and write the trials."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first-seed", type=int, default=1000)
    parser.add_argument("--seeds", type=int, default=12)
    parser.add_argument("--model", type=Path, default=default_model())
    parser.add_argument("--out", type=Path, required=True)
    order = parser.parse_args()
    seeds = range(order.first_seed, order.first_seed + order.seeds)
    rows = [asdict(each) for each in trials(seeds, model=order.model)]
    order.out.write_text(json.dumps(rows, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
