"""A city's basemap may be shifted: things are drawn, read and led to where they are."""

import math
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

from api.words.navigation import directions_to
from dispatch.city.policies import Navigation
from dispatch.city_files.profile_folder import PROFILES
from dispatch.ground.datum import Datum, from_wgs84, to_wgs84
from dispatch.ground.place import Place
from tests.api.open_centre import PASSWORD, Building, OpenCentre, open_copy

JIEFANGBEI: Final = Place(latitude=29.557, longitude=106.577, ee=1.0, en=0.0, nn=1.0)
TILES: Final = "https://tiles.test/{z}/{x}/{y}.png"
SHIFTED: Final = (Datum.GCJ02, Datum.BD09)
BLANK: Final = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010100000000376ef924"
    "0000000a49444154789c63680000000200019daa0f170000000049454e44ae426082"
)


def _end(link: str) -> tuple[float, float]:
    """Give latitude and longitude of the place that a link of AMap, Baidu or Tencent leads to."""
    asked = parse_qs(urlsplit(link).query)
    if "location" in asked:
        north, east = asked["location"][0].split(",")
    elif "tocoord" in asked:
        north, east = asked["tocoord"][0].split(",")
    else:
        east, north, _ = asked["to"][0].split(",")
    return float(north), float(east)


@pytest.mark.parametrize(
    ("by", "datum"),
    [
        (Navigation.AMAP, Datum.GCJ02),
        (Navigation.TENCENT, Datum.GCJ02),
        (Navigation.BAIDU, Datum.BD09),
    ],
)
def test_an_app_is_told_the_place_in_its_own_datum(by: Navigation, datum: Datum) -> None:
    links = directions_to(JIEFANGBEI, name="坑槽 1&2", by=by)

    shown = from_wgs84(JIEFANGBEI.latitude, JIEFANGBEI.longitude, datum)
    assert links.android == links.apple
    assert _end(links.android) == pytest.approx(shown, abs=1e-6)
    assert "1&2" not in links.android


def test_a_phones_own_map_is_told_wgs_84_but_an_iphones_what_it_shows() -> None:
    links = directions_to(JIEFANGBEI, name="", by=Navigation.PHONE)

    assert links.android == "geo:29.557000,106.577000?q=29.557000,106.577000"
    assert links.apple == "maps://?daddr=29.554112,106.580688"


def test_outside_china_no_link_is_shifted() -> None:
    berlin = Place(latitude=52.52, longitude=13.405, ee=1.0, en=0.0, nn=1.0)

    for by in (Navigation.AMAP, Navigation.TENCENT, Navigation.BAIDU):
        assert _end(directions_to(berlin, name="x", by=by).apple) == (52.52, 13.405)


def _city(folder: Path, basemap: str) -> Path:
    city = Path(shutil.copytree(PROFILES / "demo", folder / "city"))
    file = city / "profile.toml"
    file.write_text(file.read_text("utf-8") + f"\n[basemap]\n{basemap}\n", "utf-8")
    return city


@pytest.fixture(params=SHIFTED)
def shifted(
    request: pytest.FixtureRequest, building: Building, tmp_path: Path
) -> Iterator[tuple[OpenCentre, Datum]]:
    """A centre whose basemap is shifted."""
    datum: Datum = request.param
    city = _city(tmp_path, f'tiles = "{TILES}"\ndatum = "{datum}"\nnavigation = "amap"')
    with open_copy(building, to=tmp_path / "data", profile=str(city)) as centre:
        yield centre, datum


def test_a_city_says_its_basemap_and_its_app(shifted: tuple[OpenCentre, Datum]) -> None:
    centre, datum = shifted
    case = centre.reported()

    line = centre.get("supervisor", f"/cases/{case}")["line"]
    page = centre.stranger().get("/centre")

    settings = centre.get("supervisor", "/map/settings")
    assert (settings["tiles"], settings["datum"]) == (TILES, datum.value)
    place = line["place"]
    shown = from_wgs84(place["latitude"], place["longitude"], Datum.GCJ02)
    assert _end(line["directions"]["android"]) == pytest.approx(shown, abs=1e-6)
    assert "https://tiles.test" in page.headers["content-security-policy"]


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """One Chromium for all these tests."""
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        launched = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield launched
        launched.close()


