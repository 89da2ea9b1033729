"""A real centre shuts a device out: it is given nothing, loses nothing, and tells all once back."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from api.doors.accounts import invite_device, revoke_device
from dispatch.devices.device import DeviceKind
from edge.delivery.asked import ASKED_PATH
from edge.delivery.away import Away, CentreAway
from edge.delivery.centre import Centre, enrol
from edge.delivery.exchange import ShutOut
from edge.delivery.hazards import HAZARDS_PATH
from edge.delivery.keys import ensure_key, read_identity, write_enrolment
from edge.delivery.knocking import Knocking
from edge.delivery.outbox import Outbox
from edge.delivery.sheet import SHEET_PATH
from edge.delivery.uplink import Flushed, Uplink
from edge.inbox import INBOX_PATH
from edge.updates.fetch import OFFERS_PATH
from tests.api.open_centre import OpenCentre
from tests.edge.messages import finding_of, picture_of


def let_in(opened: OpenCentre, folder: Path) -> None:
    code, _ = invite_device("car-7", "七号车", centre=opened.centre, kind=DeviceKind.ANY)
    key = ensure_key(folder)
    told = enrol(opened.server.address, code=code, key=key, name=None, now=opened.door.now)
    write_enrolment(folder, told)


class Doubling(httpx.HTTPTransport):
    """A way that delivers requests twice and brings back the answer to the second."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Deliver a request."""
        if self.times > 0:
            self.times -= 1
            super().handle_request(request).read()
        return super().handle_request(request)


def test_a_way_that_delivers_requests_twice_is_no_verdict_of_the_centre(
    opened: OpenCentre, tmp_path: Path
) -> None:
    opened.door.now = opened.watch.now = at = datetime.now(UTC)
    let_in(opened, tmp_path)
    outbox = Outbox(tmp_path)
    times = dict.fromkeys(("captured_at", "first_seen_at", "last_seen_at"), at)
    outbox.record(finding_of(1).model_copy(update=times), at=at)
    way = Doubling(times=1)
    link = Centre(read_identity(tmp_path), now=lambda: opened.door.now, transport=way)
    rng = random.Random(1)
    knocking = Knocking(link, tmp_path, monotonic=lambda: 0.0, rng=rng)
    uplink = Uplink(link, outbox, sleep=lambda s: None, rng=rng)
    flushed: list[Flushed] = []

    knocking.speak(lambda: flushed.append(uplink.flush(attempts=1)), keep=pytest.fail)
    way.times = 99
    with pytest.raises(CentreAway) as away:
        knocking.speak(lambda: link.send("GET", ASKED_PATH) and None, keep=pytest.fail)
    link.close()
    outbox.close()

    assert [(each.sent, each.away) for each in flushed] == [(1, None)]
    assert knocking.words() is None
    assert away.value.kind is Away.DOUBLED
    assert "路由器" in away.value.zh


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
    kept: list[str] = []
    flushed: list[Flushed] = []
    knocking.speak(lambda: flushed.append(uplink.flush(attempts=1)), keep=lambda: kept.append("1"))
    let_in(opened, tmp_path)
    for _ in range(2):
        knocking.speak(
            lambda: flushed.append(uplink.flush(attempts=1)), keep=lambda: kept.append("2")
        )
    first, again = flushed
    link.close()
    outbox.close()

    assert kept == ["1"]
    assert (first.sent, first.evidence_sent, first.refused) == (1, 1, 0)
    assert (again.sent, again.evidence_sent, again.away) == (0, 0, None)
