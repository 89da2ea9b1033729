"""A live camera goes on whatever its line does: over a twin that stalls, cuts, freezes, resizes."""

import io
import random
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from edge.board import StateBoard
from edge.camera_address import BadCameraAddress, NoPassword, opening_of
from edge.config import UnusableConfig
from edge.config_file import read_config
from edge.placing.camera import Camera, Mounting
from edge.sources.choice import Spot
from edge.sources.decoded import grey
from edge.sources.live.capture import Capture, LiveCamera
from edge.sources.live.doubted import MOST_KEPT, Doubted
from edge.sources.live.frame import LiveFrame
from edge.sources.live.hardware import NoSuchDecoder, check_decoder
from edge.sources.live.latest import Latest
from edge.sources.live.loss import why
from edge.sources.live.resting import Resting
from edge.sources.live.stamping import Stamper
from edge.sources.live.stillness import MOST_CHANGE, THUMB
from edge.sources.live.twin import CameraTwin
from edge.state import CameraState, Passed
from tests.edge import toy

CAMERA = Camera(
    width=toy.WIDTH,
    height=toy.HEIGHT,
    fx=toy.FOCAL,
    fy=toy.FOCAL,
    cx=toy.WIDTH / 2,
    cy=toy.HEIGHT / 2,
    mounting=Mounting(height_above_ground_m=toy.CAMERA_M, pitch=toy.PITCH),
)
START = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)


def now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Drive:
    """Moves north steadily; a pass is under way or not."""

    wanted: bool = True
    standing: bool = False
    began: float = field(default_factory=time.monotonic)

    def is_wanted(self) -> bool:
        return self.wanted

    def spot(self, at: datetime) -> Spot | None:
        north_m = toy.SPEED * (time.monotonic() - self.began)
        return Spot(latitude=30.0 + north_m / 111_195.0, longitude=110.0, yaw=0.0)

    def speed_m_s(self) -> float:
        return 0.0 if self.standing else toy.SPEED

    def stands(self) -> bool:
        return self.standing


@dataclass
class Watched:
    """A running capture, and what it tells."""

    twin: CameraTwin
    board: StateBoard
    queue: Latest[LiveFrame]
    drive: Drive

    def state(self) -> CameraState:
        (state,) = self.board.state().cameras
        return state

    def until(self, so: Callable[[CameraState], bool]) -> CameraState:
        """Wait until something is so; the test fails if it never is."""
        deadline = time.monotonic() + 60.0
        while not so(self.state()):
            assert time.monotonic() < deadline, f"it never came to that: {self.state()}"
            time.sleep(0.02)
        return self.state()


@contextmanager
def watching(*, most: int = 8, hardware: str | None = None) -> Iterator[Watched]:
    twin = CameraTwin(lambda seconds: toy.road((toy.SPEED * seconds) % 25.0), fps=15)
    board, queue, drive = StateBoard(now=now), Latest[LiveFrame](most=most), Drive()
    board.add_camera("front", queued=lambda: len(queue))
    opening = opening_of("front", twin.address)
    capture = Capture(
        LiveCamera(name="front", opening=opening, camera=CAMERA, hardware=hardware),
        into=queue,
        board=board,
        moving=drive,
        now=now,
        rng=random.Random(1),
    )
    thread = threading.Thread(target=capture.run)
    thread.start()
    try:
        yield Watched(twin, board, queue, drive)
    finally:
        capture.end()
        twin.close()
        thread.join()


def test_frames_are_captured_chosen_and_the_oldest_give_way() -> None:
    with watching(most=4) as watched:
        state = watched.until(lambda state: state.passed.get(Passed.OVERRUN, 0) > 3)
        oldest = watched.queue.oldest()

    assert state.open
    assert state.queued <= 4
    assert state.passed[Passed.NEAR] > 0
    assert oldest is not None
    assert oldest.develop().image.shape == (toy.HEIGHT, toy.WIDTH, 3)


def test_a_cut_line_is_connected_again() -> None:
    with watching() as watched:
        watched.until(lambda state: state.captured > 5)
        watched.twin.cut()

        state = watched.until(lambda state: state.reconnects >= 1)
        watched.until(lambda later: later.captured > state.captured + 5)


