"""Requests of several devices that are written together are each answered for themselves."""

import gzip
import json
from collections.abc import Sequence

from api.centre.device_requests import BadSignature, DeviceRequest, SignedRequest, write_together
from dispatch import wire
from dispatch.devices.device import Device
from dispatch.intake.acceptance import Sent
from dispatch.sights.reading import read
from dispatch.store.memory import MemoryStore
from tests.dispatch import making
from tests.dispatch.city import demo_profile
from tests.dispatch.making import NOON, minutes

LATER = NOON + minutes(5)
DEMO = demo_profile()


def device(name: str, *, key: bytes = b"k" * 32, revoked: bool = False) -> Device:
    return Device(
        id=name,
        name=name,
        public_key=key,
        registered_at=NOON,
        revoked_at=NOON if revoked else None,
    )


def request(signed_as: Device, nonce: str, *messages: wire.Message) -> DeviceRequest:
    bodies = [json.loads(wire.canonical_bytes(each)) for each in messages]
    packed = gzip.compress(json.dumps({"messages": bodies}).encode())
    understood = [read(each, device=signed_as.id) for each in bodies]
    return DeviceRequest(
        signed=SignedRequest(device=signed_as, body=packed, nonce=nonce),
        sent=Sent(device=signed_as.id, at=LATER, messages=understood, packed=packed),
    )


def finding(of: Device, number: str = "1") -> wire.Finding:
    return making.finding(number, device=of.id, pass_id=f"{of.id}:1")


def answers(store: MemoryStore, asked: Sequence[DeviceRequest]) -> list[str]:
    """Write them together; give by request the statuses of its messages, or its refusal."""
    with store.unit_of_work() as uow:
        said = write_together(asked, uow=uow, profile=DEMO, at=LATER, failpoint=lambda _: None)
        uow.commit()
    return [
        each.en if isinstance(each, BadSignature) else "|".join(r.status for r in each.receipts)
        for each in said
        if isinstance(each, BadSignature | wire.Receipts)
    ]


def registered(*devices: Device) -> MemoryStore:
    store = MemoryStore()
    with store.unit_of_work() as uow:
        for each in devices:
            uow.devices.save(each)
        uow.commit()
    return store


def test_one_refused_request_keeps_none_that_came_with_it_from_being_accepted() -> None:
    good, other, out = device("vehicle-07"), device("vehicle-08"), device("drone-1", revoked=True)
    enrolled_anew = device("vehicle-09", key=b"n" * 32)
    store = registered(good, other, out, enrolled_anew)
    asked = [
        request(good, "n1", finding(good)),
        request(good, "n1", finding(good, "2")),
        request(out, "n2", finding(out)),
        request(device("vehicle-09"), "n3", finding(enrolled_anew)),
        request(device("nobody"), "n4"),
        request(other, "n1", finding(other), finding(other)),
    ]

    told = answers(store, asked)
    again = answers(store, [asked[0], request(good, "n5", finding(good))])

    replayed, shut_out = (
        "the request was sent before",
        "the device is not registered or was revoked",
    )
    refused = [f"device signature refused: {why}" for why in (replayed, shut_out)]
    assert told == ["accepted", refused[0], *[refused[1]] * 3, "accepted|known"]
    assert again == [refused[0], "known"]
    with store.unit_of_work() as uow:
        assert uow.arrivals.backlog().waiting == 2


def test_two_batches_of_one_device_at_once_know_of_each_other() -> None:
    one = device("vehicle-07")
    store = registered(one)
    found = finding(one)
    newer = found.model_copy(update={"revision": found.revision + 1})
    asked = [request(one, "a", found), request(one, "b", newer), request(one, "c", found)]

    told = answers(store, asked)

    assert told == ["accepted", "accepted", "superseded"]
