"""The report of a month as a workbook: indicators, cases, and figures by group."""

import io
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import xlsxwriter

from api.class_words import severity_words
from api.figures import sheet_of
from api.reports.groups import GROUP_HEADS, GROUPINGS, Cell, group_rows
from api.reports.notes import NOTE_HEADS, Note, note_rows
from api.wiring import Centre
from dispatch.case import Case
from dispatch.evaluation import Figure
from dispatch.indicator import Unit
from dispatch.indicators.table import INDICATORS
from dispatch.period import Period
from dispatch.profile import Profile

FIGURE_HEADS: Final = (
    "指标 Indicator",
    "数值 Value",
    "分子 Numerator",
    "分母 Denominator",
    "95% 下限 Low",
    "95% 上限 High",
    "公式 Formula",
    "单位 Unit",
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
)
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def workbook(period: Period, *, area: str, centre: Centre) -> bytes:
    """Give the report of a period as a workbook, over the cases of an area."""
    found = sheet_of(period, area=area, centre=centre).figures
    cases = cases_of(period, area=area, centre=centre)
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "remove_timezone": True,
    }
    with xlsxwriter.Workbook(out, options) as book:
        # A fixed date of creation, so that the same month gives the same bytes.
        book.set_properties({"created": period.start.replace(tzinfo=None)})
        _figure_sheet(book, found)
        _case_sheet(book, cases, centre.profile)
        for by, title in GROUPINGS.items():
            rows = list(group_rows(by, period, area=area, centre=centre))
            _group_sheet(book, title, rows)
        _note_sheet(book, list(note_rows(period, area=area, centre=centre)))
    return out.getvalue()


def plain(text: str) -> str:
    """Escape what a spreadsheet would take for a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _figure_sheet(book: xlsxwriter.Workbook, found: tuple[Figure, ...]) -> None:
    sheet = book.add_worksheet("指标 Indicators")
    bold = book.add_format({"bold": True, "bg_color": "#EEF1F4"})
    share = book.add_format({"num_format": "0.0%"})
    sheet.write_row(0, 0, FIGURE_HEADS, bold)
    for row, figure in enumerate(found, start=1):
        indicator = figure.indicator
        style = share if indicator.is_rate else None
        sheet.write_string(row, 0, plain(f"{indicator.name_zh} {indicator.name_en}"))
        for column, value in ((1, figure.value), (4, figure.low), (5, figure.high)):
            if value is not None:
                sheet.write_number(row, column, value, style)
        sheet.write_number(row, 2, figure.numerator)
        sheet.write_number(row, 3, figure.denominator)
        sheet.write_string(row, 6, plain(f"{indicator.formula_zh} {indicator.formula_en}"))
        sheet.write_string(row, 7, UNITS[indicator.unit])
    _finish(sheet, len(found), len(FIGURE_HEADS))


def _case_sheet(book: xlsxwriter.Workbook, cases: list[Case], profile: Profile) -> None:
    sheet = book.add_worksheet("案卷 Cases")
    bold = book.add_format({"bold": True, "bg_color": "#EEF1F4"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    sheet.write_row(0, 0, CASE_HEADS, bold)
    for row, case in enumerate(cases, start=1):
        for column, value in enumerate(case_row(case, profile)):
            if isinstance(value, str):
                sheet.write_string(row, column, plain(value))
            elif isinstance(value, datetime):
                sheet.write_datetime(row, column, value, moment)
            elif value is not None:
                sheet.write_number(row, column, value)
    _finish(sheet, len(cases), len(CASE_HEADS))


def _group_sheet(book: xlsxwriter.Workbook, title: str, rows: list[tuple[Cell, ...]]) -> None:
    sheet = book.add_worksheet(title)
    bold = book.add_format({"bold": True, "bg_color": "#EEF1F4"})
    share = book.add_format({"num_format": "0.0%"})
    rates = {len(GROUP_HEADS) - len(INDICATORS) + n for n, i in enumerate(INDICATORS) if i.is_rate}
    sheet.write_row(0, 0, GROUP_HEADS, bold)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(number, column, plain(value))
            elif value is not None:
                sheet.write_number(number, column, value, share if column in rates else None)
    _finish(sheet, len(rows), len(GROUP_HEADS))


def _note_sheet(book: xlsxwriter.Workbook, rows: list[Note]) -> None:
    sheet = book.add_worksheet("附注 Notes")
    sheet.write_row(0, 0, NOTE_HEADS, book.add_format({"bold": True, "bg_color": "#EEF1F4"}))
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(number, column, plain(value))
            elif value is not None:
                sheet.write_number(number, column, value)
    _finish(sheet, len(rows), len(NOTE_HEADS))


def cases_of(period: Period, *, area: str, centre: Centre) -> list[Case]:
    """Give the cases of an area that a period concerns, by id."""
    with centre.read() as uow:
        touched = uow.cases.touching(period.start, period.end)
        return [case for case in touched if (case.grid or "").startswith(area)]


def figure_row(figure: Figure) -> tuple[str | float | None, ...]:
    """Give a figure in the order of `FIGURE_HEADS`."""
    indicator = figure.indicator
    return (
        f"{indicator.name_zh} {indicator.name_en}",
        figure.value,
        figure.numerator,
        figure.denominator,
        figure.low,
        figure.high,
        f"{indicator.formula_zh} {indicator.formula_en}",
        UNITS[indicator.unit],
    )


def case_row(case: Case, profile: Profile) -> tuple[str | float | datetime | None, ...]:
    """Give a case in the order of `CASE_HEADS`, times in the city's own."""
    department = profile.departments.get(case.department) if case.department else None
    severity = severity_words(case)
    return (
        case.number,
        case.category.name_zh,
        case.category.key.code,
        case.status.zh,
        case.grid or "",
        department.name_zh if department else "",
        _local(case.reported_at, profile.zone),
        _local(case.ended_at, profile.zone) if case.ended_at else None,
        case.place.latitude,
        case.place.longitude,
        round(case.place.ce90_m, 2),
        "渲染 rendered" if case.rendered else "",
        case.category.key.standard,
        "; ".join(each.key.standard for each in case.category.counterparts),
        "; ".join(each.key.code for each in case.category.counterparts),
        severity.zh if severity else "",
    )


def _finish(sheet: xlsxwriter.worksheet.Worksheet, rows: int, columns: int) -> None:
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(rows, 1), columns - 1)
    sheet.autofit()


def _local(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None)