def test_a_camera_that_sends_nothing_is_given_up_and_opened_again() -> None:
    with watching() as watched:
        watched.until(lambda state: state.captured > 5)
        watched.twin.stall()
        lost = watched.until(lambda state: not state.open)
        watched.twin.go_on()

        watched.until(lambda state: state.captured > lost.captured + 5 and state.open)

    assert lost.wrong is not None


def test_a_frozen_picture_is_noticed_while_the_vehicle_moves() -> None:
    with watching() as watched:
        watched.until(lambda state: state.captured > 5)
        watched.twin.freeze()
        frozen = watched.until(lambda state: state.passed.get(Passed.FROZEN, 0) > 2)
        watched.twin.go_on()

        watched.until(lambda state: state.wrong is None)

    assert frozen.wrong is not None
    assert "冻结" in frozen.wrong[0]


def test_of_a_camera_that_stopped_no_frame_is_looked_at_from_the_first_repeated_one_on() -> None:
    with watching(most=1000) as watched:
        watched.until(lambda state: len(watched.queue) > 3)
        watched.twin.freeze()
        watched.until(lambda state: state.passed.get(Passed.FROZEN, 0) > 4)
        before = _thumbs(watched.queue)
        watched.twin.go_on()
        watched.until(lambda state: state.wrong is None and len(watched.queue) > 3)
        after = _thumbs(watched.queue)

    alike = [float(cv2.absdiff(one, other).mean()) for one, other in pairwise(before)]
    assert min(alike) > MOST_CHANGE
    # Nothing of it comes later, either.
    assert min(float(cv2.absdiff(each, before[-1]).mean()) for each in after) > MOST_CHANGE


def test_a_view_that_changes_too_little_for_a_step_or_two_is_looked_at_all_the_same() -> None:
    doubted, size = Doubted(), (toy.WIDTH, toy.HEIGHT)
    picture = av.VideoFrame.from_ndarray(toy.road(0.0), format="bgr24")
    frames = [
        LiveFrame(at=START + timedelta(seconds=number), picture=picture, size=size, repeats=repeats)
        for number, repeats in enumerate((False, True, True, False))
    ]

    given = [doubted.take(frame) for frame in frames]

    assert given == [((frames[0],), 0), ((), 0), ((), 0), (tuple(frames[1:]), 0)]


def test_what_is_kept_back_of_a_view_that_never_changes_is_bounded() -> None:
    doubted, size = Doubted(), (toy.WIDTH, toy.HEIGHT)
    picture = av.VideoFrame.from_ndarray(toy.road(0.0), format="bgr24")
    frame = LiveFrame(at=START, picture=picture, size=size, repeats=True)

    gone = sum(doubted.take(frame)[1] for _ in range(100))

    assert gone == 100 - MOST_KEPT
    assert doubted.drop() == MOST_KEPT


def _thumbs(queue: Latest[LiveFrame]) -> list[np.ndarray]:
    """Take all that waits to be looked at, small and grey."""
    thumbs = []
    while (frame := queue.oldest()) is not None:
        assert queue.take(frame)
        thumbs.append(grey(frame.picture, THUMB))
    return thumbs


def test_a_picture_of_another_shape_is_refused_by_name_until_it_fits_again() -> None:
    with watching() as watched:
        watched.until(lambda state: state.captured > 5)
        watched.twin.resize(320, 240)
        refused = watched.until(lambda state: state.passed.get(Passed.MISFIT, 0) > 2)
        watched.queue.clear()
        watched.twin.resize(640, 384)

        watched.until(lambda state: state.wrong is None and state.queued > 0)
        taken = watched.queue.oldest()

    assert refused.wrong is not None
    assert "320×240" in refused.wrong[0]
    assert taken is not None
    # The pass goes on at the size it began with.
    assert taken.develop().image.shape == (toy.HEIGHT, toy.WIDTH, 3)


def test_damaged_data_cost_some_frames_and_not_the_camera() -> None:
    with watching() as watched:
        watched.until(lambda state: state.captured > 5)
        watched.twin.damage(3)
        before = watched.state().captured

        state = watched.until(lambda state: state.captured > before + 30)

    assert state.open


def test_between_passes_nothing_is_kept() -> None:
    with watching() as watched:
        watched.drive.wanted = False
        watched.until(lambda state: state.passed.get(Passed.BETWEEN_PASSES, 0) > 5)
        watched.queue.clear()
        after = watched.until(lambda state: state.passed.get(Passed.BETWEEN_PASSES, 0) > 15)

    assert after.queued == 0


