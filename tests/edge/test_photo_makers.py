"""Every maker's photo looks where its drone looked, or is refused by name."""

import math
import struct
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.errors import EdgeError
from edge.photo import PhotoHeader, PhotoRefused, number, read_header
from edge.placing.camera import enu_from_camera
from edge.placing.dem import Datum
from edge.placing.dem_ground import ElevationGround
from edge.placing.makers import LAYOUTS
from edge.placing.photo_camera import drone_camera
from edge.placing.pose import Pose
from edge.placing.terrain import NoHeight
from edge.telemetry.photos import NON_RTK, NoDronePose, OnlySeaLevel, attitude, photo_pose
from tests.edge.hills import CENTRE, tile

NAMESPACES = (
    'xmlns:x="adobe:ns:meta/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    'xmlns:drone-dji="http://www.dji.com/drone-dji/1.0/" '
    'xmlns:drone="http://www.autelrobotics.com/drone/1.0/" '
    'xmlns:drone-skydio="https://www.skydio.com/drone-skydio/1.0/" '
    'xmlns:drone-parrot="http://www.parrot.com/drone-parrot/1.0/" '
    'xmlns:Camera="http://pix4d.com/camera/1.0" xmlns:exif="http://ns.adobe.com/exif/1.0/"'
)
DJI = (
    '<rdf:Description drone-dji:GimbalYawDegree="+60.00" drone-dji:GimbalPitchDegree="-45.00" '
    'drone-dji:GimbalRollDegree="+0.00" drone-dji:RelativeAltitude="+80.00" '
    'drone-dji:FlightYawDegree="+10.00" drone-dji:UTCAtExposure="{exposed}"/>'
)
SKYDIO = (
    "<rdf:Description><drone-skydio:RelativeAltitude>80.0</drone-skydio:RelativeAltitude>"
    '<drone-skydio:CameraOrientationFLU rdf:parseType="Resource">'
    "<drone-skydio:Roll>1</drone-skydio:Roll><drone-skydio:Pitch>2</drone-skydio:Pitch>"
    "<drone-skydio:Yaw>3</drone-skydio:Yaw></drone-skydio:CameraOrientationFLU>"
    '<drone-skydio:CameraOrientationNED rdf:parseType="Resource">'
    "<drone-skydio:Roll>0</drone-skydio:Roll><drone-skydio:Pitch>-45</drone-skydio:Pitch>"
    "<drone-skydio:Yaw>60</drone-skydio:Yaw></drone-skydio:CameraOrientationNED>"
    '<drone-skydio:CalibratedFocalLength rdf:parseType="Resource"><drone-skydio:X>52.5'
    "</drone-skydio:X><drone-skydio:Y>52.0</drone-skydio:Y></drone-skydio:CalibratedFocalLength>"
    "</rdf:Description>"
)
SKYDIO_FLAT = (
    '<rdf:Description drone-skydio:RelativeAltitude="80.0">'
    '<drone-skydio:CameraOrientationNED drone-skydio:Roll="0" drone-skydio:Pitch="-45" '
    'drone-skydio:Yaw="60"/></rdf:Description>'
)
PARROT = (
    "<rdf:Description><drone-parrot:CameraYawDegree>60.0</drone-parrot:CameraYawDegree>"
    "<drone-parrot:CameraPitchDegree>-45.0</drone-parrot:CameraPitchDegree>"
    "<drone-parrot:CameraRollDegree>0.0</drone-parrot:CameraRollDegree>"
    "<Camera:AboveGroundAltitude>5242880/65536 m</Camera:AboveGroundAltitude></rdf:Description>"
)
AUTEL = (
    '<rdf:Description drone:GimbalYawDegree="60.0" drone:GimbalPitchDegree="-45.0" '
    'drone:GimbalRollDegree="0.0" drone:RelativeAltitude="80.0"/>'
)
AUTEL_OLD = (
    '<rdf:Description rdf:about="Autel Robotics Meta Data" Camera:Yaw="60.0" Camera:Pitch="45.0" '
    'Camera:Roll="0.0"/>'
)
TEAL = (
    "<rdf:Description><exif:CameraYaw>359500000/1000000</exif:CameraYaw>"
    "<exif:CameraPitch>-45500000/1000000</exif:CameraPitch><exif:CameraRoll>0/1</exif:CameraRoll>"
    "<exif:PlatformYaw>605/10</exif:PlatformYaw><exif:PlatformPitch>1/2</exif:PlatformPitch>"
    "<exif:PlatformRoll>0/1</exif:PlatformRoll></rdf:Description>"
)

