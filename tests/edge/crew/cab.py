"""A cab: the crew's page of a device whose signs, finds and clock the test holds."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import httpx

from dispatch.wire import RouteSheet, Spot, SpotKind
from edge.crew.access import Door, read_keys
from edge.crew.desk import Desk
from edge.crew.finds import Finds
from edge.crew.order import Orders
from edge.crew.server import CrewServer
from edge.delivery.sheet import SHEET_FILE, KeptSheet
from edge.vitals.preview import Preview
from edge.vitals.vitals import Vitals
from edge.watching import Progress
from tests.edge.messages import AT
from tests.edge.vitals.signs import LIMITS, NOON, Stopwatch, vitals_of
from tests.loopback import NOBODY

SHEET = RouteSheet(
    made_at=AT,
    length_m=3200.0,
    spots=(
        Spot(
            kind=SpotKind.CANNOT_TELL,
            latitude=30.0,
            longitude=110.0,
            name_zh="道路塌陷 26-000012",
            name_en="Road collapse 26-000012",
            why_zh="看不清：被停着的车挡住，请绕到另一侧看",
            why_en="Cannot tell: hidden by a parked vehicle, look from the other side",
            hazard=True,
            since=AT - timedelta(days=2),
            case="c1",
        ),
        Spot(
            kind=SpotKind.STALE,
            latitude=30.01,
            longitude=110.0,
            name_zh="久未巡查路段",
            name_en="Ground not inspected lately",
            why_zh="已 9 天没有巡查",
            why_en="Not inspected for 9 days",
            hazard=False,
            since=AT - timedelta(days=9),
        ),
    ),
)


@dataclass
class Cab:
    """A device, its page, and what the test may change of them."""

    state: Path
    vitals: Vitals
    stopwatch: Stopwatch
    finds: Finds
    orders: Orders
    now: datetime = NOON
    preview: Preview | None = None
    progress: Progress | None = None
    heard_at: datetime | None = None
    server: CrewServer = field(init=False)

    @property
    def number(self) -> str:
        return read_keys(self.state).number

    def caller(self, *, known: bool = True) -> httpx.Client:
        """Give a browser, let in or not."""
        client = httpx.Client(
            base_url=self.server.address,
            trust_env=False,
            timeout=10.0,
            verify=NOBODY,
            headers={"X-Xunhuan": "crew", "Content-Type": "application/json"},
        )
        if known:
            answer = client.post("/api/enter", json={"number": self.number})
            assert answer.status_code == 204
        return client

    def bring_sheet(self, sheet: RouteSheet = SHEET) -> None:
        kept = KeptSheet(fetched_at=self.now, sheet=sheet)
        (self.state / SHEET_FILE).write_text(kept.model_dump_json(), encoding="utf-8")


@contextmanager
def open_cab(state: Path, *, live: bool = True) -> Iterator[Cab]:
    state.mkdir(parents=True, exist_ok=True)
    stopwatch = Stopwatch()
    vitals = vitals_of(stopwatch)
    cab = Cab(
        state=state,
        vitals=vitals,
        stopwatch=stopwatch,
        finds=Finds(),
        orders=Orders(state, now=lambda: cab.now),
    )
    desk = Desk(
        state=state,
        device="car-7",
        live=live,
        limits=LIMITS,
        now=lambda: cab.now,
        monotonic=stopwatch,
        report=vitals.report,
        preview=lambda: cab.preview,
        orders=cab.orders,
        finds=cab.finds,
        heard_at=lambda: cab.heard_at,
        folder=lambda: cab.progress,
    )
    cab.server = CrewServer("127.0.0.1:0", desk, Door(read_keys(state), monotonic=stopwatch))
    try:
        yield cab
    finally:
        cab.server.close()
