"""The crew's word on a find, recorded in the outbox as durably as the find itself."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from dispatch.wire import CrewVerdict, crew_verdict_id
from edge.crew.finds import Finds
from edge.delivery.outbox import Outbox
from edge.errors import EdgeError


class NoSuchFind(EdgeError):
    """The find is not among the newest any more."""

    def __init__(self, finding: str) -> None:
        super().__init__(
            "这个发现已经翻过去了，可在中心的案卷里处理",
            "this find has passed by: it can be dealt with at the centre",
        )
        self.finding = finding


def record_verdict(
    finding: str, *, true: bool, finds: Finds, state: Path, now: Callable[[], datetime]
) -> None:
    """Record what the crew says of a find; saying it again changes nothing.

    Raises:
        NoSuchFind: it is not among the newest.
        DiskTrouble: it is not recorded, and may be said again.
    """
    find = finds.get(finding)
    if find is None:
        raise NoSuchFind(finding)
    if find.verdict is true:
        return
    about, at = find.finding, now()
    said = CrewVerdict(
        id=crew_verdict_id(about.id, captured_at=about.captured_at, device=about.device),
        device=about.device,
        finding=about.id,
        pass_id=about.pass_id,
        said_at=at,
        true=true,
    )
    # A connection belongs to one thread, and every tap comes in another.
    outbox = Outbox(state)
    try:
        outbox.record(said, at=at)
    finally:
        outbox.close()
    finds.judged(finding, true=true)
