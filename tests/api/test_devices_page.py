"""An officer sees at a glance which device is in trouble, and reads what to do about it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from dispatch.wire import CameraHealth, Complaint, Level, Running
from tests.api.open_centre import PASSWORD, OpenCentre
from tests.dispatch import making

LOST = Complaint(
    code="gnss_lost",
    level=Level.FAIL,
    zh="95 秒没有定位：请检查天线和接线",
    en="no position for 95 s: check the aerial",
)
FRONT = CameraHealth(
    name="front", frame_age_s=0.1, camera_fps=25.0, process_fps=9.5, skipped_fps=0.0, veil_share=0.1
)


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """One Chromium for all these tests."""
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        launched = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield launched
        launched.close()


def _centre_page(browser: Browser, centre: OpenCentre, name: str) -> Page:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, service_workers="block")
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto(centre.server.address + "/centre")
    page.fill("#name", name)
    page.fill("#password", PASSWORD)
    page.click("#sign-in")
    page.wait_for_selector("#to-map")
    return page


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_a_device_in_trouble_shows_in_the_bar_and_says_what_to_do(
    browser: Browser, opened: OpenCentre
) -> None:
    beat = making.heartbeat(at=opened.watch.now)
    said = {
        "ok": False,
        "reasons": (LOST,),
        "cameras": (FRONT,),
        "running": Running(precision="int8", provider="cpu"),
    }
    opened.send(beat.model_copy(update=said))

    page = _centre_page(browser, opened, "supervisor")
    alarm = page.inner_text("#device-alarm")
    page.click("#to-devices")
    page.wait_for_selector('#devices [data-standing="failing"]')

    assert alarm == "■ 1 台设备异常"
    assert page.inner_text('#devices [data-code="gnss_lost"]') == LOST.zh
    assert "脏污遮挡 10%" in page.inner_text("#devices")


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_who_dispatches_is_shown_no_devices(browser: Browser, opened: OpenCentre) -> None:
    page = _centre_page(browser, opened, "dispatcher")

    assert page.query_selector("#to-devices") is None


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_a_stolen_device_is_shut_out_by_one_click_and_let_in_anew_by_a_code(
    browser: Browser, opened: OpenCentre
) -> None:
    page = _centre_page(browser, opened, "administrator")
    page.click("#to-devices")

    page.click('[data-revoke="vehicle-07"]')
    page.wait_for_selector('#devices [data-standing="revoked"]')
    refused = opened.signed("GET", "/device/asked")
    page.click('[data-renew="vehicle-07"]')
    page.click("#invite-device button")
    code = page.inner_text("#device-code code")

    assert refused.status_code == 401
    assert len(code) >= 20


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_who_only_watches_the_devices_shuts_none_out(browser: Browser, opened: OpenCentre) -> None:
    page = _centre_page(browser, opened, "supervisor")
    page.click("#to-devices")
    page.wait_for_selector("#devices")

    assert page.query_selector("[data-revoke]") is None
    assert page.query_selector("#invite-device") is None
