"""The report of a period as a workbook and as CSV that people go on working with."""

import csv
import io
import re
import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from api.reports import workbook
from api.reports.counted import NotYetThen
from api.reports.workbook import plain
from api.reports.writing import NotAnArea, Order, UnknownReportKind, write_report
from dispatch.ids import CaseId
from tests.api.open_centre import OpenCentre
from tests.api.test_merged import two_merged

NOVEMBER = Order(period="2026-11")
REPORT = "/api/v1/indicators/report.xlsx?period=2026-11"
SHEETS = [
    "指标 Indicators",
    "案卷 Cases",
    "街道 Streets",
    "部门 Departments",
    "类别 Classes",
    "模型 Models",
    "超期未办 Overdue",
    "返工重开 Redone",
    "附注 Notes",
    "方法 Method",
]


def _report(opened: OpenCentre, path: str = REPORT, *, name: str = "evaluator") -> bytes:
    answer = opened.phone(name).get(path)
    assert answer.status_code == 200
    return answer.content


def _book(report: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(report))


def test_every_sheet_has_a_frozen_head_and_filters_over_all_of_it(opened: OpenCentre) -> None:
    opened.handled()

    book = _book(_report(opened))

    assert book.sheetnames == SHEETS
    for sheet in book:
        assert sheet.freeze_panes == "B2"
        last = sheet.cell(max(sheet.max_row, 2), sheet.max_column)
        assert sheet.auto_filter.ref == f"A1:{last.coordinate}"


def test_a_report_has_the_tables_that_are_asked_for_and_no_others(opened: OpenCentre) -> None:
    opened.handled()

    book = _book(_report(opened, f"{REPORT}&by=grid&by=community"))
    wrong = opened.phone("evaluator").get(f"{REPORT}&by=person")

    parts = ["社区 Communities", "网格 Grids", "模型 Models"]
    assert book.sheetnames == [*SHEETS[:2], *parts, *SHEETS[6:]]
    assert wrong.json()["code"] == "InvalidRequest"


def test_a_table_that_is_longer_than_a_sheet_goes_on_in_the_next(
    opened: OpenCentre, monkeypatch: pytest.MonkeyPatch
) -> None:
    two_merged(opened)
    numbers = [row[0].value for row in _book(_report(opened))["案卷 Cases"].iter_rows(min_row=2)]
    monkeypatch.setattr(workbook, "SHEET_ROWS", 1)

    book = _book(_report(opened))

    first, second = (book[name] for name in ("案卷 Cases", "案卷 Cases 2"))
    assert [first["A2"].value, second["A2"].value] == numbers
    assert first["A1"].value == second["A1"].value == "案卷号 Number"
    assert {sheet.max_row for sheet in (first, second)} == {2}


def test_the_list_of_cases_says_into_what_one_was_merged(opened: OpenCentre) -> None:
    kept, gone = two_merged(opened)

    sheet = _book(_report(opened))["案卷 Cases"]
    rows = {row[0]: row[-1] for row in sheet.iter_rows(min_row=2, values_only=True)}

    with opened.centre.read() as uow:
        into, old = (uow.cases.get(CaseId(id_)).number for id_ in (kept, gone))
    assert rows == {into: None, old: into}


def test_dates_are_dates_and_ids_of_many_digits_stay_whole(opened: OpenCentre) -> None:
    opened.handled()

    sheet = _book(_report(opened))["案卷 Cases"]
    (case,) = sheet.iter_rows(min_row=2, values_only=True)

    assert isinstance(case[4], str) and re.fullmatch(r"\d{15}", case[4])
    assert isinstance(case[6], datetime) and case[6].date().isoformat() == "2026-11-16"
    assert sheet["G2"].number_format == "yyyy-mm-dd hh:mm"
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_the_answer_names_the_period_and_the_area(opened: OpenCentre) -> None:
    opened.handled()

    phone = opened.phone("evaluator")
    whole = phone.get("/api/v1/indicators/report.xlsx?period=2026-Q4")
    street = phone.get("/api/v1/indicators/report.pdf?period=2026-11&area=999901001")
    packed = phone.get("/api/v1/indicators/report.zip?period=2026-11")

    assert 'filename="xunhuan-2026-Q4.xlsx"' in whole.headers["content-disposition"]
    assert 'filename="xunhuan-2026-11-999901001.pdf"' in street.headers["content-disposition"]
    assert street.content.startswith(b"%PDF-")
    with zipfile.ZipFile(io.BytesIO(packed.content)) as archive:
        assert "2026-11.cases.csv" in archive.namelist()


