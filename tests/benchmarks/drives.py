"""Drives over rendered streets with known truth: what was there, inspected, and found.

    python -m tests.benchmarks.drives --first-seed 1000 --seeds 12 --out trials.json

writes every trial (a planted problem that a drive claims to have inspected, at a size in pixels)
for `xunhuan-models recall`, which turns them into the card's recall per pass. The seeds are not
the demo's.
"""

import argparse
import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Final

from h3.api import basic_int as h3

from detect.detector import Detector
from detect.manifest import MANIFEST_FILE, Manifest, Recall, read_manifest
from dispatch.place import Place, distance_m
from dispatch.wire import Finding, Sweep, unpack_cells, unpack_ppm
from edge.opening import open_footage
from edge.pipeline import Pipeline
from edge.sources.street.passes import read_pass
from edge.sources.street.plan import PlantedProblem
from edge.sources.street.schedule import DRONE_PASS, PASSES
from edge.sources.street.writing import pass_file, write_street
from edge.weights import default_model
from tests.benchmarks.figure import Measured, benchmark

FIRST_SEED: Final = 2000
SEEDS: Final = 4
REACH_M: Final = 6.0
DRIVES: Final = tuple(number for number in range(1, PASSES + 1) if number != DRONE_PASS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A planted problem on one drive.

    Args:
        size_px: side of its foot in pixels of the model's input at the best view; 0 where the
            drive does not claim to have inspected it.
        hidden: a parked vehicle stands before it on this drive, whatever the sweep says.
    """

    seed: int
    drive: int
    problem: str
    label: str
    size_px: float
    detected: bool
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
                size_px=problem.area_m2**0.5 * _view(problem, sweeps),
                detected=any(_is_of(each, problem) for each in findings),
                hidden=problem.story == "hidden_later" and number > DRONE_PASS,
            )


def _silent(_zh: str, _en: str) -> None:
    """Say nothing."""


def _view(problem: PlantedProblem, sweeps: Sequence[Sweep]) -> float:
    """Give the best pixels per metre that the sweeps claim of a problem's place, or 0."""
    best = 0.0
    for part in (part for sweep in sweeps for part in sweep.inspected):
        if problem.label in part.labels:
            cell = h3.latlng_to_cell(problem.latitude, problem.longitude, part.resolution)
            views = dict(
                zip(unpack_cells(part.cells), unpack_ppm(part.pixels_per_metre), strict=True)
            )
            best = max(best, views.get(cell, 0.0))
    return best


def _is_of(finding: Finding, problem: PlantedProblem) -> bool:
    position = finding.position
    if position is None or finding.label != problem.label:
        return False
    seen = Place(latitude=position.latitude, longitude=position.longitude, ee=0.0, en=0.0, nn=0.0)
    truth = Place(latitude=problem.latitude, longitude=problem.longitude, ee=0.0, en=0.0, nn=0.0)
    return distance_m(seen, truth) <= REACH_M


def claiming_everything(model: Path, folder: Path) -> Path:
    """Copy a model so that it states recall at every size: sweeps then claim all that is in view.

    What the card is to state cannot depend on what it states.
    """
    copy = folder / "model"
    shutil.copytree(model, copy)
    manifest = read_manifest(copy)
    every = Recall(
        min_px=1.0,
        max_px=4096.0,
        mean=0.9,
        lower=0.9,
        concentration=4.0,
        objects=0,
        measured_on="rendered",
    )
    classes = tuple(each.model_copy(update={"recall": (every,)}) for each in manifest.classes)
    changed: Manifest = manifest.model_copy(update={"classes": classes})
    (copy / MANIFEST_FILE).write_text(changed.model_dump_json(), encoding="utf-8")
    return copy


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
    claimed = [each for each in _benchmarked() if each.size_px > 0.0 and not each.hidden]
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
    claimed = sum(each.size_px > 0.0 for each in hidden)
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
    with tempfile.TemporaryDirectory() as folder:
        model = claiming_everything(order.model, Path(folder))
        seeds = range(order.first_seed, order.first_seed + order.seeds)
        rows = [asdict(each) for each in trials(seeds, model=model)]
    order.out.write_text(json.dumps(rows, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
