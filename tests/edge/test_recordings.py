"""A recording that shows another place than it was taken at, or lies on its side, misleads none."""

import struct
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from detect.detector import Detector
from dispatch.wire import Finding, Sweep
from edge.footage import Footage
from edge.frame import Frame
from edge.geocheck.drive import check_drive
from edge.geocheck.verdict import Outcome
from edge.opening import open_footage
from edge.pipeline import Pipeline
from edge.placing.camera import CroppedPicture
from edge.sources.choice import Spot
from edge.sources.frozen import Frozen
from edge.sources.video import UnusableVideo, VideoFile
from edge.state import Passed
from edge.telling import Produced
from tests.edge import toy
from tests.edge.test_geocheck_drive import CAMERA, Film, Winding, filmed

MATRICES = {0: (1, 0, 0, 1), 90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}
"""By how far a player turns the stored picture clockwise, degrees: a, b, c, d of its matrix."""


@pytest.fixture(scope="module")
def detector(tmp_path_factory: pytest.TempPathFactory) -> Detector:
    return Detector(toy.write_model(tmp_path_factory.mktemp("model")), threads=1)


def footage_of(
    folder: Path, *, film: Callable[[float], np.ndarray], turn: tuple[int, ...] | None = None
) -> Footage:
    """Film a drive, maybe with a display matrix (ISO 14496-12, 8.3.2) of the file's own."""
    video, track, camera = toy.write_drive(folder, film=film)
    if turn is not None:
        content = bytearray(video.read_bytes())
        at = content.index(b"tkhd") + 4
        at += 40 if content[at] == 0 else 52
        a, b, c, d = (number << 16 for number in turn)
        content[at : at + 36] = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)
        video.write_bytes(content)
    return open_footage(
        video, telemetry=track, camera=camera, starts_at=None, explain=lambda zh, en: None
    )


def run(footage: Footage, detector: Detector) -> tuple[list[Produced], Counter[Passed]]:
    pipeline = Pipeline(footage, detector, device="car-7")
    return list(pipeline.run()), pipeline.passed


def found(produced: list[Produced]) -> list[Finding]:
    return [each.message for each in produced if isinstance(each.message, Finding)]


def test_a_recording_that_froze_claims_no_ground_and_finds_nothing(
    tmp_path: Path, detector: Detector
) -> None:
    produced, passed = run(footage_of(tmp_path, film=lambda _: toy.road(9.0)), detector)

    sweeps = [each.message for each in produced if isinstance(each.message, Sweep)]
    assert found(produced) == []
    assert [sweep.inspected for sweep in sweeps] == [()]
    assert [sweep.last for sweep in sweeps] == [True]
    assert passed[Passed.FROZEN] > 15


def frames(thumbs: str) -> list[tuple[Frame, Spot]]:
    """Give a frame each metre and half second; equal letters look alike."""
    made = []
    for number, letter in enumerate(thumbs):
        image = np.full((36, 64, 3), 10 * (ord(letter) - ord("a")), np.uint8)
        at = toy.STARTS + timedelta(seconds=number / 2)
        spot = Spot(latitude=30.0 + number * toy.METRE_LATITUDE, longitude=110.0, yaw=0.0)
        made.append((Frame(index=number, at=at, image=image, name=letter), spot))
    return made


@pytest.mark.parametrize(
    ("shown", "looked_at"),
    [
        ("", ""),
        ("abcdef", "abcdef"),
        ("abbbc", "abbbc"),
        ("abbbbbbbc", "abc"),
        ("abbbbbbbcddddddde", "abcde"),
        ("abb", "abb"),
        ("abbbbbb", "ab"),
    ],
)
def test_of_a_run_of_equal_pictures_over_metres_only_the_first_is_looked_at(
    shown: str, looked_at: str
) -> None:
    passed = Counter[Passed]()
    frozen = Frozen(passed=lambda why: passed.update((why,)))

    given = [each for frame, spot in frames(shown) for each in frozen.take(frame, spot)]
    given += frozen.finish()

    assert "".join(frame.name for frame in given) == looked_at
    assert passed.total() == len(shown) - len(looked_at)


def test_a_parked_car_is_not_taken_for_a_frozen_camera() -> None:
    passed = Counter[Passed]()
    frozen = Frozen(passed=lambda why: passed.update((why,)))
    parked = [(frame, frames("a")[0][1]) for frame, _ in frames("a" * 40)]

    given = [each for frame, spot in parked for each in frozen.take(frame, spot)]
    given += frozen.finish()

    assert len(given) == 40
    assert not passed


@pytest.mark.parametrize(("clockwise", "turns"), [(0, 0), (90, 1), (180, 2), (270, 3)])
def test_a_recording_stored_on_its_side_is_looked_at_upright(
    tmp_path: Path, detector: Detector, clockwise: int, turns: int
) -> None:
    def film(north_m: float) -> np.ndarray:
        return np.ascontiguousarray(np.rot90(toy.road(north_m), turns))

    produced, _ = run(footage_of(tmp_path, film=film, turn=MATRICES[clockwise]), detector)

    (pothole,) = found(produced)
    assert pothole.position is not None
    north_m = (pothole.position.latitude - toy.LATITUDE) / toy.METRE_LATITUDE
    assert north_m == pytest.approx(toy.POTHOLE_NORTH_M, abs=1.0)


def test_a_recording_that_says_falsely_that_it_lies_on_its_side_is_refused(
    tmp_path: Path, detector: Detector
) -> None:
    with pytest.raises(CroppedPicture):
        run(footage_of(tmp_path, film=toy.road, turn=MATRICES[90]), detector)


def test_a_recording_that_is_turned_askew_is_refused_with_the_angle(tmp_path: Path) -> None:
    footage = footage_of(tmp_path, film=toy.road, turn=(1, 1, -1, 1))
    assert isinstance(footage.source, VideoFile)

    with pytest.raises(UnusableVideo, match="45"):
        next(footage.source.frames())


@pytest.mark.parametrize("clockwise", sorted(MATRICES))
def test_a_recording_that_is_mirrored_is_refused_whichever_way_it_is_turned(
    tmp_path: Path, clockwise: int
) -> None:
    a, b, c, d = MATRICES[clockwise]
    footage = footage_of(tmp_path, film=toy.road, turn=(-a, b, -c, d))
    assert isinstance(footage.source, VideoFile)

    with pytest.raises(UnusableVideo, match=r"镜像.*mirrors"):
        next(footage.source.frames())


def test_a_drive_upside_down_is_told_by_its_self_check() -> None:
    turned = tuple(
        replace(frame, image=np.ascontiguousarray(frame.image[::-1, ::-1])) for frame in filmed(1)
    )
    footage = Footage(source=Film(turned), telemetry=Winding(), camera=CAMERA, photos=False)

    verdict = check_drive(footage)

    assert verdict.outcome is Outcome.FAILED
    assert "上下颠倒" in verdict.zh
    assert "upside down" in verdict.en
