"""Photos of a flight: what they say, what is refused, and where they look."""

import math
import struct
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path

import cv2
import numpy as np
import pytest

from dispatch.wire import Platform
from edge.photo import NoPhotos, PhotoHeader, PhotoRefused, read_header, read_photos
from edge.placing.geotag import place_pixel
from edge.placing.photo_camera import NoIntrinsics, drone_camera
from edge.placing.pose import NoPose
from edge.sources.photos import PhotoFolder
from edge.telemetry.photos import (
    NoDronePose,
    PhotoTelemetry,
    photo_pose,
)

XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
    'xmlns:drone-dji="http://www.dji.com/drone-dji/1.0/" {}/></rdf:RDF></x:xmpmeta>'
)
ANGLES = {
    "RelativeAltitude": "+40.10",
    "GimbalYawDegree": "+44.20",
    "GimbalPitchDegree": "-89.90",
    "GimbalRollDegree": "+0.00",
}


def _segment(marker: int, content: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content


def _exif(taken: str) -> bytes:
    """An EXIF segment with nothing but a time: one directory, one ASCII entry."""
    text = taken.encode() + b"\0"
    entry = struct.pack("<HHII", 0x0132, 2, len(text), 26)
    return b"Exif\0\0II*\0" + struct.pack("<IH", 8, 1) + entry + struct.pack("<I", 0) + text


def _photo(
    folder: Path,
    name: str,
    *,
    taken: str = "2026:05:01 08:00:00",
    xmp: dict[str, str] | None = None,
) -> Path:
    image = np.random.default_rng(3).integers(0, 255, (48, 64, 3), dtype=np.uint8)
    content = cv2.imencode(".jpg", image)[1].tobytes()
    said = " ".join(f'drone-dji:{key}="{value}"' for key, value in (xmp or {}).items())
    extra = _segment(0xE1, _exif(taken)) if taken else b""
    if xmp is not None:
        packet = XMP.format(said).encode()
        extra += _segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + packet)
    path = folder / name
    path.write_bytes(content[:2] + extra + content[2:])
    return path


def _header(**changes: str | None) -> PhotoHeader:
    exif = {
        "Image Model": "FC300S",
        "GPS GPSLatitude": "[46, 50, 339993/10000]",
        "GPS GPSLatitudeRef": "N",
        "GPS GPSLongitude": "[91, 59, 197389/5000]",
        "GPS GPSLongitudeRef": "W",
        "Image Software": "v01.23.4920",
    }
    xmp = dict(ANGLES)
    for name, value in changes.items():
        target = xmp if name in xmp or name in {"RtkFlag", "AbsoluteAltitude"} else exif
        key = name.replace("__", " ")
        if value is None:
            target.pop(key, None)
        else:
            target[key] = value
    return PhotoHeader(
        path=Path("DJI_0001.JPG"),
        width=4000,
        height=2250,
        at=datetime(2026, 5, 1, tzinfo=UTC),
        zone_known=True,
        sha256="0" * 64,
        exif=exif,
        xmp=xmp,
    )


def test_an_empty_folder_holds_no_flight(tmp_path: Path) -> None:
    with pytest.raises(NoPhotos):
        PhotoFolder(tmp_path)


def test_photos_come_in_the_order_they_were_taken(tmp_path: Path) -> None:
    _photo(tmp_path, "b.jpg", taken="2026:05:01 08:00:00")
    _photo(tmp_path, "a.jpg", taken="2026:05:01 08:00:07")

    frames = list(PhotoFolder(tmp_path).frames())

    assert [frame.name for frame in frames] == ["b.jpg", "a.jpg"]
    assert frames[0].image.shape == (48, 64, 3)


def test_photos_of_one_second_keep_their_order_and_their_own_times(tmp_path: Path) -> None:
    for name in ("c.jpg", "a.jpg", "b.jpg"):
        _photo(tmp_path, name)

    photos = read_photos(tmp_path).photos

    assert [photo.path.name for photo in photos] == ["a.jpg", "b.jpg", "c.jpg"]
    assert len({photo.at for photo in photos}) == 3


def test_a_cut_off_photo_is_refused_by_name_and_the_rest_is_used(tmp_path: Path) -> None:
    whole = _photo(tmp_path, "a.jpg")
    (tmp_path / "b.jpg").write_bytes(whole.read_bytes()[:-200])

    folder = PhotoFolder(tmp_path)

    assert [photo.path.name for photo in folder.photos] == ["a.jpg"]
    assert "b.jpg" in folder.refused[0].en
    assert "截断" in folder.refused[0].zh


def test_files_that_are_no_usable_photos_are_counted(tmp_path: Path) -> None:
    _photo(tmp_path, "good.jpg")
    _photo(tmp_path, "timeless.jpg", taken="")
    (tmp_path / "text.jpg").write_text("no picture")
    (tmp_path / "drawing.png").write_bytes(b"\x89PNG")
    (tmp_path / "LICENSE").write_text("not a photo at all")

    folder = PhotoFolder(tmp_path)

    assert sorted(e.path.name for e in folder.refused) == [
        "drawing.png",
        "text.jpg",
        "timeless.jpg",
    ]


def test_a_picture_that_claims_too_many_pixels_is_never_decoded(tmp_path: Path) -> None:
    bomb = _photo(tmp_path, "bomb.jpg")
    content = bytearray(bomb.read_bytes())
    at = content.index(b"\xff\xc0")
    content[at + 5 : at + 9] = struct.pack(">HH", 30_000, 30_000)
    bomb.write_bytes(bytes(content))

    with pytest.raises(NoPhotos, match="30000x30000"):
        PhotoFolder(tmp_path)


