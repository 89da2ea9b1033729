"""Killed five hundred times while it records and sends, a device loses and doubles nothing."""

import os
from pathlib import Path
from typing import Final

import pytest

from tests.edge.faults.kills import kill_device

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("kills of the outbox")]

SEED: Final = 20_261_121
KILLS: Final = 500
LONG_KILLS: Final = 10_000


def test_a_device_killed_five_hundred_times_delivers_each_finding_once(tmp_path: Path) -> None:
    kills = LONG_KILLS if os.environ.get("XUNHUAN_TEST_FAULTS") == "long" else KILLS

    killed = kill_device(tmp_path, kills=kills, seed=SEED)

    assert sum(killed.ends.values()) == kills
    assert killed.ends["at random"] >= kills // 10
    assert len(killed.ends) >= 5
    assert killed.findings >= kills
    assert (killed.lost, killed.doubled, killed.unknown) == ((), (), ())
