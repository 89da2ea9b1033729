"""A device may do what it was invited for and no more, and speaks for no other."""

from datetime import timedelta

import httpx
import pytest

from dispatch import wire
from dispatch.devices.device import DeviceKind
from tests.api.open_centre import OpenCentre
from tests.api.signed_device import GZIP, SignedDevice, batch
from tests.dispatch import making

MESSAGES = "/api/v1/device/messages"


def _let_in(opened: OpenCentre, kind: DeviceKind, *, name: str = "car-08") -> SignedDevice:
    device = SignedDevice(name)
    order = {"device": name, "name": "八号", "kind": kind.value}
    made = opened.phone("administrator").post("/api/v1/devices/invitations", json=order)
    said = {"code": made.json()["code"], "public_key": device.public_key}
    answer = opened.stranger().post("/api/v1/device/enrol", json=said)
    assert (made.status_code, answer.status_code) == (201, 201)
    return device


def _ask(
    opened: OpenCentre, device: SignedDevice, method: str, path: str, body: bytes = b""
) -> httpx.Response:
    headers = device.headers(method, path, body, at=opened.door.now)
    packed = GZIP if body else {}
    client = opened.stranger()
    return client.request(method, path, content=body, headers={**headers, **packed})


@pytest.mark.parametrize(
    ("kind", "status"),
    [(DeviceKind.VEHICLE, 403), (DeviceKind.DRONE, 403), (DeviceKind.VISION, 200)],
)
def test_only_a_vision_worker_sees_what_people_photographed(
    opened: OpenCentre, kind: DeviceKind, status: int
) -> None:
    device = _let_in(opened, kind)

    answer = _ask(opened, device, "GET", "/api/v1/device/inbox")

    assert answer.status_code == status
    if status == 403:
        assert answer.json()["code"] == "NotForThisDevice"
        assert kind.zh in answer.json()["title"]


def test_a_vision_worker_reports_no_findings_and_a_vehicle_looks_at_no_photos(
    opened: OpenCentre,
) -> None:
    worker = _let_in(opened, DeviceKind.VISION, name="vision-1")
    vehicle = _let_in(opened, DeviceKind.VEHICLE)
    found = opened.find().model_copy(update={"device": "vision-1", "pass_id": "vision-1:1"})
    seen = wire.PhotoResult(
        id=wire.message_id(opened.watch.now, "car-08", "photo"),
        device="car-08",
        photo="0" * 36,
        looked_at=opened.watch.now,
        model=making.MODEL,
        readable=False,
        refused="太暗 too dark",
        seen={},
    )

    answers = [
        _ask(opened, worker, "POST", MESSAGES, batch([found])),
        _ask(opened, vehicle, "POST", MESSAGES, batch([seen])),
    ]

    receipts = [answer.json()["receipts"][0] for answer in answers]
    assert [each["status"] for each in receipts] == ["quarantined"] * 2
    assert "登记为视觉处理机" in receipts[0]["reason"]
    assert "登记为巡查车" in receipts[1]["reason"]


def test_no_device_speaks_for_a_pass_of_another(opened: OpenCentre) -> None:
    other = _let_in(opened, DeviceKind.VEHICLE)
    ending = making.sweep(device="car-08", pass_id="vehicle-07:1", at=opened.watch.now)

    answer = _ask(opened, other, "POST", MESSAGES, batch([ending]))

    (receipt,) = answer.json()["receipts"]
    assert receipt["status"] == "quarantined"
    assert "属于设备 vehicle-07" in receipt["reason"]


def test_a_device_that_is_invited_anew_changes_its_key_and_keeps_its_history(
    opened: OpenCentre,
) -> None:
    old = _let_in(opened, DeviceKind.VEHICLE)
    heard = making.heartbeat(at=opened.watch.now).model_copy(update={"device": "car-08"})
    _ask(opened, old, "POST", MESSAGES, batch([heard]))
    opened.phone("administrator").post("/api/v1/devices/car-08/revoke")
    opened.door.now += timedelta(hours=1)

    new = _let_in(opened, DeviceKind.VEHICLE)

    asked = [_ask(opened, each, "GET", "/api/v1/device/asked") for each in (old, new)]
    (device,) = [each for each in opened.get("administrator", "/devices") if each["id"] == "car-08"]
    assert [each.status_code for each in asked] == [401, 200]
    assert (device["revoked_at"], device["kind"], device["outbox_depth"]) == (None, "vehicle", 3)
