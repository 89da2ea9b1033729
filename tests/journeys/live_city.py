"""A live vehicle in a city: its device and a real centre as processes, a worker with a phone."""

import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from api.centre.wiring import open_centre
from api.demo.people import ScriptedPerson
from api.doors.accounts import NewAccount, add_account
from dispatch.ids import CaseId
from dispatch.wire import Sweep
from edge.delivery.depth import Depth
from edge.delivery.outbox import Outbox
from edge.patrol.unfinished import FOLDER
from edge.sources.live.twin import CameraTwin
from tests.edge.live_vehicle import Vehicle
from tests.journeys.live import start, until, write_config
from tests.journeys.patrol import Patrol, open_patrol

WORKER: Final = NewAccount(
    name="collector", password="correct-horse-battery", person="陈采集", roles=("collector",)
)
ENDED_S: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveCity:
    """What is at hand while the vehicle drives."""

    patrol: Patrol
    worker: ScriptedPerson

    def depth(self) -> Depth:
        """Say how full the device's outbox is."""
        outbox = Outbox(self.patrol.state)
        depth = outbox.depth()
        outbox.close()
        return depth

    def is_told(self) -> bool:
        """Say whether no pass is under way and nothing waits to be sent."""
        if any((self.patrol.state / FOLDER).glob("*.json")):
            return False
        depth = self.depth()
        if depth.waiting + depth.evidence_waiting > 0:
            return False
        self.patrol.centre.until_drained()
        return True

    def sweeps(self) -> list[Sweep]:
        """Give the sweeps that the centre has."""
        centre = open_centre(self.patrol.settings)
        with centre.read() as uow:
            known = list(uow.sweeps.latest(limit=500))
        centre.engine.dispose()
        return known

    def first_seen(self, cases: Iterable[str]) -> dict[str, datetime]:
        """Give when the first frame that shows it was captured, by case."""
        centre = open_centre(self.patrol.settings)
        with centre.read() as uow:
            sights = {
                case: uow.observations.of_problem(uow.cases.get(CaseId(case)).problem)
                for case in cases
            }
        centre.engine.dispose()
        return {case: min(one.finding.first_seen_at for one in of) for case, of in sights.items()}

    def pictures(self, stories: Iterable[dict[str, Any]]) -> dict[str, bytes]:
        """Give the pictures of cases, as the centre keeps them, by the hash it names them by."""
        centre = open_centre(self.patrol.settings)
        sights = [sight for story in stories for sight in story["sights"]]
        names = [picture["sha256"] for sight in sights for picture in sight["evidence"]]
        kept = {name: centre.evidence.get(name) for name in names}
        centre.engine.dispose()
        return kept


@contextmanager
def live_city(
    folder: Path, model: Path, car: Vehicle, twin: CameraTwin, *, standing_s: float
) -> Iterator[LiveCity]:
    """Run a centre and a device that looks through a vehicle's camera; the vehicle stands.

    Args:
        standing_s: a pass ends after standing so long.
    """
    patrol = open_patrol(folder, folder)
    centre = open_centre(patrol.settings)
    add_account(WORKER, centre=centre)
    centre.engine.dispose()
    drive = f"[drive]\nends_standing_s = {standing_s}\n"
    config = write_config(folder, model, car, twin, state=patrol.state.name, more=drive)
    device = start(config)
    worker = ScriptedPerson(
        WORKER.name, WORKER.password, url=lambda: patrol.centre.url, revive=lambda: None
    )
    try:
        with worker:
            until(lambda: twin.connections > 0 and device.poll() is None)
            yield LiveCity(patrol=patrol, worker=worker)
        device.send_signal(signal.SIGTERM)
        assert device.wait(ENDED_S) == 0
    finally:
        device.kill()
        device.wait(ENDED_S)
        patrol.centre.stop()