def test_the_command_writes_what_the_page_gives(opened: OpenCentre, tmp_path: Path) -> None:
    opened.handled()

    for kind in ("xlsx", "pdf"):
        write_report(NOVEMBER, tmp_path / f"month.{kind}", centre=opened.centre)
        path = f"/api/v1/indicators/report.{kind}?period=2026-11"
        assert (tmp_path / f"month.{kind}").read_bytes() == _report(opened, path)


def test_a_report_holds_only_the_area_of_whom_it_is_for(opened: OpenCentre) -> None:
    opened.handled()

    far = _book(_report(opened, name="far-supervisor"))
    wider = opened.phone("far-supervisor").get(f"{REPORT}&area=999901")
    whole = opened.phone("far-supervisor").get(f"{REPORT}&area=")

    assert _book(_report(opened))["案卷 Cases"].max_row == 2
    assert far["案卷 Cases"].max_row == 1
    assert (wider.status_code, whole.status_code) == (403, 403)


def test_a_collector_gets_no_report(opened: OpenCentre) -> None:
    assert opened.phone("collector").get(REPORT).status_code == 403


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_what_a_spreadsheet_would_reckon_is_kept_as_text(start: str) -> None:
    assert plain(f"{start}1+1") == f"'{start}1+1"
    assert plain(f"a{start}1") == f"a{start}1"


def test_a_report_of_another_kind_or_area_or_of_tomorrow_is_refused(
    opened: OpenCentre, tmp_path: Path
) -> None:
    for order, name, error in (
        (NOVEMBER, "month.docx", UnknownReportKind),
        (Order(period="2026-11", area="roads"), "month.pdf", NotAnArea),
        (Order(period="2026-11", as_of=datetime(2027, 1, 1).astimezone()), "m.pdf", NotYetThen),
    ):
        with pytest.raises(error):
            write_report(order, tmp_path / name, centre=opened.centre)
    assert list(tmp_path.glob("m*.*")) == []


def test_a_workbook_tells_streets_departments_classes_and_models_apart(opened: OpenCentre) -> None:
    opened.handled()

    book = _book(_report(opened))

    ids = {name: [row[0].value for row in book[name].iter_rows(min_row=2)] for name in SHEETS[2:6]}
    assert ids["街道 Streets"] == ["999901001"]
    assert "roads" in ids["部门 Departments"]
    assert "road.pothole" in ids["类别 Classes"]
    assert "street-n 0.1.0" in ids["模型 Models"]


def test_a_case_stands_in_the_report_as_it_stood_then(opened: OpenCentre, tmp_path: Path) -> None:
    case = opened.dispatched()
    then = opened.centre.now()
    opened.watch.later(hours=1)
    opened.decide("handler", case, "accept")
    opened.watch.later(hours=1)

    rows = []
    for name, as_of in (("then", then.replace(microsecond=1)), ("now", None)):
        out = tmp_path / f"{name}.xlsx"
        write_report(Order(period="2026-11", as_of=as_of), out, centre=opened.centre)
        rows.append(_book(out.read_bytes())["案卷 Cases"]["D2"].value)

    assert rows == ["待接单", "处置中"]


def test_csv_files_open_in_excel_as_chinese_with_every_case_and_group(
    opened: OpenCentre, tmp_path: Path
) -> None:
    opened.handled()
    write_report(NOVEMBER, tmp_path / "month.csv", centre=opened.centre)

    files = {file.name: file.read_bytes() for file in tmp_path.glob("month*.csv")}
    assert set(files) == {
        "month.csv",
        "month.cases.csv",
        "month.street.csv",
        "month.department.csv",
        "month.class.csv",
        "month.model.csv",
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
