"""Who may use the crew's page, what it tells, and that a tap is on record before it is answered."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from dispatch.wire import MESSAGE, CrewVerdict
from edge.crew.access import MOST_WRONG, WITHIN_S
from edge.crew.order import Order
from edge.delivery.outbox import Outbox
from tests.edge.crew.cab import Cab, open_cab
from tests.edge.messages import finding_of, picture_of
from tests.edge.vitals.signs import camera_of, receiver_of, signs_of
from tests.loopback import NOBODY

FREE = ("/", "/crew.js", "/crew.css", "/look.css", "/words.js")
LOCKED = ("/api/state", "/api/sheet", "/api/picture/x", "/preview", "/sheet.gpx", "/sheet.kml")
CHANGES = (
    ("/api/order", {"order": "off"}),
    ("/api/verdict", {"finding": finding_of(1).id, "true": True}),
    ("/api/check", {}),
)


@pytest.fixture
def cab(tmp_path: Path) -> Iterator[Cab]:
    with open_cab(tmp_path / "state") as opened:
        yield opened


def words_waiting(cab: Cab) -> list[CrewVerdict]:
    outbox = Outbox(cab.state)
    try:
        batch = outbox.next_batch(9, max_bytes=1 << 20)
    finally:
        outbox.close()
    said = [MESSAGE.validate_json(each.body) for each in batch]
    return [each for each in said if isinstance(each, CrewVerdict)]


@pytest.mark.parametrize("path", FREE)
def test_the_page_itself_is_open_to_be_let_in_by_and_holds_nothing_of_the_device(
    cab: Cab, path: str
) -> None:
    answer = cab.caller(known=False).get(path)

    assert answer.status_code == 200
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", LOCKED)
def test_without_the_number_nothing_is_told(cab: Cab, path: str) -> None:
    assert cab.caller(known=False).get(path).status_code == 401


@pytest.mark.parametrize(("path", "body"), CHANGES)
def test_without_the_number_nothing_is_done(cab: Cab, path: str, body: dict[str, object]) -> None:
    assert cab.caller(known=False).post(path, json=body).status_code == 401
    assert cab.orders.in_force() is Order.AUTOMATIC


@pytest.mark.parametrize(
    "spoilt",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Content-Type": "text/plain"},
        {"X-Xunhuan": ""},
    ],
)
def test_another_page_in_the_same_browser_can_change_nothing(
    cab: Cab, spoilt: dict[str, str]
) -> None:
    browser = cab.caller()

    answer = browser.post("/api/order", content=b'{"order":"off"}', headers=spoilt)

    assert answer.status_code == 403
    assert cab.orders.in_force() is Order.AUTOMATIC


@pytest.mark.parametrize("host", ["evil.example", "evil.example:9471", "127.0.0.1", ""])
def test_a_foreign_name_for_the_device_is_refused_so_that_none_can_be_rebound_to_it(
    cab: Cab, host: str
) -> None:
    answer = cab.caller().get("/api/state", headers={"Host": host})

    assert answer.status_code in {400, 421}


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(cab: Cab) -> None:
    answer = cab.caller(known=False).post("/api/enter", json={"number": cab.number})

    assert "HttpOnly" in answer.headers["Set-Cookie"]
    assert "SameSite=Strict" in answer.headers["Set-Cookie"]
    assert cab.number not in answer.headers["Set-Cookie"]


def test_guessing_is_slow_even_for_who_guesses_right_at_last(cab: Cab) -> None:
    browser = cab.caller(known=False)
    wrong = f"{(int(cab.number) + 1) % 10**8:08d}"

    guesses = [
        browser.post("/api/enter", json={"number": wrong}).status_code for _ in range(MOST_WRONG)
    ]
    at_once = browser.post("/api/enter", json={"number": cab.number})
    cab.stopwatch.pass_by(WITHIN_S + 1.0)
    later = browser.post("/api/enter", json={"number": cab.number})

    assert guesses == [403] * MOST_WRONG
    assert (at_once.status_code, later.status_code) == (429, 204)


@pytest.mark.parametrize(
    "body", [b"", b"{", b'{"order":"fly"}', b'{"order":"on","more":1}', b"[" * 5000]
)
def test_what_the_page_never_sends_is_refused(cab: Cab, body: bytes) -> None:
    assert cab.caller().post("/api/order", content=body).status_code == 400


def test_lights_are_green_when_all_is_well_and_say_what_to_do_when_not(cab: Cab) -> None:
    cab.vitals.take(signs_of(camera_of(), receiver=receiver_of(age_s=0.2)))
    well = {each["name"]: each for each in cab.caller().get("/api/state").json()["lights"]}
    cab.vitals.take(signs_of(camera_of(age_s=60.0), receiver=receiver_of(age_s=90.0)))
    ill = {each["name"]: each for each in cab.caller().get("/api/state").json()["lights"]}

    assert {well[name]["tone"] for name in ("camera", "position", "disk", "clock")} == {"ok"}
    assert ill["camera"]["tone"] == ill["position"]["tone"] == "fail"
    assert "检查" in ill["camera"]["zh"]


def test_a_veiled_lens_asks_to_be_wiped(cab: Cab) -> None:
    cab.vitals.take(signs_of(camera_of(), veils={"front": 0.6}))

    lights = {each["name"]: each for each in cab.caller().get("/api/state").json()["lights"]}

    assert lights["lens"]["tone"] == "warn"
    assert "擦镜头" in lights["lens"]["zh"]


def test_a_tap_is_on_record_once_and_may_be_taken_back(cab: Cab) -> None:
    found = finding_of(1, pictures=(picture_of(1),))
    cab.finds.take(found, (picture_of(1),))
    browser = cab.caller()

    for word in (False, False, True):
        answer = browser.post("/api/verdict", json={"finding": found.id, "true": word})
        assert answer.status_code == 200

    said = words_waiting(cab)
    assert [(each.finding, each.true, each.revision) for each in said] == [
        (found.id, False, 0),
        (found.id, True, 1),
    ]
    assert len({each.id for each in said}) == 1
    assert browser.get("/api/state").json()["finds"][0]["verdict"] is True


def test_a_find_that_passed_by_can_no_more_be_judged_here(cab: Cab) -> None:
    for number in range(20):
        cab.finds.take(finding_of(number), ())

    answer = cab.caller().post("/api/verdict", json={"finding": finding_of(0).id, "true": True})

    assert answer.status_code == 404
    assert words_waiting(cab) == []


def test_a_finds_picture_is_its_redacted_one(cab: Cab) -> None:
    picture = picture_of(1)
    found = finding_of(1, pictures=(picture,))
    cab.finds.take(found, (picture,))

    answer = cab.caller().get(f"/api/picture/{found.id}")

    assert answer.content == picture.jpeg


def test_the_route_sheet_stays_on_the_device_and_opens_in_navigation_programs(cab: Cab) -> None:
    browser = cab.caller()
    before = browser.get("/sheet.gpx")
    cab.bring_sheet()

    gpx, kml = browser.get("/sheet.gpx"), browser.get("/sheet.kml")

    assert before.status_code == 404
    assert "道路塌陷" in gpx.text
    assert "道路塌陷" in kml.text
    assert len(browser.get("/api/sheet").json()["sheet"]["spots"]) == 2


def test_an_order_outlives_the_page_and_is_told_with_its_end(cab: Cab) -> None:
    told = cab.caller().post("/api/order", json={"order": "off"}).json()

    assert told["order"] == "off"
    assert told["order_ends_at"] is not None
    with open_cab(cab.state) as after_restart:
        assert after_restart.orders.in_force() is Order.OFF


def test_a_browser_that_is_known_is_still_known_after_a_restart(cab: Cab) -> None:
    cookies = cab.caller().cookies

    with open_cab(cab.state) as again:
        answer = httpx.get(
            f"{again.server.address}/api/state",
            cookies=dict(cookies),
            trust_env=False,
            verify=NOBODY,
        )

    assert answer.status_code == 200


def test_the_check_looks_afresh_and_says_what_to_do(cab: Cab) -> None:
    checks = cab.caller().post("/api/check", json={}).json()["checks"]

    by_name = {each["name"]: each for each in checks}
    assert by_name["disk"]["outcome"] == "ok"
    assert by_name["centre"]["outcome"] == "fail"
    assert "enrol" in by_name["centre"]["zh"]