TELLING = Pose(
    at=datetime(2026, 5, 1, tzinfo=UTC),
    latitude=29.557,
    longitude=106.577,
    height_hae_m=None,
    height_above_ground_m=80.0,
    yaw=0.0,
    pitch=0.0,
    roll=0.0,
    speed_m_s=None,
    error=NON_RTK,
)


def _entry(tag: int, kind: int, count: int, value: bytes) -> bytes:
    return struct.pack("<HHI", tag, kind, count) + value.ljust(4, b"\0")


def _rationals(*values: tuple[int, int]) -> bytes:
    return b"".join(struct.pack("<II", *value) for value in values)


def _exif(make: str, model: str, *, taken: str = "2026:05:01 08:00:00") -> bytes:
    """EXIF with make, model, time and a place in Chongqing, laid out by hand (TIFF 6.0)."""
    heap, at = b"", 8 + 2 + 4 * 12 + 4 + 2 + 4 * 12 + 4
    texts = []
    for tag, text in ((0x010F, make), (0x0110, model), (0x0132, taken)):
        said = text.encode() + b"\0"
        if len(said) <= 4:
            texts.append(_entry(tag, 2, len(said), said))
            continue
        texts.append(_entry(tag, 2, len(said), struct.pack("<I", at + len(heap))))
        heap += said + b"\0" * (len(said) % 2)
    gps = []
    for tag, side, degrees in ((1, b"N", (29, 33, 252)), (3, b"E", (106, 34, 372))):
        gps.append(_entry(tag, 2, 2, side + b"\0"))
        gps.append(_entry(tag + 1, 5, 3, struct.pack("<I", at + len(heap))))
        heap += _rationals((degrees[0], 1), (degrees[1], 1), (degrees[2], 10))
    head = b"II*\0" + struct.pack("<I", 8)
    first = struct.pack("<H", 4) + b"".join(texts)
    first += _entry(0x8825, 4, 1, struct.pack("<I", 8 + 2 + 4 * 12 + 4)) + struct.pack("<I", 0)
    return head + first + struct.pack("<H", 4) + b"".join(gps) + struct.pack("<I", 0) + heap


def _photo(path: Path, make: str, packet: str, *, model: str = "X") -> Path:
    image = np.random.default_rng(3).integers(0, 255, (48, 64, 3), dtype=np.uint8)
    content = cv2.imencode(".jpg", image)[1].tobytes()
    xmp = f"<x:xmpmeta {NAMESPACES}><rdf:RDF>{packet}</rdf:RDF></x:xmpmeta>".encode()
    parts = (b"Exif\0\0" + _exif(make, model), b"http://ns.adobe.com/xap/1.0/\0" + xmp)
    segments = b"".join(b"\xff\xe1" + struct.pack(">H", len(p) + 2) + p for p in parts)
    path.write_bytes(content[:2] + segments + content[2:])
    return path


def _axis(pose: Pose) -> np.ndarray:
    camera = drone_camera(_header("DJI", "FC300S"))
    return enu_from_camera(pose, camera) @ np.array([0.0, 0.0, 1.0])


def _header(make: str, model: str, **exif: str) -> PhotoHeader:
    said = {"Image Make": make, "Image Model": model, "EXIF FocalLength": "361/100"}
    said |= {f"EXIF {name}": value for name, value in exif.items()}
    return PhotoHeader(
        path=Path("one.jpg"),
        width=4000,
        height=3000,
        at=datetime(2026, 5, 1, tzinfo=UTC),
        zone_known=True,
        sha256="0" * 64,
        exif=said,
        xmp={},
    )


LOOK = (math.sin(math.radians(60.0)), math.cos(math.radians(60.0)), -1.0)


@pytest.mark.parametrize(
    ("make", "packet"),
    [
        ("DJI", DJI),
        ("Hasselblad", DJI),
        ("Skydio", SKYDIO),
        ("Skydio", SKYDIO_FLAT),
        ("Parrot", PARROT),
        ("Autel Robotics", AUTEL),
    ],
)
def test_each_makers_photo_looks_where_its_drone_looked(
    make: str, packet: str, tmp_path: Path
) -> None:
    pose = photo_pose(read_header(_photo(tmp_path / "a.jpg", make, packet)))

    assert pose.latitude == pytest.approx(29.557)
    assert pose.longitude == pytest.approx(106.577)
    assert pose.height_above_ground_m == pytest.approx(80.0)
    assert np.allclose(_axis(pose), np.array(LOOK) / math.sqrt(2.0), atol=1e-9)


@pytest.mark.parametrize(
    ("make", "packet"), [("Autel Robotics", AUTEL_OLD), ("Teledyne FLIR", TEAL)]
)
def test_a_photo_with_a_height_above_sea_level_only_is_refused_but_its_attitude_is_read(
    make: str, packet: str, tmp_path: Path
) -> None:
    header = read_header(_photo(tmp_path / "a.jpg", make, packet))

    yaw, pitch, roll = (math.degrees(angle) for angle in attitude(header))

    assert (yaw, pitch, roll) == pytest.approx((60.0, -45.0, 0.0), abs=0.02)
    with pytest.raises(NoDronePose, match="sea level"):
        photo_pose(header)


