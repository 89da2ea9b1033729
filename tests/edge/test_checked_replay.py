"""A drive from video to centre through its self-check: held, released, sent; and its clock."""

import json
from datetime import timedelta
from pathlib import Path

import av
import pytest

from edge.commands import main
from edge.exits import Exit
from tests.edge import toy
from tests.edge.fake_centre import CODE, fake_centre
from tests.edge.test_geocheck_drive import CAMERA, FPS, SECONDS, START, Winding, filmed


def _ends(*arguments: str | Path) -> int:
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    return int(ended.value.code or 0)


def _film(folder: Path) -> Path:
    path = folder / "drive.mp4"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("mpeg4", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = CAMERA.width, CAMERA.height, "yuv420p"
        stream.bit_rate = 20_000_000
        for frame in filmed(1):
            out.mux(stream.encode(av.VideoFrame.from_ndarray(frame.image, format="bgr24")))
        out.mux(stream.encode(None))
    return path


def _track(folder: Path) -> Path:
    path = folder / "drive.csv"
    rows = ["time,latitude,longitude,yaw"]
    for tenth in range(int(SECONDS * 10) + 1):
        pose = Winding().pose_at(START + timedelta(seconds=tenth / 10))
        rows.append(
            f"{pose.at.isoformat()},{pose.latitude:.9f},{pose.longitude:.9f},"
            f"{57.29577951 * pose.yaw:.5f}"
        )
    path.write_text("\n".join(rows))
    return path


def _camera(folder: Path, focal: float) -> Path:
    path = folder / "camera.toml"
    path.write_text(
        f"[image]\nwidth = {CAMERA.width}\nheight = {CAMERA.height}\n"
        f"[lens]\nfx = {focal}\nfy = {focal}\ncx = {CAMERA.cx}\ncy = {CAMERA.cy}\n"
        "[mounting]\nheight_above_ground_m = 1.6\npitch_deg = -8.0\n"
    )
    return path


def test_a_pass_that_contradicts_itself_is_held_until_a_person_releases_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    state = tmp_path / "state"
    model = toy.write_model(tmp_path / "model")
    drive = [_film(tmp_path), "--telemetry", _track(tmp_path), "--start", START.isoformat()]
    camera = _camera(tmp_path, CAMERA.fx * 1.4)

    with fake_centre() as centre:
        assert _ends("enrol", "--centre", centre.address, "--code", CODE, "--state", state) == 0
        replay = ["replay", *drive, "--camera", camera, "--model", model, "--state", state]
        _ends(*replay)
        sent_unasked = len(centre.messages)
        capsys.readouterr()
        _ends("outbox", "status", "--state", state, "--json")
        (hold,) = json.loads(capsys.readouterr().out)["holds"]
        released = _ends("release", hold["pass_id"], "--state", state)
        flushed = _ends("outbox", "flush", "--state", state)
        sent_after = len(centre.messages)

    assert sent_unasked == 0
    assert "focal length" in hold["en"]
    assert released == flushed == Exit.OK
    assert sent_after == hold["messages"] > 0


def test_a_stated_offset_puts_a_finding_back_where_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = toy.write_model(tmp_path / "model")
    north_m = []
    for late_s, options in ((0.0, ()), (0.8, ()), (0.8, ("--offset", "0.8"))):
        video, track, camera = toy.write_drive(
            tmp_path / f"{late_s}{len(options)}", track_offset_s=late_s
        )
        drive = ["replay", video, "--telemetry", track, "--camera", camera, "--model", model]
        assert _ends(*drive, "--dry-run", "--json", *options) == Exit.OK
        (found,) = json.loads(capsys.readouterr().out)["found"]
        north_m.append((found["latitude"] - toy.LATITUDE) / toy.METRE_LATITUDE)

    true_m, shifted_m, mended_m = north_m
    assert abs(shifted_m - true_m) > 0.5 * 0.8 * toy.SPEED
    assert mended_m == pytest.approx(true_m, abs=0.3)
