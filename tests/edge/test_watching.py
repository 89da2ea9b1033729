"""What is dropped into a watched folder is taken up once, when it is whole."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from edge.opening import LoneTrack, LoosePhoto, open_footage
from edge.watching import REFUSED_SUFFIX, WatchedFolder, dropped_in, tell_refused


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def nothing_known(_key: str) -> bool:
    return False


def watched(folder: Path) -> tuple[WatchedFolder, Clock]:
    clock = Clock()
    return WatchedFolder(folder, settled_s=5.0, monotonic=clock), clock


def names(folder: WatchedFolder, *, known: Callable[[str], bool] = nothing_known) -> list[str]:
    return [drop.source.name for drop in folder.new_footage(known=known)]


def test_a_video_that_is_still_being_copied_is_waited_for(tmp_path: Path) -> None:
    folder, clock = watched(tmp_path)
    video = tmp_path / "drive.mp4"
    seen = []
    for second in range(8):
        clock.seconds = second * 4.0
        if second < 4:
            with video.open("ab") as file:
                file.write(b"x" * 100)
        seen.append((names(folder), folder.unsettled))

    # It was last written to at 12 s.
    assert seen[:5] == [([], 1)] * 5
    assert seen[5] == (["drive.mp4"], 0)


def test_a_flight_whose_photos_still_come_is_waited_for_and_taken_up_once(tmp_path: Path) -> None:
    folder, clock = watched(tmp_path)
    flight = tmp_path / "flight"
    flight.mkdir()
    (flight / "DJI_0001.JPG").write_bytes(b"one")
    first = names(folder)
    clock.seconds = 4.0
    (flight / "DJI_0002.JPG").write_bytes(b"two")
    second = names(folder)
    clock.seconds = 8.0
    third = names(folder)
    clock.seconds = 10.0
    (drop,) = folder.new_footage(known=nothing_known)
    again = names(folder, known=lambda key: key == drop.key)

    assert (first, second, third) == ([], [], [])
    assert drop.source == flight
    assert again == []


def test_a_cards_chapters_share_the_one_track_beside_them(tmp_path: Path) -> None:
    card = tmp_path / "card" / "DCIM" / "100GOPRO"
    card.mkdir(parents=True)
    for name in ("GX010001.MP4", "GX020001.MP4", "patrol.gpx", "._GX010001.MP4"):
        (card / name).write_bytes(b"")

    drops = list(dropped_in(tmp_path))

    assert [drop.source.name for drop in drops] == ["GX010001.MP4", "GX020001.MP4"]
    assert [drop.telemetry and drop.telemetry.name for drop in drops] == ["patrol.gpx"] * 2


def test_a_drones_video_takes_the_subtitles_of_its_name(tmp_path: Path) -> None:
    for name in ("DJI_0007.MP4", "DJI_0007.SRT", "DJI_0008.MP4", "DJI_0008.SRT"):
        (tmp_path / name).write_bytes(b"")

    tracks = [drop.telemetry and drop.telemetry.name for drop in dropped_in(tmp_path)]

    assert tracks == ["DJI_0007.SRT", "DJI_0008.SRT"]


def test_two_tracks_of_other_names_are_not_guessed_between(tmp_path: Path) -> None:
    for name in ("a.mp4", "morning.gpx", "evening.gpx"):
        (tmp_path / name).write_bytes(b"")

    (drop,) = dropped_in(tmp_path)

    assert drop.telemetry is None


def test_a_refusal_stands_beside_the_drop_until_it_is_mended(tmp_path: Path) -> None:
    video = tmp_path / "drive.mp4"
    video.write_bytes(b"")
    (drop,) = dropped_in(tmp_path)
    told = tmp_path / f"drive.mp4{REFUSED_SUFFIX}"

    tell_refused(drop, "不是视频文件", "it is no video")
    said = told.read_text(encoding="utf-8")
    tell_refused(drop)

    assert said == "不是视频文件\nit is no video\n"
    assert not told.exists()
    shutil.rmtree(tmp_path)
    tell_refused(drop, "目录不在了", "its folder is gone")


def test_what_was_refused_is_tried_again_with_another_track_or_camera_file(tmp_path: Path) -> None:
    drops, camera = tmp_path / "drops", tmp_path / "camera.toml"
    drops.mkdir()
    camera.write_text("[image]", encoding="utf-8")
    clock = Clock()
    folder = WatchedFolder(drops, settled_s=5.0, monotonic=clock, camera=camera)
    (drops / "drive.mp4").write_bytes(b"video")
    refused: set[str] = set()
    tried = []
    for change in ("nothing", "track", "track", "camera", "nothing"):
        if change == "track":
            with (drops / "drive.gpx").open("ab") as file:
                file.write(b"<gpx/>")
        if change == "camera":
            camera.write_text("[image] # mended", encoding="utf-8")
        names(folder, known=refused.__contains__)
        clock.seconds += 6.0
        whole = folder.new_footage(known=refused.__contains__)
        tried.append([drop.telemetry for drop in whole])
        refused |= {drop.attempt(camera) for drop in whole}

    track = drops / "drive.gpx"
    assert tried == [[None], [track], [track], [track], []]


def test_a_video_is_waited_for_while_its_track_is_still_being_copied(tmp_path: Path) -> None:
    folder, clock = watched(tmp_path)
    (tmp_path / "drive.mp4").write_bytes(b"video")
    names(folder)
    clock.seconds = 4.0
    (tmp_path / "drive.gpx").write_bytes(b"<gpx>")
    still = names(folder)
    clock.seconds = 6.0
    waited = names(folder)
    clock.seconds = 9.0

    assert (still, waited) == ([], [])
    assert names(folder) == ["drive.mp4"]


def test_a_flights_photos_and_its_videos_side_by_side_are_all_taken_up(tmp_path: Path) -> None:
    card = tmp_path / "DCIM" / "100MEDIA"
    card.mkdir(parents=True)
    for name in ("DJI_0001.JPG", "DJI_0002.JPG", "DJI_0003.MP4", "DJI_0003.SRT"):
        (card / name).write_bytes(name.encode())

    found = {drop.source.name: drop.telemetry for drop in dropped_in(tmp_path)}

    assert found == {"100MEDIA": None, "DJI_0003.MP4": card / "DJI_0003.SRT"}


def test_photos_that_lie_loose_are_refused_by_name_and_not_passed_over(tmp_path: Path) -> None:
    for name in ("DJI_0001.JPG", "DJI_0002.JPG"):
        (tmp_path / name).write_bytes(b"photo")

    [drop] = dropped_in(tmp_path)

    assert drop.source.name == "DJI_0001.JPG"
    with pytest.raises(LoosePhoto, match="one folder"):
        open_footage(
            drop.source, telemetry=None, camera=None, starts_at=None, explain=lambda zh, en: None
        )


def test_the_crew_sees_how_far_the_folder_is_and_what_was_refused(tmp_path: Path) -> None:
    folder, clock = watched(tmp_path)
    (tmp_path / "a.mp4").write_bytes(b"a")
    folder.new_footage(known=nothing_known)
    copying = folder.progress()
    clock.seconds += 60.0
    [drop] = folder.new_footage(known=nothing_known)
    waiting = folder.progress()
    folder.begins(drop)
    working = folder.progress()
    folder.refuses(drop, "没有轨迹", "it has no track")
    folder.ended(drop)

    assert copying.copying == ("a.mp4",)
    assert waiting.waiting == ("a.mp4",)
    assert (working.working, working.waiting) == ("a.mp4", ())
    assert folder.progress().refused == (("a.mp4", "没有轨迹", "it has no track"),)
    assert folder.progress().done == 0


def test_subtitles_without_their_video_are_refused_by_name_until_the_video_comes(
    tmp_path: Path,
) -> None:
    alone = tmp_path / "DJI_0007.SRT"
    alone.write_text("1\n00:00:00,000 --> 00:00:00,033\n[latitude: 30.0]\n", encoding="utf-8")
    (drop,) = dropped_in(tmp_path)

    with pytest.raises(LoneTrack) as refused:
        open_footage(
            drop.source, telemetry=None, camera=None, starts_at=None, explain=lambda zh, en: None
        )
    (tmp_path / "DJI_0007.MP4").write_bytes(b"video")
    (video,) = dropped_in(tmp_path)

    assert drop.source == alone
    assert "没有录像" in refused.value.zh and "without a video" in refused.value.en
    assert (video.source.name, video.telemetry) == ("DJI_0007.MP4", alone)
