"""The report of a month as a workbook that people go on working with."""

import csv
import io
import re
import zipfile
from pathlib import Path

import pytest

from api.reports.monthly import plain
from api.reports.writing import UnknownReportKind, write_report
from tests.api.open_centre import OpenCentre


def _sheet(report: bytes, number: int) -> str:
    with zipfile.ZipFile(io.BytesIO(report)) as book:
        return book.read(f"xl/worksheets/sheet{number}.xml").decode()


def _report(opened: OpenCentre) -> bytes:
    path = "/api/v1/indicators/report.xlsx?period=2026-11"
    answer = opened.phone("evaluator").get(path)
    assert answer.status_code == 200
    assert 'filename="xunhuan-2026-11.xlsx"' in answer.headers["content-disposition"]
    return answer.content


def test_a_report_has_a_frozen_head_filters_real_dates_and_numbers_kept_as_text(
    opened: OpenCentre,
) -> None:
    opened.handled()

    cases = _sheet(_report(opened), 2)

    assert '<pane xSplit="1" ySplit="1"' in cases and 'state="frozen"' in cases
    assert "<autoFilter " in cases
    assert re.search(r'<c r="A2"[^>]* t="s"', cases)  # the case's number is text
    assert re.search(r'<c r="G2" s="\d+"><v>4\d{4}\.', cases)  # the day of report is a date
    assert not re.search(r"<f>", cases)


def test_the_same_month_gives_the_same_bytes(opened: OpenCentre) -> None:
    opened.handled()

    assert _report(opened) == _report(opened)


def test_the_command_writes_what_the_page_gives(opened: OpenCentre, tmp_path: Path) -> None:
    opened.handled()

    written = write_report("2026-11", tmp_path / "month.xlsx", centre=opened.centre)

    assert written.read_bytes() == _report(opened)


def test_a_report_holds_only_the_area_of_whom_it_is_for(opened: OpenCentre) -> None:
    opened.handled()

    path = "/api/v1/indicators/report.xlsx?period=2026-11"
    far = opened.phone("far-supervisor").get(path).content

    assert 'r="A2"' in _sheet(_report(opened), 2)
    assert 'r="A2"' not in _sheet(far, 2)


@pytest.mark.parametrize("text", ["=1+1", "+49", "-2", "@here", "\tx", "\rx"])
def test_what_a_spreadsheet_would_reckon_is_kept_as_text(text: str) -> None:
    assert plain(text) == "'" + text


def test_a_report_of_another_kind_is_refused(opened: OpenCentre, tmp_path: Path) -> None:
    with pytest.raises(UnknownReportKind):
        write_report("2026-11", tmp_path / "month.pdf", centre=opened.centre)


def test_a_workbook_tells_streets_departments_and_classes_apart(opened: OpenCentre) -> None:
    opened.handled()

    with zipfile.ZipFile(io.BytesIO(_report(opened))) as book:
        names = book.read("xl/workbook.xml").decode()
        words = book.read("xl/sharedStrings.xml").decode()

    assert all(name in names for name in ("街道 Streets", "部门 Departments", "类别 Classes"))
    assert "999901001" in words and "roads" in words and "road.pothole" in words


def test_csv_files_open_in_excel_as_chinese_with_every_case_and_group(
    opened: OpenCentre, tmp_path: Path
) -> None:
    opened.handled()
    out = write_report("2026-11", tmp_path / "month.csv", centre=opened.centre)
    again = write_report("2026-11", tmp_path / "again.csv", centre=opened.centre)

    files = {file.name: file.read_bytes() for file in tmp_path.glob("month*.csv")}
    assert set(files) == {
        "month.csv",
        "month.cases.csv",
        "month.street.csv",
        "month.department.csv",
        "month.class.csv",
    }
    assert all(content.startswith(b"\xef\xbb\xbf") for content in files.values())
    (case,) = csv.DictReader(files["month.cases.csv"].decode("utf-8-sig").splitlines())
    assert case["状态 Status"] == "待核查" and case["上报 Reported"].startswith("2026-11-16 ")
    assert case["代码 Code"].startswith("\t") and case["代码 Code"].strip().isdecimal()
    (department,) = [
        row
        for row in csv.DictReader(files["month.department.csv"].decode("utf-8-sig").splitlines())
        if row["代号 Id"] == "roads"
    ]
    assert float(department["派遣数 dispatched"]) == 1
    assert out.read_bytes() == again.read_bytes()
