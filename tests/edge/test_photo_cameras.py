"""Which camera took a photo: calibrated, known, told by its angle of view, or refused."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

import edge.placing.cameras
from edge.locate import locate
from edge.photo import PhotoHeader, read_header
from edge.placing.camera import CroppedPicture
from edge.placing.cameras import drone_cameras, find_camera
from edge.placing.geodesy import LocalPlane
from edge.placing.lens import Distortion
from edge.placing.makers import layout_of
from edge.placing.photo_camera import MixedCameras, NoIntrinsics, drone_camera, flight_camera
from tests.edge.camera_table import table


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


def test_the_table_knows_a_hundred_cameras_and_each_gives_a_picture_that_opens() -> None:
    known = drone_cameras()

    assert len(known) > 95
    for camera in known:
        header = _header(camera.make, camera.model, FocalLength=str(camera.focal_mm or 8.0))
        seen_by = drone_camera(replace(header, width=camera.width, height=camera.height))
        middle = np.array([[camera.width / 2.0, camera.height / 2.0]])
        assert np.allclose(seen_by.rays(middle), [[0.0, 0.0, 1.0]], atol=0.02)
        assert seen_by.error.pixel_px >= 3.0


def test_the_table_is_what_its_command_makes_of_the_public_list(samples: Path) -> None:
    listed = json.loads((samples / "cameras/droneModels.json").read_text("utf-8"))

    assert table(listed) == Path(edge.placing.cameras.__file__).with_suffix(".csv").read_text(
        "utf-8"
    )


def test_colour_and_thermal_sensors_of_one_name_are_told_apart_by_their_size() -> None:
    colour = find_camera("DJI", "ZH20T", width=4056, height=3040)
    thermal = find_camera("DJI", "ZH20T", width=640, height=512)

    assert colour is not None and not colour.thermal
    assert thermal is not None and thermal.thermal


def test_a_still_cut_at_full_width_is_used_and_any_other_cut_is_refused() -> None:
    full = drone_camera(_header("DJI", "FC300S"))
    cut = drone_camera(replace(_header("DJI", "FC300S"), height=2250))

    assert cut.fx == full.fx
    assert np.allclose(cut.rays(np.array([[0.0, 0.0]])), full.rays(np.array([[0.0, 375.0]])))
    with pytest.raises(CroppedPicture):
        drone_camera(replace(_header("DJI", "FC300S"), width=3840, height=2160))


def test_a_makers_own_calibration_outdoes_the_table() -> None:
    said = {
        "GimbalPitchDegree": "-90",
        "DewarpData": "2022-06-08;2300.5,2301.5,11.5,-7.25,-0.1,0.02,0.001,-0.002,-0.03",
        "DewarpFlag": "0",
    }

    camera = drone_camera(replace(_header("DJI", "FC300S"), xmp=said))
    corrected = drone_camera(replace(_header("DJI", "FC300S"), xmp=said | {"DewarpFlag": "1"}))

    assert (camera.fx, camera.fy, camera.cx, camera.cy) == (2300.5, 2301.5, 2011.5, 1492.75)
    assert camera.distortion == Distortion(k1=-0.1, k2=0.02, p1=0.001, p2=-0.002, k3=-0.03)
    assert corrected.distortion == Distortion()


def test_a_calibration_of_another_picture_is_refused() -> None:
    said = {
        "GimbalPitchDegree": "-90",
        "CalibratedFocalLength": "3725.15",
        "CalibratedOpticalCenterX": "2640.0",
        "CalibratedOpticalCenterY": "1978.0",
    }

    with pytest.raises(NoIntrinsics, match="another picture"):
        drone_camera(replace(_header("DJI", "FC300S"), xmp=said))


def test_an_unknown_camera_may_serve_by_its_film_equivalent_with_a_larger_error() -> None:
    known = drone_camera(_header("DJI", "FC300S"))
    guessed = drone_camera(_header("DJI", "FC9999", FocalLengthIn35mmFilm="20"))

    assert abs(guessed.fx / known.fx - 1.0) < 0.04
    assert guessed.error.pixel_px > 10.0 * known.error.pixel_px
    with pytest.raises(NoIntrinsics, match="crop"):
        drone_camera(
            replace(_header("DJI", "FC9999", FocalLengthIn35mmFilm="20"), width=4000, height=2250)
        )


def test_a_zoomed_picture_has_no_camera() -> None:
    with pytest.raises(NoIntrinsics, match="zoom"):
        drone_camera(_header("DJI", "FC300S", DigitalZoomRatio="2"))


def test_photos_of_a_second_camera_in_a_flight_are_named() -> None:
    wide = replace(_header("DJI", "ZH20T"), width=4056, height=3040)
    thermal = replace(wide, path=Path("two_T.jpg"), width=640, height=512)
    tele = replace(_header("DJI", "ZH20T", FocalLength="20"), width=4056, height=3040)

    assert flight_camera([wide, wide]) == drone_camera(wide)
    for other in (thermal, tele):
        with pytest.raises(MixedCameras, match=r"one\.jpg"):
            flight_camera([wide, other])


def test_a_stored_rotation_turns_the_display_and_never_the_geometry(tmp_path: Path) -> None:
    upright = replace(_header("DJI", "FC300S"), xmp={"GimbalPitchDegree": "-90"})
    lying = replace(upright, exif={**upright.exif, "Image Orientation": "Rotated 90 CW"})

    assert drone_camera(lying) == drone_camera(upright)


def test_a_real_photos_layout_and_camera_are_known(samples: Path) -> None:
    header = read_header(samples / "flights/brighton/DJI_0030.JPG")

    layout = layout_of(header)

    assert layout is not None and layout.maker == "DJI"
    assert drone_camera(header).fx == pytest.approx(3.61 / 6.3175 * 4000.0, rel=1e-4)


def test_one_photo_that_may_have_been_straightened_is_placed_between_with_that_error(
    samples: Path, tmp_path: Path
) -> None:
    photo = samples / "flights/brighton/DJI_0020.JPG"
    camera = drone_camera(read_header(photo))
    straight = tmp_path / "straight.toml"
    straight.write_text(
        f"[image]\nwidth = {camera.width}\nheight = {camera.height}\n[lens]\nfx = {camera.fx}\n"
        f"fy = {camera.fy}\ncx = {camera.cx}\ncy = {camera.cy}\n"
    )

    corner, middle = (
        locate(photo, uv, camera=None) for uv in ((200.0, 200.0), (camera.cx, camera.cy))
    )
    known = locate(photo, (200.0, 200.0), camera=straight)

    assert middle.lens_doubt_m < 0.01
    assert corner.lens_doubt_m > 0.5
    assert known.lens_doubt_m == 0.0
    plane = LocalPlane(latitude=corner.point.latitude, longitude=corner.point.longitude)
    off = plane.east_north(known.point.latitude, known.point.longitude)
    assert float(np.hypot(*off)) == pytest.approx(corner.lens_doubt_m, rel=0.05)
    assert corner.point.ce90_m > known.point.ce90_m