def test_a_drones_photos_are_their_own_telemetry(tmp_path: Path) -> None:
    _photo(tmp_path, "a.jpg", xmp=ANGLES)

    assert PhotoFolder(tmp_path).platform is Platform.DRONE
    assert read_header(tmp_path / "a.jpg").xmp["GimbalYawDegree"] == "+44.20"


def test_a_photo_says_where_its_drone_was_and_how_its_gimbal_was_turned() -> None:
    pose = photo_pose(_header())

    assert pose.latitude == pytest.approx(46.842778, abs=1e-6)
    assert pose.longitude == pytest.approx(-91.994300, abs=1e-6)
    assert pose.yaw == pytest.approx(math.radians(44.2))
    assert pose.pitch == pytest.approx(math.radians(-89.9))
    assert pose.height_above_ground_m == 40.1
    assert pose.height_hae_m is None


def test_only_a_fixed_rtk_photo_states_a_height_over_the_ellipsoid() -> None:
    pose = photo_pose(_header(RtkFlag="50", AbsoluteAltitude="+198.61"))

    assert pose.height_hae_m == 198.61
    assert pose.error.horizontal_shared_m < 0.1


@pytest.mark.parametrize(
    "changes",
    [
        {"GimbalYawDegree": None},
        {"GimbalPitchDegree": "4294967295/1"},
        {"GimbalYawDegree": "0", "GimbalPitchDegree": "0", "GimbalRollDegree": "0"},
        {"RelativeAltitude": "-3.0"},
        {"RelativeAltitude": "nan"},
        {"GPS__GPSLatitude": None},
        {"GPS__GPSLatitude": "[0, 0, 0]", "GPS__GPSLongitude": "[0, 0, 0]"},
        {"GPS__GPSLatitude": "[46, 4294967295/7, 0]"},
        {"GPS__GPSLongitude": "[191, 0, 0]"},
        {"GPS__GPSLatitudeRef": None},
        {"Image__Software": "Microsoft Windows Photo Viewer 10.0.10240.16384"},
    ],
)
def test_missing_saturated_and_doubtful_metadata_give_no_pose(
    changes: dict[str, str | None],
) -> None:
    with pytest.raises(NoDronePose):
        photo_pose(_header(**changes))


def test_a_camera_nobody_knows_is_not_guessed() -> None:
    with pytest.raises(NoIntrinsics, match="--camera"):
        drone_camera(_header(Image__Model="FC9999"))


def test_no_pose_is_given_between_the_photos(tmp_path: Path) -> None:
    _photo(tmp_path, "a.jpg", xmp=ANGLES)

    with pytest.raises(NoPose):
        PhotoTelemetry(tmp_path).pose_at(datetime(2026, 5, 1, 8, 0, 3, tzinfo=UTC))


def test_corrupt_metadata_gives_named_refusals_only(samples: Path) -> None:
    for path in sorted((samples / "telemetry/mapillary_exif").glob("*.jpg")):
        try:
            header = read_header(path)
        except PhotoRefused:
            continue
        with pytest.raises(NoDronePose):
            photo_pose(header)


def _matches(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Give (n, 4) pixels of the same ground in two pictures, by ORB and a similarity check."""
    orb = cv2.ORB_create(3000)
    points, descriptors = zip(
        *(orb.detectAndCompute(grey, None) for grey in (one, other)), strict=True
    )
    pairs = cv2.BFMatcher(cv2.NORM_HAMMING, crossCheck=True).match(*descriptors)
    both = np.array([[*points[0][m.queryIdx].pt, *points[1][m.trainIdx].pt] for m in pairs])
    before, after = (np.ascontiguousarray(half, np.float32) for half in (both[:, :2], both[:, 2:]))
    _, kept = cv2.estimateAffinePartial2D(before, after, ransacReprojThreshold=4.0)
    return both[kept.ravel() == 1]


def test_neighbouring_photos_of_a_real_flight_place_the_same_ground_alike(samples: Path) -> None:
    """The four photos as recorded; the other six an editor has turned, and they are refused."""
    folder = PhotoFolder(samples / "flights/brighton")
    telemetry = PhotoTelemetry(samples / "flights/brighton")
    camera = drone_camera(folder.photos[0])
    posed = []
    for frame in folder.frames():
        try:
            pose = telemetry.pose_at(frame.at)
        except NoPose:
            continue
        grey = cv2.cvtColor(cv2.resize(frame.image, None, fx=0.25, fy=0.25), cv2.COLOR_BGR2GRAY)
        posed.append((pose, grey))
    assert len(posed) == 4

    apart: list[float] = []
    for (one, left), (other, right) in combinations(posed, 2):
        found = _matches(left, right)
        if len(found) < 30:
            continue
        for u, v, s, t in 4.0 * found[:: max(1, len(found) // 40)]:
            a = place_pixel((u, v), pose=one, camera=camera)
            b = place_pixel((s, t), pose=other, camera=camera)
            north = (a.latitude - b.latitude) * 111_200.0
            east = (a.longitude - b.longitude) * 111_200.0 * math.cos(math.radians(a.latitude))
            apart.append(math.hypot(east, north))
            assert 1.0 < a.ce90_m < 6.0

    assert len(apart) > 40
    assert np.median(apart) < 4.0