def test_a_camera_of_a_standing_vehicle_rests_and_looks_again_at_once() -> None:
    with watching() as watched:
        watched.until(lambda state: state.captured > 3)
        watched.drive.standing = True
        watched.until(lambda state: state.passed.get(Passed.STANDING, 0) > 30)
        rested = watched.state()
        watched.queue.clear()
        watched.drive.standing = False
        moved_at = now()
        watched.until(lambda _: len(watched.queue) > 0)
        first = watched.queue.oldest()

    assert rested.captured_fps > 0.0
    assert rested.open
    assert first is not None
    assert first.at - moved_at < timedelta(seconds=2.0)


def test_a_frame_is_looked_at_by_two_at_once() -> None:
    picture = av.VideoFrame.from_ndarray(toy.road(0.0), format="bgr24").reformat(format="yuv420p")
    frame = LiveFrame(at=START, picture=picture, size=(toy.WIDTH, toy.HEIGHT))
    seen: list[float] = []

    def develop() -> None:
        seen.extend(float(frame.develop().image.mean()) for _ in range(50))

    def judge() -> None:
        seen.extend(frame.sharpness() for _ in range(50))

    # One that hangs is left behind: the test is over all the same.
    threads = [threading.Thread(target=each, daemon=True) for each in (develop, judge)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60.0)

    assert len(seen) == 100


def test_of_a_group_in_which_the_vehicle_moves_off_no_frame_is_lost() -> None:
    film, group, moves_off = _film(frames=60, group=15), 15, 37
    left_out: list[datetime] = []
    shown: list[tuple[int, datetime]] = []
    came = [START + timedelta(seconds=number / 15) for number in range(60)]
    with av.open(film) as container:
        packets = list(container.demux(video=0))[:60]
        number = 0
        resting = Resting(rests=lambda: number < moves_off, left_out=left_out.append)
        for number, packet in enumerate(packets):
            for arrived in resting.take(packet, came[number]):
                shown += [(round(each.time * 15), arrived.at) for each in arrived.packet.decode()]

    begins = shown[0][0]
    expected = [0, group, *range(2 * group, 60)]
    assert [number - begins for number, _ in shown] == expected
    assert [at for _, at in shown] == [came[number] for number in expected]
    assert left_out == [at for number, at in enumerate(came) if number not in expected]


def test_a_camera_of_rare_key_pictures_is_decoded_though_its_vehicle_stands() -> None:
    with av.open(_film(frames=90, group=90)) as container:
        resting = Resting(rests=lambda: True, left_out=lambda at: None)
        at_once = [
            len(resting.take(packet, START + timedelta(seconds=number / 15)))
            for number, packet in enumerate(container.demux(video=0))
        ]

    assert sum(at_once) > 60


def _film(*, frames: int, group: int) -> io.BytesIO:
    film = io.BytesIO()
    with av.open(film, mode="w", format="mpegts") as written:
        stream = written.add_stream("libx264", rate=15)
        stream.width, stream.height, stream.pix_fmt = toy.WIDTH, toy.HEIGHT, "yuv420p"
        stream.options = {"preset": "ultrafast", "tune": "zerolatency", "g": str(group)}
        for number in range(frames):
            picture = av.VideoFrame.from_ndarray(toy.road(number / 5.0), format="bgr24")
            written.mux(stream.encode(picture))
        written.mux(stream.encode(None))
    film.seek(0)
    return film


def test_a_late_arrival_does_not_move_when_a_frame_was_exposed() -> None:
    rng = random.Random(2)
    stamper = Stamper()
    errors = []
    for number in range(600):
        true = START + timedelta(seconds=number / 25.0)
        late = timedelta(seconds=0.05 + rng.expovariate(20.0))
        at = stamper.stamp(1000.0 + number / 25.0, true + late)
        assert at is not None
        errors.append((at - true).total_seconds())

    assert max(errors[25:]) - min(errors[25:]) < 0.03


def test_a_time_that_goes_back_is_not_believed_and_a_clock_that_was_set_is() -> None:
    stamper = Stamper()
    first = stamper.stamp(10.0, START)
    back = stamper.stamp(9.96, START + timedelta(seconds=0.04))
    again = stamper.stamp(0.0, START + timedelta(seconds=5.0))

    assert first == START
    assert back is None
    assert again == START + timedelta(seconds=5.0)


