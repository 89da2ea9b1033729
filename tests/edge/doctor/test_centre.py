"""An examination tells a centre that is older from one that refuses, and counts what is checked."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dispatch.wire import Asked
from edge.config import HealthConfig
from edge.delivery.holds import UNCHECKED
from edge.delivery.outbox import Outbox
from edge.doctor.centre import check_centre, check_outbox
from edge.doctor.check import Check, Outcome
from tests.edge.fake_centre import FakeCentre, fake_centre
from tests.edge.live_vehicle import enrolled


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[FakeCentre]:
    with fake_centre() as running:
        enrolled(tmp_path, running)
        yield running


def examined(folder: Path) -> dict[str, Check]:
    checks = check_centre(folder, HealthConfig(), now=lambda: datetime.now(UTC))
    return {check.name: check for check in checks}


def test_an_older_centre_is_told_as_such_and_is_no_refusal(
    tmp_path: Path, centre: FakeCentre
) -> None:
    checks = examined(tmp_path)

    assert checks["centre"].outcome is Outcome.OK
    assert checks["centre_version"].outcome is Outcome.WARN
    assert "较旧" in checks["centre_version"].zh and "older" in checks["centre_version"].en


def test_a_centre_of_today_needs_no_such_word(tmp_path: Path, centre: FakeCentre) -> None:
    centre.photos["asked"] = Asked().model_dump_json().encode()

    assert "centre_version" not in examined(tmp_path)


def test_a_centre_that_shuts_the_device_out_refuses(tmp_path: Path, centre: FakeCentre) -> None:
    refusal = b'{"title": "\xe8\xae\xbe\xe5\xa4\x87\xe5\xb7\xb2\xe5\x81\x9c\xe7\x94\xa8"}'
    centre.answers.append((403, {"Content-Type": "application/problem+json"}, refusal))

    assert examined(tmp_path)["centre"].outcome is Outcome.FAIL


def test_a_pass_that_is_under_way_says_nothing_against_the_camera_file(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    outbox.holds.hold("car-7:1", zh=UNCHECKED[0], en=UNCHECKED[1])
    under_way = {check.name: check for check in check_outbox(tmp_path)}
    outbox.holds.hold("car-7:1", zh="相机俯仰角不对", en="wrong camera pitch")
    failed = {check.name: check for check in check_outbox(tmp_path)}
    outbox.close()

    assert under_way["boresight"].outcome is Outcome.OK
    assert failed["boresight"].outcome is Outcome.WARN
    assert "1 次" in failed["boresight"].zh
