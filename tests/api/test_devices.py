"""What a device must prove, and what the centre refuses to read."""

import base64
import gzip
import hashlib
import json
from datetime import timedelta

import httpx
import pytest
from typer.testing import CliRunner

from api.commands import app
from dispatch.wire import Complaint, Level, Running
from tests.api import pictures
from tests.api.open_centre import OpenCentre
from tests.api.signed_device import GZIP, SignedDevice, batch
from tests.dispatch import making

MESSAGES = "/api/v1/device/messages"


def _post(opened: OpenCentre, body: bytes, headers: dict[str, str]) -> httpx.Response:
    return opened.stranger().post(MESSAGES, content=body, headers={**headers, **GZIP})


def test_a_signed_batch_is_taken_in_and_known_when_it_comes_again(opened: OpenCentre) -> None:
    found = opened.find()

    first = opened.send(found)
    again = opened.send(found)

    assert [each["status"] for each in first["receipts"]] == ["accepted"]
    assert first["evidence_wanted"] == [found.evidence[0].sha256]
    assert [each["status"] for each in again["receipts"]] == ["known"]


def test_a_request_that_was_sent_before_is_refused(opened: OpenCentre) -> None:
    body = batch([opened.find()])
    headers = opened.device.headers("POST", MESSAGES, body, at=opened.door.now)

    first, again = _post(opened, body, headers), _post(opened, body, headers)

    assert first.status_code == 200
    assert (again.status_code, again.json()["code"]) == (401, "SentBefore")
    assert "请求重复" in again.json()["title"]


def test_a_signature_does_not_fit_another_body_path_method_or_key(opened: OpenCentre) -> None:
    body, other = batch([opened.find()]), batch([opened.find("2")])
    at, device = opened.door.now, opened.device
    stranger = SignedDevice(device.name)
    tries = [
        _post(opened, other, device.headers("POST", MESSAGES, body, at=at)),
        _post(opened, body, device.headers("POST", MESSAGES + "?a=1", body, at=at)),
        _post(opened, body, device.headers("PUT", MESSAGES, body, at=at)),
        _post(opened, body, stranger.headers("POST", MESSAGES, body, at=at)),
        _post(opened, body, SignedDevice("car-99").headers("POST", MESSAGES, body, at=at)),
        _post(opened, body, {}),
    ]

    assert [each.status_code for each in tries] == [401] * len(tries)
    assert {each.json()["code"] for each in tries} == {"BadSignature"}
    assert opened.get("supervisor", "/cases")["cases"] == []


@pytest.mark.parametrize("minutes", [-3, 3])
def test_a_device_with_a_wrong_clock_is_told_the_time(opened: OpenCentre, minutes: float) -> None:
    body = batch([opened.find()])
    at = opened.door.now + timedelta(minutes=minutes)

    answer = _post(opened, body, opened.device.headers("POST", MESSAGES, body, at=at))

    assert (answer.status_code, answer.json()["code"]) == (401, "WrongClock")
    assert answer.json()["centre_time"] == opened.door.now.isoformat()


def test_a_revoked_device_is_shut_out_at_once(opened: OpenCentre) -> None:
    opened.send(opened.find())

    told = opened.phone("administrator").post("/api/v1/devices/vehicle-07/revoke")
    body = batch([opened.find("2")])
    answer = _post(opened, body, opened.device.headers("POST", MESSAGES, body, at=opened.door.now))

    assert told.status_code == 204
    assert (answer.status_code, answer.json()["code"]) == (401, "BadSignature")


def _invited(opened: OpenCentre) -> str:
    order = {"device": "car-08", "name": "八号车"}
    answer = opened.phone("administrator").post("/api/v1/devices/invitations", json=order)
    assert answer.status_code == 201
    return str(answer.json()["code"])


def _enrol(opened: OpenCentre, code: str, device: SignedDevice) -> httpx.Response:
    said = {"code": code, "public_key": device.public_key}
    return opened.stranger().post("/api/v1/device/enrol", json=said)


def test_a_code_lets_one_device_in_once_and_whose_answer_was_lost_may_ask_again(
    opened: OpenCentre,
) -> None:
    code, device = _invited(opened), SignedDevice("car-08")

    first, again = _enrol(opened, code, device), _enrol(opened, code, device)
    thief = _enrol(opened, code, SignedDevice("car-08"))

    assert (first.status_code, first.json()["device"]) == (201, "car-08")
    assert (again.status_code, again.json()["device"]) == (201, "car-08")
    assert (thief.status_code, thief.json()["code"]) == (422, "CodeRefused")


def test_a_revoked_device_is_not_let_in_again_by_its_old_code(opened: OpenCentre) -> None:
    code, device = _invited(opened), SignedDevice("car-08")
    _enrol(opened, code, device)
    opened.phone("administrator").post("/api/v1/devices/car-08/revoke")

    answer = _enrol(opened, code, device)

    assert answer.json()["code"] == "CodeRefused"


@pytest.mark.parametrize("key", ["A" * 44, base64.b64encode(b"x" * 31).decode() + "A" * 0])
def test_what_is_no_key_registers_nothing(opened: OpenCentre, key: str) -> None:
    code = _invited(opened)

    answer = opened.stranger().post("/api/v1/device/enrol", json={"code": code, "public_key": key})

    assert (answer.status_code, answer.json()["code"]) == (422, "NotAKey")
    assert "car-08" not in {each["id"] for each in opened.get("administrator", "/devices")}


