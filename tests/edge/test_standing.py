"""Which vehicles a device reports, and what it says of how they stood."""

import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from detect.quality import FrameQuality
from detect.track import TrackPoint
from dispatch.wire import Asked, AskedZone, Covariance, Finding, Position, canonical_bytes
from edge.delivery.asked import ASKED_FILE, AskedGround, asked_ground
from edge.evidence.recall import Look
from edge.findings.seen import Seen
from edge.findings.standing import may_stand, stay_of
from edge.placing.camera import Camera
from edge.placing.camera_file import read_camera
from edge.placing.pose import Pose, PoseError
from tests.edge import toy

CAR = "traffic.vehicle"
GOOD = FrameQuality(sharpness=1.0, brightness=120.0, contrast=50.0, light="day", reason=None)
START = datetime(2026, 11, 21, 8, tzinfo=UTC)
WIDE = toy.METRE_LATITUDE / math.cos(math.radians(toy.LATITUDE))
ERROR = PoseError(
    horizontal_shared_m=1.0,
    horizontal_own_m=0.2,
    vertical_m=0.3,
    yaw_shared=0.005,
    yaw_own=0.005,
    pitch=0.004,
    roll=0.004,
    time_s=0.0,
)


@pytest.fixture(scope="module")
def camera(tmp_path_factory: pytest.TempPathFactory) -> Camera:
    file = tmp_path_factory.mktemp("camera") / "camera.toml"
    file.write_text(toy.CAMERA_FILE, encoding="utf-8")
    return read_camera(file)


def sights(
    camera: Camera, north_of: Callable[[float], float], *, seconds: float = 3.0, speed: float = 2.0
) -> list[Seen]:
    """Drive north past a vehicle whose tail is so many metres north at each moment."""
    seen = []
    for number in range(int(seconds * 5)):
        after = number / 5
        here = speed * after
        ahead = north_of(after) - here
        left, foot = toy._pixel(ahead, 0.6, 0.0)
        right, head = toy._pixel(ahead, 2.4, 1.5)
        at = START + timedelta(seconds=after)
        pose = Pose(
            at=at,
            latitude=toy.LATITUDE + here * toy.METRE_LATITUDE,
            longitude=toy.LONGITUDE,
            height_hae_m=300.0,
            height_above_ground_m=None,
            yaw=0.0,
            pitch=0.0,
            roll=0.0,
            speed_m_s=speed,
            error=ERROR,
        )
        point = TrackPoint(
            frame_index=number,
            at=at,
            view=number,
            xyxy=(left, head, right, foot),
            score=0.9,
            probability=0.9,
            label=CAR,
        )
        look = Look(
            at=at,
            size=(toy.WIDTH, toy.HEIGHT),
            pose=pose,
            no_pose=None,
            quality=GOOD,
            input_scale=1.0,
            private=(),
        )
        seen.append(Seen(point=point, look=look, camera=camera))
    return seen


def test_a_parked_car_stands_and_says_its_height_and_colour(camera: Camera) -> None:
    seen = sights(camera, lambda _: 13.0)
    red = np.zeros((toy.HEIGHT, toy.WIDTH, 3), np.uint8)
    red[..., 2] = 204

    stay = stay_of(seen, best=seen[-1], image=red)

    assert stay is not None
    assert may_stand(stay)
    assert stay.moved_m < 1.0
    assert stay.seconds == pytest.approx(2.8)
    assert stay.height is not None
    assert abs(stay.height.value - 1.5) < 2.0 * stay.height.sigma
    assert stay.colour == (0.8, 0.0, 0.0)


def test_a_car_that_drives_ahead_does_not_stand(camera: Camera) -> None:
    seen = sights(camera, lambda after: 9.0 + 4.0 * after, speed=4.0)

    stay = stay_of(seen, best=seen[-1], image=None)

    assert stay is not None
    assert stay.moved_m > 6.0
    assert not may_stand(stay)


