"""The last route sheet stays on the device, whatever the way to the centre is like."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from edge.delivery.away import CentreAway
from edge.delivery.centre import Centre
from edge.delivery.keys import read_identity
from edge.delivery.sheet import SHEET_FILE, fetch_sheet, kept_sheet
from tests.edge.crew.cab import SHEET
from tests.edge.fake_centre import FakeCentre, fake_centre
from tests.edge.live_vehicle import enrolled

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
BROUGHT = (200, {}, SHEET.model_dump_json().encode())
AWAY = (503, {}, b"{}")
TOO_OLD = (404, {"Content-Type": "application/problem+json"}, b'{"title":"none"}')


@pytest.fixture
def centre() -> Iterator[FakeCentre]:
    with fake_centre() as running:
        yield running


@pytest.fixture
def link(tmp_path: Path, centre: FakeCentre) -> Iterator[Centre]:
    enrolled(tmp_path, centre)
    opened = Centre(read_identity(tmp_path), now=lambda: datetime.now(UTC))
    yield opened
    opened.close()


def test_a_sheet_that_came_outlives_a_centre_that_is_away(
    tmp_path: Path, centre: FakeCentre, link: Centre
) -> None:
    centre.answers += [BROUGHT, AWAY]
    fetch_sheet(link, tmp_path, at=NOON)

    with pytest.raises(CentreAway):
        fetch_sheet(link, tmp_path, at=NOON)

    kept = kept_sheet(tmp_path)
    assert kept is not None
    assert (kept.sheet, kept.fetched_at) == (SHEET, NOON)


def test_a_centre_that_knows_no_sheets_is_no_trouble(
    tmp_path: Path, centre: FakeCentre, link: Centre
) -> None:
    centre.answers.append(TOO_OLD)

    fetch_sheet(link, tmp_path, at=NOON)

    assert kept_sheet(tmp_path) is None


def test_a_damaged_sheet_is_none_and_comes_anew(
    tmp_path: Path, centre: FakeCentre, link: Centre
) -> None:
    (tmp_path / SHEET_FILE).write_bytes(b'{"fetched_at')
    damaged = kept_sheet(tmp_path)
    centre.answers.append(BROUGHT)
    fetch_sheet(link, tmp_path, at=NOON)

    assert damaged is None
    assert kept_sheet(tmp_path) is not None
