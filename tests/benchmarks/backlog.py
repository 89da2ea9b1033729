"""How soon a hazard has its case while a long line of other finds waits."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from statistics import quantiles
from typing import Final

from api.centre.wiring import Centre
from dispatch import wire
from tests.benchmarks.acceptance import centre_process, post, requests
from tests.benchmarks.figure import Measured, benchmark
from tests.benchmarks.intake import drive
from tests.dispatch import making

WAITING: Final = 20_000
BATCH: Final = 500
HAZARDS: Final = 20
HAZARD, OTHER = "road.manhole_missing", "road.crack"


def others() -> list[wire.Finding]:
    """Give finds of passes gone by, which saw the same streets day after day."""
    rng = Random(20261121)
    found: list[wire.Finding] = []
    day = 0
    while len(found) < WAITING:
        found += drive(-day, share_new=0.1, rng=rng)
        day += 1
    relabelled = {"label": OTHER, "probabilities": {OTHER: 0.9}}
    return [each.model_copy(update=relabelled) for each in found[:WAITING]]


def covers(device: str) -> Iterator[wire.Finding]:
    """Come upon missing manhole covers, each just now and each in a place of its own."""
    for number in range(HAZARDS):
        yield making.finding(
            f"cover {number}",
            device=device,
            pass_id=f"{device}:now",
            at=datetime.now(UTC) - timedelta(seconds=5),
            label=HAZARD,
            where=making.position(north_m=20.0 * number),
        )


@benchmark(name="intake.hazard_behind_backlog_s", unit="s", goal="<= 2")
def hazard_behind_backlog_s() -> Measured:
    """Accept hazards while others wait in line, and see how long each waits for its case."""
    with centre_process() as (process, centre, devices):
        post(process.port, requests(devices[7], others(), BATCH))
        waited, left = [], WAITING
        for cover in covers(devices[0].name):
            post(process.port, requests(devices[0], [cover], 1))
            answered = time.monotonic()
            while not _has_case(centre, cover):
                time.sleep(0.005)
            waited.append(time.monotonic() - answered)
            left = min(left, _waiting(centre))
            time.sleep(0.1)
    p95 = quantiles(waited, n=20)[-1]
    how = (
        f"p95 of {HAZARDS} receipts, {WAITING} others accepted before in batches of {BATCH} and "
        f"{left} of them still waiting at the last; on SQLite, over HTTP"
    )
    return Measured(value=p95, how=how)


def _has_case(centre: Centre, finding: wire.Finding) -> bool:
    with centre.read() as uow:
        one = uow.observations.get(finding.id)
        return (
            one is not None and one.problem is not None and bool(uow.cases.of_problem(one.problem))
        )


def _waiting(centre: Centre) -> int:
    with centre.read() as uow:
        return uow.arrivals.backlog().waiting
