"""A real centre shuts a device out: it is given nothing, loses nothing, and tells all once back."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api.accounts import invite_device, revoke_device
from dispatch.device import DeviceKind
from edge.delivery.asked import ASKED_PATH
from edge.delivery.centre import Centre, enrol
from edge.delivery.exchange import ShutOut
from edge.delivery.hazards import HAZARDS_PATH
from edge.delivery.keys import ensure_key, read_identity, write_enrolment
from edge.delivery.knocking import Knocking
from edge.delivery.outbox import Outbox
from edge.delivery.sheet import SHEET_PATH
from edge.delivery.uplink import Uplink
from edge.inbox import INBOX_PATH
from edge.updates.fetch import OFFERS_PATH
from tests.api.open_centre import OpenCentre
from tests.edge.messages import finding_of, picture_of


def let_in(opened: OpenCentre, folder: Path) -> None:
    code, _ = invite_device("car-7", "七号车", centre=opened.centre, kind=DeviceKind.ANY)
    key = ensure_key(folder)
    told = enrol(opened.server.address, code=code, key=key, name=None, now=opened.door.now)
    write_enrolment(folder, told)


def test_a_revoked_device_is_given_nothing_and_tells_all_once_it_is_invited_again(
    opened: OpenCentre, tmp_path: Path
) -> None:
    opened.door.now = opened.watch.now = at = datetime.now(UTC)
    let_in(opened, tmp_path)
    outbox = Outbox(tmp_path)
    picture, before = picture_of(1), at - timedelta(minutes=5)
    times = {"captured_at": before, "first_seen_at": before, "last_seen_at": before}
    outbox.record(finding_of(1, pictures=(picture,)).model_copy(update=times), [picture], at=before)
    link = Centre(read_identity(tmp_path), now=lambda: opened.door.now)
    rng = random.Random(1)
    knocking = Knocking(link, tmp_path, monotonic=lambda: 0.0, rng=rng)
    uplink = Uplink(link, outbox, sleep=lambda s: None, rng=rng)
    revoke_device("car-7", centre=opened.centre)

    for path in (ASKED_PATH, HAZARDS_PATH, SHEET_PATH, OFFERS_PATH, INBOX_PATH):
        with pytest.raises(ShutOut, match="已停用"):
            link.send("GET", path)
    with pytest.raises(ShutOut) as refused:
        uplink.flush(attempts=1)
    knocking.refused(refused.value)
    waits = not knocking.may_ask()
    let_in(opened, tmp_path)
    asks = knocking.may_ask()
    knocking.knock()
    first, again = uplink.flush(attempts=1), uplink.flush(attempts=1)
    link.close()
    outbox.close()

    assert (waits, asks) == (True, True)
    assert (first.sent, first.evidence_sent, first.refused) == (1, 1, 0)
    assert (again.sent, again.evidence_sent, again.away) == (0, 0, None)
