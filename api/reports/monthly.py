"""The report of a month: indicators and cases, as a workbook or as JSON."""

import io
import json
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import xlsxwriter

from api.errors import ApiError
from api.figures import month, sheet_of, sheet_out
from api.wiring import Centre
from dispatch.case import Case
from dispatch.evaluation import Figure
from dispatch.period import Period
from dispatch.profile import Profile

_FIGURE_HEADS: Final = (
    "指标 Indicator",
    "数值 Value",
    "分子 Numerator",
    "分母 Denominator",
    "95% 下限 Low",
    "95% 上限 High",
    "公式 Formula",
)
_CASE_HEADS: Final = (
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
)
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


class UnknownReportKind(ApiError):
    """A report cannot be written in this kind of file."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"不支持 {path.suffix or '没有后缀'} 的报表，请用 .xlsx 或 .json",
            f"no report of the kind {path.suffix or '(none)'}: use .xlsx or .json",
        )


def write_report(period: str, out: Path, *, centre: Centre) -> Path:
    """Write the report of a month; the same month gives the same content.

    Raises:
        NotAMonth: the period is written in another way than 2026-11.
        UnknownReportKind: the file is neither .xlsx nor .json.
    """
    wanted = month(period, centre=centre)
    if out.suffix == ".json":
        found = sheet_out(sheet_of(wanted, area="", centre=centre))
        rows = [figure.model_dump(mode="json") for figure in found]
        out.write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")
    elif out.suffix == ".xlsx":
        out.write_bytes(workbook(wanted, area="", centre=centre))
    else:
        raise UnknownReportKind(out)
    return out


def workbook(period: Period, *, area: str, centre: Centre) -> bytes:
    """Give the report of a period as a workbook, over the cases of an area."""
    found = sheet_of(period, area=area, centre=centre).figures
    with centre.read() as uow:
        touched = uow.cases.touching(period.start, period.end)
        cases = [case for case in touched if (case.grid or "").startswith(area)]
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
    return out.getvalue()


def plain(text: str) -> str:
    """Escape what a spreadsheet would take for a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _figure_sheet(book: xlsxwriter.Workbook, found: tuple[Figure, ...]) -> None:
    sheet = book.add_worksheet("指标 Indicators")
    bold = book.add_format({"bold": True, "bg_color": "#EEF1F4"})
    share = book.add_format({"num_format": "0.0%"})
    sheet.write_row(0, 0, _FIGURE_HEADS, bold)
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
    _finish(sheet, len(found), len(_FIGURE_HEADS))


def _case_sheet(book: xlsxwriter.Workbook, cases: list[Case], profile: Profile) -> None:
    sheet = book.add_worksheet("案卷 Cases")
    bold = book.add_format({"bold": True, "bg_color": "#EEF1F4"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    sheet.write_row(0, 0, _CASE_HEADS, bold)
    for row, case in enumerate(cases, start=1):
        department = profile.departments.get(case.department) if case.department else None
        texts = (
            case.number,
            case.category.name_zh,
            case.category.key.code,
            case.status.zh,
            case.grid or "",
            department.name_zh if department else "",
        )
        for column, text in enumerate(texts):
            sheet.write_string(row, column, plain(text))
        sheet.write_datetime(row, 6, _local(case.reported_at, profile.zone), moment)
        if case.ended_at is not None:
            sheet.write_datetime(row, 7, _local(case.ended_at, profile.zone), moment)
        sheet.write_row(row, 8, (case.place.latitude, case.place.longitude))
        sheet.write_number(row, 10, round(case.place.ce90_m, 2))
        sheet.write_string(row, 11, "渲染 rendered" if case.rendered else "")
    _finish(sheet, len(cases), len(_CASE_HEADS))


def _finish(sheet: xlsxwriter.worksheet.Worksheet, rows: int, columns: int) -> None:
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(rows, 1), columns - 1)
    sheet.autofit()


def _local(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None)
