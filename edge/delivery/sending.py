"""One flush of a state folder's outbox to its centre, opened and closed around it."""

import random
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from edge.delivery.centre import Centre
from edge.delivery.keys import (
    IDENTITY_FILE,
    Identity,
    UnusableKey,
    keep_clock_offset,
    read_enrolment,
    read_identity,
)
from edge.delivery.outbox import DATABASE_FILE, Outbox
from edge.delivery.uplink import Uplink
from edge.errors import EdgeError
from edge.failpoints import Failpoints

EVIDENCE_BUDGET_BYTES: Final = 4 << 30
"""The agent's configuration may say otherwise; single commands keep to this."""


class StillToSend(EdgeError):
    """A device would take another name while it has things to say under its own."""

    def __init__(self, count: int, *, before: str, now: str) -> None:
        super().__init__(
            f"登记码是 {now} 的，本机还有 {count} 条以 {before} 名义的记录没有发出："
            f"请让管理员为 {before} 发新的登记码，或用 --state 换一个状态文件夹",
            f"the code is for {now}, but {count} messages of {before} are not sent yet: ask for a "
            f"code for {before}, or name another state folder by --state",
        )
        self.count, self.before, self.now = count, before, now


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What a flush came to, and what is left.

    Attributes:
        away: why the centre could not take everything now, or None.
    """

    sent: int
    refused: int
    waiting: int
    evidence_sent: int
    evidence_waiting: int
    away: str | None

    def as_json(self) -> dict[str, object]:
        """Give it for a script."""
        return asdict(self)


def identity_at(folder: Path, *, centre: str | None) -> Identity:
    """Read the device of a state folder, its centre at another address if one is named.

    Raises:
        NotEnrolled, UnusableKey: there is no such device.
    """
    identity = read_identity(folder)
    if centre is None:
        return identity
    enrolment = identity.enrolment.model_copy(update={"centre": centre.rstrip("/")})
    return replace(identity, enrolment=enrolment)


def check_name(folder: Path, device: str) -> None:
    """Hold a new name of a device against what its outbox still has to say under the old one.

    Raises:
        StillToSend: the centre would take it for another's.
    """
    if not (folder / IDENTITY_FILE).is_file() or not (folder / DATABASE_FILE).is_file():
        return
    try:
        before = read_enrolment(folder).device
    except UnusableKey:
        # Nobody knows the old name any more; enrolling is what mends that.
        return
    if before == device:
        return
    outbox = Outbox(folder)
    try:
        depth = outbox.depth()
    finally:
        outbox.close()
    if depth.waiting or depth.held:
        raise StillToSend(depth.waiting + depth.held, before=before, now=device)


def flush_outbox(
    folder: Path,
    *,
    attempts: int,
    centre: str | None,
    failpoint: str | None,
    now: Callable[[], datetime],
    sleep: Callable[[float], None],
    rng: random.Random,
) -> Sent:
    """Send what waits in a state folder's outbox.

    Raises:
        NotEnrolled, UnusableKey: there is no device to send as.
        CentreRefuses: the centre does not accept this device.
    """
    failpoints = Failpoints.parse(failpoint)
    identity = identity_at(folder, centre=centre)
    link = Centre(identity, now=now, keep_offset=partial(keep_clock_offset, folder))
    outbox = Outbox(folder, failpoints=failpoints)
    try:
        uplink = Uplink(link, outbox, sleep=sleep, rng=rng, failpoints=failpoints)
        done = uplink.flush(attempts=attempts)
        outbox.prune(EVIDENCE_BUDGET_BYTES)
        depth = outbox.depth()
    finally:
        outbox.close()
        link.close()
    return Sent(
        sent=done.sent,
        refused=done.refused,
        waiting=depth.waiting,
        evidence_sent=done.evidence_sent,
        evidence_waiting=depth.evidence_waiting,
        away=done.away,
    )
