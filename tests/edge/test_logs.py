"""Logs can be read by machines and people, and hold nothing of a person."""

import io
import json
import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from edge.config import LogConfig, LogForm, LogLevel
from edge.delivery.centre import enrol
from edge.delivery.keys import KEY_FILE, ensure_key, write_enrolment
from edge.logs import scrubbed, set_up, speaker
from tests.edge import toy
from tests.edge.fake_centre import CODE, fake_centre

PRIVATE = {
    "a camera's password": ("rtsp://admin:hunter2@10.0.0.5/live", "hunter2"),
    "a token": ("GET /preview?token=Abc-123_xyz", "Abc-123_xyz"),
    "a code": ("enrol code: 4711-0815 used", "4711-0815"),
    "a mobile number": ("报修人 13812345678 来电", "13812345678"),
    "an identity card": ("证件 11010519491231002X", "11010519491231002X"),
    "a plate": ("车辆 渝A·12345 停放", "12345"),
    "a place": ("stood at 29.557312, 106.577198", "29.5573"),
}


@pytest.fixture
def log() -> Iterator[logging.Logger]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield logging.getLogger("edge.agent")
    root.handlers[:] = before
    root.setLevel(level)


@pytest.mark.parametrize("said", PRIVATE)
def test_what_is_nobodys_business_is_unreadable(said: str) -> None:
    text, secret = PRIVATE[said]

    assert secret not in scrubbed(text)


@pytest.mark.parametrize(
    "text",
    [
        "2 次巡查，3 张照片 · 2 passes, 3 photos",
        "disk: 12.5 GiB free",
        "model street-n 1.0.0 sha256:0123456789ab",
        "pass car-7:2026-11-21T08:00:00",
    ],
)
def test_what_people_need_stays_as_it_was(text: str) -> None:
    assert scrubbed(text) == text


def test_a_machine_reads_one_object_a_line_with_both_languages(log: logging.Logger) -> None:
    stream = io.StringIO()
    set_up(LogConfig(), stream=stream)

    speaker(log)("已连上相机 rtsp://a:b@cam", "connected to rtsp://a:b@cam")
    log.debug("not asked for")

    (line,) = stream.getvalue().splitlines()
    told = json.loads(line)
    assert (told["level"], told["logger"]) == ("info", "edge.agent")
    assert (told["zh"], told["event"]) == (
        "已连上相机 rtsp://***cam",
        "connected to rtsp://***cam",
    )
    assert datetime.fromisoformat(told["timestamp"]).tzinfo is not None


def test_a_fault_is_written_with_its_traceback_and_without_its_secret(log: logging.Logger) -> None:
    stream = io.StringIO()
    set_up(LogConfig(form=LogForm.TEXT, level=LogLevel.WARNING), stream=stream)

    try:
        raise ValueError("token=Abc-123 is wrong")
    except ValueError:
        log.exception("a step failed")

    told = stream.getvalue()
    assert "Traceback" in told
    assert "Abc-123" not in told


def test_the_log_of_a_whole_run_holds_no_secret_and_no_exact_place(tmp_path: Path) -> None:
    model = toy.write_model(tmp_path / "model")
    video, track, camera = toy.write_drive(tmp_path / "footage")
    state = tmp_path / "state"
    state.mkdir()
    (tmp_path / "footage" / "broken.mp4").write_text("not a video", encoding="utf-8")
    config = tmp_path / "edge.toml"
    config.write_text(
        f'state = "{state}"\n[source]\nkind = "watch"\nfolder = "{video.parent}"\n'
        f'camera = "{camera}"\n[model]\nfolder = "{model}"\nthreads = 1\n'
        '[health]\nlisten = "127.0.0.1:0"\n[log]\nlevel = "debug"\n',
        encoding="utf-8",
    )
    program = "import sys; from edge.commands import main; main(sys.argv[1:])"
    with fake_centre() as centre:
        now = datetime.now(UTC)
        enrolled = enrol(centre.address, code=CODE, key=ensure_key(state), name=None, now=now)
        write_enrolment(state, enrolled)
        done = subprocess.run(
            [sys.executable, "-c", program, "run", "--once", "--json", "--config", str(config)],
            capture_output=True,
            text=True,
            check=True,
            env=os.environ,
        )

    lines = [json.loads(line) for line in done.stderr.splitlines()]
    key = "".join((state / KEY_FILE).read_text(encoding="ascii").splitlines()[1:-1])
    degrees = set(re.findall(r"\d{2,3}\.\d{4}", track.read_text(encoding="utf-8")))
    assert json.loads(done.stdout)["passes"] == 1
    assert any("发现" in line.get("zh", "") for line in lines)
    assert key not in done.stderr
    assert CODE not in done.stderr
    assert degrees
    assert not [each for each in degrees if each in done.stderr]
