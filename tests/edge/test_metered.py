"""On a network that is paid by the byte findings go at once, and pictures by an allowance."""

import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from edge.config import Metered
from edge.delivery.centre import Centre, enrol
from edge.delivery.keys import ensure_key, read_identity, write_enrolment
from edge.delivery.metered import SPENT_FILE, DailyAllowance, is_metered
from edge.delivery.outbox import Outbox
from edge.delivery.uplink import Flushed, Uplink
from edge.evidence.pictures import Picture, View, context_picture
from tests.edge.fake_centre import CODE, FakeCentre, fake_centre
from tests.edge.messages import AT, REDACTOR, finding_of, picture_of

HEAD = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n"
NEAR_BYTES = max(len(picture_of(number).jpeg) for number in range(3))


class Network:
    """A network and a day that the test turns."""

    def __init__(self) -> None:
        self.day, self.metered = AT, True

    def allowance(self, folder: Path, *, bytes_a_day: int) -> DailyAllowance:
        return DailyAllowance(
            folder,
            bytes_a_day=bytes_a_day,
            is_metered=lambda: self.metered,
            now=lambda: self.day,
        )


@pytest.fixture
def centre() -> Iterator[FakeCentre]:
    with fake_centre() as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path, centre: FakeCentre) -> Path:
    """Give an enrolled device with three findings, each with a near crop and a context frame."""
    key = ensure_key(tmp_path)
    write_enrolment(tmp_path, enrol(centre.address, code=CODE, key=key, name=None, now=centre.time))
    outbox = Outbox(tmp_path)
    for number in range(3):
        pictures = (picture_of(number), _context_of(number))
        outbox.record(finding_of(number, pictures=pictures), pictures, at=AT)
    outbox.close()
    return tmp_path


def _context_of(number: int) -> Picture:
    image = np.random.default_rng(100 + number).integers(0, 255, (90, 160, 3), dtype=np.uint8)
    view = View(image=image, at=AT, subject=None, private=())
    return context_picture(view, redactor=REDACTOR)


def _flush(folder: Path, centre: FakeCentre, allowance: DailyAllowance) -> Flushed:
    link, outbox = Centre(read_identity(folder), now=lambda: centre.time), Outbox(folder)
    try:
        uplink = Uplink(
            link, outbox, sleep=lambda s: None, rng=random.Random(1), allowance=allowance
        )
        return uplink.flush(attempts=1)
    finally:
        link.close()
        outbox.close()


def test_findings_go_and_of_pictures_near_crops_until_the_day_is_spent(
    folder: Path, centre: FakeCentre
) -> None:
    network = Network()
    allowance = network.allowance(folder, bytes_a_day=2 * NEAR_BYTES)

    first = _flush(folder, centre, allowance)
    again = _flush(folder, centre, network.allowance(folder, bytes_a_day=2 * NEAR_BYTES))
    spent = allowance.state()
    network.day += timedelta(days=1)
    next_day = _flush(folder, centre, allowance)
    network.metered = False
    at_home = _flush(folder, centre, allowance)

    assert (first.sent, first.evidence_sent) == (3, 2)
    assert (again.evidence_sent, next_day.evidence_sent, at_home.evidence_sent) == (0, 1, 3)
    assert spent.metered
    assert NEAR_BYTES < spent.bytes_today <= 2 * NEAR_BYTES
    near = {picture_of(number).jpeg for number in range(3)}
    assert set(list(centre.evidence.values())[:3]) == near


def test_what_was_sent_on_another_network_is_not_counted(folder: Path, centre: FakeCentre) -> None:
    network = Network()
    network.metered = False
    allowance = network.allowance(folder, bytes_a_day=0)

    done = _flush(folder, centre, allowance)

    assert done.evidence_sent == 6
    assert not (folder / SPENT_FILE).exists()


def test_a_damaged_count_begins_anew(tmp_path: Path) -> None:
    (tmp_path / SPENT_FILE).write_text("{")

    assert Network().allowance(tmp_path, bytes_a_day=7).left_bytes() == 7


@pytest.mark.parametrize(
    ("routes", "metered"),
    [
        ([], False),
        (["eth0 00000000 0101A8C0 0003 0 0 100 00000000 0 0 0"], False),
        (["wwan0 00000000 0101A8C0 0003 0 0 700 00000000 0 0 0"], True),
        (
            [
                "wwan0 00000000 0101A8C0 0003 0 0 700 00000000 0 0 0",
                "wlan0 00000000 0101A8C0 0003 0 0 600 00000000 0 0 0",
            ],
            False,
        ),
        (["wwan0 0001A8C0 00000000 0001 0 0 700 00FFFFFF 0 0 0"], False),
        (["ppp0 00000000"], False),
    ],
    ids=["no route", "cable", "modem", "wireless before modem", "no default", "cut off"],
)
def test_the_default_route_tells_a_modem(tmp_path: Path, routes: list[str], metered: bool) -> None:
    table = tmp_path / "route"
    table.write_text(HEAD + "".join("\t".join(line.split()) + "\n" for line in routes))

    assert is_metered(Metered.AUTO, routes=table) is metered
    assert is_metered(Metered.YES, routes=table)
    assert not is_metered(Metered.NO, routes=table)
    assert not is_metered(Metered.AUTO, routes=tmp_path / "none")