@pytest.mark.parametrize(
    ("make", "packet"), [("Autel Robotics", AUTEL_OLD), ("Teledyne FLIR", TEAL)]
)
@pytest.mark.parametrize(
    ("counted_from", "geoid_m"), [(Datum.MSL, None), (Datum.MSL, -30.0), (Datum.HAE, -30.0)]
)
def test_a_height_above_sea_level_meets_a_tile_of_known_datum(
    make: str, packet: str, counted_from: Datum, geoid_m: float | None, tmp_path: Path
) -> None:
    only = _only_sea_level(_photo(tmp_path / "a.jpg", make, packet), altitude="2800/10", ref="0")
    heights = tile(geoid_m=geoid_m, datum=counted_from)
    above_m = 280.0 + (-30.0 if counted_from is Datum.HAE else 0.0)
    taken = replace(only.pose, latitude=CENTRE[0], longitude=CENTRE[1])

    stance = ElevationGround(tile=heights).stance(taken, drone_camera(_header("DJI", "FC300S")))

    assert stance.reference_up_m == pytest.approx(above_m)
    assert stance.pose.error.vertical_m == pytest.approx(5.0)


@pytest.mark.parametrize(
    ("altitude", "ref", "counted_from"),
    [
        ("2800/10", "0", Datum.HAE),
        ("2800/10", "1", Datum.MSL),
        ("4294967295/1", "0", Datum.MSL),
        ("99999/1", "0", Datum.MSL),
        ("", "0", Datum.MSL),
    ],
)
def test_a_height_of_unknown_or_impossible_datum_meets_no_tile(
    altitude: str, ref: str, counted_from: Datum, tmp_path: Path
) -> None:
    photo = _photo(tmp_path / "a.jpg", "Teledyne FLIR", TEAL)
    only = _only_sea_level(photo, altitude=altitude, ref=ref)
    taken = replace(only.pose, latitude=CENTRE[0], longitude=CENTRE[1])

    with pytest.raises(NoHeight):
        ElevationGround(tile=tile(datum=counted_from)).stance(
            taken, drone_camera(_header("DJI", "FC300S"))
        )


def _only_sea_level(photo: Path, *, altitude: str, ref: str) -> OnlySeaLevel:
    header = read_header(photo)
    stated = {"GPS GPSAltitude": altitude, "GPS GPSAltitudeRef": ref}
    with pytest.raises(OnlySeaLevel) as refused:
        photo_pose(replace(header, exif={**header.exif, **stated}))
    return refused.value


def test_a_gimbal_past_the_nadir_looks_the_same_way_however_it_is_written() -> None:
    flipped = {"GimbalYawDegree": "-170", "GimbalPitchDegree": "-90", "GimbalRollDegree": "180"}
    plain = {"GimbalYawDegree": "10", "GimbalPitchDegree": "-90", "GimbalRollDegree": "0"}
    poses = [
        replace(TELLING, yaw=yaw, pitch=pitch, roll=roll)
        for said in (flipped, plain)
        for yaw, pitch, roll in [attitude(replace(_header("DJI", "FC300S"), xmp=said))]
    ]

    turned = [enu_from_camera(pose, drone_camera(_header("DJI", "FC300S"))) for pose in poses]

    # At the nadir yaw and roll turn the picture about one axis, and cancel.
    assert np.allclose(turned[0][:, 2], [0.0, 0.0, -1.0], atol=1e-9)
    assert np.allclose(turned[0], turned[1], atol=1e-9)


def test_the_receivers_time_of_exposure_outdoes_the_cameras_clock(tmp_path: Path) -> None:
    packet = DJI.replace("{exposed}", "2026-05-01T00:00:01.123456")

    header = read_header(_photo(tmp_path / "a.jpg", "DJI", packet))

    assert header.at == datetime(2026, 5, 1, 0, 0, 1, 123456, tzinfo=UTC)
    assert header.zone_known


@pytest.mark.parametrize("exposed", ["1970-01-01T00:00:00.000000", "soon", "2026-13-40T00:00:00"])
def test_a_receivers_time_that_was_never_set_is_not_used(exposed: str, tmp_path: Path) -> None:
    header = read_header(_photo(tmp_path / "a.jpg", "DJI", DJI.replace("{exposed}", exposed)))

    assert header.at == datetime(2026, 5, 1, 8, tzinfo=UTC)
    assert not header.zone_known


