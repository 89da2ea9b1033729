"""Videos that carry their telemetry inside: GoPro metadata, DJI subtitles."""

from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from edge.opening import open_footage
from edge.telemetry.embedded import carries_telemetry, satellite_start
from edge.telemetry.opening import open_telemetry, read_log
from edge.telemetry.track import UnusableTelemetry
from tests.edge.receivers import START, gopro_second, latitude_after

_STYLES = (
    b"[Script Info]\nScriptType: v4.00+\n\n[V4+ Styles]\nFormat: Name, Fontname, Fontsize, "
    b"PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, "
    b"StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, "
    b"MarginL, MarginR, MarginV, Encoding\nStyle: Default,Arial,16,&Hffffff,&Hffffff,&H0,&H0,"
    b"0,0,0,0,100,100,0,0,1,1,0,2,10,10,10,0\n"
)


def _cue(second: int) -> bytes:
    return (
        f"HOME(106.55,29.56) 2026.05.01 16:00:0{second} GPS(106.55000,29.5600{second},14) "
        f"G.PRY (-90.0, 0.0, 12.0) BAROMETER:80.0"
    ).encode()


def _video(path: Path, track: str | None, packets: list[bytes]) -> Path:
    out = av.open(str(path), "w")
    pictures = out.add_stream("mpeg4", rate=10)
    pictures.width, pictures.height, pictures.pix_fmt = 64, 48, "yuv420p"
    told = None
    if track == "bin_data":
        told = out.add_data_stream("bin_data")
    elif track is not None:
        told = out.add_stream(track)
        told.codec_context.subtitle_header = _STYLES
    if told is not None:
        told.time_base = Fraction(1, 1000)
    for _ in range(10 * max(1, len(packets))):
        frame = av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), format="bgr24")
        out.mux(pictures.encode(frame))
    out.mux(pictures.encode(None))
    for second, content in enumerate(packets):
        packet = av.Packet(content)
        packet.stream, packet.time_base = told, Fraction(1, 1000)
        packet.pts = packet.dts = 1000 * second
        packet.duration = 1000
        out.mux(packet)
    out.close()
    return path


def test_a_gopro_video_is_its_own_track(tmp_path: Path) -> None:
    path = _video(tmp_path / "drive.mp4", "bin_data", [gopro_second(second) for second in range(5)])

    pose = open_telemetry(path).pose_at(START + timedelta(seconds=2))

    assert carries_telemetry(path)
    assert (pose.latitude, pose.longitude) == pytest.approx((latitude_after(2.0), 106.55), abs=1e-6)
    assert pose.yaw == pytest.approx(0.0, abs=1e-3)


def test_a_gopro_video_began_when_its_satellites_say(tmp_path: Path) -> None:
    path = _video(tmp_path / "drive.mp4", "bin_data", [gopro_second(second) for second in range(5)])

    assert satellite_start(path) == pytest.approx(START, abs=timedelta(milliseconds=5))


def test_a_gopro_video_needs_no_track_and_no_clock(tmp_path: Path) -> None:
    path = _video(tmp_path / "drive.mp4", "bin_data", [gopro_second(second) for second in range(5)])
    camera = tmp_path / "camera.toml"
    camera.write_text(
        "[image]\nwidth = 64\nheight = 48\n[lens]\nfx = 50.0\nfy = 50.0\ncx = 32.0\ncy = 24.0\n"
        "[mounting]\nheight_above_ground_m = 1.6\n"
    )

    footage = open_footage(
        path, telemetry=None, camera=camera, starts_at=None, explain=lambda _zh, _en: None
    )

    first = next(iter(footage.source.frames()))
    assert footage.telemetry.pose_at(first.at).latitude == pytest.approx(29.56, abs=1e-6)


def test_a_drone_video_with_subtitles_inside_is_read_like_its_subtitle_file(
    tmp_path: Path,
) -> None:
    packets = [len(_cue(second)).to_bytes(2, "big") + _cue(second) for second in range(5)]
    path = _video(tmp_path / "flight.mp4", "mov_text", packets)

    pose = open_telemetry(path, starts_at=START).pose_at(START + timedelta(seconds=2))

    assert pose.latitude == pytest.approx(29.56002, abs=1e-6)
    assert pose.height_above_ground_m == pytest.approx(80.0)
    assert pose.pitch == pytest.approx(np.radians(-90.0))


def test_a_video_without_telemetry_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = _video(tmp_path / "plain.mp4", None, [])

    assert not carries_telemetry(path)
    assert satellite_start(path) is None
    with pytest.raises(UnusableTelemetry, match="give a track file of its own"):
        open_telemetry(path)


def test_a_video_that_is_cut_off_is_refused_by_name(tmp_path: Path) -> None:
    whole = _video(
        tmp_path / "drive.mp4", "bin_data", [gopro_second(second) for second in range(5)]
    )
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(whole.read_bytes()[:600])

    with pytest.raises(UnusableTelemetry, match="cannot be read"):
        open_telemetry(cut)


@pytest.mark.parametrize("name", ["hero5.raw", "hero7.raw", "hero11.raw"])
def test_a_recording_inside_a_video_gives_the_same_fixes_as_alone(
    name: str, samples: Path, tmp_path: Path
) -> None:
    alone = samples / "telemetry/gopro_gpmf/gopro-telemetry" / name
    path = _video(tmp_path / "drive.mp4", "bin_data", [alone.read_bytes()])

    assert read_log(path)[1].fixes == read_log(alone)[1].fixes
