"""A worker finds the place, asks somebody, and hands the phone on without losing anything."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from dispatch.city_files.profile_folder import PROFILES
from tests.api import pictures
from tests.api.open_centre import PASSWORD, Building, OpenCentre, open_copy
from tests.api.test_responsibility import COVER, hold
from tests.dispatch import making
from tests.journeys.window import PHONE, Window

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

STANDS_M = -104.0
"""How far north of the usual place the worker stands."""


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    file = tmp_path / "after.jpg"
    file.write_bytes(pictures.road(pothole=False, mark="camera"))
    return file


def _stand(phone: Page) -> tuple[str, str]:
    """Let the phone know where it is, and give how that would be written."""
    here = making.place(north_m=STANDS_M)
    phone.context.grant_permissions(["geolocation"])
    phone.context.set_geolocation(
        {"latitude": here.latitude, "longitude": here.longitude, "accuracy": 6}
    )
    return str(round(here.latitude, 4)), str(round(here.longitude, 4))


def test_the_place_is_told_in_words_and_drawn_and_the_phones_own_goes_nowhere(
    window: Window, opened: OpenCentre
) -> None:
    hold(opened, (COVER, "drainage", 15.0))
    case = opened.handling()
    phone = window.open("/worker", size=PHONE)
    latitude, _ = _stand(phone)
    sent: list[Request] = []

    def note(each: Request) -> None:
        sent.append(each)

    phone.on("request", note)
    window.sign_in(phone, "handler")

    phone.click(".card")

    expect(phone.locator("#way")).to_contain_text(re.compile(r"往北约 1[01]0 米"))
    expect(phone.locator("#landmark")).to_contain_text(re.compile(r"污水井 南 1\d 米"))
    line = opened.get("handler", f"/cases/{case}")["line"]
    expect(phone.locator("#whereabouts")).to_contain_text(line["grid_words"]["zh"])
    expect(phone.locator("#whereabouts")).not_to_contain_text(line["grid"])
    for drawn in (".grid", ".landmark", ".ellipse", ".there", ".me"):
        expect(phone.locator(f".sketch {drawn}").first).to_be_attached()
    phone.evaluate("() => { speechSynthesis.speak = (it) => { window.said = it.text; }; }")
    phone.click("#aloud")
    assert re.search(r"污水井 南 1\d 米，往北约 1[01]0 米", str(phone.evaluate("window.said")))
    phone.click(".back")
    expect(phone.locator(".card")).to_contain_text("往北约")
    assert sent
    assert all(opened.server.address in each.url for each in sent)
    assert not [each for each in sent if latitude in each.url + (each.post_data or "")]


def test_the_picture_of_the_place_is_there_without_a_network_and_without_a_position(
    window: Window, opened: OpenCentre
) -> None:
    hold(opened, (COVER, "drainage", 15.0))
    case = opened.dispatched()
    phone = window.open("/worker", size=PHONE, workers="allow")
    window.sign_in(phone, "handler")
    phone.evaluate("navigator.serviceWorker.ready.then(() => null)")
    phone.reload()
    phone.wait_for_function(
        "id => id in JSON.parse(localStorage.getItem('xunhuan.grounds') ?? '{}')", arg=case
    )
    phone.context.set_offline(True)
    phone.reload()

    phone.click(".card")

    expect(phone.locator(".sketch .landmark")).to_have_count(1)
    expect(phone.locator(".sketch .grid").first).to_be_attached()
    expect(phone.locator(".sketch .me")).to_have_count(0)
    expect(phone.locator("#landmark")).to_contain_text("污水井")
    expect(phone.locator("#way b")).to_have_count(0)


def test_who_is_asked_is_one_tap_away(window: Window, opened: OpenCentre) -> None:
    opened.handling()
    phone = window.sign_in(window.open("/worker", size=PHONE), "handler")
    phone.click(".card")

    for screen in ("#way", "#trouble"):
        phone.locator(screen).dispatch_event("click")
        calls = phone.locator(".call")
        expect(calls).to_have_count(2)
        assert calls.nth(0).get_attribute("href") == "tel:00000000001"
        assert calls.nth(1).get_attribute("href") == "tel:00000000001,8002"


def test_a_city_without_numbers_shows_no_button(
    browser: Browser, contexts: list[BrowserContext], building: Building, tmp_path: Path
) -> None:
    settings = (PROFILES / "demo" / "profile.toml").read_text(encoding="utf-8")
    city = tmp_path / "city"
    city.mkdir()
    for file in (PROFILES / "demo").iterdir():
        (city / file.name).symlink_to(file)
    (city / "profile.toml").unlink()
    without = re.sub(r"(?m)^(centre|dispatcher) = .*\n", "", settings)
    (city / "profile.toml").write_text(without, encoding="utf-8")
    with open_copy(building, to=tmp_path / "data", profile=str(city)) as opened:
        opened.handling()
        window = Window(browser, contexts, opened)
        phone = window.sign_in(window.open("/worker", size=PHONE), "handler")
        phone.click(".card")

        expect(phone.locator("#aloud")).to_be_visible()
        expect(phone.locator(".call")).to_have_count(0)


def _finish_offline(window: Window, opened: OpenCentre, photo: Path) -> tuple[Page, str]:
    case = opened.handling()
    phone = window.open("/worker", size=PHONE, workers="allow")
    window.sign_in(phone, "handler")
    phone.evaluate("navigator.serviceWorker.ready.then(() => null)")
    phone.reload()
    phone.click(".card")
    phone.click("#done")
    phone.context.set_offline(True)
    phone.set_input_files("#camera", photo)
    phone.click("#send")
    expect(phone.locator(".sent")).to_contain_text("已存在手机里")
    phone.click("#sign-out")
    return phone, case


def _status(opened: OpenCentre, case: str) -> str:
    return str(opened.get("supervisor", f"/cases/{case}")["line"]["status"])


def test_who_signs_out_is_told_what_waits_and_may_send_it_first(
    window: Window, opened: OpenCentre, photo: Path
) -> None:
    phone, case = _finish_offline(window, opened, photo)
    expect(phone.locator("#unsent")).to_contain_text("还有 1 件没有发到中心")

    phone.click("#send-first")
    expect(phone.locator(".notice.bad")).to_contain_text("没有全部发出")
    assert _status(opened, case) == "handling"
    # A phone that does not notice by itself that it has a network again.
    phone.evaluate(
        "window.addEventListener('online', (told) => told.stopImmediatePropagation(), true)"
    )
    phone.context.set_offline(False)
    phone.click("#send-first")

    expect(phone.locator("form.sign")).to_be_visible()
    expect(phone.locator("#left-behind")).to_have_count(0)
    assert _status(opened, case) == "handled"


def test_what_goes_by_itself_while_who_signs_out_is_asked_is_told_and_they_may_go(
    window: Window, opened: OpenCentre, photo: Path
) -> None:
    phone, case = _finish_offline(window, opened, photo)
    expect(phone.locator("#unsent")).to_contain_text("还有 1 件没有发到中心")

    phone.context.set_offline(False)

    expect(phone.locator("#all-sent")).to_contain_text("都已发出")
    assert _status(opened, case) == "handled"
    phone.click("#leave-now")
    expect(phone.locator("form.sign")).to_be_visible()
    expect(phone.locator("#left-behind")).to_have_count(0)


def test_what_stays_on_the_phone_is_named_to_the_next_and_goes_when_its_owner_is_back(
    window: Window, opened: OpenCentre, photo: Path
) -> None:
    phone, case = _finish_offline(window, opened, photo)
    phone.click("#leave-anyway")
    expect(phone.locator("#left-behind")).to_contain_text("handler某 1 件")
    phone.context.set_offline(False)
    phone.reload()
    expect(phone.locator("form.sign")).to_be_visible()  # the old session ended with the network

    window.sign_in(phone, "collector")
    expect(phone.locator("#sign-out")).to_be_visible()
    assert _status(opened, case) == "handling"
    phone.click("#sign-out")
    expect(phone.locator("#left-behind")).to_contain_text("handler某 1 件")
    window.sign_in(phone, "handler")

    expect(phone.locator("#waiting")).to_contain_text("数据截至")
    assert _status(opened, case) == "handled"


def test_who_signs_in_keeps_what_they_typed_when_the_network_comes_and_goes(
    window: Window, opened: OpenCentre
) -> None:
    phone = window.open("/worker", size=PHONE)
    phone.fill("#name", "handler")

    for _ in range(2):
        with phone.expect_response("**/api/v1/tasks/mine"):
            phone.evaluate("window.dispatchEvent(new Event('online'))")

    phone.fill("#password", PASSWORD)
    phone.click("#sign-in")
    expect(phone.locator("#sign-out")).to_be_visible()


def test_who_has_sent_everything_just_signs_out(window: Window, opened: OpenCentre) -> None:
    opened.handling()
    phone = window.sign_in(window.open("/worker", size=PHONE), "handler")

    phone.click("#sign-out")

    expect(phone.locator("form.sign")).to_be_visible()
    expect(phone.locator("#left-behind")).to_have_count(0)


def test_a_photo_that_was_taken_and_not_handed_in_is_named_before_signing_out(
    window: Window, opened: OpenCentre, photo: Path
) -> None:
    opened.handling()
    phone = window.sign_in(window.open("/worker", size=PHONE), "handler")
    phone.click(".card")
    phone.click("#done")
    phone.set_input_files("#camera", photo)
    expect(phone.locator(".slider")).to_be_visible()
    phone.click(".back")
    expect(phone.locator("#done")).to_be_visible()
    phone.click(".back")
    phone.click("#sign-out")

    expect(phone.locator("#unsent")).to_contain_text("拍了照、还没提交的 1 件")
    phone.click("#stay")
    expect(phone.locator(".card")).to_be_visible()