@pytest.mark.parametrize(
    ("make", "packet", "wrong"),
    [
        ("DJI", DJI, ('"-45.00"', '"4294967295"')),
        ("DJI", DJI, ('"+80.00"', '"-12.00"')),
        ("DJI", DJI, ('drone-dji:GimbalRollDegree="+0.00"', "")),
        ("Hasselblad", DJI.replace("+60.00", "0.00").replace("-45.00", "0"), ("+0.00", "+3.10")),
        ("Skydio", SKYDIO, (">-45<", "><")),
        ("Skydio", SKYDIO, ("CameraOrientationNED", "GimbalOrientation")),
        ("Parrot", PARROT, ("5242880/65536 m", "4294967295/4294967295")),
        ("Autel Robotics", AUTEL, ('"60.0"', '"NaN"')),
        ("Teledyne FLIR", TEAL, ("605/10", "605/0")),
        ("OnePlus", AUTEL_OLD, ("", "")),
    ],
)
def test_what_a_maker_left_out_or_saturated_gives_no_pose(
    make: str, packet: str, wrong: tuple[str, str], tmp_path: Path
) -> None:
    header = read_header(_photo(tmp_path / "a.jpg", make, packet.replace(*wrong)))

    with pytest.raises(NoDronePose):
        photo_pose(header)


@pytest.mark.parametrize("said", ["4294967295/1", "4294967295/4294967295", "1/0", "", None, "inf"])
def test_a_counters_end_is_no_number(said: str | None) -> None:
    assert number(said) is None


def test_a_receiver_that_doubts_its_fix_is_believed(tmp_path: Path) -> None:
    doubting = DJI.replace(
        "/>",
        ' drone-dji:RtkFlag="50" drone-dji:RtkStdLon="0.4" drone-dji:RtkStdLat="0.1" '
        'drone-dji:RtkStdHgt="0.9" drone-dji:AbsoluteAltitude="+290.0"/>',
    )

    pose = photo_pose(read_header(_photo(tmp_path / "a.jpg", "DJI", doubting)))

    assert pose.error.horizontal_shared_m == 0.4
    assert pose.error.vertical_m == 0.9
    assert pose.height_hae_m == 290.0


def test_only_makers_whose_real_photos_were_placed_count_as_seen() -> None:
    assert [layout.maker for layout in LAYOUTS if layout.seen_real] == ["DJI"]


def _said_of(path: Path) -> Pose | None:
    """Give the pose of a photo; None where it is refused by a named error."""
    try:
        header = read_header(path)
        pose = photo_pose(header)
        drone_camera(header)
    except EdgeError:
        return None
    return pose


@settings(deadline=None)
@given(cut=st.integers(min_value=0, max_value=6_000))
def test_a_photo_cut_anywhere_is_refused_by_name(
    cut: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    whole = _photo(tmp_path_factory.mktemp("cut") / "a.jpg", "DJI", DJI).read_bytes()
    path = tmp_path_factory.mktemp("cut") / "b.jpg"
    path.write_bytes(whole[: min(cut, len(whole) - 3)])

    with pytest.raises(PhotoRefused):
        read_header(path)


@settings(deadline=None)
@given(
    at=st.lists(st.integers(min_value=2, max_value=1_400), min_size=1, max_size=6),
    byte=st.integers(min_value=0, max_value=255),
)
def test_a_photo_with_damaged_bytes_raises_nothing_but_named_errors(
    at: list[int], byte: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    content = bytearray(_photo(tmp_path_factory.mktemp("bad") / "a.jpg", "DJI", DJI).read_bytes())
    for place in at:
        content[min(place, len(content) - 1)] = byte
    path = tmp_path_factory.mktemp("bad") / "b.jpg"
    path.write_bytes(bytes(content))

    pose = _said_of(path)

    assert pose is None or 1.0 <= (pose.height_above_ground_m or 0.0) <= 1500.0


def test_no_corrupt_photo_of_the_corpus_gets_a_place(samples: Path) -> None:
    corpus = sorted((samples / "telemetry/mapillary_exif").glob("*.jpg"))

    assert len(corpus) >= 10
    assert [path.name for path in corpus if _said_of(path) is not None] == []


@pytest.mark.parametrize("kept", [0.001, 0.01, 0.1, 0.5, 0.9, 0.94])
def test_a_real_photo_that_was_not_wholly_copied_is_refused(
    kept: float, samples: Path, tmp_path: Path
) -> None:
    whole = (samples / "flights/brighton/DJI_0030.JPG").read_bytes()
    # The picture itself ends at 94.4 %; what follows is a preview.
    path = tmp_path / "DJI_0030.JPG"
    path.write_bytes(whole[: int(kept * len(whole))])

    with pytest.raises(PhotoRefused):
        read_header(path)
