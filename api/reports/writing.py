"""One command writes the report of a month, in the kind of file that its name says."""

import json
from pathlib import Path

from api.errors import ApiError
from api.figures import month, sheet_of, sheet_out
from api.reports.monthly import workbook
from api.reports.plain_files import write_csv
from api.wiring import Centre


class UnknownReportKind(ApiError):
    """A report cannot be written in this kind of file."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"不支持 {path.suffix or '没有后缀'} 的报表，请用 .xlsx、.csv 或 .json",
            f"no report of the kind {path.suffix or '(none)'}: use .xlsx, .csv or .json",
        )


def write_report(period: str, out: Path, *, centre: Centre) -> Path:
    """Write the report of a month; the same month gives the same bytes.

    Raises:
        NotAMonth: the period is written in another way than 2026-11.
        UnknownReportKind: the file is neither .xlsx, .csv nor .json.
    """
    wanted = month(period, centre=centre)
    if out.suffix == ".json":
        found = sheet_out(sheet_of(wanted, area="", centre=centre))
        rows = [figure.model_dump(mode="json") for figure in found]
        out.write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")
    elif out.suffix == ".csv":
        write_csv(wanted, out, centre=centre)
    elif out.suffix == ".xlsx":
        out.write_bytes(workbook(wanted, area="", centre=centre))
    else:
        raise UnknownReportKind(out)
    return out
