"""Kills of a whole live device while its vehicle drives, and what they lose."""

import random
import signal
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from dispatch.wire import MESSAGE, Finding, Message, Sweep
from edge.delivery.outbox import DATABASE_FILE, Outbox
from edge.durable import connect_file
from edge.sources.live.twin import CameraTwin
from tests.edge import toy
from tests.edge.fake_centre import FakeCentre
from tests.edge.live_vehicle import Vehicle
from tests.journeys.live import start, unfinished, until, write_config

ROUND_M: Final = 34.0
"""After so much way the toy road begins anew, with its pothole."""
LONGEST_S: Final = 7.0
OF_STARTS: Final = 4
"""One kill in so many comes while the device starts."""


class RoundRoad(Vehicle):
    """Drives on and on; the same road comes again and again."""

    def __init__(self) -> None:
        """Stand until told to go."""
        super().__init__(end_m=1e6, speed=8.0)

    def park(self) -> None:
        """Stand from now on."""
        self._end_m = self.north_m()

    def film_round(self, _seconds: float) -> np.ndarray:
        """Give what the camera sees."""
        return toy.road(self.north_m() % ROUND_M)


@dataclass(frozen=True, slots=True, kw_only=True)
class Survived:
    """What the device recorded, what the centre has, and how passes ended there.

    Attributes:
        recorded: ids of findings that were on record after some kill, or at the end.
        held: how often the centre has each revision of a finding.
        without_picture: findings whose picture the centre lacks.
        endings: how many last sweeps the centre has of each pass.
        left: passes that nobody ended.
    """

    kills: int
    recorded: frozenset[str]
    held: Counter[tuple[str, int]]
    without_picture: tuple[str, ...]
    endings: Counter[str]
    left: tuple[str, ...]


def kill_live_device(
    folder: Path, model: Path, centre: FakeCentre, *, kills: int, seed: int
) -> Survived:
    """Kill a device so often while it drives, and let its last life end in peace."""
    rng, recorded = random.Random(seed), set[str]()
    car = RoundRoad()
    twin = CameraTwin(car.film_round, fps=15)
    try:
        config = write_config(folder, model, car, twin, more="[drive]\nends_standing_s = 5\n")
        car.go()
        for number in range(kills):
            _live_and_die(config, folder, rng, early=number % OF_STARTS == 0)
            recorded |= _on_record(folder)
        before = set(unfinished(folder))
        device = start(config)
        until(lambda: _passes_of(centre) > 0 and bool(set(unfinished(folder)) - before))
        device.send_signal(signal.SIGTERM)
        assert device.wait(60.0) == 0
        car.park()
        _send_the_rest(config, folder)
    finally:
        twin.close()
        car.close()
    return _survived(folder, centre, kills=kills, recorded=recorded | _on_record(folder))


def _live_and_die(config: Path, folder: Path, rng: random.Random, *, early: bool) -> None:
    before = set(unfinished(folder))
    device = start(config)
    if not early:
        # It has ended the pass that the kill before cut short, and begun one of its own.
        until(lambda: bool(set(unfinished(folder)) - before))
    time.sleep(rng.uniform(0.0, LONGEST_S))
    device.kill()
    device.wait(30.0)


def _send_the_rest(config: Path, folder: Path) -> None:
    """Let the device stand with its centre until nothing waits."""
    device = start(config)
    until(lambda: _waiting(folder) == 0)
    device.send_signal(signal.SIGTERM)
    device.wait(60.0)


def _waiting(folder: Path) -> int:
    outbox = Outbox(folder / "state")
    depth = outbox.depth()
    outbox.close()
    return depth.waiting + depth.evidence_waiting


def _on_record(folder: Path) -> set[str]:
    path = folder / "state" / DATABASE_FILE
    if not path.exists():
        return set()
    database = connect_file(path)
    rows = database.execute("SELECT id FROM message WHERE kind = 'finding'").fetchall()
    database.close()
    return {str(row[0]) for row in rows}


def _told(centre: FakeCentre) -> Iterable[Message]:
    return [MESSAGE.validate_json(body) for body in list(centre.messages.values())]


def _passes_of(centre: FakeCentre) -> int:
    return len({each.pass_id for each in _told(centre) if isinstance(each, Finding)})


def _survived(folder: Path, centre: FakeCentre, *, kills: int, recorded: set[str]) -> Survived:
    told = list(_told(centre))
    found = [each for each in told if isinstance(each, Finding)]
    return Survived(
        kills=kills,
        recorded=frozenset(recorded),
        held=Counter((each.id, each.revision) for each in found),
        without_picture=tuple(
            each.id for each in found if any(p.sha256 not in centre.evidence for p in each.evidence)
        ),
        endings=Counter(each.pass_id for each in told if isinstance(each, Sweep) and each.last),
        left=tuple(path.stem for path in unfinished(folder)),
    )
