"""Killed by SIGKILL at any named step, and started again, nothing is lost and nothing doubled."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dispatch.store import failpoint as centre_steps
from edge import failpoints as device_steps
from tests.journeys.patrol import KILLED, Patrol, draw_drive, film_drive, open_patrol

pytestmark = pytest.mark.faults

Drive = tuple[Path, tuple[str, ...]]


@pytest.fixture(scope="module")
def filmed(tmp_path_factory: pytest.TempPathFactory) -> Drive:
    """A short drive past one problem, and what it is replayed with."""
    return film_drive(tmp_path_factory.mktemp("film"))


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Drive:
    """Two seconds of rendered drive, through the model that ships."""
    return draw_drive(tmp_path_factory.mktemp("street")), ()


@pytest.fixture
def patrol(request: pytest.FixtureRequest, tmp_path: Path, step: str) -> Iterator[Patrol]:
    """A centre and one enrolled device."""
    # Only a picture of full size is large enough to travel in parts.
    drive: Drive = request.getfixturevalue("drawn" if step == "uplink.after_part" else "filmed")
    video, options = drive
    patrol = open_patrol(tmp_path, video, options=options)
    yield patrol
    patrol.centre.stop()


@pytest.mark.xdist_group("kills")
@pytest.mark.parametrize(
    # No replay takes up a model or drives: those steps have kills of their own.
    "step",
    sorted(name for name in device_steps.STEPS if not name.startswith(("update.", "live."))),
)
def test_a_device_killed_at_any_step_delivers_each_finding_once(patrol: Patrol, step: str) -> None:
    first = patrol.replay(failpoint=step)

    again = patrol.replay()

    assert (first, again) == (KILLED, 0)
    assert patrol.found()
    assert patrol.kept() == dict.fromkeys(patrol.found(), 1)


@pytest.mark.xdist_group("kills of the centre")
@pytest.mark.parametrize(
    # Erasures and backups have kills of their own: nothing that devices send passes them.
    "step",
    [name for name in centre_steps.NAMES if name.startswith(("intake.", "evidence."))],
)
def test_a_centre_killed_at_any_step_keeps_each_finding_once(patrol: Patrol, step: str) -> None:
    patrol.centre.stop()
    patrol.centre.arm(step)
    patrol.centre.ensure()

    patrol.replay(attempts=1)
    died = patrol.centre.died()
    patrol.centre.arm(None)
    patrol.centre.ensure()
    status = patrol.replay()
    cases = patrol.cases()

    assert died
    assert status == 0
    assert patrol.kept() == dict.fromkeys(patrol.found(), 1)
    assert set(cases.values()) == {1}
