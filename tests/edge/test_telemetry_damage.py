"""Damaged recordings: a named refusal, fewer fixes, or the right place; never a wrong one."""

import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from edge.placing.geodesy import LocalPlane
from edge.placing.pose import NoPose
from edge.telemetry.hearing import LATENCY_S, Hearing, Instant
from edge.telemetry.opening import open_telemetry, read_log
from edge.telemetry.track import UnusableTelemetry
from tests.edge.receivers import (
    LATITUDE,
    LONGITUDE,
    START,
    gopro_drive,
    latitude_after,
    moments,
    pvt,
    sentences,
)

SECONDS = 30
CHORD_M = 12.0
"""What a carrier's own acceleration and its receiver's noise may be, over a step of a second."""


def _gpx() -> bytes:
    points = "".join(
        f'<trkpt lat="{latitude_after(second):.7f}" lon="{LONGITUDE:.7f}">'
        f"<time>{START + timedelta(seconds=second):%Y-%m-%dT%H:%M:%S}Z</time></trkpt>"
        for second in range(SECONDS)
    )
    head = '<gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">'
    return f"{head}<trk><trkseg>{points}</trkseg></trk></gpx>".encode()


def _csv() -> bytes:
    rows = "".join(
        f"{START + timedelta(seconds=second):%Y-%m-%dT%H:%M:%S}+00:00,"
        f"{latitude_after(second):.7f},{LONGITUDE:.7f}\n"
        for second in range(SECONDS)
    )
    return f"time,latitude,longitude\n{rows}".encode()


def _srt() -> bytes:
    cues = [
        f"{second + 1}\n00:00:{second:02d},000 --> 00:00:{second + 1:02d},000\n"
        f"GPS({LONGITUDE:.5f},{latitude_after(second):.6f},14) G.PRY (-90.0, 0.0, 12.0) "
        f"BAROMETER:80.0\n"
        for second in range(SECONDS)
    ]
    return "\n".join(cues).encode()


def _ubx() -> bytes:
    return b"".join(pvt(seconds) for seconds in moments(SECONDS, every_s=1.0))


def _nmea() -> bytes:
    return b"".join(sentences(seconds) for seconds in moments(SECONDS, every_s=1.0))


RECORDINGS: dict[str, Callable[[], bytes]] = {
    "drive.gpx": _gpx,
    "drive.csv": _csv,
    "flight.srt": _srt,
    "drive.ubx": _ubx,
    "drive.nmea": _nmea,
    "drive.raw": lambda: gopro_drive(SECONDS),
}


def _damaged(content: bytes, chance: random.Random, bytes_hit: int) -> bytes:
    spoilt = bytearray(content)
    for _ in range(bytes_hit):
        place = chance.randrange(len(spoilt))
        action = chance.randrange(4)
        if action == 0:
            del spoilt[place]
        elif action == 1:
            spoilt.insert(place, chance.randrange(256))
        else:
            spoilt[place] = chance.choice([chance.randrange(256), ord(str(chance.randrange(10)))])
    return bytes(spoilt)


def _wrong_m(path: Path) -> float:
    """Give the worst distance of a pose from the truth, metres; 0 where there is none."""
    plane = LocalPlane(latitude=LATITUDE, longitude=LONGITUDE)
    try:
        track = open_telemetry(path, starts_at=START)
    except UnusableTelemetry:
        return 0.0
    worst_m = 0.0
    for half_seconds in range(2 * SECONDS):
        seconds = half_seconds / 2.0
        try:
            pose = track.pose_at(START + timedelta(seconds=seconds))
        except NoPose:
            continue
        way = plane.east_north(pose.latitude, pose.longitude) - plane.east_north(
            latitude_after(seconds), LONGITUDE
        )
        worst_m = max(worst_m, float(np.hypot(way[0], way[1])))
    return worst_m


@pytest.mark.parametrize("name", RECORDINGS)
def test_a_whole_recording_is_placed_where_it_was(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(RECORDINGS[name]())

    assert _wrong_m(path) < 1.0
    assert len(read_log(path, starts_at=START)[1].fixes) >= SECONDS


@pytest.mark.parametrize("name", RECORDINGS)
def test_one_damaged_byte_never_misplaces_by_more_than_a_carrier_could_swerve(
    name: str, tmp_path: Path
) -> None:
    content, chance = RECORDINGS[name](), random.Random(name)
    path = tmp_path / name

    for _ in range(60):
        path.write_bytes(_damaged(content, chance, 1))
        assert _wrong_m(path) < CHORD_M


@pytest.mark.parametrize("name", ["drive.ubx", "drive.nmea"])
def test_a_checksum_lets_through_only_what_was_sent(name: str, tmp_path: Path) -> None:
    content, chance = RECORDINGS[name](), random.Random(name)
    path = tmp_path / name
    path.write_bytes(content)
    sent = {fix.at: fix for fix in read_log(path)[1].fixes}

    for _ in range(40):
        path.write_bytes(_damaged(content, chance, 40))
        try:
            fixes = read_log(path)[1].fixes
        except UnusableTelemetry:
            continue
        assert all(sent[fix.at].latitude == fix.latitude for fix in fixes)


@pytest.mark.parametrize("name", RECORDINGS)
def test_a_recording_in_ruins_is_refused_by_name_or_keeps_what_can_be(
    name: str, tmp_path: Path
) -> None:
    content, chance = RECORDINGS[name](), random.Random(name)
    path = tmp_path / name

    for _ in range(50):
        cut = content[: chance.randrange(64, len(content))]
        path.write_bytes(_damaged(cut, chance, 30))
        try:
            log = read_log(path, starts_at=START)[1]
        except UnusableTelemetry:
            continue
        assert len(log.fixes) + sum(count for _, count in log.dropped) >= 1


@pytest.mark.parametrize("say", [pvt, sentences])
def test_a_damaged_live_line_gives_the_right_place_or_none(say: Callable[[float], bytes]) -> None:
    chance = random.Random(3)
    hearing = Hearing("test")
    placed = 0

    for seconds in moments(300, every_s=0.2):
        said = say(seconds)
        said = _damaged(said, chance, 3) if chance.random() < 0.3 else said
        hearing.take(said, _at(seconds + LATENCY_S))
        hearing.silence(_at(seconds + LATENCY_S + 0.06))
        try:
            pose = hearing.pose_at(_at(seconds - 0.3).at)
        except NoPose:
            continue
        placed += 1
        assert pose.latitude == pytest.approx(latitude_after(seconds - 0.3), abs=2e-6)
    assert placed > 200


def _at(seconds: float) -> Instant:
    return Instant(at=START + timedelta(seconds=seconds), steady_s=seconds)