def test_a_patrol_that_waits_behind_a_car_counts_the_seconds(camera: Camera) -> None:
    seen = sights(camera, lambda _: 9.0, seconds=200.0, speed=0.0)

    stay = stay_of(seen, best=seen[-1], image=None)

    assert stay is not None
    assert stay.seconds > 195.0
    assert may_stand(stay)


def test_one_sight_or_only_far_ones_tell_nothing(camera: Camera) -> None:
    seen = sights(camera, lambda _: 13.0)
    far = sights(camera, lambda _: 80.0)

    assert stay_of(seen[:1], best=seen[0], image=None) is None
    assert stay_of(far, best=far[0], image=None) is None
    assert not may_stand(None)


def degrees(east_m: float, north_m: float) -> tuple[float, float]:
    return toy.LONGITUDE + east_m * WIDE, toy.LATITUDE + north_m * toy.METRE_LATITUDE


def ring(west: float, south: float, east: float, north: float) -> tuple[tuple[float, float], ...]:
    corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
    return tuple(degrees(*corner) for corner in corners)


def position(east_m: float, north_m: float, *, sigma_m: float = 0.5) -> Position:
    longitude, latitude = degrees(east_m, north_m)
    half = Covariance(ee=sigma_m**2 / 2, en=0.0, nn=sigma_m**2 / 2)
    return Position(latitude=latitude, longitude=longitude, shared=half, own=half)


YARD = Asked(
    zones=(
        AskedZone(
            zone="NS1", labels=(CAR,), rings=(ring(-20, -20, 20, 20), ring(-10, -10, 10, 10))
        ),
    )
)


@pytest.mark.parametrize(
    ("east_m", "sigma_m", "asked"),
    [
        (15.0, 0.5, True),
        (0.0, 0.5, False),
        (22.0, 0.5, False),
        (22.0, 2.0, True),
        (40.0, 2.0, False),
    ],
)
def test_a_car_is_asked_for_where_it_may_stand_in_a_zone_but_not_in_its_yard(
    east_m: float, sigma_m: float, asked: bool
) -> None:
    ground = AskedGround(YARD)

    assert ground.may_hold(CAR, position(east_m, 0.0, sigma_m=sigma_m)) is asked
    assert not ground.may_hold("traffic.two_wheeler", position(15.0, 0.0))


def test_far_from_every_zone_no_pixels_are_kept_for_cars() -> None:
    ground = AskedGround(YARD)

    assert ground.is_near(toy.LATITUDE, toy.LONGITUDE)
    assert not ground.is_near(*degrees(100.0, 0.0)[::-1])
    assert not AskedGround(Asked()).is_near(toy.LATITUDE, toy.LONGITUDE)


@pytest.mark.parametrize("label", ["traffic.person", "road.pothole"])
def test_nobody_may_ask_for_persons(label: str) -> None:
    with pytest.raises(ValidationError, match="nobody may ask for persons"):
        AskedZone(zone="NS1", labels=(label,), rings=(ring(0, 0, 1, 1),))


def test_the_last_word_of_the_centre_is_kept_and_a_damaged_one_asks_for_nothing(
    tmp_path: Path,
) -> None:
    assert not asked_ground(tmp_path).labels

    (tmp_path / ASKED_FILE).write_text(YARD.model_dump_json(), encoding="utf-8")
    assert asked_ground(tmp_path).may_hold(CAR, position(15.0, 0.0))

    (tmp_path / ASKED_FILE).write_text("{", encoding="utf-8")
    assert not asked_ground(tmp_path).labels


def test_a_finding_of_what_cannot_drive_away_says_no_word_of_standing() -> None:
    golden = Path(__file__).parents[1] / "data" / "wire" / "v1" / "finding.json"
    finding = Finding.model_validate_json(golden.read_text(encoding="utf-8"))

    assert b"stay" not in canonical_bytes(finding)
