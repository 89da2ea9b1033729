"""Broken and hostile videos: each has a named outcome, and what came before the fault is used."""

import struct
from collections.abc import Callable
from pathlib import Path

import av
import pytest

from edge.sources.video import CutOffVideo, TimesGoBack, UnusableVideo, VideoFile
from tests.edge import toy

HOURS_4_S = 4 * 3600


def filmed(path: Path, *, seconds: float = 2.0, scale: int = 1, still: bool = False) -> Path:
    """Film the toy road into a transport stream, which survives being cut and joined."""
    with av.open(str(path), "w", format="mpegts") as file:
        stream = file.add_stream("h264", rate=toy.FPS)
        stream.width, stream.height = toy.WIDTH // scale, toy.HEIGHT // scale
        stream.pix_fmt = "yuv420p"
        stream.options = {"g": "5", "bf": "0", "tune": "zerolatency"}
        for number in range(int(toy.FPS * seconds)):
            image = toy.road(0.0 if still else toy.SPEED * number / toy.FPS)
            picture = av.VideoFrame.from_ndarray(image[::scale, ::scale].copy(), format="bgr24")
            file.mux(stream.encode(picture))
        file.mux(stream.encode(None))
    return path


def joined(path: Path, *parts: Path) -> Path:
    """Put files end to end, as a careless copy does."""
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    return path


def looked_through(path: Path) -> tuple[int, Exception | None]:
    """Give how many frames came, and what ended them."""
    count = 0
    try:
        for _ in VideoFile(path, starts_at=toy.STARTS).recorded():
            count += 1
    except (CutOffVideo, UnusableVideo) as error:
        return count, error
    return count, None


def test_a_video_whose_times_begin_anew_is_used_up_to_there(tmp_path: Path) -> None:
    one = filmed(tmp_path / "one.ts", seconds=4.0)
    both = joined(tmp_path / "both.ts", one, one)

    frames, error = looked_through(both)

    assert isinstance(error, TimesGoBack)
    assert frames == 40
    assert "go back" in error.en
    assert "倒退" in error.zh


def test_a_stream_cut_anywhere_gives_what_it_has(tmp_path: Path) -> None:
    whole = filmed(tmp_path / "whole.ts").read_bytes()

    for share in range(0, 100, 7):
        cut = tmp_path / "cut.ts"
        cut.write_bytes(whole[: len(whole) * share // 100])
        try:
            frames, error = looked_through(cut)
        except UnusableVideo:
            frames, error = 0, None
        assert frames <= 20
        assert error is None or isinstance(error, CutOffVideo | UnusableVideo)


def test_a_header_that_promises_four_hours_is_not_believed(tmp_path: Path) -> None:
    video, _, _ = toy.write_drive(tmp_path)
    content = bytearray(video.read_bytes())
    for box in (b"mdhd", b"mvhd", b"tkhd"):
        at = content.find(box) + (24 if box == b"tkhd" else 20)
        scale_at = content.find(box) + 16
        scale = 1000 if box == b"tkhd" else struct.unpack_from(">I", content, scale_at)[0]
        struct.pack_into(">I", content, at, HOURS_4_S * scale)
    video.write_bytes(bytes(content))

    frames, error = looked_through(video)

    assert frames == int(toy.FPS * toy.SECONDS)
    assert error is None or isinstance(error, CutOffVideo)


def test_a_video_that_changes_its_size_gives_frames_of_both(tmp_path: Path) -> None:
    large = filmed(tmp_path / "large.ts")
    small = filmed(tmp_path / "small.ts", scale=2)
    both = joined(tmp_path / "both.ts", large, small)
    sizes = set()

    try:
        for recorded in VideoFile(both, starts_at=toy.STARTS).recorded():
            sizes.add((recorded.picture.width, recorded.picture.height))
    except CutOffVideo as error:
        assert "go back" in error.en or "cut off" in error.en

    assert (toy.WIDTH, toy.HEIGHT) in sizes


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: b"",
        lambda content: content[:100],
        lambda content: bytes(len(content)),
        lambda content: content[: len(content) // 2],
        lambda content: b"\xff\xd8" + content,
    ],
    ids=["empty", "a hundred bytes", "zeros", "half, its index at the end", "a JPEG's beginning"],
)
def test_a_file_that_holds_no_video_is_refused_by_name(
    tmp_path: Path, spoil: Callable[[bytes], bytes]
) -> None:
    video, _, _ = toy.write_drive(tmp_path)
    video.write_bytes(spoil(video.read_bytes()))

    with pytest.raises(UnusableVideo) as refused:
        list(VideoFile(video, starts_at=toy.STARTS).recorded())

    assert str(video) in refused.value.en
    assert refused.value.zh
