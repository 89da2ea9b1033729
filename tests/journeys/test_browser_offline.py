"""A worker's day without a network: all is on the phone, is sent once, and can be taken back."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.api import pictures
from tests.api.open_centre import OpenCentre
from tests.journeys.window import PHONE, Window, wait_for_picture

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    file = tmp_path / "after.jpg"
    file.write_bytes(pictures.road(pothole=False, mark="camera"))
    return file


def _in_the_morning(window: Window, case: str) -> Page:
    """Sign the handler in and leave the phone alone until it has fetched what the day needs."""
    phone = window.open("/worker", size=PHONE, workers="allow")
    window.sign_in(phone, "handler")
    phone.evaluate("navigator.serviceWorker.ready.then(() => null)")
    phone.reload()
    phone.wait_for_function(
        """async (id) => (await (await caches.open("xunhuan-pictures-1")).keys()).length >= 2
            && id in JSON.parse(localStorage.getItem("xunhuan.stories") ?? "{}")""",
        arg=case,
    )
    phone.context.set_offline(True)
    phone.reload()
    return phone


def test_a_task_never_opened_is_done_from_first_to_last_without_a_network(
    window: Window, opened: OpenCentre, photo: Path
) -> None:
    case = opened.dispatched()
    opened.watch.later(minutes=5)
    phone = _in_the_morning(window, case)

    expect(phone.locator(".notice")).to_contain_text("没有网络，照常做")
    expect(phone.locator("#no-shell")).to_have_count(0)
    phone.click(".card")
    wait_for_picture(phone, ".photo img")
    assert (phone.get_attribute("#go", "href") or "").startswith("geo:")
    phone.click("#accept")
    phone.click("#done")
    phone.set_input_files("#camera", photo)
    expect(phone.locator(".slider")).to_be_visible()
    phone.reload()  # as when the camera leaves the page no room
    expect(phone.locator(".slider")).to_be_visible()
    phone.click("#send")
    expect(phone.locator(".sent")).to_contain_text("已存在手机里")
    phone.evaluate("localStorage.setItem('xunhuan.ahead', 3 * 86400e3)")  # three days on
    phone.reload()
    expect(phone.locator("#old")).to_contain_text("有 2 件存了两天还没发出")
    phone.click("#waiting")
    expect(phone.locator(".item")).to_have_count(2)
    phone.click(".back-out")
    expect(phone.locator(".item")).to_have_count(1)
    phone.click(".back")
    phone.click(".card")
    phone.click("#done")
    phone.click("#send")
    expect(phone.locator(".sent")).to_contain_text("已存在手机里")
    assert opened.get("handler", f"/cases/{case}")["line"]["status"] == "dispatched"
    phone.context.set_offline(False)
    phone.evaluate("for (const _ of [1, 2]) window.dispatchEvent(new Event('online'))")

    expect(phone.locator("#waiting")).to_contain_text("数据截至")
    story = opened.get("handler", f"/cases/{case}")
    assert [step["action"] for step in story["steps"][-2:]] == ["accept", "finish"]
    assert len(story["photos"]) == 1


def test_what_the_department_returned_meanwhile_is_told_and_the_photo_stays_to_be_seen(
    window: Window, opened: OpenCentre, photo: Path
) -> None:
    case = opened.dispatched()
    opened.watch.later(minutes=5)
    phone = _in_the_morning(window, case)
    phone.click(".card")
    phone.click("#accept")
    phone.click("#done")
    phone.set_input_files("#camera", photo)
    phone.click("#send")
    expect(phone.locator(".sent")).to_contain_text("已存在手机里")

    said = opened.decide("department", case, "decline", note="不归我们管", code="D1")
    assert said.status_code == 200
    phone.context.set_offline(False)
    phone.reload()

    expect(phone.locator('.notice.bad[role="alert"]').first).to_contain_text("没有被接受")
    assert opened.get("supervisor", f"/cases/{case}")["line"]["status"] == "filed"


def test_a_slip_of_the_thumb_is_taken_back_before_it_goes(
    window: Window, opened: OpenCentre
) -> None:
    case = opened.reported()
    phone = window.sign_in(window.open("/worker", size=PHONE), "collector")
    phone.click(".card")
    # However slow the test is, the phone's few seconds pass when it says so.
    phone.clock.install()
    phone.clock.pause_at(datetime.now(UTC) + timedelta(minutes=1))
    phone.click("#confirm")
    phone.click("#undo")

    expect(phone.locator("#confirm")).to_be_visible()
    phone.clock.run_for(4_500)
    # All that is to be sent goes before the tasks are asked for.
    with phone.expect_response("**/api/v1/tasks/mine"):
        phone.evaluate("window.dispatchEvent(new Event('online'))")
    assert opened.get("supervisor", f"/cases/{case}")["line"]["status"] == "reported"


def test_a_task_is_read_out_and_a_browser_that_cannot_open_alone_is_named(
    window: Window, opened: OpenCentre
) -> None:
    opened.handling()
    phone = window.open("/worker", size=PHONE)
    phone.evaluate(
        "() => { speechSynthesis.speak = (it) => { window.said = [it.lang, it.text]; }; }"
    )
    window.sign_in(phone, "handler")

    expect(phone.locator("#no-shell")).to_contain_text("添加到桌面")
    phone.click(".card")
    phone.click("#aloud")

    language, text = phone.evaluate("window.said")
    assert language == "zh-CN"
    assert "坑槽" in text and "剩" in text


@pytest.mark.parametrize(
    ("name", "elder", "screens"),
    [("handler", False, ("", ".card", "#done")), ("collector", True, ("", "#report"))],
)
def test_targets_are_large_and_nothing_scrolls_sideways_at_twice_the_font(
    window: Window, opened: OpenCentre, name: str, elder: bool, screens: tuple[str, ...]
) -> None:
    opened.handling()
    phone = window.open("/worker", size={"width": 360, "height": 740})
    if elder:
        phone.click("#elder")
    window.sign_in(phone, name)
    small, large = (60, 64) if elder else (48, 56)

    for screen in screens:
        if screen:
            phone.click(screen)
        phone.wait_for_selector(".bottom" if screen or name == "collector" else ".card")
        for font in ("100%", "200%"):
            phone.evaluate("font => { document.documentElement.style.fontSize = font; }", font)
            heights = phone.eval_on_selector_all(
                "button, .button",
                """buttons => buttons.map(button =>
                    [button.matches(".bottom *, .card"), button.getBoundingClientRect().height])""",
            )

            title = phone.locator("#bar h1").bounding_box()

            assert phone.evaluate("document.documentElement.scrollWidth") <= 360, (screen, font)
            assert title is not None
            assert title["width"] >= 140, (screen, font)
            assert all(tall >= (large if main else small) for main, tall in heights), heights
        phone.evaluate("document.documentElement.style.fontSize = ''")
