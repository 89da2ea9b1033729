"""From the road to a worker's phone: `python -m tests.benchmarks --only edge.hazard_s`."""

import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from edge.sources.live.twin import CameraTwin
from tests.benchmarks.figure import Measured, benchmark
from tests.edge import toy
from tests.journeys.live_city import LiveCity, live_city
from tests.journeys.live_kills import ROUND_M, RoundRoad

SIGHTS: Final = 20
LOOK_EVERY_S: Final = 0.05
PATIENCE_S: Final = 240.0
EMERGENCY: Final = ("road.manhole_missing", *toy.LABELS[1:])


@benchmark(name="edge.hazard_s", unit="s", goal="<= 5")
def hazard_s() -> Measured:
    """From the first frame that shows a hazard to its task on a worker's phone."""
    with tempfile.TemporaryDirectory() as name:
        took_s = _watch_the_phone(Path(name))
    return Measured(
        value=_p95(took_s),
        how=f"p95 of {len(took_s)} missing manhole covers, median {statistics.median(took_s):.2f}, "
        f"most {max(took_s):.2f}; from the capture of the first frame that shows one to its task "
        f"in GET tasks/mine, looked at every {LOOK_EVERY_S} s; twins of camera and receiver, "
        "vehicle at 8 m/s, toy model, xunhuan-edge run, xunhuan serve on SQLite, on the same cores",
    )


def _watch_the_phone(folder: Path) -> list[float]:
    car = RoundRoad()
    twin = CameraTwin(car.film_round, fps=15)
    model = toy.write_model(folder / "model", labels=EMERGENCY)
    try:
        with live_city(folder, model, car, twin, standing_s=5.0) as city:
            car.go()
            shown = _shown_at(city)
            car.park()
            seen = city.first_seen(shown)
            return [(at - seen[case]).total_seconds() for case, at in shown.items()]
    finally:
        twin.close()
        car.close()


def _shown_at(city: LiveCity) -> dict[str, datetime]:
    """Give when each case was first on the phone; the road shows one each `ROUND_M`."""
    shown: dict[str, datetime] = {}
    deadline = time.monotonic() + PATIENCE_S
    while len(shown) < SIGHTS:
        assert time.monotonic() < deadline, f"{len(shown)} of {SIGHTS} in time, {ROUND_M} m each"
        for entry in city.worker.tasks("confirm"):
            shown.setdefault(entry["line"]["id"], datetime.now(UTC))
        time.sleep(LOOK_EVERY_S)
    return shown


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20, method="inclusive")[-1]
