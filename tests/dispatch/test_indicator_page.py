"""The page of formulas says what is counted."""

from dispatch.indicators.formula import Amount, Kind, Test
from tests.dispatch.indicator_page import AMOUNTS, KINDS, PAGE, TESTS, indicators_page


def test_the_page_of_indicators_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == indicators_page()


def test_every_kind_and_every_test_is_explained() -> None:
    assert (set(KINDS), set(TESTS), set(AMOUNTS)) == (set(Kind), set(Test), set(Amount))