def test_a_password_comes_from_a_file_and_is_never_shown(tmp_path: Path) -> None:
    secret = tmp_path / "front.password"
    secret.write_text("p@ss/word\n", encoding="utf-8")

    opening = opening_of(
        "front", "rtsp://10.0.0.8/stream1", user="patrol", password_file=secret, environment={}
    )

    assert opening.url == "rtsp://patrol:p%40ss%2Fword@10.0.0.8/stream1"
    assert "ss" not in repr(opening).replace("class", "")


def test_a_user_without_a_password_and_an_address_with_one_are_refused() -> None:
    with pytest.raises(NoPassword, match="XUNHUAN_CAMERA_FRONT_LEFT_PASSWORD"):
        opening_of("front-left", "rtsp://10.0.0.8/s", user="patrol", environment={})
    with pytest.raises(BadCameraAddress, match="password_file"):
        opening_of("front", "rtsp://patrol:secret@10.0.0.8/s")
    with pytest.raises(BadCameraAddress):
        opening_of("front", "ftp://10.0.0.8/s")
    with pytest.raises(BadCameraAddress):
        opening_of("front", "v4l2://dev/video0")


def test_why_a_camera_does_not_open_is_said_in_words_and_without_its_password() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(av.error.FFmpegError) as refused:
        av.open(f"rtsp://patrol:geheim@127.0.0.1:{port}/stream1", timeout=5.0)
    with pytest.raises(av.error.FFmpegError) as unplugged:
        av.open("/dev/there-is-no-such-camera", format="v4l2")

    assert why(refused.value) == ("相机拒绝连接", "the camera refuses to be called")
    assert why(unplugged.value)[0] == "没有这个相机，可能拔掉了"
    assert why(ValueError("rtsp://patrol:geheim@")) == ("ValueError", "ValueError")


def test_a_usb_camera_is_asked_for_a_size_a_rate_and_a_format() -> None:
    opening = opening_of("front", "v4l2:///dev/video0?size=1920x1080&fps=30&format=mjpeg")

    assert opening.url == "/dev/video0"
    assert opening.options == {
        "video_size": "1920x1080",
        "framerate": "30",
        "input_format": "mjpeg",
    }


@pytest.mark.parametrize("asked", ["size=big", "size=1920x1080;rm", "fps=0", "resolution=1x1"])
def test_what_a_usb_camera_cannot_be_asked_is_refused_by_name(asked: str) -> None:
    with pytest.raises(BadCameraAddress, match=asked.partition("=")[0]):
        opening_of("front", f"v4l2:///dev/video0?{asked}")


def test_hardware_that_is_not_there_is_named_with_what_is() -> None:
    with pytest.raises(NoSuchDecoder, match="cuda"):
        check_decoder("front", "abacus")
    check_decoder("front", None)


def test_where_the_hardware_is_missing_the_processor_decodes() -> None:
    with watching(hardware="cuda") as watched:
        watched.until(lambda state: state.captured > 5)


LIVE = """
state = "/var/lib/xunhuan-edge"
[source]
kind = "live"
[[camera]]
name = "front"
address = "rtsp://10.0.0.8/stream1"
file = "/etc/xunhuan/front.toml"
[telemetry]
receiver = "tcp://10.0.0.9:2947"
"""


def test_a_live_configuration_names_its_cameras_and_its_receiver(tmp_path: Path) -> None:
    path = tmp_path / "edge.toml"
    path.write_text(LIVE, encoding="utf-8")

    assert [camera.name for camera in read_config(path).camera] == ["front"]


@pytest.mark.parametrize(
    ("said", "instead", "fault"),
    [
        ('receiver = "tcp://10.0.0.9:2947"', "", "receiver"),
        ("rtsp://10.0.0.8", "rtsp://patrol:secret@10.0.0.8", "password_file"),
        ('name = "front"', 'name = "Front Camera"', "camera"),
        ("rtsp://10.0.0.8/stream1", "ftp://10.0.0.8/stream1", "rtsp"),
    ],
)
def test_a_live_configuration_that_cannot_work_is_refused_with_its_reason(
    tmp_path: Path, said: str, instead: str, fault: str
) -> None:
    path = tmp_path / "edge.toml"
    path.write_text(LIVE.replace(said, instead), encoding="utf-8")

    with pytest.raises(UnusableConfig, match=fault) as refused:
        read_config(path)
    assert "secret" not in str(refused.value)
