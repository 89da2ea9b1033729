"""The route sheet reaches a vehicle by its signature and people by their area."""

from xml.etree import ElementTree as Xml

import pytest
from playwright.sync_api import sync_playwright

from dispatch.wire import RouteSheet
from tests.api.open_centre import PASSWORD, OpenCentre
from tests.journeys.window import ARGS


def test_a_vehicle_is_given_the_sheet_by_its_signature_alone(opened: OpenCentre) -> None:
    unsigned = opened.stranger().get("/api/v1/device/sheet")
    path = "/api/v1/device/sheet"
    headers = opened.device.headers("GET", path, b"", at=opened.door.now)
    signed = opened.stranger().get(path, headers=headers)

    assert unsigned.status_code == 401
    assert signed.status_code == 200
    assert RouteSheet.model_validate_json(signed.content).spots == ()


def test_people_download_it_for_their_navigation(opened: OpenCentre) -> None:
    phone = opened.phone("supervisor")
    gpx, kml = phone.get("/api/v1/sheet.gpx"), phone.get("/api/v1/sheet.kml")

    assert Xml.fromstring(gpx.content).tag.endswith("gpx")
    assert Xml.fromstring(kml.content).tag.endswith("kml")
    assert "attachment" in gpx.headers["Content-Disposition"]
    assert opened.stranger().get("/api/v1/sheet").status_code == 401


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_the_sheet_is_one_click_away_beside_the_vehicles(chromium: str, opened: OpenCentre) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(ARGS))
        page = browser.new_page()
        page.goto(opened.server.address + "/centre")
        page.fill("#name", "supervisor")
        page.fill("#password", PASSWORD)
        page.click("#sign-in")
        page.click("#to-devices")
        with page.expect_download() as told:
            page.click("#route-sheet a[download$=gpx]")
        name = told.value.suggested_filename
        browser.close()

    assert name == "xunhuan.gpx"
