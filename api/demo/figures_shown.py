"""The figures that the demo prints, each with the cases that make it what it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from api.centre.wiring import Centre
from api.figures import Sheet, cases_behind
from api.reports.figure_words import by_key, indicator_name, of_words, value_words
from api.reports.tongue import Tongue
from dispatch.clocks.period import Period
from dispatch.figures.evaluation import Figure
from dispatch.ids import CaseId
from dispatch.indicators.indicator import Key
from dispatch.ports.unit_of_work import FactFilter

_OF_CASES: Final = (
    Key.VALID_REPORT,
    Key.ON_TIME_CONFIRM,
    Key.ON_TIME_DISPATCH,
    Key.RETURNED,
    Key.ON_TIME_HANDLING,
    Key.SENT_BACK,
    Key.REWORK,
    Key.SUPERVISED,
    Key.ON_TIME_REPLY,
    Key.CLOSURE,
    Key.ON_TIME_CLOSURE,
    Key.CANNOT_TELL,
)
_OF_PATROLS: Final = (Key.MEDIAN_TO_FILING, Key.PASSES, Key.PATROL_KM)


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureShown:
    """One printed figure.

    Args:
        which: what makes it what it is: of a share the cases that fell short, else the counted.
    """

    key: str
    name_zh: str
    name_en: str
    value_zh: str
    value_en: str
    of: str
    which: tuple[str, ...]


def shown(
    sheet: Sheet, period: Period, *, named: Callable[[CaseId], str], centre: Centre
) -> tuple[FigureShown, ...]:
    """Choose and word the figures of a demo.

    Args:
        named: what the demo calls a case.
    """
    found = by_key(sheet)
    told: list[FigureShown] = []
    for key in (*_OF_CASES, *_OF_PATROLS):
        behind: Mapping[CaseId, bool] = {}
        if key in _OF_CASES:
            behind = cases_behind(key, period, FactFilter(), centre=centre)
        told.append(_shown(found[key], behind, named))
    return tuple(told)


def _shown(
    figure: Figure, behind: Mapping[CaseId, bool], named: Callable[[CaseId], str]
) -> FigureShown:
    of = figure.indicator
    counted = not of.is_rate or of.less_is_better
    which = sorted({named(case) for case, hit in behind.items() if hit is counted})
    return FigureShown(
        key=of.key.value,
        name_zh=indicator_name(of, Tongue.ZH),
        name_en=indicator_name(of, Tongue.EN),
        value_zh=value_words(figure, Tongue.ZH),
        value_en=value_words(figure, Tongue.EN),
        of=of_words(figure),
        which=tuple(which),
    )
