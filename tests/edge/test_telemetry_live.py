"""A receiver listened to while driving: what its bytes come to, whatever clock and line do."""

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from edge.placing.pose import NoPose
from edge.receiver_address import BadAddress, read_address
from edge.telemetry.hearing import LATENCY_S, Hearing, Instant
from edge.telemetry.live import open_live
from edge.telemetry.reception import Solution
from edge.telemetry.replayed import ReplayedReceiver, Said, paced
from tests.edge.receivers import (
    LATITUDE,
    START,
    Clock,
    latitude_after,
    moments,
    pvt,
    sentences,
    ubx,
)

_Given = TypeVar("_Given")
SPEED = 5.0
WRONG_CLOCK = timedelta(days=-400, seconds=-17.25)
"""What the device's clock shows beside the truth."""


def _now(seconds: float, clock: timedelta = WRONG_CLOCK) -> Instant:
    return Instant(at=START + timedelta(seconds=seconds) + clock, steady_s=5000.0 + seconds)


def _stamped(seconds: float, clock: timedelta = WRONG_CLOCK) -> datetime:
    return _now(seconds, clock).at


def _drive(hearing: Hearing, *, start_s: float = 0.0, count: int = 60, late_s: float = 0.0) -> None:
    for seconds in moments(count, every_s=0.2):
        at = start_s + seconds
        jitter = 0.03 * (round(at * 5) % 4)
        hearing.take(pvt(at), _now(at + LATENCY_S + jitter + late_s))
        hearing.silence(_now(at + LATENCY_S + jitter + late_s + 0.06))


def test_a_wrong_device_clock_does_not_misplace_a_frame() -> None:
    hearing = Hearing("test")
    _drive(hearing)

    pose = hearing.pose_at(_stamped(8.3))

    assert pose.latitude == pytest.approx(latitude_after(8.3), abs=1e-6)
    assert hearing.clock_ahead_s() == pytest.approx(WRONG_CLOCK.total_seconds(), abs=0.01)
    assert hearing.utc_of(_stamped(8.3)) is not None


def test_nothing_is_placed_before_the_clocks_have_been_compared() -> None:
    hearing = Hearing("test")
    _drive(hearing, count=5)

    assert hearing.known_until() is None
    with pytest.raises(NoPose, match="接收机还没有"):
        hearing.pose_at(_stamped(0.5))


def test_a_frame_ahead_of_the_last_fix_has_to_wait() -> None:
    hearing = Hearing("test")
    _drive(hearing, count=26)

    known = hearing.known_until()

    assert known is not None
    assert known == pytest.approx(_stamped(5.0), abs=timedelta(milliseconds=20))
    with pytest.raises(NoPose):
        hearing.pose_at(_stamped(5.5))


def test_a_clock_set_on_the_way_forgets_what_was_stamped_before() -> None:
    hearing = Hearing("test")
    _drive(hearing)
    mended = timedelta(seconds=0.5)
    for seconds in moments(30, every_s=0.2):
        hearing.take(pvt(12 + seconds), _now(12 + seconds + LATENCY_S, mended))
        hearing.silence(_now(12 + seconds + LATENCY_S + 0.06, mended))

    pose = hearing.pose_at(_stamped(15.0, mended))

    assert pose.latitude == pytest.approx(latitude_after(15.0), abs=1e-6)
    with pytest.raises(NoPose):
        hearing.pose_at(_stamped(8.0))


def test_a_clock_that_is_slewed_right_on_the_way_misplaces_nothing() -> None:
    hearing = Hearing("test")

    def slewed(seconds: float) -> timedelta:
        return timedelta(seconds=0.05 * min(max(seconds - 4.0, 0.0), 6.0))

    for seconds in moments(90, every_s=0.2):
        for after_s in (LATENCY_S, LATENCY_S + 0.06):
            now = _now(seconds + after_s, slewed(seconds + after_s))
            if after_s == LATENCY_S:
                hearing.take(pvt(seconds), now)
            else:
                hearing.silence(now)

    for seconds in (11.0, 17.5):
        pose = hearing.pose_at(_stamped(seconds, slewed(seconds)))
        assert pose.latitude == pytest.approx(latitude_after(seconds), abs=1e-6)


