"""`xunhuan-edge telemetry`: what a track or a receiver holds, and whether it places anything."""

import json
import time
from pathlib import Path

import pytest

from edge.commands import main
from edge.exits import Exit
from edge.telemetry.replayed import ReplayedReceiver, paced
from tests.edge.receivers import moments, pvt, sentences


def _ends(*arguments: str | Path) -> int:
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    return int(ended.value.code or 0)


def test_a_track_is_counted_and_explained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "drive.nmea"
    path.write_bytes(b"".join(sentences(second) for second in moments(5, every_s=1.0)))

    code = _ends("telemetry", path, "--explain", "--json")

    said = capsys.readouterr()
    assert code == Exit.OK
    assert json.loads(said.out) == {
        "fixes": 5,
        "from": "2026-05-01T08:00:00+00:00",
        "to": "2026-05-01T08:00:04+00:00",
    }
    assert "recognised as u-blox UBX / NMEA" in said.err


def test_a_receiver_is_listened_to_and_its_state_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    said = paced(b"".join(pvt(seconds) for seconds in moments(60, every_s=0.2)))

    with ReplayedReceiver(said, steady=time.monotonic) as receiver:
        code = _ends("telemetry", receiver.over_tcp(), "--seconds", "5", "--explain", "--json")

    heard = capsys.readouterr()
    told = json.loads(heard.out)
    assert code == Exit.OK
    assert told["connected"] and told["satellites"] == 14 and told["bytes_dropped"] == 0
    assert "set against satellite time" in heard.err


def test_a_receiver_that_does_not_answer_is_told_so_with_a_status(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code = _ends("telemetry", "tcp://127.0.0.1:1", "--seconds", "1")

    assert code == Exit.BAD_INPUT
    assert "cannot be connected to" in capsys.readouterr().out


def test_an_address_of_no_receiver_and_a_file_that_is_none_are_refused(tmp_path: Path) -> None:
    assert _ends("telemetry", "serial://ttyACM0") == Exit.BAD_CONFIG
    assert _ends("telemetry", tmp_path / "none.gpx") == Exit.NO_INPUT
