"""The crew's page of a live device: it shows the street while parked, and its taps arrive."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import httpx
import numpy as np
import pytest

from dispatch.wire import CrewVerdict, Finding
from edge.config import CrewConfig
from edge.crew.access import read_keys
from edge.crew.opening import crew_address
from tests.edge import toy
from tests.edge.fake_centre import FakeCentre, fake_centre
from tests.edge.live_vehicle import enrolled, live_config, vehicle
from tests.edge.test_patrol import of_kind, patrolling
from tests.loopback import NOBODY


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return toy.write_model(tmp_path_factory.mktemp("model"))


@pytest.fixture
def centre() -> Iterator[FakeCentre]:
    with fake_centre() as running:
        yield running


def browser_at(state: Path) -> httpx.Client:
    address = crew_address(state)
    assert address is not None
    client = httpx.Client(
        base_url=address,
        trust_env=False,
        timeout=20.0,
        verify=NOBODY,
        headers={"X-Xunhuan": "crew"},
    )
    client.post("/api/enter", json={"number": read_keys(state).number}).raise_for_status()
    return client


def first_picture(browser: httpx.Client) -> np.ndarray:
    content = b""
    with browser.stream("GET", "/preview") as answer:
        for part in answer.iter_bytes():
            content += part
            start, end = content.find(b"\xff\xd8"), content.find(b"\xff\xd9")
            if 0 <= start < end:
                found = np.frombuffer(content[start : end + 2], np.uint8)
                return cv2.imdecode(found, cv2.IMREAD_COLOR)
    raise AssertionError("no picture came")


def test_a_crew_looks_before_driving_orders_a_pass_and_says_what_is_wrong(
    tmp_path: Path, centre: FakeCentre, model: Path
) -> None:
    state = tmp_path / "state"
    enrolled(state, centre)
    with vehicle() as (car, twin):
        config = live_config(state, model, car, twin, standing_s=20.0).model_copy(
            update={"crew": CrewConfig(listen="127.0.0.1:0")}
        )
        with patrolling(config) as running:
            browser = browser_at(state)
            running.until(lambda: running.agent.state().cameras[0].captured > 5)

            picture = first_picture(browser)
            parked = running.agent.state()
            browser.post("/api/order", json={"order": "on"}).raise_for_status()
            running.until(lambda: running.agent.state().pass_id is not None)
            browser.post("/api/order", json={"order": "automatic"}).raise_for_status()
            running.drive(car)
            running.until(lambda: bool(browser.get("/api/state").json()["finds"]))
            [find, *_] = browser.get("/api/state").json()["finds"]
            browser.post(
                "/api/verdict", json={"finding": find["id"], "true": False}
            ).raise_for_status()
            running.until(lambda: bool(of_kind(centre, CrewVerdict)))

    assert picture.shape[2] == 3
    assert parked.pass_id is None
    assert parked.findings == 0
    [said] = of_kind(centre, CrewVerdict)
    assert said.finding in {finding.id for finding in of_kind(centre, Finding)}
    assert not said.true


def test_a_pass_that_the_crew_ended_stays_ended_while_the_vehicle_drives(
    tmp_path: Path, centre: FakeCentre, model: Path
) -> None:
    state = tmp_path / "state"
    enrolled(state, centre)
    with vehicle(end_m=400.0) as (car, twin):
        config = live_config(state, model, car, twin, standing_s=20.0).model_copy(
            update={"crew": CrewConfig(listen="127.0.0.1:0")}
        )
        with patrolling(config) as running:
            browser = browser_at(state)
            car.go()
            running.until(lambda: running.agent.state().pass_id is not None)

            browser.post("/api/order", json={"order": "off"}).raise_for_status()
            running.until(lambda: running.agent.state().pass_id is None)
            passes, left = running.agent.state().passes, car.north_m()
            running.until(lambda: car.north_m() > left + 15.0)

            assert running.agent.state().passes == passes
            assert running.agent.state().pass_id is None