def test_a_busy_device_that_reads_late_misplaces_nothing() -> None:
    hearing = Hearing("test")
    _drive(hearing, count=30)
    _drive(hearing, start_s=6.0, count=40, late_s=0.7)

    assert hearing.pose_at(_stamped(12.0)).latitude == pytest.approx(latitude_after(12.0), abs=1e-6)
    assert hearing.late_s() > 0.6


def test_nmea_in_crumbs_gives_the_same_poses() -> None:
    hearing = Hearing("test")
    for seconds in moments(40, every_s=0.2):
        said = sentences(seconds)
        for start in range(0, len(said), 7):
            hearing.take(said[start : start + 7], _now(seconds + LATENCY_S))
        hearing.silence(_now(seconds + LATENCY_S + 0.06))

    pose = hearing.pose_at(_stamped(5.1))

    assert pose.latitude == pytest.approx(latitude_after(5.1), abs=1e-6)
    assert pose.height_hae_m == pytest.approx(260.0)
    assert hearing.reception.solution is Solution.RTK_FLOAT
    assert hearing.dropped == 0


def test_a_leap_at_the_end_waits_for_the_next_fix_to_confirm_it() -> None:
    hearing = Hearing("test")
    _drive(hearing, count=30)
    hearing.take(pvt(6.0, north_m=30.0), _now(6.0 + LATENCY_S))
    hearing.silence(_now(6.0 + LATENCY_S + 0.06))

    known = hearing.known_until()

    assert known is not None and known < _stamped(5.9)
    _drive(hearing, start_s=6.2, count=10)
    assert hearing.pose_at(_stamped(6.05)).latitude == pytest.approx(latitude_after(6.05), abs=1e-6)


def test_noise_on_the_line_is_dropped_counted_and_bounded() -> None:
    hearing = Hearing("test")
    noise = bytes(range(256)) * 40
    hearing.take(noise, _now(0.0))
    _drive(hearing)

    assert hearing.dropped == pytest.approx(len(noise), abs=2)
    assert hearing.pose_at(_stamped(6.0)).latitude == pytest.approx(latitude_after(6.0), abs=1e-6)


def test_without_satellites_there_is_no_position_and_it_is_said() -> None:
    hearing = Hearing("test")
    for seconds in moments(40, every_s=0.2):
        hearing.take(pvt(seconds, fix=0), _now(seconds + LATENCY_S))
        hearing.silence(_now(seconds + LATENCY_S + 0.06))

    assert hearing.counts.fixes == 0
    assert hearing.counts.without_fix == 40
    assert hearing.reception.solution is Solution.NONE
    assert hearing.known_until() is None


def test_a_vehicle_that_stopped_minutes_ago_still_knows_its_heading() -> None:
    hearing = Hearing("test")
    _drive(hearing)
    stood = pvt(11.8)
    for seconds in moments(600, every_s=0.2):
        at = 12.0 + seconds
        standing = _standing(at, stood)
        hearing.take(standing, _now(at + LATENCY_S))
        hearing.silence(_now(at + LATENCY_S + 0.06))
        hearing.known_until()

    pose = hearing.pose_at(_stamped(130.0))

    assert pose.yaw == pytest.approx(0.0, abs=1e-6)
    assert pose.latitude > LATITUDE


def _standing(at: float, stood: bytes) -> bytes:
    """Give the moment with the place of another and without speed."""
    payload = bytearray(pvt(at)[6:-2])
    payload[24:32] = stood[30:38]
    payload[48:60] = bytes(12)
    return ubx(0x07, bytes(payload))


@pytest.fixture
def clock() -> Clock:
    return Clock(speed=SPEED)


def test_a_receiver_in_the_network_places_frames_as_they_come(clock: Clock) -> None:
    said = paced(b"".join(sentences(seconds) for seconds in moments(400, every_s=0.2)))

    with ReplayedReceiver(said, steady=time.monotonic, speed=SPEED) as receiver:
        live = open_live(receiver.over_tcp(), now=clock.now, steady=clock.steady)
        try:
            at = _until(live.known_until)
            pose, utc = live.pose_at(at), live.utc_of(at)
            state = live.state()
        finally:
            live.close()

    assert utc is not None
    driven_s = (utc - START).total_seconds()
    assert pose.latitude == pytest.approx(latitude_after(driven_s), abs=1e-6)
    assert state.connected and not state.stalled
    assert (state.satellites, state.solution) == (12, Solution.RTK_FLOAT)


