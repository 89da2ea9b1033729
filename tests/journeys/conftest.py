"""A browser and an open centre for every journey through pages."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.api.open_centre import Building, OpenCentre, furnish, open_copy
from tests.journeys.window import ARGS, Window


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """One Chromium for all these tests."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=list(ARGS))
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def building(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Building]:
    """A data folder with people and one device, to be copied, and a port."""
    with furnish(tmp_path_factory.mktemp("centre")) as furnished:
        yield furnished


@pytest.fixture
def opened(building: Building, tmp_path: Path) -> Iterator[OpenCentre]:
    """A centre of the test's own."""
    with open_copy(building, to=tmp_path / "data") as centre:
        yield centre


@pytest.fixture
def contexts(browser: Browser) -> Iterator[list[BrowserContext]]:
    """The windows that a test opens, closed at its end."""
    opened: list[BrowserContext] = []
    yield opened
    for context in opened:
        context.close()


@pytest.fixture
def window(
    browser: Browser, contexts: list[BrowserContext], opened: OpenCentre
) -> Iterator[Window]:
    """What opens pages on the test's centre; no script of theirs may fail."""
    window = Window(browser, contexts, opened)
    yield window
    assert not window.faults
