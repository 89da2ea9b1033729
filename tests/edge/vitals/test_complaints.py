"""A device says what is wrong with it, in both languages, and what to do."""

import dataclasses
import re
from datetime import timedelta
from pathlib import Path

import pytest

from dispatch.wire import Level, ModelRef, ModelStage, ModelState
from edge.vitals.complaints import CODES, complaints_of, stalled
from edge.vitals.machine import disk_of, hottest_c
from edge.vitals.signs import DiskSigns
from tests.edge.vitals.signs import (
    LIMITS,
    ROOM,
    WAITING,
    agent_of,
    camera_of,
    receiver_of,
    signs_of,
)

AT = signs_of().at
FAILED = ModelStage(sequence=7, zh="运行失败 3 次", en="it failed 3 times")


def over_the_air(**how: object) -> ModelState:
    model = ModelRef(name="street-n", version="1.2.0", sha256="a" * 64)
    return ModelState(role="patrol", model=model, sequence=6, **how)


SPOILT = {
    "thread_dead": signs_of(agent=agent_of(camera_of(), capture_runs=False)),
    "camera_silent": signs_of(camera_of(age_s=30.0)),
    "lens_veiled": signs_of(veils={"front": 0.45}),
    "gnss_lost": signs_of(receiver=receiver_of(age_s=95.0)),
    "disk_refuses": signs_of(
        disk=dataclasses.replace(
            ROOM, refuses=("磁盘只读，请检查挂载", "read-only: check how it is mounted")
        )
    ),
    "disk_low": signs_of(disk=DiskSigns(free_bytes=100 << 20, total_bytes=64 << 30)),
    "footage_gone": signs_of(footage_gone=Path("/media/card")),
    "model_missing": signs_of(model=None),
    "model_expired": signs_of(over_the_air=over_the_air(expires=AT)),
    "model_given_up": signs_of(over_the_air=over_the_air(given_up=FAILED)),
    "model_refused": signs_of(over_the_air=over_the_air(refused=FAILED)),
    "shut_out": signs_of(
        outbox=dataclasses.replace(
            WAITING,
            oldest_s=9000.0,
            shut_out=("不让接入：请重新登记", "shut out: enrol again"),
        )
    ),
    "outbox_old": signs_of(outbox=dataclasses.replace(WAITING, oldest_s=9000.0)),
    "outbox_refused": signs_of(outbox=dataclasses.replace(WAITING, refused=1)),
    "pass_held": signs_of(outbox=dataclasses.replace(WAITING, held=14)),
    "clock_off": signs_of(receiver=None, clock_offset_s=-3600.0),
    "too_hot": signs_of(temperature_c=97.0),
}


def test_a_device_that_is_well_complains_of_nothing() -> None:
    assert complaints_of(signs_of(), LIMITS) == ()


def test_every_code_has_a_device_that_names_it() -> None:
    assert {*SPOILT, "loop_stalled"} == set(CODES)


@pytest.mark.parametrize("code", SPOILT)
def test_each_thing_that_is_wrong_is_named_alone_with_what_to_do(code: str) -> None:
    (complaint,) = complaints_of(SPOILT[code], LIMITS)

    assert complaint.code == code
    assert re.search(r"请|会", complaint.zh)
    assert ":" in complaint.en


def test_a_device_without_cameras_and_receiver_is_not_missing_any() -> None:
    assert complaints_of(signs_of(agent=None, veils={}, receiver=None), LIMITS) == ()


def test_a_camera_that_never_gave_a_picture_is_silent_and_says_why() -> None:
    refused = ("登录被拒：请检查密码", "its login is refused: check the password")

    (complaint,) = complaints_of(signs_of(camera_of(age_s=None, wrong=refused)), LIMITS)

    assert refused[0] in complaint.zh
    assert refused[1] in complaint.en
    assert complaint.level is Level.FAIL


def test_a_device_that_waits_for_footage_needs_no_model_yet() -> None:
    assert complaints_of(signs_of(model=None, idle=True), LIMITS) == ()


def test_what_stops_inspection_comes_before_what_only_wants_care() -> None:
    signs = signs_of(temperature_c=97.0, receiver=receiver_of(age_s=None), veils={"front": 0.5})

    found = [complaint.code for complaint in complaints_of(signs, LIMITS)]

    assert found == ["gnss_lost", "lens_veiled", "too_hot"]


def test_a_loop_that_hangs_is_a_failure() -> None:
    assert stalled(400.0).level is Level.FAIL


def test_the_hottest_zone_counts_and_a_broken_one_does_not(tmp_path: Path) -> None:
    for number, text in enumerate(("48500\n", "71250\n", "-274000\n", "")):
        zone = tmp_path / f"thermal_zone{number}"
        zone.mkdir()
        (zone / "temp").write_text(text)

    assert hottest_c(tmp_path) == 71.25
    assert hottest_c(tmp_path / "none") is None


def test_room_on_the_disk_is_that_of_the_state_folder(tmp_path: Path) -> None:
    disk = disk_of(tmp_path)

    assert 0 <= disk.free_bytes <= disk.total_bytes
    assert ROOM.total_bytes == 64 << 30


def test_a_receiver_whose_line_is_lost_says_why() -> None:
    unplugged = ("串口不见了：请检查 USB 线", "the serial line is gone: check its USB cable")

    (complaint,) = complaints_of(
        signs_of(receiver=receiver_of(age_s=20.0, trouble=unplugged)), LIMITS
    )

    assert unplugged[0] in complaint.zh
    assert unplugged[1] in complaint.en


def test_the_satellites_time_is_believed_before_the_centres() -> None:
    right = signs_of(receiver=receiver_of(age_s=0.3, ahead_s=0.0), clock_offset_s=90.0)
    wrong = signs_of(receiver=receiver_of(age_s=0.3, ahead_s=90.0), clock_offset_s=0.0)

    assert complaints_of(right, LIMITS) == ()
    assert complaints_of(wrong, LIMITS)[0].code == "clock_off"


def test_a_device_that_just_started_waits_before_it_calls_a_camera_or_the_sky_silent() -> None:
    young = agent_of(camera_of(age_s=None))
    lost = receiver_of(age_s=None)

    def levels(seconds: float) -> list[tuple[str, Level]]:
        agent = dataclasses.replace(young, started_at=AT - timedelta(seconds=seconds))
        told = complaints_of(signs_of(agent=agent, receiver=lost), LIMITS)
        return [(each.code, each.level) for each in told]

    at_first, later, set_back = levels(2.0), levels(60.0), levels(-3600.0)

    assert at_first == [("camera_silent", Level.WARN), ("gnss_lost", Level.WARN)]
    assert later == set_back == [("camera_silent", Level.FAIL), ("gnss_lost", Level.FAIL)]