def test_a_receiver_on_a_serial_line_places_frames_as_they_come(clock: Clock) -> None:
    said = paced(b"".join(pvt(seconds) for seconds in moments(400, every_s=0.2)))

    with ReplayedReceiver(said, steady=time.monotonic, speed=SPEED) as receiver:
        live = open_live(receiver.over_terminal(), now=clock.now, steady=clock.steady)
        try:
            at = _until(live.known_until)
            pose = live.pose_at(at)
        finally:
            live.close()

    assert pose.latitude > LATITUDE


def test_a_gpsd_is_asked_to_tell_what_its_receiver_says(clock: Clock) -> None:
    server = socket.create_server(("127.0.0.1", 0))
    asked: list[bytes] = []

    def serve() -> None:
        with server, server.accept()[0] as caller:
            caller.sendall(b'{"class":"VERSION","release":"3.25","proto_major":3}\r\n')
            asked.append(caller.recv(4096))
            for seconds in moments(400, every_s=0.2):
                caller.sendall(pvt(seconds))
                time.sleep(0.2 / SPEED)

    thread = threading.Thread(target=_quietly, args=(serve,), daemon=True)
    thread.start()
    address = f"tcp://127.0.0.1:{server.getsockname()[1]}"
    live = open_live(address, now=clock.now, steady=clock.steady)
    try:
        at = _until(live.known_until)
        pose = live.pose_at(at)
    finally:
        live.close()
    thread.join()

    assert asked[0].startswith(b"?WATCH=")
    assert pose.latitude > LATITUDE


def _quietly(serve: Callable[[], None]) -> None:
    with suppress(OSError):
        serve()


def test_a_line_that_hangs_up_is_called_again(clock: Clock) -> None:
    said = paced(b"".join(pvt(seconds) for seconds in moments(20, every_s=0.2)))

    with ReplayedReceiver(said, steady=time.monotonic, speed=SPEED) as receiver:
        live = open_live(receiver.over_tcp(), now=clock.now, steady=clock.steady)
        try:
            _until(lambda: live.state().reconnections or None)
            state = live.state()
        finally:
            live.close()

    assert state.trouble is not None and "broke off" in state.trouble[1]
    assert state.fixes >= 20


def test_a_line_that_says_nothing_is_let_go_and_called_stalled(clock: Clock) -> None:
    mute = [Said(after_s=0.0, content=b"$"), Said(after_s=3600.0, content=b"")]

    with ReplayedReceiver(mute, steady=time.monotonic, speed=SPEED) as receiver:
        live = open_live(receiver.over_tcp(), now=clock.now, steady=clock.steady)
        try:
            state = _until(lambda: live.state() if live.state().trouble else None)
        finally:
            live.close()

    assert state.stalled
    assert state.trouble is not None and "says nothing" in state.trouble[1]


def test_a_port_that_is_not_there_is_waited_for(tmp_path: Path, clock: Clock) -> None:
    live = open_live(f"serial://{tmp_path}/none", now=clock.now, steady=clock.steady)
    try:
        state = _until(lambda: live.state() if live.state().trouble else None)
    finally:
        live.close()

    assert not state.connected and state.stalled
    assert state.trouble is not None and "dialout" in state.trouble[1]


@pytest.mark.parametrize(
    "said",
    [
        "",
        "ttyACM0",
        "serial://ttyACM0",
        "serial:///dev/ttyACM0?baud=fast",
        "serial:///dev/ttyACM0?baud=115201",
        "serial:///dev/ttyACM0?parity=even",
        "tcp://host",
        "tcp://host:99999",
        "tcp://:2947",
        "udp://host:2947",
    ],
)
def test_an_address_of_no_receiver_is_refused_with_an_example(said: str) -> None:
    with pytest.raises(BadAddress, match=r"serial:///dev/ttyACM0\?baud=115200"):
        read_address(said)


@pytest.mark.parametrize(
    "said", ["serial:///dev/ttyUSB0?baud=9600", "tcp://10.0.0.2:2947", "tcp://[::1]:2947"]
)
def test_an_address_is_shown_as_it_was_written(said: str) -> None:
    assert str(read_address(said)) == said


def _until(ask: Callable[[], _Given | None]) -> _Given:
    """Ask until there is an answer."""
    for _ in range(3000):
        if (given := ask()) is not None:
            return given
        time.sleep(0.01)
    raise AssertionError("it never came")
