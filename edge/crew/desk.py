"""What the crew's page is told and what it may do: one place where the device's threads meet it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from edge.config import HealthConfig
from edge.crew.finds import Find, Finds
from edge.crew.lights import lights_of
from edge.crew.order import Order, Orders
from edge.crew.verdict import record_verdict
from edge.delivery.sheet import KeptSheet, kept_sheet
from edge.doctor.centre import check_centre, check_outbox
from edge.doctor.check import Check
from edge.doctor.machine import check_machine
from edge.vitals.preview import Preview
from edge.vitals.signs import Signs
from edge.vitals.vitals import Report
from edge.watching import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What the page is answered from.

    Attributes:
        live: whether the device looks while it drives, so that passes begin and end.
        heard_at: when the centre last answered; None if it never did since the start.
        folder: how far dropped footage is; None for a device that watches no folder.
    """

    state: Path
    device: str
    live: bool
    limits: HealthConfig
    now: Callable[[], datetime]
    monotonic: Callable[[], float]
    report: Callable[[], Report]
    preview: Callable[[], Preview | None]
    orders: Orders
    finds: Finds
    heard_at: Callable[[], datetime | None]
    folder: Callable[[], Progress | None] = field(default=lambda: None)

    def told(self) -> dict[str, object]:
        """Give everything that the page shows."""
        report = self.report()
        signs = report.signs
        agent = None if signs is None else signs.agent
        folder, preview = self.folder(), self.preview()
        return {
            "device": self.device,
            "now": self.now().isoformat(),
            "live": self.live,
            "ready": report.ready,
            "pass": None if agent is None else agent.pass_id,
            "order": self.orders.in_force().value,
            "order_ends_at": _moment(self.orders.ends_at()),
            "lights": [light.as_json() for light in lights_of(report)],
            "finds": [_find(find) for find in self.finds.newest()],
            "queue": self._queue(signs),
            "folder": None if folder is None else folder.as_json(),
            "preview": preview is not None,
            "preview_age_s": None if preview is None else preview.age_s,
        }

    def sheet(self) -> KeptSheet | None:
        """Give the last route sheet that came."""
        return kept_sheet(self.state)

    def told_of_the_route(self) -> dict[str, object]:
        """Give the last route sheet, and when it came; null before the first."""
        kept = self.sheet()
        if kept is None:
            return {"sheet": None, "fetched_at": None}
        sheet = kept.sheet.model_dump(mode="json")
        return {"sheet": sheet, "fetched_at": kept.fetched_at.isoformat()}

    def order(self, order: Order) -> None:
        """Begin or end a pass, or leave it to the vehicle.

        Raises:
            OSError: the order cannot be kept.
        """
        self.orders.give(order)

    def judge(self, finding: str, *, true: bool) -> None:
        """Take the crew's word on a find.

        Raises:
            NoSuchFind: it is not among the newest.
            DiskTrouble: it is not recorded.
        """
        record_verdict(finding, true=true, finds=self.finds, state=self.state, now=self.now)

    def check(self) -> list[dict[str, object]]:
        """Look at disk, clock, outbox and centre afresh, as `doctor` does beside a running agent.

        Cameras, receiver and model are in the agent's hands: the lights tell of them.
        """
        checks: Iterable[Check] = (
            *check_machine(self.state, self.limits, now=self.now, monotonic=self.monotonic),
            *check_outbox(self.state),
            *check_centre(self.state, self.limits, now=self.now),
        )
        return [each.as_json() for each in checks]

    def _queue(self, signs: Signs | None) -> Mapping[str, object] | None:
        if signs is None:
            return None
        box = signs.outbox
        return {
            "waiting": box.waiting,
            "held": box.held,
            "refused": box.refused,
            "oldest_s": round(box.oldest_s),
            "pictures": box.evidence_waiting,
            "away": box.away is not None,
            "shut_out": _both(box.shut_out),
            "heard_at": _moment(self.heard_at()),
        }


def _find(find: Find) -> dict[str, object]:
    finding = find.finding
    return {
        "id": finding.id,
        "number": find.number,
        "label": finding.label,
        "score": finding.score,
        "seen_at": finding.captured_at.isoformat(),
        "picture": find.jpeg is not None,
        "verdict": find.verdict,
    }


def _both(said: tuple[str, str] | None) -> Mapping[str, str] | None:
    return None if said is None else {"zh": said[0], "en": said[1]}


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
