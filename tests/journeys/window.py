"""Pages as people open them: a phone in the street, a screen at the centre."""

from typing import Final

from playwright.sync_api import Browser, BrowserContext, Error, Page

from tests.api.open_centre import PASSWORD, OpenCentre

ARGS: Final = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")
PHONE: Final = {"width": 390, "height": 844}
DESK: Final = {"width": 1440, "height": 900}


def wait_for_picture(page: Page, selector: str) -> None:
    """Bring the first picture of a selector into view, and wait until it shows something.

    It is sought anew each time: a page that is drawn once more has another picture in its place.
    """
    page.wait_for_function(
        """selector => {
            const picture = document.querySelector(selector);
            picture?.scrollIntoView({ block: "nearest" });
            return picture?.naturalWidth > 0;
        }""",
        arg=selector,
    )


class Window:
    """Opens pages for people: a phone or a screen, in a language."""

    def __init__(
        self, browser: Browser, contexts: list[BrowserContext], centre: OpenCentre
    ) -> None:
        """Set up."""
        self._browser, self._contexts, self._centre = browser, contexts, centre
        self.faults: list[Error] = []

    def open(
        self,
        page: str,
        *,
        size: dict[str, int],
        language: str = "zh",
        elder: bool = False,
        workers: str = "block",
    ) -> Page:
        """Open a page that nobody is signed in to."""
        context = self._browser.new_context(
            viewport={"width": size["width"], "height": size["height"]},
            has_touch=size["width"] < 500,
            service_workers="allow" if workers == "allow" else "block",
        )
        self._contexts.append(context)
        context.set_default_timeout(30_000)
        said = f'localStorage.setItem("xunhuan.lang", "{language}");'
        if elder:
            said += 'localStorage.setItem("xunhuan.elder", "1");'
        context.add_init_script(said)
        opened = context.new_page()
        opened.on("pageerror", self._note)
        opened.goto(self._centre.server.address + page)
        return opened

    def _note(self, fault: Error) -> None:
        self.faults.append(fault)

    def sign_in(self, page: Page, name: str) -> Page:
        """Sign somebody in by the form."""
        page.fill("#name", name)
        page.fill("#password", PASSWORD)
        page.click("#sign-in")
        page.wait_for_selector("form.sign", state="detached")
        return page
