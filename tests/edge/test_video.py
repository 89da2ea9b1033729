"""Recorded video gives frames with their true times, or says what is wrong with it."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from edge.frame import Frame
from edge.sources.video import CutOffVideo, NoOverlap, UnusableVideo, VideoFile

START = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)


def _write(path: Path, seconds: list[float], *, created: datetime | None = None) -> Path:
    """Write a video whose frames are presented at these times."""
    options = {"movflags": "faststart"}
    with av.open(str(path), "w", options=options) as container:
        if created is not None:
            container.metadata["creation_time"] = created.isoformat()
        stream = container.add_stream("mpeg4", rate=30)
        stream.width, stream.height, stream.pix_fmt = 160, 96, "yuv420p"
        stream.codec_context.time_base = Fraction(1, 1000)
        rng = np.random.default_rng(1)
        for at in seconds:
            image = rng.integers(0, 255, (96, 160, 3), dtype=np.uint8)
            frame = av.VideoFrame.from_ndarray(image, format="bgr24")
            frame.pts, frame.time_base = round(at * 1000), Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def test_frames_come_at_the_rate_asked_for_with_the_times_they_were_shown(tmp_path: Path) -> None:
    path = _write(tmp_path / "drive.mp4", [number / 30.0 for number in range(90)])

    frames = list(VideoFile(path, starts_at=START, fps=5.0).frames())

    assert len(frames) == 15
    seconds = [(frame.at - START).total_seconds() for frame in frames]
    assert np.allclose(seconds, np.arange(15) / 5.0, atol=0.04)
    assert frames[0].image.shape == (96, 160, 3)
    assert all(a.index < b.index for a, b in pairwise(frames))


def test_a_pause_in_the_recording_stays_a_pause(tmp_path: Path) -> None:
    times = [number / 10.0 for number in range(10)] + [5.0 + number / 10.0 for number in range(10)]
    path = _write(tmp_path / "pause.mp4", times)

    frames = list(VideoFile(path, starts_at=START, fps=10.0).frames())

    gaps = [b.at - a.at for a, b in pairwise(frames)]
    assert max(gaps) == pytest.approx(timedelta(seconds=4.1), abs=timedelta(seconds=0.05))


def test_a_video_may_say_itself_when_it_starts(tmp_path: Path) -> None:
    path = _write(tmp_path / "own.mp4", [0.0, 0.2, 0.4], created=START)

    assert next(iter(VideoFile(path).frames())).at == START


def test_a_video_of_unknown_time_asks_for_its_start(tmp_path: Path) -> None:
    path = _write(tmp_path / "unknown.mp4", [0.0, 0.2, 0.4])

    with pytest.raises(UnusableVideo, match="--start"):
        VideoFile(path)


@pytest.mark.parametrize("content", [b"", b"this is no video", b"\x00" * 4096])
def test_a_file_that_is_no_video_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "text.mp4"
    path.write_bytes(content)

    with pytest.raises(UnusableVideo, match="不是视频"):
        VideoFile(path, starts_at=START)


def test_a_cut_off_video_gives_what_it_has_and_then_says_so(tmp_path: Path) -> None:
    whole = _write(tmp_path / "whole.mp4", [number / 10.0 for number in range(100)])
    cut = tmp_path / "cut.mp4"
    content = whole.read_bytes()
    cut.write_bytes(content[: len(content) // 2])
    frames: list[Frame] = []

    with pytest.raises(CutOffVideo):
        frames.extend(VideoFile(cut, starts_at=START).frames())

    assert len(frames) > 10


def test_telemetry_of_another_day_does_not_overlap(tmp_path: Path) -> None:
    video = VideoFile(_write(tmp_path / "drive.mp4", [0.0, 0.5, 1.0]), starts_at=START)

    video.check_overlap((START - timedelta(minutes=1), START + timedelta(seconds=0.5)))
    with pytest.raises(NoOverlap, match="不重叠"):
        video.check_overlap((START + timedelta(days=1), START + timedelta(days=1, hours=1)))
