"""Bytes as navigation receivers send them: one moment of a drive northwards at 10 m/s."""

import struct
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import xor

START = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
LATITUDE, LONGITUDE = 29.56, 106.55
SPEED_M_S = 10.0
_DEGREES_A_METRE = 1.0 / 110_857.0


def ubx(kind: int, payload: bytes) -> bytes:
    """Frame a NAV message."""
    body = struct.pack("<BBH", 1, kind, len(payload)) + payload
    one = other = 0
    for byte in body:
        one = (one + byte) % 256
        other = (other + one) % 256
    return b"\xb5\x62" + body + bytes((one, other))


def nmea(said: str) -> bytes:
    """Frame a sentence."""
    return f"${said}*{reduce(xor, said.encode()):02X}\r\n".encode()


def latitude_after(seconds: float) -> float:
    """Give the latitude of the drive."""
    return LATITUDE + SPEED_M_S * seconds * _DEGREES_A_METRE


def pvt(seconds: float, *, fix: int = 3, north_m: float = 0.0) -> bytes:
    """Give NAV-PVT of a moment of the drive, off by so much."""
    at = START + timedelta(seconds=seconds)
    whole = at.replace(microsecond=0)
    latitude = latitude_after(seconds + north_m / SPEED_M_S)
    return ubx(
        0x07,
        struct.pack(
            "<IHBBBBBBIiBBBBiiiiII",
            round(seconds * 1000),
            *whole.timetuple()[:6],
            7,
            0,
            (at - whole) // timedelta(microseconds=1) * 1000,
            fix,
            0x81 if fix == 3 else 0,
            0,
            14,
            round(LONGITUDE * 1e7),
            round(latitude * 1e7),
            260_000,
            290_000,
            1000,
            2000,
        )
        + struct.pack("<iii", 10_000, 0, 0).ljust(44, b"\0"),
    )


def sentences(seconds: float) -> bytes:
    """Give RMC and GGA of a moment of the drive."""
    clock = f"{START + timedelta(seconds=seconds):%H%M%S.%f}"[:9]
    minutes = (latitude_after(seconds) - 29.0) * 60.0
    place = f"29{minutes:08.5f},N,106{(LONGITUDE - 106.0) * 60.0:08.5f},E"
    return nmea(f"GNRMC,{clock},A,{place},19.438,0.0,010526,,,A") + nmea(
        f"GNGGA,{clock},{place},5,12,0.8,290.0,M,-30.0,M,,"
    )


def moments(count: int, *, every_s: float) -> Iterator[float]:
    """Give the seconds of a recording."""
    for number in range(count):
        yield number * every_s


class Clock:
    """A device's two clocks, running faster than time so that a test need not wait."""

    def __init__(self, *, speed: float) -> None:
        self._speed, self._begun_s = speed, time.monotonic()

    def steady(self) -> float:
        """Give steady seconds."""
        return (time.monotonic() - self._begun_s) * self._speed

    def now(self) -> datetime:
        """Give the device's time, which is a year off."""
        return START - timedelta(days=365) + timedelta(seconds=self.steady())


def gopro_second(second: int) -> bytes:
    """Give a second of GoPro metadata: ten places of the drive."""
    stamp = f"{START + timedelta(seconds=second):%y%m%d%H%M%S}.000".encode()
    places = b"".join(
        struct.pack(
            ">5i", round(latitude_after(second + part / 10) * 1e7), round(LONGITUDE * 1e7), 0, 0, 0
        )
        for part in range(10)
    )
    scales = struct.pack(">5i", 10_000_000, 10_000_000, 1000, 1000, 100)
    stream = (
        _record(b"GPSF", ord("L"), 4, struct.pack(">I", 3))
        + _record(b"GPSU", ord("U"), 16, stamp)
        + _record(b"GPSP", ord("S"), 2, struct.pack(">H", 150))
        + _record(b"SCAL", ord("l"), 4, scales)
        + _record(b"GPS5", ord("l"), 20, places)
    )
    return _record(b"DEVC", 0, 1, _record(b"STRM", 0, 1, stream))


def gopro_drive(seconds: int) -> bytes:
    """Give the metadata of a drive."""
    return b"".join(gopro_second(second) for second in range(seconds))


def _record(key: bytes, kind: int, size: int, body: bytes) -> bytes:
    head = struct.pack(">4sBBH", key, kind, size, len(body) // max(1, size))
    return head + body + b"\0" * (-len(body) % 4)
