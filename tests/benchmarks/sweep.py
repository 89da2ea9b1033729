"""Sweeps against the truth of rendered streets: is what they claim true, and worth its bytes?

    python -m tests.benchmarks --only 'sweep.*' --only street.recall

A first drive and a later one, with lorries before one problem, along each of twelve streets: 4 km.
Nothing was ever chosen on these seeds, and no recall on a card was measured on them.
"""

import multiprocessing
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Final

from detect.detector import Detector
from detect.manifest import Manifest, read_manifest
from dispatch.wire import Sweep, canonical_bytes, unpack_cells
from edge.coverage.outlook import RESOLUTION
from edge.weights import default_model
from tests.benchmarks.drives import Repaired, Trial, drive, reasons_of
from tests.benchmarks.figure import Measured, benchmark
from tests.benchmarks.shown_ground import shown_ground

SEEDS: Final = tuple(range(101, 113))
FIRST, LATER = 1, 4
WORKERS: Final = 2
AGREES: Final = ">= 0.9 and <= 1.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One drive's claims beside the truth.

    Attributes:
        metres: driven.
        size: of its sweeps on the wire, bytes.
        shown: cells that it truly showed, and of these
        claimed: how many it claims to have inspected, by class.
        hidden: cells that came into view and were truly hidden, and of these
        hidden_claimed: how many it claims for any class.
        refused: why it counts cells for nothing that it truly showed.
        repaired: what is gone since, and whether this drive can bear witness to it.
    """

    metres: float
    size: int
    trials: tuple[Trial, ...]
    shown: int
    claimed: Mapping[str, int]
    hidden: int
    hidden_claimed: int
    refused: Mapping[str, int]
    repaired: tuple[Repaired, ...]


def told_by(seed: int, number: int) -> Told:
    """Drive along a street, and hold what was claimed against what was shown."""
    detector = Detector(default_model(), threads=1)
    with tempfile.TemporaryDirectory() as folder:
        driven = drive(seed, number, detector=detector, folder=Path(folder))
    truth = shown_ground(driven.street, driven.telemetry)
    claims = _claims(driven.sweeps)
    return Told(
        metres=sum(sweep.distance_m for sweep in driven.sweeps),
        size=sum(len(canonical_bytes(sweep)) for sweep in driven.sweeps),
        trials=driven.trials,
        shown=len(truth.shown),
        claimed={label: len(cells & truth.shown) for label, cells in claims.items()},
        hidden=len(truth.hidden),
        hidden_claimed=len(truth.hidden & set().union(*claims.values())),
        refused=Counter(
            reason.value
            for cell, reason in reasons_of(driven.sweeps).items()
            if cell in truth.shown
        ),
        repaired=driven.repaired,
    )


def _claims(sweeps: Iterable[Sweep]) -> dict[str, set[int]]:
    """Give the cells that are claimed, by class."""
    claims: dict[str, set[int]] = defaultdict(set)
    for part in (part for sweep in sweeps for part in sweep.inspected):
        assert part.resolution == RESOLUTION, "truth is told in cells of one size"
        for label in part.labels:
            claims[label].update(unpack_cells(part.cells))
    return claims


@cache
def _told() -> tuple[Told, ...]:
    drives = list(product(SEEDS, (FIRST, LATER)))
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(WORKERS, mp_context=spawn) as pool:
        return tuple(pool.map(told_by, *zip(*drives, strict=True)))


def _trials() -> list[Trial]:
    return [trial for told in _told() for trial in told.trials]


def _driven() -> str:
    metres = sum(told.metres for told in _told())
    return f"rendered, {metres / 1000.0:.1f} km on {len(SEEDS)} streets"


@benchmark(name="street.recall", unit="share", goal=">= 0.8")
def recall_on_the_street() -> Measured:
    """Share of planted problems that a drive past them found, hidden ones apart."""
    open_ = [each for each in _trials() if not each.hidden]
    found = sum(each.detected for each in open_)
    return Measured(
        value=found / len(open_), how=f"{_driven()}: {found} of {len(open_)} sights; {_by(open_)}"
    )


@benchmark(name="sweep.recall_agreement", unit="ratio", goal=AGREES)
def recall_agreement() -> Measured:
    """Detected share of what sweeps claim as inspected, over the recall that the card states."""
    manifest = read_manifest(default_model())
    claimed = [each for each in _trials() if each.claimed and not each.hidden]
    stated = [(each, stated_recall(manifest, each)) for each in claimed]
    judged = [(each, recall) for each, recall in stated if recall is not None]
    found = sum(each.detected for each, _ in judged) / len(judged)
    mean = sum(recall for _, recall in judged) / len(judged)
    return Measured(
        value=found / mean,
        how=f"{_driven()}: {found:.2f} found of {len(judged)} problems on ground claimed as "
        f"inspected, {mean:.2f} stated for their sizes; {_by([each for each, _ in judged])}; "
        f"{len(claimed) - len(judged)} smaller than any size it is stated for",
    )


@benchmark(name="sweep.hidden_claimed", unit="claims", goal="== 0")
def hidden_claimed() -> Measured:
    """Claims to have inspected ground that was truly hidden: cells, and problems behind lorries."""
    hidden = [each for each in _trials() if each.hidden]
    problems = sum(each.claimed for each in hidden)
    cells = sum(told.hidden_claimed for told in _told())
    return Measured(
        value=problems + cells,
        how=f"{_driven()}: {problems} of {len(hidden)} problems behind lorries, {cells} of "
        f"{sum(told.hidden for told in _told())} cells of which never 3 frames showed half",
    )


@benchmark(name="sweep.claimed_share", unit="share")
def claimed_share() -> Measured:
    """Share of the ground truly shown that sweeps claim to have inspected for potholes."""
    shown = sum(told.shown for told in _told())
    claimed = sum((Counter(told.claimed) for told in _told()), Counter[str]())
    shares = {label: claimed[label] / shown for label in sorted(claimed)}
    others = ", ".join(f"{label} {share:.2f}" for label, share in shares.items())
    refused = sum((Counter(told.refused) for told in _told()), Counter[str]())
    why = ", ".join(f"{reason} {n / shown:.2f}" for reason, n in refused.most_common())
    return Measured(
        value=shares.get("road.pothole", 0.0),
        how=f"{_driven()}: of {shown} cells that 3 frames showed whole; {others}; "
        f"not claimed as {why}",
    )


@benchmark(name="sweep.repair_inspected", unit="share")
def repair_inspected() -> Measured:
    """Share of repaired problems whose ground one later drive claims to have inspected."""
    rows = [each for told in _told() for each in told.repaired]
    by = defaultdict(Counter[str])
    for each in rows:
        by[each.label]["claimed" if each.claimed else str(each.reason or "unseen")] += 1
    each_class = "; ".join(
        f"{label} " + ", ".join(f"{word} {n}" for word, n in counts.most_common())
        for label, counts in sorted(by.items())
    )
    return Measured(
        value=sum(each.claimed for each in rows) / len(rows),
        how=f"{_driven()}: of {len(rows)} on a drive two days later; {each_class}",
    )


@benchmark(name="sweep.bytes_per_100m", unit="bytes", goal="<= 2000")
def bytes_per_100m() -> Measured:
    """Size of sweeps on the wire by way driven, as in a request."""
    size = sum(told.size for told in _told())
    worst = max(told.size / told.metres * 100.0 for told in _told())
    return Measured(
        value=size / sum(told.metres for told in _told()) * 100.0,
        how=f"{_driven()}: whole messages, uncompressed; most on one drive {worst:.0f}",
    )


def stated_recall(manifest: Manifest, trial: Trial) -> float | None:
    """Give the recall that a model states for a claimed problem's class, size and light.

    By the band that the centre would take: the highest that begins at or below the size. None for
    what is smaller than all of them, of which a claim says nothing.
    """
    entry = manifest.entry(trial.label)
    bands = [
        band
        for band in (entry.recall if entry else ())
        if (band.measured_on, band.light) == ("rendered", trial.light.value)
        and band.min_px <= trial.claimed_px
    ]
    return max(bands, key=lambda band: band.min_px).mean if bands else None


def _by(trials: Sequence[Trial]) -> str:
    """Say by class how many of how many were found."""
    parts = []
    for label in sorted({each.label for each in trials}):
        rows = [each.detected for each in trials if each.label == label]
        parts.append(f"{label} {sum(rows)}/{len(rows)}")
    return ", ".join(parts)
