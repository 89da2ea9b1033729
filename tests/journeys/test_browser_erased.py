"""In a real browser: a picture that was erased is not shown again from what the browser kept."""

import pytest
from playwright.sync_api import Page, expect

from tests.api.open_centre import OpenCentre
from tests.journeys.window import DESK, PHONE, Window

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

GET = """async (path) => (await fetch(path)).status"""
KEPT = """async (path) => Boolean(await (await caches.open("xunhuan-pictures-1")).match(path))"""


def handed_in(opened: OpenCentre) -> tuple[str, str, str]:
    """A case with a photo that came back redacted; give the case, the photo and its address."""
    case = opened.handling()
    photo = opened.hand_in(case)
    return case, photo, f"/api/v1/cases/{case}/evidence/{opened.look_at(photo)}"


def shown(page: Page, path: str) -> bool:
    """Say whether an image of the address has anything to show."""
    return bool(
        page.evaluate(
            """(path) => new Promise((told) => {
                const picture = new Image();
                picture.onload = () => told(picture.naturalWidth > 0);
                picture.onerror = () => told(false);
                picture.src = path;
            })""",
            path,
        )
    )


def test_the_desk_shows_no_picture_from_its_cache_once_it_was_erased(
    window: Window, opened: OpenCentre
) -> None:
    case, photo, path = handed_in(opened)
    desk = window.sign_in(window.open(f"/centre#/case/{case}", size=DESK), "supervisor")
    assert shown(desk, path)
    answer = opened.decide("supervisor", case, "erase", note="本人要求", photo=photo)
    assert answer.is_success, answer.text

    desk.reload()

    expect(desk.locator("article")).to_have_attribute("data-case", case)
    assert not shown(desk, path)


def test_a_phone_forgets_a_picture_that_was_erased_as_soon_as_it_asks(
    window: Window, opened: OpenCentre
) -> None:
    case, photo, path = handed_in(opened)
    phone = window.open("/worker", size=PHONE, workers="allow")
    window.sign_in(phone, "handler")
    phone.evaluate("navigator.serviceWorker.ready.then(() => null)")
    phone.reload()
    assert phone.evaluate(GET, path) == 200
    phone.wait_for_function(KEPT, arg=path)
    phone.context.set_offline(True)
    assert shown(phone, path)
    answer = opened.decide("supervisor", case, "erase", note="本人要求", photo=photo)
    assert answer.is_success, answer.text

    phone.context.set_offline(False)
    assert phone.evaluate(GET, path) == 410

    assert not phone.evaluate(KEPT, path)
    phone.context.set_offline(True)
    assert not shown(phone, path)
