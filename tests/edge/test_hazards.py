"""What cannot wait is one list, the city's; a device keeps it for times without network."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dispatch.wire import Hazards
from edge.delivery.away import CentreAway
from edge.delivery.centre import Centre
from edge.delivery.hazards import HAZARDS_FILE, SHIPPED, fetch_hazards, hazard_labels
from edge.delivery.keys import read_identity
from edge.delivery.outbox import Outbox
from tests.edge.fake_centre import FakeCentre, fake_centre
from tests.edge.live_vehicle import enrolled
from tests.edge.messages import AT, finding_of


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


def tell(centre: FakeCentre, *labels: str) -> None:
    centre.photos["hazards"] = Hazards(labels=labels).model_dump_json().encode()


def test_an_older_centre_leaves_the_shipped_list(tmp_path: Path, link: Centre) -> None:
    fetch_hazards(link, tmp_path)

    assert hazard_labels(tmp_path) == SHIPPED


def test_the_citys_word_is_kept_while_the_centre_is_away_or_too_old_again(
    tmp_path: Path, centre: FakeCentre, link: Centre
) -> None:
    tell(centre, "park.swing_broken")
    fetch_hazards(link, tmp_path)

    centre.answers.append((503, {}, b""))
    with pytest.raises(CentreAway):
        fetch_hazards(link, tmp_path)
    del centre.photos["hazards"]
    fetch_hazards(link, tmp_path)

    assert hazard_labels(tmp_path) == {"park.swing_broken"}


def test_a_city_without_hazards_has_none(tmp_path: Path, centre: FakeCentre, link: Centre) -> None:
    tell(centre)

    fetch_hazards(link, tmp_path)

    assert hazard_labels(tmp_path) == frozenset()


def test_a_damaged_list_counts_as_none_told(tmp_path: Path) -> None:
    (tmp_path / HAZARDS_FILE).write_bytes(b'{"v": 1, "lab')

    assert hazard_labels(tmp_path) == SHIPPED


def test_a_class_that_the_city_calls_a_hazard_goes_first_from_the_next_pass_on(
    tmp_path: Path, centre: FakeCentre, link: Centre
) -> None:
    outbox = Outbox(tmp_path)
    waits, hazard = (
        finding_of(number, label=label)
        for number, label in ((1, "road.pothole"), (2, "park.swing_broken"))
    )
    tell(centre, "park.swing_broken")
    fetch_hazards(link, tmp_path)

    outbox.begin_pass("car-7:1", fingerprint="1")
    outbox.record(waits, at=AT)
    outbox.record(hazard, at=AT)
    batch = outbox.next_batch(2, max_bytes=1 << 20)
    outbox.close()

    assert [each.id for each in batch] == [hazard.id, waits.id]
