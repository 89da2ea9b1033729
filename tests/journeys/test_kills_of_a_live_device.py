"""A live device killed twenty times while it drives loses nothing, doubles nothing, ends all."""

import os
from pathlib import Path
from typing import Final

import pytest

from tests.edge import toy
from tests.edge.fake_centre import fake_centre
from tests.edge.live_vehicle import enrolled
from tests.journeys.live_kills import kill_live_device

pytestmark = [
    pytest.mark.faults,
    pytest.mark.xdist_group("kills"),
    pytest.mark.skipif(
        "XUNHUAN_TEST_FAULTS" not in os.environ, reason="XUNHUAN_TEST_FAULTS is not set"
    ),
]

SEED: Final = 20_261_121
KILLS: Final = 20
LONG_KILLS: Final = 200


def test_a_live_device_killed_twenty_times_delivers_each_finding_once_and_ends_each_pass(
    tmp_path: Path,
) -> None:
    kills = LONG_KILLS if os.environ.get("XUNHUAN_TEST_FAULTS") == "long" else KILLS
    model = toy.write_model(tmp_path / "model")

    with fake_centre() as centre:
        enrolled(tmp_path / "state", centre)
        survived = kill_live_device(tmp_path, model, centre, kills=kills, seed=SEED)

    # How many are found in so short lives depends on the machine.
    assert survived.recorded
    assert {identity for identity, _ in survived.held} == survived.recorded
    assert set(survived.held.values()) == {1}
    assert survived.without_picture == ()
    assert survived.left == ()
    assert len(survived.endings) >= kills // 4
    assert set(survived.endings.values()) == {1}
