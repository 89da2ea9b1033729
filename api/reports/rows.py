"""The tables of a report as rows under heads, for workbooks and for plain files alike."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from api.figures import Sheet, group_words
from api.reports.counted import Counted
from api.words.class_words import severity_words
from api.words.wording import action_words
from dispatch.city.calendar_gap import gap_words, years_unplanned
from dispatch.city.profile import Profile
from dispatch.figures.evaluation import Figure
from dispatch.figures.standing import Listed
from dispatch.ids import DepartmentId
from dispatch.indicators.formula import Grouping
from dispatch.indicators.indicator import Unit
from dispatch.indicators.table import INDICATORS
from dispatch.term import Terms

Cell = str | float | datetime | None
Row = tuple[Cell, ...]
FIGURE_HEADS: Final = (
    "指标 Indicator",
    "数值 Value",
    "分子 Numerator",
    "分母 Denominator",
    "95% 下限 Low",
    "95% 上限 High",
    "公式 Formula",
    "单位 Unit",
    "上期 Before",
)
UNITS: Final = {
    Unit.COUNT: "件次 count",
    Unit.SHARE: "比率 share",
    Unit.KM: "公里 km",
    Unit.HOURS: "小时 h",
    Unit.DAYS: "天 d",
    Unit.MEAN: "均值 mean",
    Unit.KM_PER_DAY: "公里/台日 km a device-day",
    Unit.HOURS_PER_DAY: "小时/台日 h a device-day",
}
CASE_HEADS: Final = (
    "案卷号 Number",
    "类别 Class",
    "代码 Code",
    "状态 Status",
    "网格 Grid",
    "部门 Department",
    "上报 Reported",
    "结束 Ended",
    "纬度 Latitude",
    "经度 Longitude",
    "误差 CE90 m",
    "渲染 Rendered",
    "标准 Standard",
    "对应标准 Other standard",
    "对应代码 Other code",
    "严重程度 Severity",
    "已并入 Merged into",
)
GROUPINGS: Final = {
    Grouping.DISTRICT: "区 Districts",
    Grouping.STREET: "街道 Streets",
    Grouping.COMMUNITY: "社区 Communities",
    Grouping.GRID: "网格 Grids",
    Grouping.DEPARTMENT: "部门 Departments",
    Grouping.LABEL: "类别 Classes",
    Grouping.MODEL: "模型 Models",
}
"""What a report may tell figures apart by, in this order, and what each table is called."""
GROUP_HEADS: Final = (
    "代号 Id",
    "名称 Name",
    "综合分 Mark",
    "等级 Grade",
    *(f"{each.name_zh} {each.name_en}" for each in INDICATORS),
)
LATE_HEADS: Final = (
    "案卷号 Number",
    "类别 Class",
    "部门 Department",
    "环节 Duty",
    "时限 Due",
    "失效 Lapsed",
)
REDONE_HEADS: Final = (
    "案卷号 Number",
    "类别 Class",
    "部门 Department",
    "事项 What",
    "时间 When",
    "原因 Reason",
)
NOTE_HEADS: Final = ("事项 Note", "说明 Words", "批文 Permit", "发现 Sights", "处 Things")


def heads_of(heads: Sequence[str], profile: Profile) -> tuple[str, ...]:
    """Give the heads of a table, Chinese and English, in the city's words."""
    return tuple(in_both(head, profile) for head in heads)


def in_both(text: str, profile: Profile) -> str:
    """Retell a text of ours that is Chinese and English in the city's words."""
    return profile.words.retold_en(profile.words.retold_zh(text))


def figure_rows(counted: Counted, profile: Profile) -> Iterator[Row]:
    """Give every figure in the order of `FIGURE_HEADS`."""
    for now, before in zip(counted.sheet.figures, counted.before.figures, strict=True):
        yield _figure_row(now, before, profile)


def case_rows(counted: Counted, profile: Profile) -> Iterator[Row]:
    """Give the cases that the period concerns, as they stood."""
    return (case_row(case, profile) for case in counted.lists.cases())


def case_row(case: Listed, profile: Profile) -> Row:
    """Give a case in the order of `CASE_HEADS`, in the city's time."""
    stood, category = case.stood, case.category
    severity = severity_words(case)
    return (
        case.number,
        category.name_zh,
        category.key.code,
        profile.words.word_zh(Terms.STATUSES, stood.status),
        case.grid or "",
        _department(stood.department, profile),
        _local(case.reported_at, profile.zone),
        _local(stood.ended_at, profile.zone) if stood.ended_at else None,
        case.place.latitude,
        case.place.longitude,
        round(case.place.ce90_m, 2),
        "渲染 rendered" if case.rendered else "",
        category.key.standard,
        "; ".join(each.key.standard for each in category.counterparts),
        "; ".join(each.key.code for each in category.counterparts),
        severity.zh if severity else "",
        case.into or "",
    )


def group_rows(by: Grouping, counted: Counted, profile: Profile) -> Iterator[Row]:
    """Give each group's id, name, mark, grade and figures; None where nothing is to be counted."""
    return (_group_row(by, sheet, counted, profile) for sheet in counted.groups[by])


def late_rows(counted: Counted, profile: Profile) -> Iterator[Row]:
    """Give what is overdue and not done, in the order of `LATE_HEADS`."""
    for one in counted.lists.late:
        yield (
            one.number,
            one.category.name_zh,
            _department(one.department, profile),
            one.kind.value,
            _local(one.due_at, profile.zone),
            _local(one.lapsed_at, profile.zone) if one.lapsed_at else None,
        )


def redone_rows(counted: Counted, profile: Profile) -> Iterator[Row]:
    """Give what was sent back or taken up again, in the order of `REDONE_HEADS`."""
    for one in counted.lists.redone:
        yield (
            one.number,
            one.category.name_zh,
            _department(one.department, profile),
            action_words(one.action, profile.words).zh,
            _local(one.at, profile.zone),
            one.reason_zh,
        )


def note_rows(counted: Counted, profile: Profile) -> Iterator[Row]:
    """Give a row for each approval with its reason, and one for years without a plan."""
    for each in counted.suppressed:
        words = f"{each.newest.reason_zh} {each.newest.reason_en}"
        yield "核准不报 Suppressed", words, each.newest.approval, each.sights, each.problems
    years = years_unplanned(profile.calendar, counted.span.period)
    if years:
        yield "工作日历 Calendar", " / ".join(gap_words(years)), "", None, None


def _figure_row(now: Figure, before: Figure, profile: Profile) -> Row:
    indicator = now.indicator
    return (
        in_both(f"{indicator.name_zh} {indicator.name_en}", profile),
        now.value,
        now.numerator,
        now.denominator,
        now.low,
        now.high,
        in_both(f"{indicator.formula_zh} {indicator.formula_en}", profile),
        UNITS[indicator.unit],
        before.value,
    )


def _group_row(by: Grouping, sheet: Sheet, counted: Counted, profile: Profile) -> Row:
    name = group_words(by, sheet.group, profile=profile, day=counted.span.period.last_day).zh
    mark = (sheet.index.mark, sheet.index.grade) if sheet.index else (None, "")
    return (sheet.group, name, *mark, *(figure.value for figure in sheet.figures))


def _department(id_: DepartmentId | None, profile: Profile) -> str:
    known = profile.departments.get(id_) if id_ else None
    return known.name_zh if known else id_ or ""


def _local(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None)
