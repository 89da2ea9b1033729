"""Every recording of the sample folder, whole or damaged, is placed rightly or refused by name."""

import random
from pathlib import Path

import pytest

from edge.telemetry.cleaning import clean
from edge.telemetry.opening import read_log
from edge.telemetry.track import UnusableTelemetry
from tests.edge.telemetry_table import FOLDERS, rows


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("hero5.raw", (33.1265, -117.3274)),
        ("hero7.raw", (42.3426, -8.7526)),
        ("hero11.raw", (42.4262, -8.6500)),
    ],
)
def test_an_action_camera_is_where_it_was_carried(
    name: str, place: tuple[float, float], samples: Path
) -> None:
    log = read_log(samples / "telemetry/gopro_gpmf/gopro-telemetry" / name)[1]

    for fix in log.fixes:
        assert (fix.latitude, fix.longitude) == pytest.approx(place, abs=0.01)


@pytest.mark.parametrize("name", ["hero6.raw", "hero6+ble.raw", "karma.raw"])
def test_an_action_camera_without_satellites_is_nowhere(name: str, samples: Path) -> None:
    with pytest.raises(UnusableTelemetry, match="no place"):
        read_log(samples / "telemetry/gopro_gpmf/gpmf-parser" / name)


def test_every_recording_is_read_with_its_losses_counted_or_refused_with_a_reason(
    samples: Path,
) -> None:
    table = rows(samples)

    assert len(table) == 18 + 1 + 34 + 8 + 28
    assert sum(not row.refused for row in table) == 50
    assert all(row.refused or row.fixes or row.dropped for row in table)


def test_damaged_recordings_are_refused_by_name_and_never_leave_the_earth(
    samples: Path, tmp_path: Path
) -> None:
    chance = random.Random(7)
    for folder, pattern in FOLDERS:
        for path in sorted((samples / "telemetry" / folder).glob(pattern)):
            content = bytearray(path.read_bytes()[:20_000])
            for _ in range(min(20, len(content))):
                content[chance.randrange(len(content))] = chance.randrange(256)
            damaged = tmp_path / path.name
            damaged.write_bytes(content[: chance.randrange(len(content) + 1)])
            try:
                log = read_log(damaged)[1]
            except UnusableTelemetry:
                continue
            assert all(fix.is_possible and fix.at.year >= 2000 for fix in clean(log.fixes).fixes)
