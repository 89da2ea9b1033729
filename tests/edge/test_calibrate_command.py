"""What `xunhuan-edge calibrate --out` writes is a camera file that the drive bears out."""

import json
import math
from datetime import timedelta
from pathlib import Path

import av
import pytest

from edge.commands import main
from edge.exits import Exit
from edge.placing.camera_file import read_camera
from edge.sources.street.schedule import FIRST_DRIVE
from tests.edge.winding_drive import FOCAL_PX, HEIGHT_M, LEVEL, WIDTH

# Together with those that look at the same drive, which is painted once.
pytestmark = pytest.mark.xdist_group("painted drives")

DRIVE = LEVEL
PITCH_DEG, YAW_DEG = math.degrees(DRIVE.pitch), math.degrees(DRIVE.yaw)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("straight") / "drive.mp4"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("mpeg4", rate=int(DRIVE.frames_per_s))
        stream.width, stream.height, stream.pix_fmt = WIDTH, WIDTH * 9 // 16, "yuv420p"
        stream.bit_rate = 20_000_000
        for frame in DRIVE.frames():
            out.mux(stream.encode(av.VideoFrame.from_ndarray(frame.image, format="bgr24")))
        out.mux(stream.encode(None))
    track = DRIVE.track(behind_s=0.0, rate_hz=5.0, noise_m=0.05)
    rows = ["time,latitude,longitude"]
    for number in range(int(5 * DRIVE.seconds)):
        pose = track.pose_at(FIRST_DRIVE + timedelta(seconds=number / 5.0))
        rows.append(f"{pose.at.isoformat()},{pose.latitude:.9f},{pose.longitude:.9f}")
    path.with_suffix(".csv").write_text("\n".join(rows))
    return path


def camera_file(folder: Path, height_m: float) -> Path:
    path = folder / "camera.toml"
    path.write_text(
        f"[image]\nwidth = {WIDTH}\nheight = {WIDTH * 9 // 16}\n"
        f"[lens]\nfx = {FOCAL_PX}\nfy = {FOCAL_PX}\ncx = {WIDTH / 2}\ncy = {WIDTH * 9 / 32}\n"
        f"[mounting]\nheight_above_ground_m = {height_m}  # by tape\n"
        "pitch_deg = 0.0\nforward_m = 0.8\n"
    )
    return path


def calibrate(film: Path, camera: Path, *more: str | Path) -> int:
    parts = ["calibrate", film, "--telemetry", film.with_suffix(".csv"), "--camera", camera]
    parts += ["--start", FIRST_DRIVE.isoformat(), *more]
    with pytest.raises(SystemExit) as ended:
        main([str(part) for part in parts])
    return int(ended.value.code or 0)


def test_the_file_that_is_written_holds_the_boresight_of_the_drive_and_keeps_the_rest(
    film: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "new.toml"

    status = calibrate(film, camera_file(tmp_path, HEIGHT_M), "--out", out, "--json")

    told = json.loads(capsys.readouterr().out)
    read = read_camera(out)
    assert status == Exit.OK
    assert math.degrees(read.mounting.pitch) == pytest.approx(PITCH_DEG, abs=0.3)
    assert math.degrees(read.mounting.yaw) == pytest.approx(YAW_DEG, abs=0.3)
    assert math.degrees(read.mounting.pitch) == pytest.approx(told["pitch_deg"]["value"], abs=0.01)
    assert read.mounting.height_above_ground_m == HEIGHT_M
    assert "# by tape" in out.read_text("utf-8")


def test_a_height_that_the_road_contradicts_writes_no_file_and_says_so(
    film: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "new.toml"

    status = calibrate(film, camera_file(tmp_path, 2.4), "--out", out)

    said = capsys.readouterr().err
    assert status == Exit.BAD_INPUT
    assert not out.exists()
    assert "没有写出文件" in said and "nothing was written" in said


def test_out_without_a_camera_file_is_a_mistake_in_use(film: Path, tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["calibrate", str(film), "--out", str(tmp_path / "new.toml")])

    assert ended.value.code == Exit.USAGE
