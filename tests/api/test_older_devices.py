"""Devices and centres of different ages understand each other."""

import hashlib
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from edge.delivery.centre import Centre, enrol
from edge.delivery.keys import (
    Enrolment,
    Identity,
    ensure_key,
    read_identity,
    write_enrolment,
)
from edge.delivery.outbox import Outbox
from edge.delivery.picture_upload import PART_BYTES
from edge.delivery.uplink import Uplink
from edge.evidence.pictures import View, context_picture
from tests.api.open_centre import OpenCentre
from tests.api.signed_device import GZIP, batch
from tests.edge.fake_centre import CODE, FakeCentre, fake_centre
from tests.edge.messages import AT, REDACTOR, finding_of

WIRE: Final = Path(__file__).parents[1] / "data" / "wire"
SPOKEN: Final = sorted(WIRE.glob("v*/*.json"))


@pytest.fixture
def older_centre() -> Iterator[FakeCentre]:
    """Give a centre that signs nothing and takes no parts, as the first did."""
    with fake_centre() as running:
        yield running


@pytest.mark.parametrize("file", SPOKEN, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_whatever_a_released_device_says_this_centre_understands(
    opened: OpenCentre, file: Path
) -> None:
    said = json.loads(file.read_bytes())
    said["device"] = opened.device.name
    if "pass_id" in said:
        said["pass_id"] = f"{opened.device.name}:1"

    answer = opened.signed("POST", "/device/messages", batch([said]), headers=GZIP)

    (receipt,) = answer.json()["receipts"]
    assert receipt["id"] == said["id"]
    assert "不合格式" not in (receipt["reason"] or "")
    assert receipt["status"] in {"accepted", "quarantined"}


def test_every_version_of_the_wire_has_messages_to_hold_it_to() -> None:
    assert {file.parent.name for file in SPOKEN} == {"v1"}


def test_a_device_let_in_before_the_centre_had_a_key_goes_on_as_before(opened: OpenCentre) -> None:
    enrolment = Enrolment(device=opened.device.name, centre=opened.server.address)
    link = Centre(Identity(enrolment=enrolment, key=opened.device.key), now=opened.door)
    body = batch([opened.find()])

    answer = link.send("POST", "/api/v1/device/messages", body=body, encoding="gzip")
    link.close()

    assert json.loads(answer.content)["receipts"][0]["status"] == "accepted"


def test_a_device_of_today_brings_large_pictures_to_an_older_centre(
    older_centre: FakeCentre, tmp_path: Path
) -> None:
    told = enrol(
        older_centre.address, code=CODE, key=ensure_key(tmp_path), name=None, now=older_centre.time
    )
    write_enrolment(tmp_path, told)
    image = np.random.default_rng(1).integers(0, 255, (720, 1280, 3), dtype=np.uint8)
    view = View(image=image, at=AT, subject=None, private=())
    picture = context_picture(view, redactor=REDACTOR)
    outbox = Outbox(tmp_path)
    outbox.record(finding_of(1, pictures=(picture,)), [picture], at=AT)
    link = Centre(read_identity(tmp_path), now=lambda: older_centre.time)

    done = Uplink(link, outbox, sleep=lambda s: None, rng=random.Random(1)).flush(attempts=1)
    link.close()
    outbox.close()

    assert len(picture.jpeg) > PART_BYTES
    assert (done.sent, done.evidence_sent, done.away) == (1, 1, None)
    assert hashlib.sha256(picture.jpeg).hexdigest() in older_centre.evidence
