"""A month that is over is frozen: counted again it gives the same, or says what differs."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from api.reports.frozen import FrozenDiffers, PeriodNotOver, freeze
from api.wiring import Centre
from tests.api.open_centre import OpenCentre

LATER = datetime(2026, 12, 2, tzinfo=UTC)


def in_december(opened: OpenCentre) -> Centre:
    return replace(opened.centre, now=lambda: LATER)


def test_a_frozen_month_counted_again_gives_the_same_bytes(opened: OpenCentre) -> None:
    opened.handled()
    first = freeze("2026-11", centre=in_december(opened)).read_bytes()

    again = freeze("2026-11", centre=in_december(opened)).read_bytes()

    kept = json.loads(first)
    assert again == first
    assert kept["figures"]["department"]["roads"]["dispatched"] == [1, 1]
    assert kept["ledger"]["number"] > 0


def test_what_happens_after_the_month_changes_nothing_in_it(opened: OpenCentre) -> None:
    case = opened.handled()
    first = freeze("2026-11", centre=in_december(opened)).read_bytes()
    opened.watch.now = LATER

    opened.decide("supervisor", case, "send_back", note="没修好")

    assert freeze("2026-11", centre=in_december(opened)).read_bytes() == first


def test_a_month_that_no_longer_gives_its_figures_says_which(opened: OpenCentre) -> None:
    opened.handled()
    kept = freeze("2026-11", centre=in_december(opened))
    before = kept.read_bytes()
    with opened.centre.engine.begin() as connection:
        connection.execute(text("DELETE FROM facts WHERE kind = 'sending'"))

    with pytest.raises(FrozenDiffers, match=r"city dispatched 1/1 → 0/0") as refused:
        freeze("2026-11", centre=in_december(opened))

    assert "department=roads dispatched 1/1 → 0/0" in refused.value.differences
    assert kept.read_bytes() == before


def test_a_month_that_goes_on_is_not_frozen(opened: OpenCentre) -> None:
    with pytest.raises(PeriodNotOver, match="2026-12-01"):
        freeze("2026-11", centre=opened.centre)
