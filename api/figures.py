"""The indicators of a month, computed from case histories."""

import re
from datetime import datetime
from typing import Final

from api.errors import ApiError
from api.schemas.base import Words
from api.schemas.indicators import FigureOut
from api.wiring import Centre
from dispatch.evaluation import Figure, Period, figures, marks_of

_MONTH: Final = re.compile(r"^(20\d\d)-(0[1-9]|1[0-2])$")


class NotAMonth(ApiError):
    """A period is written in another way than year and month."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"统计期“{text}”写法不对，请写成 2026-11", f"{text} is no month: write it as 2026-11"
        )


def month(text: str | None, *, centre: Centre) -> Period:
    """Give a month as a period in the city's own time; by default the current one.

    Raises:
        NotAMonth: it is written in another way.
    """
    zone = centre.profile.zone
    text = text or centre.now().astimezone(zone).strftime("%Y-%m")
    match = _MONTH.match(text)
    if match is None:
        raise NotAMonth(text)
    year, number = int(match[1]), int(match[2])
    start = datetime(year, number, 1, tzinfo=zone)
    end = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=zone)
    return Period(start=start, end=end)


def figures_of(period: Period, *, area: str, centre: Centre) -> tuple[Figure, ...]:
    """Compute every indicator of a period over the cases of an area."""
    with centre.read() as uow:
        cases = (
            case
            for case in uow.cases.touching(period.start, period.end)
            if (case.grid or "").startswith(area)
        )
        return figures(marks_of(cases, period=period, now=centre.now()))


def figure_out(figure: Figure) -> FigureOut:
    """Shape an indicator."""
    indicator = figure.indicator
    return FigureOut(
        name=indicator.key,
        words=Words(zh=indicator.name_zh, en=indicator.name_en),
        formula=Words(zh=indicator.formula_zh, en=indicator.formula_en),
        is_rate=indicator.is_rate,
        value=figure.value,
        low=figure.low,
        high=figure.high,
        numerator=len(figure.hits),
        denominator=len(figure.of),
        reasons=dict(figure.reasons),
    )