def test_one_bad_message_does_not_hold_up_its_batch(opened: OpenCentre) -> None:
    good = opened.find().model_dump(mode="json")
    bad = {**opened.find("2").model_dump(mode="json"), "surprise": 1}

    answer = opened.signed("POST", "/device/messages", batch([bad, good]), headers=GZIP)

    assert [each["status"] for each in answer.json()["receipts"]] == ["quarantined", "accepted"]


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{", json.dumps({"messages": 3}).encode(), b'{"messages":[],"more":1}'],
)
def test_what_is_no_batch_is_refused_as_a_whole(opened: OpenCentre, body: bytes) -> None:
    answer = opened.signed("POST", "/device/messages", body)

    assert (answer.status_code, answer.json()["code"]) == (422, "MalformedBatch")


def test_a_body_that_blows_up_when_unpacked_is_refused(opened: OpenCentre) -> None:
    bomb = gzip.compress(b"0" * 50_000_000)

    answer = opened.signed("POST", "/device/messages", bomb, headers=GZIP)

    assert (answer.status_code, answer.json()["code"]) == (413, "BodyTooLarge")


@pytest.mark.parametrize(
    "broken",
    [b"no gzip", gzip.compress(b'{"messages":[]}', mtime=0)[:-6]],
    ids=["no gzip", "cut short"],
)
def test_a_body_that_does_not_unpack_is_refused(opened: OpenCentre, broken: bytes) -> None:
    answer = opened.signed("POST", "/device/messages", broken, headers=GZIP)

    assert (answer.status_code, answer.json()["code"]) == (422, "BrokenPacking")


def test_a_body_of_27_megabytes_is_not_read_to_its_end(opened: OpenCentre) -> None:
    answer = opened.signed("POST", "/device/messages", b" " * 27_000_000)

    assert (answer.status_code, answer.json()["code"]) == (413, "BodyTooLarge")


def test_a_photo_of_27_megabytes_is_refused_with_the_reason(opened: OpenCentre) -> None:
    case = opened.handling()

    answer = opened.phone("handler").post(
        f"/api/v1/cases/{case}/photos",
        files={"file": ("a.jpg", b"0" * 27_000_000, "image/jpeg")},
        data={"purpose": "after", "taken_at": opened.watch.now.isoformat(), "id": "0" * 32},
    )

    assert (answer.status_code, answer.json()["code"]) == (413, "BodyTooLarge")


def test_a_picture_whose_bytes_are_others_or_no_picture_is_refused(opened: OpenCentre) -> None:
    picture = pictures.road(pothole=True)
    wrong, text = "0" * 64, b"<html>"
    named = hashlib.sha256(text).hexdigest()

    other = opened.signed("PUT", f"/device/evidence/{wrong}", picture)
    no_picture = opened.signed("PUT", f"/device/evidence/{named}", text)

    assert [other.json()["code"], no_picture.json()["code"]] == ["EvidenceRefused"] * 2
    assert other.status_code == no_picture.status_code == 422
    assert not list(opened.centre.evidence.names())


def test_a_heartbeat_shows_the_administrator_how_a_device_is(opened: OpenCentre) -> None:
    opened.send(making.heartbeat(at=opened.watch.now))

    (device,) = opened.get("administrator", "/devices")

    assert (device["ok"], device["outbox_depth"]) == (True, 3)
    assert (device["standing"], device["alarming"]) == ("well", False)


def test_a_device_that_complains_is_shown_with_what_to_do_in_both_languages(
    opened: OpenCentre,
) -> None:
    lost = Complaint(
        code="gnss_lost", level=Level.FAIL, zh="没有定位：请检查天线", en="look at the aerial"
    )
    beat = making.heartbeat(at=opened.watch.now)
    opened.send(
        beat.model_copy(
            update={
                "ok": False,
                "reasons": (lost,),
                "running": Running(precision="int8", provider="cpu"),
                "temperature_c": 71.5,
            }
        )
    )

    (device,) = opened.get("supervisor", "/devices")

    assert (device["standing"], device["alarming"]) == ("failing", True)
    assert device["complaints"] == [
        {
            "code": "gnss_lost",
            "level": "fail",
            "words": {"zh": "没有定位：请检查天线", "en": "look at the aerial"},
        }
    ]
    assert (device["running"], device["temperature_c"]) == ("int8 · cpu", 71.5)


def test_a_device_that_falls_silent_alarms_those_on_duty_and_is_well_when_it_speaks(
    opened: OpenCentre,
) -> None:
    opened.send(making.heartbeat(at=opened.watch.now))
    opened.watch.later(minutes=40)
    (silent,) = opened.get("supervisor", "/devices")
    opened.send(making.heartbeat("2", at=opened.watch.now))

    (heard,) = opened.get("supervisor", "/devices")

    assert (silent["standing"], silent["alarming"]) == ("silent", True)
    assert silent["complaints"][0]["code"] == "silent"
    assert (heard["standing"], heard["complaints"]) == ("well", [])


def test_those_who_repair_are_not_told_of_devices(opened: OpenCentre) -> None:
    assert opened.phone("handler").get("/api/v1/devices").status_code == 403


def test_whoever_watches_the_centre_is_told_of_a_silent_device_by_a_command(
    opened: OpenCentre, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened.send(making.heartbeat(at=opened.watch.now))
    opened.watch.later(minutes=40)
    monkeypatch.setattr("api.centre.wiring.open_centre", lambda _settings: opened.centre)

    told = CliRunner().invoke(app, ["device", "list"])

    assert told.exit_code == 1
    assert "失联 Silent" in told.output
    assert "40 分钟" in told.output


def test_a_device_whose_findings_come_is_heard(opened: OpenCentre) -> None:
    opened.send(opened.find())

    (device,) = opened.get("supervisor", "/devices")

    assert device["last_heard_at"] is not None
    assert (device["standing"], device["alarming"]) == ("recordings", False)
