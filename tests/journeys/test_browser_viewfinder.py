"""The photo of the work is taken from where the picture of before was: over a live view."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.api import pictures
from tests.api.open_centre import OpenCentre
from tests.journeys.window import ARGS, PHONE, Window, wait_for_picture

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

CAMERA = ("--use-fake-device-for-media-stream",)
BRIGHTNESS = """() => {
    const canvas = document.createElement("canvas");
    const video = document.querySelector("video");
    [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
    const drawing = canvas.getContext("2d");
    drawing.drawImage(video, 0, 0);
    const { data } = drawing.getImageData(0, 0, canvas.width, canvas.height);
    return data.reduce((most, each, at) => at % 4 === 3 ? most : Math.max(most, each), 0);
}"""


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """A Chromium whose phone has a camera that sees a drawn scene."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=[*ARGS, *CAMERA])
        yield launched
        launched.close()


def _at_the_photo(window: Window, opened: OpenCentre, *permissions: str) -> tuple[Page, str]:
    case = opened.handling()
    phone = window.open("/worker", size=PHONE)
    phone.context.grant_permissions(list(permissions))
    window.sign_in(phone, "handler")
    phone.click(".card")
    expect(phone.locator(".photo img").first).to_be_visible()
    phone.click("#done")
    return phone, case


def _boxes(phone: Page, *selectors: str) -> list[dict[str, float]]:
    """Give where things lie, all at one moment: a picture that comes moves what is below it."""
    found: list[dict[str, float]] = phone.evaluate(
        """selectors => selectors.map((each) => {
            const { x, y, width, height } = document.querySelector(each).getBoundingClientRect();
            return { x, y, width, height };
        })""",
        selectors,
    )
    return found


def _tracks(phone: Page) -> str:
    return str(phone.evaluate("window.track?.readyState ?? 'none'"))


def test_the_photo_is_taken_over_the_picture_of_before_and_handed_in(
    window: Window, opened: OpenCentre
) -> None:
    phone, case = _at_the_photo(window, opened, "camera")

    expect(phone.locator("#shutter")).to_be_enabled()
    wait_for_picture(phone, ".ghost")
    assert phone.evaluate(BRIGHTNESS) > 0
    video, ghost = _boxes(phone, ".finder video", ".finder .ghost")
    assert video == ghost
    assert phone.locator(".ghost").evaluate("it => getComputedStyle(it).opacity") == "0.5"
    phone.locator("#strength").fill("80")
    assert phone.locator(".ghost").evaluate("it => getComputedStyle(it).opacity") == "0.8"
    expect(phone.locator(".thirds path")).to_be_attached()
    phone.evaluate("window.track = document.querySelector('video').srcObject.getTracks()[0]")
    phone.click("#shutter")

    expect(phone.locator(".slider")).to_be_visible()
    assert _tracks(phone) == "ended"
    phone.reload()  # as when the phone ends the page: the photo is kept
    expect(phone.locator(".slider")).to_be_visible()
    phone.click("#send")
    expect(phone.locator(".sent")).to_contain_text("已提交")
    story = opened.get("handler", f"/cases/{case}")
    assert story["line"]["status"] == "handled"
    assert [each["purpose"] for each in story["photos"]] == ["after"]


def test_before_and_now_stand_beside_each_other_where_the_sun_washes_a_shadow_out(
    window: Window, opened: OpenCentre
) -> None:
    phone, _ = _at_the_photo(window, opened, "camera")
    expect(phone.locator("#shutter")).to_be_enabled()

    phone.click("[data-look=beside]")

    ghost, video = _boxes(phone, ".finder .ghost", ".finder video")
    assert ghost["x"] + ghost["width"] <= video["x"] + 1
    phone.click("[data-look=live]")
    expect(phone.locator(".ghost")).to_be_hidden()


def test_the_camera_rests_when_the_worker_goes_back(window: Window, opened: OpenCentre) -> None:
    phone, _ = _at_the_photo(window, opened, "camera")
    expect(phone.locator("#shutter")).to_be_enabled()
    phone.evaluate("window.track = document.querySelector('video').srcObject.getTracks()[0]")

    phone.click(".back")

    expect(phone.locator("#done")).to_be_visible()
    assert _tracks(phone) == "ended"


def test_a_camera_that_is_not_allowed_leaves_the_phones_own_camera(
    window: Window, opened: OpenCentre, tmp_path: Path
) -> None:
    phone, _ = _at_the_photo(window, opened)
    phone.evaluate(
        """() => { navigator.mediaDevices.getUserMedia = async () => {
            throw new DOMException("no", "NotAllowedError"); }; }"""
    )
    phone.click("#look")

    expect(phone.locator(".notice.bad")).to_contain_text("没有允许用相机")
    expect(phone.locator("label.main[for=camera]")).to_be_visible()
    file = tmp_path / "after.jpg"
    file.write_bytes(pictures.road(pothole=False, mark="camera"))
    phone.set_input_files("#camera", file)
    expect(phone.locator(".slider")).to_be_visible()


@pytest.mark.parametrize(
    ("size", "elder"),
    [((360, 740), False), ((360, 740), True), ((740, 360), False), ((740, 360), True)],
)
def test_gloves_find_the_shutter_and_see_the_view_whichever_way_the_phone_is_held(
    window: Window, opened: OpenCentre, size: tuple[int, int], elder: bool
) -> None:
    wide, high = size
    opened.handling()
    phone = window.open("/worker", size={"width": wide, "height": high}, elder=elder)
    phone.context.grant_permissions(["camera"])
    window.sign_in(phone, "handler")
    phone.click(".card")
    phone.click("#done")
    expect(phone.locator("#shutter")).to_be_enabled()

    shutter, stage = _boxes(phone, "#shutter", ".finder .stage")
    assert shutter["height"] >= 80
    assert shutter["y"] + shutter["height"] <= high
    assert stage["y"] >= 0
    assert stage["y"] + stage["height"] <= (shutter["y"] if high > wide else high)
    assert stage["x"] + stage["width"] <= (wide if high > wide else shutter["x"])
    assert stage["height"] >= 230
    assert phone.evaluate("document.documentElement.scrollWidth") <= wide
