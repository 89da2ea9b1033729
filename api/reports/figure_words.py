"""Figures as a report writes them: the value, its interval, what it is of, and the trend."""

from typing import Final

from api.figures import Sheet
from api.reports.tongue import Tongue
from dispatch.figures.evaluation import Figure
from dispatch.indicators.indicator import Indicator, Key, Unit
from dispatch.indicators.interval import difference
from dispatch.term import capital

SMALL: Final = 30
"""A share of fewer is marked: its interval is wide, and one case more or less moves it far."""
SMALL_MARK: Final = "※"
NONE: Final = "—"
_UNITS: Final = {
    Unit.COUNT: ("", ""),
    Unit.MEAN: ("", ""),
    Unit.KM: (" 公里", " km"),
    Unit.HOURS: (" 小时", " h"),
    Unit.DAYS: (" 天", " d"),
    Unit.KM_PER_DAY: (" 公里/台日", " km/device-day"),
    Unit.HOURS_PER_DAY: (" 小时/台日", " h/device-day"),
}


def value_words(figure: Figure, tongue: Tongue) -> str:
    """Write a value with its unit, a share of few with its mark."""
    if figure.value is None:
        return NONE
    if figure.indicator.is_rate:
        return f"{100 * figure.value:.1f}%{SMALL_MARK if is_small(figure) else ''}"
    digits = 0 if figure.indicator.unit is Unit.COUNT else 1 if figure.value >= 10 else 2
    return f"{figure.value:.{digits}f}{tongue.say(*_UNITS[figure.indicator.unit])}"


def interval_words(figure: Figure) -> str:
    """Write the 95 % interval of a share."""
    if figure.low is None or figure.high is None:
        return NONE
    return f"{100 * figure.low:.1f}–{100 * figure.high:.1f}%"


def of_words(figure: Figure) -> str:
    """Write what a share or a mean is of."""
    if not figure.indicator.of or figure.indicator.is_rank:
        return NONE
    return f"{figure.numerator} / {figure.denominator}"


def trend_words(now: Figure, before: Figure, tongue: Tongue) -> str:
    """Write how a figure moved; of a share whether that is more than chance may do."""
    if now.value is None or before.value is None:
        return NONE
    if not now.indicator.is_rate:
        return f"{now.value - before.value:+.{0 if now.indicator.unit is Unit.COUNT else 1}f}"
    points = 100 * (now.value - before.value)
    moved = tongue.say(f"{points:+.1f} 个百分点", f"{points:+.1f} points")
    if not now.indicator.sampled:
        return moved
    low, high = difference((now.numerator, now.denominator), (before.numerator, before.denominator))
    if low <= 0 <= high:
        return tongue.say(f"{moved}，分不清升降", f"{moved}, may be chance")
    return moved


def is_small(figure: Figure) -> bool:
    """Say whether a share is of so few that it needs caution."""
    return figure.low is not None and figure.denominator < SMALL


def indicator_name(indicator: Indicator, tongue: Tongue) -> str:
    """Name an indicator."""
    return tongue.retell(indicator.name_zh, capital(indicator.name_en))


def by_key(sheet: Sheet) -> dict[Key, Figure]:
    """Give the figures of a sheet by what they are called."""
    return {figure.indicator.key: figure for figure in sheet.figures}
