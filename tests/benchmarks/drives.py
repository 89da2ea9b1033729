"""Drives over rendered streets with known truth: what was there, inspected, and found.

    python -m tests.benchmarks.drives --first-seed 1000 --seeds 12 --out trials.json

writes every trial (a planted problem that a drive claims to have inspected, at a size in pixels)
for `xunhuan-models recall`, which turns them into the card's recall per pass. The seeds are not
the demo's.
"""

import argparse
import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from h3.api import basic_int as h3

from detect.box import Letterbox
from detect.detector import Detector
from detect.manifest import Manifest, read_manifest
from dispatch.place import Place, distance_m
from dispatch.wire import Finding, Sweep, unpack_cells
from edge.geodesy import LocalPlane
from edge.opening import open_footage
from edge.outlook import RESOLUTION, Outlook
from edge.pipeline import Pipeline
from edge.sources.street.passes import StreetPass, read_pass
from edge.sources.street.plan import PlantedProblem
from edge.sources.street.schedule import DRONE_PASS, PASSES
from edge.sources.street.source import camera_of
from edge.sources.street.writing import pass_file, write_street
from edge.subjects import subject
from edge.telemetry.simulated import true_pose
from edge.terrain import ground_of
from edge.weights import default_model
from tests.benchmarks.figure import Measured, benchmark

FIRST_SEED: Final = 2000
SEEDS: Final = 4
REACH_M: Final = 6.0
LEAST_FRAMES: Final = 3
DRIVES: Final = tuple(number for number in range(1, PASSES + 1) if number != DRONE_PASS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A planted problem on one drive.

    Args:
        size_px: side of its foot in pixels of the model's input at the best view; 0 where too few
            frames have it in the picture and near.
        claimed: whether the drive claims to have inspected its ground. A heap hides its own
            ground, so that this is a claim about a place, not about the thing on it.
        hidden: a parked vehicle stands before it on this drive, whatever the sweep says.
    """

    seed: int
    drive: int
    problem: str
    label: str
    size_px: float
    detected: bool
    claimed: bool
    hidden: bool


def trials(seeds: Sequence[int], *, model: Path, drives: Sequence[int] = DRIVES) -> Iterator[Trial]:
    """Drive each street and give what became of each problem that was there."""
    detector = Detector(model, threads=2)
    with tempfile.TemporaryDirectory() as folder:
        for seed in seeds:
            write_street(seed, Path(folder))
            for number in drives:
                yield from _drive(Path(folder) / pass_file(number), detector, seed, number)


def _drive(file: Path, detector: Detector, seed: int, number: int) -> Iterator[Trial]:
    street = read_pass(file)
    footage = open_footage(file, telemetry=None, camera=None, starts_at=None, explain=_silent)
    messages = [each.message for each in Pipeline(footage, detector, device="bench").run()]
    findings = [each for each in messages if isinstance(each, Finding)]
    sweeps = [each for each in messages if isinstance(each, Sweep)]
    for problem in street.plan.problems:
        if problem.id not in street.patrol.repaired:
            yield Trial(
                seed=seed,
                drive=number,
                problem=problem.id,
                label=problem.label,
                size_px=problem.area_m2**0.5 * best_view(problem, street, detector.shape),
                detected=any(_is_of(each, problem) for each in findings),
                claimed=_is_claimed(problem, sweeps),
                hidden=problem.story == "hidden_later" and number > DRONE_PASS,
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


def _is_claimed(problem: PlantedProblem, sweeps: Sequence[Sweep]) -> bool:
    for part in (part for sweep in sweeps for part in sweep.inspected):
        if problem.label in part.labels:
            cell = h3.latlng_to_cell(problem.latitude, problem.longitude, part.resolution)
            if cell in unpack_cells(part.cells):
                return True
    return False


def _is_of(finding: Finding, problem: PlantedProblem) -> bool:
    position = finding.position
    if position is None or finding.label != problem.label:
        return False
    seen = Place(latitude=position.latitude, longitude=position.longitude, ee=0.0, en=0.0, nn=0.0)
    truth = Place(latitude=problem.latitude, longitude=problem.longitude, ee=0.0, en=0.0, nn=0.0)
    return distance_m(seen, truth) <= REACH_M


@cache
def _benchmarked() -> tuple[Trial, ...]:
    seeds = range(FIRST_SEED, FIRST_SEED + SEEDS)
    return tuple(trials(seeds, model=default_model()))


@benchmark(name="street.recall", unit="share", goal=">= 0.8")
def recall_on_the_street() -> Measured:
    """Share of planted problems that a drive past them found, hidden ones apart (rendered)."""
    open_ = [each for each in _benchmarked() if not each.hidden]
    found = sum(each.detected for each in open_)
    return Measured(
        value=found / len(open_),
        how=f"rendered: {found} of {len(open_)} sights, {SEEDS} streets of {len(DRIVES)} drives",
    )


@benchmark(name="sweep.recall_agreement", unit="ratio")
def recall_agreement() -> Measured:
    """Detected share of what sweeps claim as inspected, over the recall that the card states."""
    manifest = read_manifest(default_model())
    claimed = [each for each in _benchmarked() if each.claimed and not each.hidden]
    stated = [_stated(manifest, each) for each in claimed]
    measured = sum(each.detected for each in claimed) / len(claimed)
    return Measured(
        value=measured / (sum(stated) / len(stated)),
        how=f"rendered: {measured:.2f} detected of {len(claimed)} claimed as inspected",
    )


@benchmark(name="sweep.hidden_claimed", unit="problems", goal="== 0")
def hidden_claimed() -> Measured:
    """Problems behind a parked vehicle whose place a sweep claims to have inspected."""
    hidden = [each for each in _benchmarked() if each.hidden]
    claimed = sum(each.claimed for each in hidden)
    return Measured(value=float(claimed), how=f"rendered: of {len(hidden)} hidden problems")


def _stated(manifest: Manifest, trial: Trial) -> float:
    entry = manifest.entry(trial.label)
    bands = [
        band
        for band in (entry.recall if entry else ())
        if band.measured_on == "rendered" and band.min_px <= trial.size_px
    ]
    return max(bands, key=lambda band: band.min_px).mean if bands else 0.0


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
