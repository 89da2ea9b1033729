"""Subtitles of drones: where they were, and whether anything says where the camera looked."""

from datetime import UTC, datetime, timedelta
from math import radians
from pathlib import Path

import pytest

from edge.telemetry.opening import NoGimbalAngles, open_telemetry, read_log
from edge.telemetry.track import UnusableTelemetry

START = datetime(2026, 5, 1, 0, 0, tzinfo=UTC)

# What a map says of the first place in each file: latitude, longitude, to 0.01 degrees.
_PLACES = {
    "MAVIC3.first.srt": (3.42, -3.37),
    "air2s.srt": (41.42, 2.23),
    "broken_incomplete.SRT": (-34.74, -58.46),
    "broken_incomplete2.SRT": (-34.87, -57.82),
    "m2zoom.first.SRT": (31.45, 74.40),
    "matrice_300.srt": (36.61, -6.11),
    "mavic_2_style.SRT": (-20.25, 149.03),
    "mavic_2pro_new.first.SRT": (-35.08, -60.29),
    "mavic_air2.srt": (41.42, 2.16),
    "mavic_mini.SRT": (48.08, -121.75),
    "mavic_pro.SRT": (-20.25, 149.03),
    "mavic_pro_buggy.SRT": (42.47, -1.22),
    "mix_p4rtk_mavic2pro.srt": (-34.65, -59.41),
    "old_format.SRT": (-20.25, 149.03),
    "p4_rtk.SRT": (-34.24, -58.85),
    "p4p_sample.SRT": (47.47, 8.21),
}


def _cue(second: int, body: str) -> str:
    return f"{second + 1}\n00:00:{second:02d},000 --> 00:00:{second + 1:02d},000\n{body}\n\n"


def _gimbal(second: int) -> str:
    return (
        f"F/5.6, GPS (106.{550000 + 20 * second}, 29.560000, 15), H 85.{second:02d}m, "
        "F.PRY (2.7°, -7.0°, 110.1°), G.PRY (-24.5°, 0.0°, 110.5°)"
    )


@pytest.mark.parametrize(("name", "place"), _PLACES.items())
def test_every_dialect_puts_the_drone_where_it_flew(
    name: str, place: tuple[float, float], samples: Path
) -> None:
    _, log, _ = read_log(samples / "telemetry/dji_srt" / name, starts_at=START)

    assert log.fixes[0].latitude == pytest.approx(place[0], abs=0.006)
    assert log.fixes[0].longitude == pytest.approx(place[1], abs=0.006)
    assert len(log.fixes) + sum(count for _, count in log.dropped) == log.rows


def test_only_subtitles_with_gimbal_angles_place_anything(samples: Path) -> None:
    placing, without_gimbal, without_fix = set(), set(), set()

    for path in (samples / "telemetry/dji_srt").glob("*.[sS][rR][tT]"):
        try:
            open_telemetry(path, starts_at=START)
            placing.add(path.name)
        except NoGimbalAngles:
            without_gimbal.add(path.name)
        except UnusableTelemetry:
            without_fix.add(path.name)

    assert placing == {"p4_rtk.SRT", "mix_p4rtk_mavic2pro.srt"}
    assert without_fix == {"broken_empty.SRT", "broken_empty2.SRT", "mavic_air.SRT"}
    assert len(without_gimbal) == 14


def test_a_cut_off_file_is_read_up_to_the_cut_and_the_loss_is_counted(samples: Path) -> None:
    folder = samples / "telemetry/dji_srt"

    lost = [
        sum(count for _, count in read_log(folder / name, starts_at=START)[1].dropped)
        for name in ("broken_incomplete.SRT", "broken_incomplete2.SRT")
    ]

    assert lost == [1, 2]


def test_the_gimbal_is_read_as_pitch_roll_yaw_on_the_clock_of_the_video(tmp_path: Path) -> None:
    path = tmp_path / "flight.SRT"
    path.write_text("".join(_cue(second, _gimbal(second)) for second in range(6)))

    pose = open_telemetry(path, starts_at=START).pose_at(START + timedelta(seconds=2))

    assert (pose.latitude, pose.longitude) == pytest.approx((29.56, 106.55004), abs=1e-7)
    assert (pose.yaw, pose.pitch, pose.roll) == pytest.approx(
        (radians(110.5), radians(-24.5), 0.0), abs=1e-9
    )
    assert pose.height_above_ground_m == pytest.approx(85.02)


def test_without_the_start_of_the_video_undated_subtitles_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "flight.SRT"
    path.write_text("".join(_cue(second, _gimbal(second)) for second in range(6)))

    with pytest.raises(UnusableTelemetry, match="without a time"):
        open_telemetry(path)


def test_a_gimbal_that_was_never_written_is_not_taken_for_level(tmp_path: Path) -> None:
    path = tmp_path / "flight.SRT"
    rows = (_gimbal(s).replace("-24.5", "0.0").replace("110.5", "0.0") for s in range(6))
    path.write_text("".join(_cue(second, body) for second, body in enumerate(rows)))

    with pytest.raises(NoGimbalAngles, match="云台角"):
        open_telemetry(path, starts_at=START)
