"""A month that is over is frozen: counted again it gives the same, or says what differs."""

import json
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text

from api.centre.wiring import Centre
from api.keeping.facts_anew import Differed, retell
from api.reports.audit import export_bundle, verify_centre
from api.reports.frozen import FrozenDiffers, FrozenSwapped, PeriodNotOver, freeze
from dispatch.figures import evaluation
from dispatch.indicators.indicator import Key
from dispatch.indicators.table import INDICATORS
from dispatch.proof.recount import Tally
from dispatch.proof.recount_patrols import Patrols
from dispatch.proof.verify import found
from dispatch.proof.verify_kept import Kept
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


def test_a_page_is_told_how_settled_the_figures_of_a_period_are(opened: OpenCentre) -> None:
    opened.handled()

    def told(period: str) -> tuple[str, str, str, str, int | None]:
        sheet = opened.get("evaluator", f"/indicators?period={period}")
        days = f"{sheet['first_day']} {sheet['last_day']}"
        return sheet["period"], days, sheet["words"]["zh"], sheet["standing"], sheet["ledger"]

    assert told("this-week")[::3] == ("2026-W47", "goes_on")
    opened.watch.now = LATER
    assert told("2026-11")[3] == "unfrozen"
    file = freeze("2026-11", centre=opened.centre)
    ledger = json.loads(file.read_bytes())["ledger"]["number"]
    assert told("2026-11") == (
        "2026-11",
        "2026-11-01 2026-11-30",
        "2026 年 11 月",
        "frozen",
        ledger,
    )
    assert told("2026-11-02..2026-11-05")[1:4:2] == ("2026-11-02 2026-11-05", "over")
    assert opened.get("evaluator", "/notices?period=2026-W47") == []
    file.unlink()
    assert told("2026-11")[3] == "swapped"


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


def test_a_frozen_month_cannot_be_swapped_or_dropped_unseen(opened: OpenCentre) -> None:
    opened.handled()
    centre = in_december(opened)
    file = freeze("2026-11", centre=centre)
    before = file.read_bytes()
    file.write_bytes(before.replace(b'"frozen_at": "2026', b'"frozen_at": "2025'))

    with pytest.raises(FrozenSwapped, match="总账"):
        freeze("2026-11", centre=centre)
    swapped = verify_centre(None, centre=centre).troubles
    file.unlink()
    with pytest.raises(FrozenSwapped):
        freeze("2026-11", centre=centre)
    dropped = verify_centre(None, centre=centre).troubles
    file.write_bytes(before)

    assert [en for _, _, en in swapped] == ["its file is not the one that was frozen"]
    assert [en for _, _, en in dropped] == ["its file is missing"]
    assert freeze("2026-11", centre=centre).read_bytes() == before
    assert verify_centre(None, centre=centre).troubles == ()


def test_a_frozen_month_goes_into_the_bundle_and_is_checked_there(
    opened: OpenCentre, tmp_path: Path
) -> None:
    opened.handled()
    opened.told()
    centre = in_december(opened)
    kept = freeze("2026-11", centre=centre)
    bundle = tmp_path / "bundle.zip"

    export_bundle(bundle, None, frozenset(), centre=centre)

    assert list(found(bundle, partial(Tally, patrols=Patrols), Kept)) == []
    with zipfile.ZipFile(bundle) as packed:
        assert packed.read("periods/2026-11.json") == kept.read_bytes()


def test_facts_that_were_lost_are_named_and_told_anew(opened: OpenCentre) -> None:
    case = opened.handled()
    opened.told()
    before = freeze("2026-11", centre=in_december(opened)).read_bytes()
    with opened.centre.engine.begin() as connection:
        connection.execute(text("DELETE FROM facts WHERE kind = 'sending'"))
        connection.execute(text("UPDATE stretches SET distance_cm = 1"))
    with opened.centre.read() as uow:
        number = uow.cases.get(case).number

    compared = retell(centre=opened.centre, write=False)
    mended = retell(centre=opened.centre, write=True)

    assert compared == mended
    assert (compared.cases, len(compared.sweeps)) == ((number,), 1)
    assert retell(centre=opened.centre, write=False) == Differed(cases=(), sweeps=(), ground=())
    assert freeze("2026-11", centre=in_december(opened)).read_bytes() == before


def test_a_month_that_goes_on_is_not_frozen(opened: OpenCentre) -> None:
    with pytest.raises(PeriodNotOver, match="2026-12-01"):
        freeze("2026-11", centre=opened.centre)


def test_an_indicator_that_came_after_a_month_was_frozen_is_no_difference_of_it(
    opened: OpenCentre, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened.handled()
    fewer = tuple(each for each in INDICATORS if each.key is not Key.REPORTED)
    with monkeypatch.context() as then:
        then.setattr(evaluation, "INDICATORS", fewer)
        first = freeze("2026-11", centre=in_december(opened)).read_bytes()

    again = freeze("2026-11", centre=in_december(opened)).read_bytes()

    assert "reported" not in json.loads(first)["figures"]["city"][""]
    assert again == first
