"""Maps in China show a place elsewhere: there and back, as the published formulas say."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.ground.datum import Datum, from_wgs84, to_wgs84

SHIFTED = [Datum.GCJ02, Datum.BD09]
JIEFANGBEI = (29.557, 106.577)
LANDMARKS = {
    Datum.GCJ02: (29.554111835, 106.580687852),
    Datum.BD09: (29.560266853, 106.587165142),
}


@pytest.mark.parametrize("datum", SHIFTED)
def test_a_known_place_is_shown_where_its_map_shows_it(datum: Datum) -> None:
    assert from_wgs84(*JIEFANGBEI, datum) == pytest.approx(LANDMARKS[datum], abs=1e-9)
    assert to_wgs84(*LANDMARKS[datum], datum) == pytest.approx(JIEFANGBEI, abs=1e-8)


@given(st.floats(4.0, 53.0), st.floats(74.0, 134.0), st.sampled_from(SHIFTED))
def test_there_and_back_is_where_it_was(latitude: float, longitude: float, datum: Datum) -> None:
    shown = from_wgs84(latitude, longitude, datum)

    assert shown != (latitude, longitude)
    assert to_wgs84(*shown, datum) == pytest.approx((latitude, longitude), abs=1e-9)


@given(st.floats(-85.0, 85.0), st.floats(-180.0, 180.0))
def test_a_map_without_shift_shows_things_where_they_are(latitude: float, longitude: float) -> None:
    assert from_wgs84(latitude, longitude, Datum.WGS84) == (latitude, longitude)
    assert to_wgs84(latitude, longitude, Datum.WGS84) == (latitude, longitude)


@pytest.mark.parametrize("datum", SHIFTED)
@pytest.mark.parametrize("place", [(52.52, 13.405), (-33.87, 151.21), (40.71, -74.01)])
def test_other_continents_are_not_shifted(place: tuple[float, float], datum: Datum) -> None:
    assert from_wgs84(*place, datum) == place
    assert to_wgs84(*place, datum) == place


@pytest.mark.parametrize("datum", SHIFTED)
def test_a_border_between_shifted_and_not_ends_the_search(datum: Datum) -> None:
    for longitude in (72.0, 72.002, 72.004, 72.006, 72.01):
        north, east = to_wgs84(30.0, longitude, datum)

        assert abs(north - 30.0) < 0.02
        assert abs(east - longitude) < 0.02


@pytest.mark.samples
def test_the_reference_pairs_are_met(samples: Path) -> None:
    pairs = json.loads((samples / "coordinates/gcj02/golden.json").read_text("utf-8"))

    assert len(pairs) >= 6
    for pair in pairs.values():
        place = tuple(reversed(pair["wgs84"]))
        for datum in SHIFTED:
            shown = tuple(reversed(pair[datum.value]))
            assert from_wgs84(*place, datum) == pytest.approx(shown, abs=1e-9)
            assert to_wgs84(*shown, datum) == pytest.approx(place, abs=1e-8)
