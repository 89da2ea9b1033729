"""Frames that show too little claim no ground, told by their own pixels."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest

from detect.detections import Detections
from detect.manifest import read_manifest
from detect.pixels import small_grey
from detect.quality import WIDTH, judge
from dispatch.wire import NotInspected, unpack_cells, unpack_ppm
from edge.coverage.inspected import Coverage
from edge.coverage.stretch import Stretch
from edge.footage import Footage
from edge.frame import Frame
from edge.opening import open_footage
from edge.sources.street.layout import plan_street
from edge.sources.street.passes import StreetPass
from edge.sources.street.schedule import plan_passes
from tests.edge import toy

WAY_M = 48.0
Spoil = Callable[[np.ndarray], np.ndarray]


def grain(image: np.ndarray) -> np.ndarray:
    """Give what a sensor adds by itself, always the same."""
    return np.random.default_rng(1).normal(0.0, 2.0, image.shape)


def without_light(image: np.ndarray) -> np.ndarray:
    return np.clip(0.1 * image + grain(image), 0, 255).astype(np.uint8)


def shaken(image: np.ndarray) -> np.ndarray:
    return cv2.blur(image, (31, 5))


def burnt_out(image: np.ndarray) -> np.ndarray:
    return np.clip(3.0 * image.astype(np.float64) + 150.0, 0, 255).astype(np.uint8)


def covered(image: np.ndarray) -> np.ndarray:
    return np.clip(120.0 + grain(image), 0, 255).astype(np.uint8)


def clear(image: np.ndarray) -> np.ndarray:
    return image


@dataclass(frozen=True)
class Drive:
    footage: Footage
    frames: tuple[Frame, ...]
    model: Path

    def told(self, through: Iterator[Spoil]) -> list[Stretch]:
        """Drive with each frame taken through something."""
        manifest = read_manifest(self.model)
        coverage = Coverage(self.footage.camera, manifest=manifest)
        nothing = Detections(
            xyxy=np.zeros((0, 4), np.float32),
            score=np.zeros(0, np.float32),
            probability=np.zeros(0, np.float32),
            label=np.zeros(0, np.int64),
            labels=manifest.labels,
        )
        stretches = []
        for frame, spoil in zip(self.frames, through, strict=True):
            spoilt = Frame(
                index=frame.index, at=frame.at, image=spoil(frame.image), name=frame.name
            )
            pose = self.footage.telemetry.pose_at(frame.at)
            quality = judge(small_grey(spoilt.image, WIDTH))
            stretches.append(coverage.add(spoilt, pose, quality, nothing, input_scale=0.5))
        stretches.append(coverage.finish())
        return [stretch for stretch in stretches if stretch is not None]

    def all_through(self, spoil: Spoil) -> list[Stretch]:
        return self.told(spoil for _ in self.frames)


def best(stretches: list[Stretch]) -> dict[int, float]:
    """Pixels per metre of the best view of each inspected cell."""
    found: dict[int, float] = {}
    for part in (part for stretch in stretches for part in stretch.inspected):
        scales = unpack_ppm(part.pixels_per_metre)
        found.update(zip(unpack_cells(part.cells), scales, strict=True))
    return found


def hidden(stretches: list[Stretch], why: NotInspected) -> set[int]:
    parts = (part for stretch in stretches for part in stretch.hidden)
    return {cell for part in parts if part.reason is why for cell in unpack_cells(part.cells)}


@pytest.fixture(scope="module")
def drive(tmp_path_factory: pytest.TempPathFactory) -> Drive:
    plan = plan_street(21)
    patrol = plan_passes(plan)[0].model_copy(update={"to_m": WAY_M})
    folder = tmp_path_factory.mktemp("drive")
    path = folder / "pass-1.street.json"
    path.write_text(StreetPass(plan=plan, patrol=patrol).model_dump_json(), encoding="utf-8")
    footage = open_footage(
        path, telemetry=None, camera=None, starts_at=None, explain=lambda zh, en: None
    )
    frames = tuple(footage.source.frames())
    return Drive(footage=footage, frames=frames, model=toy.write_model(folder / "model"))


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (without_light, NotInspected.DARK),
        (shaken, NotInspected.BLURRED),
        (burnt_out, NotInspected.BLURRED),
        (covered, NotInspected.BLURRED),
    ],
)
def test_a_drive_that_shows_too_little_claims_no_ground_and_says_why(
    drive: Drive, spoil: Spoil, why: NotInspected
) -> None:
    clean, spoilt = drive.all_through(clear), drive.all_through(spoil)

    assert len(best(clean)) > 40
    assert best(spoilt) == {}
    assert len(hidden(spoilt, why) & best(clean).keys()) > 40


def test_ground_that_came_by_in_a_tunnel_is_not_claimed_and_the_rest_is(drive: Drive) -> None:
    half = len(drive.frames) // 2
    dark = drive.told(
        without_light if number >= half else clear for number in range(len(drive.frames))
    )

    clean, seen = best(drive.all_through(clear)), best(dark)
    assert seen.keys() < clean.keys()
    assert 0.2 * len(clean) < len(seen) < 0.8 * len(clean)


def test_a_shaken_frame_lends_no_ground_its_nearness(drive: Drive) -> None:
    some = drive.told(shaken if number % 3 == 2 else clear for number in range(len(drive.frames)))

    clean, seen = best(drive.all_through(clear)), best(some)
    assert seen.keys() <= clean.keys()
    assert all(seen[cell] <= 1.001 * clean[cell] for cell in seen)
