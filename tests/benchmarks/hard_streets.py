"""Rendered streets on which finding is hard: small potholes in many places, seen through haze.

Each street draws how much contrast and sharpness the haze takes and how much grain the sensor adds,
from next to none to what is barely usable, so that recall runs from nothing to all.

    python -m tests.benchmarks.hard_streets --first-seed 3000 --seeds 24 --out trials.json

writes the trials of first drives for `xunhuan-models recall`, beside those of `drives`.
"""

import argparse
import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from detect.detector import Detector
from edge.frame import Frame
from edge.placing.geodesy import LocalPlane
from edge.sources.street.damage import Hollow, area_m2
from edge.sources.street.layout import plan_street
from edge.sources.street.passes import StreetPass
from edge.sources.street.plan import PlantedProblem, Story, StreetPlan
from edge.sources.street.schedule import plan_passes
from edge.weights import default_model
from tests.benchmarks.drives import Trial, drive_along

_FIRST_M: Final = 18.0
_APART_M: Final = 5.2
_COUNT: Final = 28
_JITTER_M: Final = 0.4
_LENGTH_M: Final = (0.15, 0.9)
_ASIDE_M: Final = 3.0
_HARDEST: Final = 0.8


def hard_street(seed: int) -> StreetPass:
    """Plan the first drive along a hard street."""
    rng = np.random.default_rng((seed, 71))
    usual = plan_street(seed)
    problems = tuple(_pothole(usual, number, rng) for number in range(_COUNT))
    plan = usual.model_copy(update={"problems": problems})
    return StreetPass(plan=plan, patrol=plan_passes(plan)[0])


def _pothole(plan: StreetPlan, number: int, rng: np.random.Generator) -> PlantedProblem:
    along = _FIRST_M + _APART_M * number + float(rng.uniform(-_JITTER_M, _JITTER_M))
    right = float(rng.uniform(-_ASIDE_M, _ASIDE_M))
    length = float(np.exp(rng.uniform(*np.log(_LENGTH_M))))
    width = length * float(rng.uniform(0.7, 0.95))
    seed = int(rng.integers(1 << 30))
    east, north = plan.east_north(along, right)
    plane = LocalPlane(latitude=plan.latitude, longitude=plan.longitude)
    latitude, longitude = plane.latitude_longitude(np.array([east, north])).tolist()
    hollow = Hollow(middle=(0.0, 0.0), half_m=(length / 2, width / 2), seed=seed)
    return PlantedProblem(
        id=f"p{number + 1}",
        label="road.pothole",
        story=Story.REPAIR,
        latitude=latitude,
        longitude=longitude,
        east_m=east,
        north_m=north,
        along_m=along,
        right_m=right,
        length_m=length,
        width_m=width,
        height_m=0.0,
        area_m2=area_m2(hollow),
        seed=seed,
    )


@dataclass(frozen=True, slots=True)
class Haze:
    """What takes contrast and sharpness away, and a sensor that is turned up against it.

    Attributes:
        contrast: share of it that is left.
        soft_px: spread of the blur.
        grain: spread of the noise, grey levels.
    """

    contrast: float
    soft_px: float
    grain: float
    seed: int

    def over(self, frame: Frame) -> Frame:
        """Give a frame as it looks through this haze."""
        image = cv2.GaussianBlur(frame.image.astype(np.float32), (0, 0), self.soft_px)
        mean = float(image.mean())
        rng = np.random.default_rng((self.seed, frame.index))
        noise = rng.standard_normal(image.shape, dtype=np.float32) * np.float32(self.grain)
        seen = mean + self.contrast * (image - mean) + noise
        return replace(frame, image=np.clip(seen, 0.0, 255.0).astype(np.uint8))


def haze_of(seed: int) -> Haze:
    """Draw the haze over a street: from next to none to what is barely usable."""
    rng = np.random.default_rng((seed, 72))
    hard = float(rng.uniform(0.0, _HARDEST))
    return Haze(
        contrast=1.0 - 0.75 * hard, soft_px=0.3 + 1.2 * hard, grain=2.0 + 8.0 * hard, seed=seed
    )


def hard_trials(seeds: Sequence[int], *, model: Path) -> Iterator[Trial]:
    """Drive each hard street once and give what became of each problem."""
    detector = Detector(model, threads=1)
    with tempfile.TemporaryDirectory() as folder:
        for seed in seeds:
            driven = drive_along(
                hard_street(seed),
                detector=detector,
                folder=Path(folder),
                through=haze_of(seed).over,
            )
            yield from driven.trials


def main() -> None:
    """Drive, and write the trials."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first-seed", type=int, default=3000)
    parser.add_argument("--seeds", type=int, default=24)
    parser.add_argument("--model", type=Path, default=default_model())
    parser.add_argument("--out", type=Path, required=True)
    order = parser.parse_args()
    seeds = range(order.first_seed, order.first_seed + order.seeds)
    rows = [_as_claimed(each) for each in hard_trials(seeds, model=order.model)]
    order.out.write_text(json.dumps(rows, indent=1), encoding="utf-8")


def _as_claimed(trial: Trial) -> dict[str, object]:
    """Give a trial by the size that the sweep states: that is what the card is asked about."""
    return asdict(replace(trial, size_px=trial.claimed_px))


if __name__ == "__main__":
    main()
