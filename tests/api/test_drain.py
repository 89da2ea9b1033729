"""What was accepted reaches the cases by itself, whatever fails on the way."""

import time
from collections.abc import Callable, Iterator

import pytest

from api.background import drain as draining
from api.background.drain import Drain, drain_once
from dispatch.intake import intake
from tests.api.open_centre import OpenCentre
from tests.api.signed_device import GZIP, batch
from tests.dispatch import making

PATIENCE_S = 30.0


@pytest.fixture
def drain(opened: OpenCentre, monkeypatch: pytest.MonkeyPatch) -> Iterator[Drain]:
    """The thread, looking often; it is not started."""
    monkeypatch.setattr(draining, "LOOK_EVERY_S", 0.02)
    thread = Drain(opened.centre)
    yield thread
    thread.stop()


def accepted(opened: OpenCentre, *names: str, label: str = "road.pothole") -> None:
    """Send findings that stay in line."""
    found = [
        making.finding(each, device=opened.device.name, at=opened.watch.now, label=label)
        for each in names
    ]
    body = batch(found)
    path = "/api/v1/device/messages"
    headers = {**GZIP, **opened.device.headers("POST", path, body, at=opened.door.now)}
    answer = opened.phone("device").post(path, content=body, headers=headers)
    assert {each["status"] for each in answer.json()["receipts"]} == {"accepted"}


def waiting(opened: OpenCentre) -> int:
    return int(opened.stranger().get("/healthz").json()["arrivals_waiting"])


def until(so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not so():
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.01)


def test_what_an_earlier_process_left_in_line_is_drained_at_the_start(
    opened: OpenCentre, drain: Drain
) -> None:
    accepted(opened, "1")
    assert waiting(opened) == 1
    assert opened.get("supervisor", "/cases")["cases"] == []

    drain.start()

    until(lambda: waiting(opened) == 0)
    assert len(opened.get("supervisor", "/cases")["cases"]) == 1


def test_what_comes_while_it_runs_is_drained_by_itself(opened: OpenCentre, drain: Drain) -> None:
    drain.start()

    accepted(opened, "1")

    until(lambda: waiting(opened) == 0)
    assert len(opened.get("supervisor", "/cases")["cases"]) == 1


def test_health_and_metrics_say_how_much_waits_and_how_long(opened: OpenCentre) -> None:
    accepted(opened, "1", "2")
    opened.watch.later(seconds=90)

    health = opened.stranger().get("/healthz").json()
    metrics = opened.stranger().get("/metrics").text

    assert health == {"status": "ok", "arrivals_waiting": 2, "oldest_arrival_s": 90.0}
    assert "\nxunhuan_centre_arrivals_waiting 2\n" in metrics
    assert "\nxunhuan_centre_oldest_arrival_seconds 90.0\n" in metrics


@pytest.mark.parametrize("label", ["road.pothole", "road.crack"])
def test_one_arrival_that_intake_fails_on_is_set_apart_and_holds_up_no_other(
    opened: OpenCentre, drain: Drain, monkeypatch: pytest.MonkeyPatch, label: str
) -> None:
    accepted(opened, "bad", label=label)
    accepted(opened, "good")
    bad = making.finding("bad", device=opened.device.name, at=opened.watch.now).id
    understand = intake.understood

    def fails(raw: dict[str, object]) -> object:
        if raw["id"] == bad:
            raise ZeroDivisionError
        return understand(raw)

    monkeypatch.setattr(intake, "understood", fails)
    drain.start()

    until(lambda: waiting(opened) == 0)
    with opened.centre.read() as uow:
        (apart,) = uow.quarantine.latest(limit=9)
        held = uow.observations.known(
            [bad, making.finding("good", device=opened.device.name, at=opened.watch.now).id]
        )
    assert bad in apart.body
    assert len(held) == 1


def test_a_disk_that_refuses_for_a_while_loses_nothing_and_sets_nothing_apart(
    opened: OpenCentre, drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    accepted(opened, "1")
    left = [OSError("disk full")] * (draining.TRIES - 1)

    def once(*args: object, hazards: bool, **kwargs: int) -> int:
        if left:
            raise left.pop()
        return drain_once(opened.centre, hazards=hazards)

    monkeypatch.setattr(draining, "drain_once", once)
    drain.start()

    until(lambda: waiting(opened) == 0)
    with opened.centre.read() as uow:
        assert uow.quarantine.latest(limit=9) == []
    assert len(opened.get("supervisor", "/cases")["cases"]) == 1
