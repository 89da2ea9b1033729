"""The indicators: what each counts, from what, in a sentence of each language."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Key(StrEnum):
    """What an indicator is called in tables and files."""

    REPORTED = "reported"
    FILED = "filed"
    CLOSED = "closed"
    WRITTEN_OFF = "written_off"
    RETURNED = "returned"
    SUSPENDED = "suspended"
    RECURRED = "recurred"
    VALID_REPORT = "valid_report"
    FALSE_ALARM = "false_alarm"
    ON_TIME_DISPATCH = "on_time_dispatch"
    ON_TIME_HANDLING = "on_time_handling"
    CLOSURE = "closure"
    ON_TIME_CLOSURE = "on_time_closure"
    REWORK = "rework"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One indicator; a count where `is_rate` is false."""

    key: Key
    name_zh: str
    name_en: str
    formula_zh: str
    formula_en: str
    is_rate: bool = True

    @property
    def less_is_better(self) -> bool:
        """Whether a high rate speaks against those it is of."""
        return self.key in {Key.FALSE_ALARM, Key.REWORK, Key.CANNOT_TELL}


def _count(key: Key, name_zh: str, name_en: str, what_zh: str, what_en: str) -> Indicator:
    return Indicator(
        key=key,
        name_zh=name_zh,
        name_en=name_en,
        formula_zh=what_zh,
        formula_en=what_en,
        is_rate=False,
    )


def _rate(key: Key, name_zh: str, name_en: str, formula_zh: str, formula_en: str) -> Indicator:
    return Indicator(
        key=key, name_zh=name_zh, name_en=name_en, formula_zh=formula_zh, formula_en=formula_en
    )


INDICATORS: Final = (
    _count(Key.REPORTED, "上报数", "reported", "本期上报的案卷", "cases reported in the period"),
    _count(Key.FILED, "立案数", "filed", "本期立案的案卷", "cases filed in the period"),
    _count(
        Key.CLOSED,
        "结案数",
        "closed",
        "本期经核查结案的案卷",
        "cases closed as repaired in the period",
    ),
    _count(
        Key.WRITTEN_OFF,
        "特殊结案数",
        "written off",
        "本期未经修复而注明原因结案的案卷",
        "cases closed without repair, with a reason, in the period",
    ),
    _count(
        Key.RETURNED,
        "回退数",
        "returned",
        "本期部门回退的派遣",
        "dispatches that a department gave back in the period",
    ),
    _count(Key.SUSPENDED, "挂账数", "suspended", "本期挂账的案卷", "cases suspended in the period"),
    _count(
        Key.RECURRED,
        "复发数",
        "recurred",
        "本期上报、接续已结案卷的案卷",
        "cases reported in the period that follow a closed one",
    ),
    _rate(
        Key.VALID_REPORT,
        "有效上报率",
        "valid-report rate",
        "核实属实或立案的上报 ÷ 本期上报",
        "reports confirmed or filed / reports of the period",
    ),
    _rate(
        Key.FALSE_ALARM,
        "误报率",
        "false-alarm rate",
        "核实不属实 ÷ 本期作出核实结论的上报",
        "reports found untrue / reports that people judged in the period",
    ),
    _rate(
        Key.ON_TIME_DISPATCH,
        "按期派遣率",
        "on-time dispatch",
        "按期派遣 ÷ 应派遣",
        "dispatched on time / should dispatch",
    ),
    _rate(
        Key.ON_TIME_HANDLING,
        "按期处置率",
        "on-time handling",
        "按期处置 ÷ 应处置（含超期未处置）",
        "handled on time / should handle, overdue and open ones included",
    ),
    _rate(
        Key.CLOSURE,
        "结案率",
        "closure rate",
        "已结案 ÷ 应结案（含超期未结案）",
        "closed / should close, overdue and open ones included",
    ),
    _rate(
        Key.ON_TIME_CLOSURE,
        "按期结案率",
        "on-time closure",
        "按期结案 ÷ 应结案（含超期未结案）",
        "closed on time / should close, overdue and open ones included",
    ),
    _rate(
        Key.REWORK,
        "返工率",
        "rework rate",
        "返过工的案卷 ÷ 应结案",
        "cases sent back at least once / should close",
    ),
    _rate(
        Key.CANNOT_TELL,
        "看不清率",
        "cannot-tell rate",
        "最近一次复巡判断为看不清的案卷 ÷ 本期作过复巡判断的案卷",
        "cases whose last verdict by a pass is 'cannot tell' / cases judged in the period",
    ),
)
"""Should: the deadline falls in the period and has come, or came before and the work was still open
when the period began; suspended work is left out until it resumes."""