def _blank(route: Route) -> None:
    route.fulfill(body=BLANK, content_type="image/png")


def _map_of(browser: Browser, centre: OpenCentre) -> Page:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, service_workers="block")
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.route("https://tiles.test/**", _blank)
    page.goto(centre.server.address + "/centre")
    page.fill("#name", "supervisor")
    page.fill("#password", PASSWORD)
    page.click("#sign-in")
    page.wait_for_selector("#map .leaflet-marker-icon")
    page.wait_for_selector("#map img.leaflet-tile-loaded")
    return page


_SEEN: Final = """() => {
  const place = (selector) => document.querySelector(selector).getBoundingClientRect();
  const marker = place("#map .leaflet-marker-icon"), tile = place("#map img.leaflet-tile-loaded");
  return {
    tile: document.querySelector("#map img.leaflet-tile-loaded").src,
    corner: [tile.left, tile.top],
    side: tile.width,
    marker: [marker.left + marker.width / 2, marker.top + marker.height / 2],
  };
}"""


def _on_tiles(latitude: float, longitude: float, zoom: int) -> tuple[float, float]:
    """Give columns and rows of tiles, with fractions, of a point of web Mercator."""
    angle = math.asinh(math.tan(math.radians(latitude)))
    return (longitude / 360 + 0.5) * 2**zoom, (0.5 - angle / (2 * math.pi)) * 2**zoom


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_a_case_lies_on_the_shifted_tiles_where_it_lies_in_the_city(
    browser: Browser, shifted: tuple[OpenCentre, Datum]
) -> None:
    centre, datum = shifted
    place = centre.get("supervisor", f"/cases/{centre.reported()}")["line"]["place"]

    page = _map_of(browser, centre)
    page.wait_for_timeout(500)
    seen = page.evaluate(_SEEN)

    zoom, column, row = (int(part) for part in re.findall(r"/(\d+)", seen["tile"])[-3:])
    across, down = _on_tiles(*from_wgs84(place["latitude"], place["longitude"], datum), zoom)
    expected = (
        seen["corner"][0] + (across - column) * seen["side"],
        seen["corner"][1] + (down - row) * seen["side"],
    )
    assert seen["marker"] == pytest.approx(expected, abs=1.5)


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_a_point_read_off_a_shifted_map_is_told_in_wgs_84(
    browser: Browser, shifted: tuple[OpenCentre, Datum]
) -> None:
    centre, _ = shifted
    place = centre.get("supervisor", f"/cases/{centre.reported()}")["line"]["place"]

    page = _map_of(browser, centre)
    page.wait_for_timeout(500)
    x, y = page.evaluate(_SEEN)["marker"]
    page.mouse.click(x + 40, y, button="right")
    said = page.locator("#map .where").inner_text()

    north, east = (float(part) for part in re.findall(r"-?\d+\.\d+", said)[:2])
    # Forty pixels are a few dozen metres at most; the shift is half a kilometre.
    assert north == pytest.approx(place["latitude"], abs=1e-4)
    assert 0 < east - place["longitude"] < 1e-3


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_pages_and_centre_shift_alike(browser: Browser, opened: OpenCentre) -> None:
    rng = np.random.default_rng(11)
    places = np.column_stack([rng.uniform(-5, 60, 400), rng.uniform(60, 145, 400)]).tolist()
    page = browser.new_context(service_workers="block").new_page()
    page.goto(opened.server.address + "/centre")

    shown = page.evaluate(
        """async ([places, datums]) => {
          const { fromWgs84, toWgs84 } = await import("/web/shared/datum.js");
          const both = (datum) => ([north, east]) =>
            [fromWgs84(north, east, datum), toWgs84(north, east, datum)];
          return datums.map((datum) => places.map(both(datum)));
        }""",
        [places, [datum.value for datum in SHIFTED]],
    )

    for datum, pairs in zip(SHIFTED, shown, strict=True):
        for (north, east), (there, back) in zip(places, pairs, strict=True):
            assert there == pytest.approx(from_wgs84(north, east, datum), abs=1e-10)
            assert back == pytest.approx(to_wgs84(north, east, datum), abs=1e-9)
