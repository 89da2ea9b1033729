"""Recordings of navigation receivers: whole, mixed, broken and cut off."""

import struct
from datetime import UTC, datetime, timedelta
from functools import reduce
from math import radians, sqrt
from operator import xor
from pathlib import Path

import pytest

from edge.telemetry.opening import open_telemetry, read_log
from edge.telemetry.track import UnusableTelemetry

START = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)


def _ubx(kind: int, payload: bytes) -> bytes:
    body = struct.pack("<BBH", 1, kind, len(payload)) + payload
    one = other = 0
    for byte in body:
        one = (one + byte) % 256
        other = (other + one) % 256
    return b"\xb5\x62" + body + bytes((one, other))


def _pvt(second: int, *, fix: int = 3, nano: int = 0) -> bytes:
    head = struct.pack(
        "<IHBBBBBBIiBBBB", second, 2026, 5, 1, 8, 0, second, 7, 0, nano, fix, 1, 0, 9
    )
    place = struct.pack(
        "<iiiiII", 1_065_500_000, 295_600_000 + 900 * second, 260_000, 0, 2000, 3000
    )
    speed = struct.pack("<iii", 10_000, 0, 0)
    return _ubx(0x07, (head + place + speed).ljust(92, b"\0"))


def _nmea(said: str) -> bytes:
    return f"${said}*{reduce(xor, said.encode()):02X}\r\n".encode()


def _sentences(second: int) -> bytes:
    minutes = 33.6 + 0.0054 * second
    place = f"29{minutes:.5f},N,10633.00000,E"
    return b"".join(
        (
            _nmea(f"GNRMC,0800{second:02d}.00,A,{place},19.438,0.0,010526,,,A"),
            _nmea(f"GNGGA,0800{second:02d}.00,{place},4,12,0.8,290.0,M,-30.0,M,,"),
            _nmea(f"GNGST,0800{second:02d}.00,1.0,,,,0.03,0.04,0.1"),
            _nmea("GNHDT,2.0,T"),
        )
    )


def test_a_ublox_drive_keeps_measured_height_velocity_and_error(tmp_path: Path) -> None:
    path = tmp_path / "drive.ubx"
    path.write_bytes(b"".join(_pvt(second) for second in range(5)))

    pose = open_telemetry(path).pose_at(START + timedelta(seconds=2))

    assert (pose.latitude, pose.longitude) == pytest.approx((29.56018, 106.55), abs=1e-9)
    assert pose.height_hae_m == pytest.approx(260.0)
    assert pose.speed_m_s == pytest.approx(10.0)
    assert pose.error.horizontal_shared_m == pytest.approx(2.0 / sqrt(2.0))


def test_a_negative_fraction_lies_before_the_full_second(tmp_path: Path) -> None:
    path = tmp_path / "drive.ubx"
    path.write_bytes(_pvt(3, nano=-250_000_000))

    assert read_log(path)[1].fixes[0].at == START + timedelta(seconds=2.75)


def test_dead_reckoning_alone_places_nothing(tmp_path: Path) -> None:
    path = tmp_path / "tunnel.ubx"
    path.write_bytes(_pvt(1) + _pvt(2, fix=1) + _pvt(3))

    log = read_log(path)[1]

    assert len(log.fixes) == 2
    assert [count for _, count in log.dropped] == [1]


def test_a_broken_message_costs_itself_and_nothing_behind_it(tmp_path: Path) -> None:
    path = tmp_path / "drive.ubx"
    broken = bytearray(_pvt(2))
    broken[40] ^= 0xFF
    path.write_bytes(_pvt(1) + bytes(broken) + b"\xb5\x62noise" + _pvt(3) + _pvt(4)[:50])

    log = read_log(path)[1]

    assert [fix.at.second for fix in log.fixes] == [1, 3]
    assert sum(count for _, count in log.dropped) == 3


def test_an_nmea_drive_is_told_by_date_height_error_and_heading(tmp_path: Path) -> None:
    path = tmp_path / "drive.nmea"
    path.write_bytes(b"".join(_sentences(second) for second in range(5)))

    pose = open_telemetry(path).pose_at(START + timedelta(seconds=2))

    assert (pose.latitude, pose.longitude) == pytest.approx((29.56018, 106.55), abs=1e-7)
    assert pose.height_hae_m == pytest.approx(260.0)
    assert pose.yaw == pytest.approx(radians(2.0))
    assert pose.speed_m_s == pytest.approx(10.0, abs=0.01)
    assert pose.error.horizontal_shared_m == pytest.approx(0.05 / sqrt(2.0))


def test_a_flipped_digit_never_moves_a_vehicle(tmp_path: Path) -> None:
    path = tmp_path / "drive.nmea"
    whole = b"".join(_sentences(second) for second in range(5))
    path.write_bytes(whole.replace(b"2933.61080", b"2943.61080"))

    log = read_log(path)[1]

    assert all(abs(fix.latitude - 29.56) < 0.001 for fix in log.fixes)
    assert sum(count for _, count in log.dropped) >= 2


def test_midnight_begins_the_next_day_before_a_date_says_so(tmp_path: Path) -> None:
    path = tmp_path / "night.nmea"
    place = "2933.60000,N,10633.00000,E"
    path.write_bytes(
        _nmea(f"GPRMC,235959.00,A,{place},0.0,,300426,,,A")
        + _nmea(f"GPGGA,000000.00,{place},1,12,0.8,290.0,M,-30.0,M,,")
    )

    first, second = read_log(path)[1].fixes

    assert second.at - first.at == timedelta(seconds=1)


def test_real_recordings_place_the_receiver_where_it_stood_or_say_why_not(samples: Path) -> None:
    read, refused = 0, 0
    for path in sorted((samples / "telemetry/ublox_ubx").glob("*.*")):
        try:
            log = read_log(path)[1]
        except UnusableTelemetry:
            refused += 1
            continue
        read += 1
        for fix in log.fixes:
            assert (fix.latitude, fix.longitude) == pytest.approx((53.4507, -2.2403), abs=2e-3)
            assert 2020 <= fix.at.year <= 2025

    assert (read, refused) == (14, 20)
