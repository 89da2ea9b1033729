"""Ground behind dirt or the bonnet is not claimed, and what the lens itself shows is not filed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest

from detect.detections import Detections
from detect.detector import Detector
from detect.quality import FrameQuality
from detect.track import Track, TrackPoint, TrackPolicy
from dispatch.wire import Finding, NotInspected, Platform, Sweep, unpack_cells, unpack_ppm
from edge.coverage.windscreen import Windscreen
from edge.footage import Footage
from edge.frame import Frame, FrameSource
from edge.opening import open_footage
from edge.pipeline import Pipeline
from edge.placing.camera import Camera, Mounting
from edge.sources.street.layout import plan_street
from edge.sources.street.passes import StreetPass
from edge.sources.street.schedule import plan_passes
from tests.edge import toy
from tests.edge.geotag_trials import START, pose, pose_error

WIDTH, HEIGHT = 640, 360
WAY_M = 75.0
RED = (20.0, 20.0, 235.0)
Spoil = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Spoilt:
    """A source whose frames were taken through something."""

    source: FrameSource
    through: Spoil

    @property
    def digest(self) -> str:
        return self.source.digest

    @property
    def platform(self) -> Platform:
        return self.source.platform

    @property
    def rendered(self) -> bool:
        # The toy model's card speaks of frames that were taken.
        return False

    def frames(self) -> Iterator[Frame]:
        for frame in self.source.frames():
            # Without colour the street itself shows the toy model nothing.
            grey = cv2.cvtColor(frame.image, cv2.COLOR_BGR2GRAY)
            image = self.through(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR))
            yield replace(frame, image=image)


@pytest.fixture(scope="module")
def drive(tmp_path_factory: pytest.TempPathFactory) -> Footage:
    plan = plan_street(7)
    patrol = plan_passes(plan)[0]
    optics = patrol.optics
    small = optics.model_copy(
        update={
            "width": WIDTH,
            "height": HEIGHT,
            "focal_px": optics.focal_px * WIDTH / optics.width,
        }
    )
    patrol = patrol.model_copy(update={"optics": small, "from_m": 0.0, "to_m": WAY_M})
    path = tmp_path_factory.mktemp("street") / "pass-1.street.json"
    path.write_text(StreetPass(plan=plan, patrol=patrol).model_dump_json(), encoding="utf-8")
    return open_footage(
        path, telemetry=None, camera=None, starts_at=None, explain=lambda zh, en: None
    )


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return toy.write_model(tmp_path_factory.mktemp("model"))


def soft(drawn: np.ndarray) -> np.ndarray:
    return cv2.GaussianBlur(drawn, (0, 0), 3.0)[..., None]


def bonnet(image: np.ndarray) -> np.ndarray:
    """Lay a dark bonnet that mirrors the sky over the lowest fifth."""
    drawn = np.zeros(image.shape[:2], np.float32)
    cv2.ellipse(drawn, (WIDTH // 2, HEIGHT + 40), (450, 110), 0, 0, 360, 1.0, -1)
    part = soft(drawn)
    mirrored = cv2.GaussianBlur(cv2.resize(image[: HEIGHT // 3][::-1], (WIDTH, HEIGHT)), (0, 0), 16)
    return np.clip(image * (1 - part) + (35 + 0.18 * mirrored) * part, 0, 255).astype(np.uint8)


def red_leaf(image: np.ndarray) -> np.ndarray:
    """Stick a red leaf on the lens: to the toy model a pothole that goes wherever the car goes."""
    drawn = np.zeros(image.shape[:2], np.float32)
    cv2.ellipse(drawn, (WIDTH // 2, 250), (60, 30), 0, 0, 360, 1.0, -1)
    part = soft(drawn)
    return np.clip(image * (1 - part) + np.array(RED) * part, 0, 255).astype(np.uint8)


def mud(image: np.ndarray) -> np.ndarray:
    """Smear mud over the left of the lens, from the horizon down."""
    drawn = np.zeros(image.shape[:2], np.float32)
    drawn[150:, 60:300] = 1.0
    part = 0.95 * soft(drawn)
    return np.clip(image * (1 - part) + 80.0 * part, 0, 255).astype(np.uint8)


@dataclass(frozen=True)
class Told:
    findings: list[Finding]
    sweeps: list[Sweep]

    @property
    def best(self) -> dict[int, float]:
        """Pixels per metre of the best view of each inspected cell."""
        best: dict[int, float] = {}
        for part in (part for sweep in self.sweeps for part in sweep.inspected):
            scales = unpack_ppm(part.pixels_per_metre)
            best.update(zip(unpack_cells(part.cells), scales, strict=True))
        return best

    def hidden(self, why: NotInspected) -> set[int]:
        parts = (part for sweep in self.sweeps for part in sweep.hidden)
        return {c for part in parts if part.reason is why for c in unpack_cells(part.cells)}


def told(drive: Footage, model: Path, through: Spoil) -> Told:
    footage = replace(drive, source=Spoilt(drive.source, through))
    pipeline = Pipeline(footage, Detector(model, threads=1), device="car-7")
    messages = [produced.message for produced in pipeline.run()]
    return Told(
        findings=[m for m in messages if isinstance(m, Finding)],
        sweeps=[m for m in messages if isinstance(m, Sweep)],
    )


@pytest.fixture(scope="module")
def clean(drive: Footage, model: Path) -> Told:
    return told(drive, model, lambda image: image)


def test_a_clean_lens_loses_next_to_no_ground(clean: Told) -> None:
    assert len(clean.best) > 60
    assert len(clean.hidden(NotInspected.VEILED)) <= 2


def test_ground_counts_as_seen_from_before_the_bonnet_hid_it(
    drive: Footage, model: Path, clean: Told
) -> None:
    behind = told(drive, model, bonnet)

    both = sorted(behind.best.keys() & clean.best.keys())
    assert len(both) > 0.7 * len(clean.best)
    assert max(behind.best.values()) < 0.8 * max(clean.best.values())
    assert not any(behind.best[cell] > 1.01 * clean.best[cell] for cell in both)


def test_ground_that_only_showed_behind_mud_is_not_claimed(
    drive: Footage, model: Path, clean: Told
) -> None:
    smeared = told(drive, model, mud)

    veiled = smeared.hidden(NotInspected.VEILED)
    assert len(veiled) > 15
    assert not veiled & smeared.best.keys()
    assert len(veiled & clean.best.keys()) > 10


def test_what_sticks_to_the_lens_is_not_filed(drive: Footage, model: Path) -> None:
    assert told(drive, model, red_leaf).findings == []


def windscreen_with_leaf() -> Windscreen:
    """Give a windscreen that learned of a stain low in the middle on 60 m of way."""
    windscreen = Windscreen(DASH)
    rng = np.random.default_rng(3)
    for number in range(40):
        image = rng.integers(60, 160, (HEIGHT // 8, WIDTH // 8), np.uint8)
        image = cv2.resize(image, (WIDTH, HEIGHT), interpolation=cv2.INTER_LINEAR)
        image[220:300, 250:390] = 30
        at = pose(np.array([0.0, 1.5 * number]), error=pose_error())
        windscreen.take(image, pose=at, quality=CLEAR, detections=NOTHING, frame=(HEIGHT, WIDTH))
    return windscreen


DASH = Camera(
    width=WIDTH,
    height=HEIGHT,
    fx=450.0,
    fy=450.0,
    cx=320.0,
    cy=180.0,
    mounting=Mounting(height_above_ground_m=1.6, pitch=-0.1),
)
CLEAR = FrameQuality(sharpness=0.9, brightness=110.0, contrast=30.0, light="day", reason=None)
NOTHING = Detections(
    xyxy=np.zeros((0, 4), np.float32),
    score=np.zeros(0, np.float32),
    probability=np.zeros(0, np.float32),
    label=np.zeros(0, np.int64),
    labels=toy.LABELS,
)
STAIN, BESIDE = (260.0, 230.0, 380.0, 290.0), (450.0, 230.0, 560.0, 290.0)


def track(*boxes: tuple[float, float, float, float]) -> Track:
    points = tuple(
        TrackPoint(
            frame_index=number,
            at=START + timedelta(seconds=number / 5),
            view=number,
            xyxy=box,
            score=0.8,
            probability=0.8,
            label="road.pothole",
        )
        for number, box in enumerate(boxes)
    )
    return Track(
        number=1,
        label="road.pothole",
        points=points,
        offered=tuple(range(len(boxes))),
        threshold=0.5,
        policy=TrackPolicy(thresholds={"road.pothole": 0.5}),
    )


def test_a_track_on_the_stain_shows_nothing_and_one_beside_it_shows_all() -> None:
    windscreen = windscreen_with_leaf()

    assert windscreen.shown(track(STAIN, STAIN, STAIN), (HEIGHT, WIDTH)) is None
    beside = track(BESIDE, BESIDE, BESIDE)
    assert windscreen.shown(beside, (HEIGHT, WIDTH)) is beside


def test_a_pothole_that_passes_behind_the_stain_is_judged_by_its_other_sights() -> None:
    shown = windscreen_with_leaf().shown(track(BESIDE, STAIN, BESIDE, BESIDE), (HEIGHT, WIDTH))

    assert shown is not None
    assert [point.view for point in shown.points] == [0, 2, 3]
    assert shown.offered == (0, 2, 3)
    assert shown.is_evidence


def test_a_standing_vehicle_learns_nothing_of_its_lens() -> None:
    windscreen = Windscreen(DASH)
    at = pose(np.zeros(2), error=pose_error())
    image = np.full((HEIGHT, WIDTH), 90, np.uint8)

    for _ in range(60):
        windscreen.take(image, pose=at, quality=CLEAR, detections=NOTHING, frame=(HEIGHT, WIDTH))

    assert windscreen.veil is None
    assert windscreen.shown(track(STAIN), (HEIGHT, WIDTH)) is not None


@pytest.mark.parametrize(
    ("mounting", "judged"),
    [
        (Mounting(height_above_ground_m=1.6), True),
        (Mounting(height_above_ground_m=1.6, yaw=np.pi), True),
        (Mounting(height_above_ground_m=1.6, yaw=np.pi / 2), False),
        (Mounting(), False),
    ],
    ids=["ahead", "back", "sideways", "drone"],
)
def test_only_a_vehicles_camera_along_the_street_is_judged(
    mounting: Mounting, judged: bool
) -> None:
    assert Windscreen(replace(DASH, mounting=mounting)).is_judged is judged
