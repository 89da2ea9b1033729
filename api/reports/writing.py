"""One command writes the report of a period, in the kind of file that its name says."""

import json
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Final

from api.centre.wiring import Centre
from api.errors import ApiError
from api.figures import sheet_out
from api.periods import Span, span_of
from api.reports.bulletin import bulletin
from api.reports.counted import Counted, count
from api.reports.plain_files import csv_files
from api.reports.printing import print_document
from api.reports.tables import USUAL, TableBy, groupings_of
from api.reports.tongue import Language, Tongue
from api.reports.workbook import workbook
from dispatch.city.profile import Profile

_LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)
"""The date of every file in an archive, so that the same report gives the same bytes."""


class UnknownReportKind(ApiError):
    """A report cannot be written in this kind of file."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"不支持 {path.suffix or '没有后缀'} 的报表，请用 .pdf、.xlsx、.csv 或 .json",
            f"no report of the kind {path.suffix or '(none)'}: use .pdf, .xlsx, .csv or .json",
        )


class NotAnArea(ApiError):
    """An area is no leading digits of grid ids."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"区域“{text}”写法不对，请写网格号的前若干位，例如 999901001",
            f"{text} is no area: write the leading digits of grid ids, e.g. 999901001",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """How a report is to be written.

    Args:
        room: the folder for what is not packed yet; None for that of the system.
    """

    profile: Profile
    language: Language
    room: Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Which report is wanted.

    Args:
        period: as `span_of` reads it; None for the current month.
        area: leading digits of grid ids; empty for the whole city.
        tables: what the reader wants figures told apart by; models always are.
        as_of: what came later is left out; None for now.
    """

    period: str | None = None
    area: str = ""
    tables: tuple[TableBy, ...] = USUAL
    as_of: datetime | None = None
    language: Language = Language.ZH


def write_report(order: Order, out: Path, *, centre: Centre) -> Counted:
    """Write a report; the same history and moment give the same bytes.

    Args:
        out: its ending says the kind of file. Beside month.csv come month.cases.csv,
            month.department.csv and so on.

    Raises:
        UnknownReportKind: the file is neither .pdf, .xlsx, .csv nor .json.
        NotAPeriod, PeriodReversed, NotAnArea, NotYetThen: the order cannot be read.
        FrozenSwapped: the month was frozen, and its file is another now or gone.
    """
    if out.suffix != ".csv" and out.suffix not in _KINDS:
        raise UnknownReportKind(out)
    counted = counted_for(order, centre=centre)
    if out.suffix == ".csv":
        for table in csv_files(counted, centre.profile):
            with _whole(out.with_suffix(table.ending())) as file:
                table.write(file)
    else:
        page = _Page(profile=centre.profile, language=order.language, room=out.parent)
        with _whole(out) as file:
            _KINDS[out.suffix](counted, page, file)
    return counted


def report_file(order: Order, suffix: str, *, centre: Centre) -> tuple[IO[bytes], Span]:
    """Give a report as one open file, CSV as an archive; raises what `write_report` does.

    It is gone once it is closed.
    """
    counted = counted_for(order, centre=centre)
    page = _Page(profile=centre.profile, language=order.language, room=None)
    with ExitStack() as undo:
        file = undo.enter_context(tempfile.TemporaryFile())
        (_archive if suffix == ".zip" else _KINDS[suffix])(counted, page, file)
        file.seek(0)
        undo.pop_all()
    return file, counted.span


def counted_for(order: Order, *, centre: Centre) -> Counted:
    """Count what an order asks for."""
    if order.area and not (order.area.isascii() and order.area.isdecimal()):
        raise NotAnArea(order.area)
    span = span_of(order.period, centre=centre)
    return count(
        span, groupings_of(order.tables), area=order.area, as_of=order.as_of, centre=centre
    )


@contextmanager
def _whole(out: Path) -> Iterator[IO[bytes]]:
    """Write a file that is there only once it is whole."""
    draft = out.with_name(f".{out.name}.part")
    try:
        with draft.open("wb") as file:
            yield file
        draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)


def _archive(counted: Counted, page: _Page, out: IO[bytes]) -> None:
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for table in csv_files(counted, page.profile):
            entry = zipfile.ZipInfo(f"{counted.span.text}{table.ending()}", _LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            with packed.open(entry, "w", force_zip64=True) as file:
                table.write(file)


def _pdf(counted: Counted, page: _Page, out: IO[bytes]) -> None:
    tongue = Tongue(language=page.language, city=page.profile.words)
    out.write(print_document(bulletin(counted, page.profile, tongue), at=counted.as_of))


def _xlsx(counted: Counted, page: _Page, out: IO[bytes]) -> None:
    workbook(counted, page.profile, out, room=page.room)


def _json(counted: Counted, _page: _Page, out: IO[bytes]) -> None:
    # Other systems read it: it keeps the standard's words in every city.
    rows = [figure.model_dump(mode="json") for figure in sheet_out(counted.sheet)]
    out.write(json.dumps(rows, ensure_ascii=False, indent=1).encode())


_KINDS: Final[Mapping[str, Callable[[Counted, _Page, IO[bytes]], None]]] = {
    ".pdf": _pdf,
    ".xlsx": _xlsx,
    ".json": _json,
}
