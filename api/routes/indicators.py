"""Indicators by period, each with the cases behind it, and the report of a period as a file."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import IO, Annotated, Final

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import StreamingResponse

from api.centre.wiring import Centre, centre_of
from api.doors.auth import AnybodySignedIn, NotYourArea, allow
from api.figures import (
    cases_behind,
    group_words,
    passes_behind,
    sheet_of,
    sheet_out,
    sheets_by,
    suppressed_behind,
)
from api.periods import Length, Span, span_of
from api.reports.bulletin import span_words
from api.reports.frozen import FrozenSwapped, frozen_ledger
from api.reports.tables import USUAL, TableBy
from api.reports.tongue import Language
from api.reports.writing import Order, report_file
from api.schemas.base import Words
from api.schemas.indicators import (
    FigureCase,
    FigureGroup,
    FigureGroups,
    FigurePass,
    FigureSheet,
    Standing,
)
from api.schemas.suppressed import SuppressedOut
from api.words.suppressed_sights import MOST, suppressed_out
from dispatch.clocks.period import Period
from dispatch.indicators.formula import Grouping
from dispatch.indicators.indicator import Key
from dispatch.people.people import Person, Role
from dispatch.ports.unit_of_work import FactFilter

router = APIRouter(prefix="/indicators", tags=["indicators"])
_PART: Final = 1 << 20
Here = Annotated[Centre, Depends(centre_of)]
Reporter = Annotated[
    Person, Depends(allow(Role.EVALUATOR, Role.SUPERVISOR, Role.DISPATCHER, Role.ADMINISTRATOR))
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a figure is asked to be opened for: a period, and everything or one group of it."""

    over: Period
    wanted: FactFilter


def asked_of(
    person: AnybodySignedIn,
    centre: Here,
    period: str | None = None,
    by: Grouping = Grouping.CITY,
    group: str | None = None,
) -> Asked:
    """Read it from a request, within the person's area."""
    wanted = FactFilter(area=person.area, by=by, group=group)
    return Asked(over=span_of(period, centre=centre).period, wanted=wanted)


AskedFigure = Annotated[Asked, Depends(asked_of)]


class Kind(StrEnum):
    """In what kind of file a report is handed out."""

    XLSX = "xlsx"
    PDF = "pdf"
    ZIP = "zip"


_TYPES: Final = {
    Kind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Kind.PDF: "application/pdf",
    Kind.ZIP: "application/zip",
}


@router.get("", operation_id="list_indicators")
def list_indicators(
    person: AnybodySignedIn, centre: Here, period: str | None = None
) -> FigureSheet:
    """Give all indicators of a period, by default the current one."""
    span = span_of(period, centre=centre)
    wanted = span.period
    found = sheet_of(wanted, area=person.area, centre=centre)
    standing, ledger = _standing(span, centre)
    return FigureSheet(
        period=span.text,
        length=span.length,
        words=span_words(span),
        first_day=wanted.start.date(),
        last_day=wanted.last_day,
        standing=standing,
        ledger=ledger,
        start=wanted.start,
        end=wanted.end,
        as_of=centre.now(),
        indicators=sheet_out(found, city=centre.profile.words),
    )


@router.get("/report.{kind}", operation_id="period_report", response_class=Response)
def report(
    kind: Kind,
    person: Reporter,
    centre: Here,
    period: str | None = None,
    area: str | None = None,
    by: Annotated[list[TableBy] | None, Query()] = None,
    lang: Language = Language.ZH,
) -> Response:
    """Give the report of a period as a workbook, a PDF, or CSV files in an archive.

    Args:
        by: its tables, by street, department and class if none is named.

    Raises:
        NotYourArea: the area is not within the person's.
    """
    wanted = person.area if area is None else area
    if not wanted.startswith(person.area):
        raise NotYourArea(wanted, person.area)
    tables = tuple(by) if by else USUAL
    order = Order(period=period, area=wanted, tables=tables, language=lang)
    file, span = report_file(order, f".{kind}", centre=centre)
    name = f"xunhuan-{span.text}{f'-{wanted}' if wanted else ''}.{kind}"
    return StreamingResponse(
        _parts(file),
        media_type=_TYPES[kind],
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Length": str(os.fstat(file.fileno()).st_size),
        },
    )


@router.get("/by/{by}", operation_id="list_indicators_by")
def list_indicators_by(
    by: Grouping, person: AnybodySignedIn, centre: Here, period: str | None = None
) -> FigureGroups:
    """Give all indicators of a period for each area, department, post, class, source or model."""
    wanted = span_of(period, centre=centre).period
    return FigureGroups(
        by=by,
        as_of=centre.now(),
        groups=[
            FigureGroup(
                group=sheet.group,
                words=group_words(by, sheet.group, profile=centre.profile, day=wanted.last_day),
                mark=sheet.index.mark if sheet.index else None,
                grade=sheet.index.grade if sheet.index else None,
                indicators=sheet_out(sheet, city=centre.profile.words),
            )
            for sheet in sheets_by(by, wanted, area=person.area, centre=centre)
        ],
    )


@router.get("/{key}/cases", operation_id="list_indicator_cases")
def list_indicator_cases(key: Key, asked: AskedFigure, centre: Here) -> list[FigureCase]:
    """List the cases behind a figure, of everything or of one group."""
    found = cases_behind(key, asked.over, asked.wanted, centre=centre)
    with centre.read() as uow:
        cases = [uow.cases.get(each) for each in found]
    return [
        FigureCase(
            id=case.id,
            number=case.number,
            name=Words(zh=case.category.name_zh, en=case.category.name_en),
            rendered=case.rendered,
            counted=found[case.id],
        )
        for case in cases
    ]


@router.get("/{key}/passes", operation_id="list_indicator_passes")
def list_indicator_passes(key: Key, asked: AskedFigure, centre: Here) -> list[FigurePass]:
    """List the passes behind a figure of patrols, of everything or of one group."""
    found = passes_behind(key, asked.over, asked.wanted, centre=centre)
    return [
        FigurePass(
            id=one.pass_id,
            device=one.device,
            platform=one.platform,
            started_at=one.started_at,
            metres=one.metres,
            seconds=one.seconds,
            classes=[
                group_words(Grouping.LABEL, label, profile=centre.profile, day=asked.over.last_day)
                for label in one.labels
            ],
            rendered=one.rendered,
        )
        for one in found
    ]


@router.get("/{key}/suppressed", operation_id="list_indicator_suppressed")
def list_indicator_suppressed(key: Key, asked: AskedFigure, centre: Here) -> list[SuppressedOut]:
    """List the newest sights behind a figure of what approvals kept back, each with its rule."""
    found = suppressed_behind(key, asked.over, asked.wanted, centre=centre, most=MOST)
    return [suppressed_out(one) for one in found]


def _parts(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while part := file.read(_PART):
            yield part


def _standing(span: Span, centre: Centre) -> tuple[Standing, int | None]:
    """Say how settled a period's figures are, and on which entry of the ledger they rest."""
    if not span.is_over(centre.now()):
        return Standing.GOES_ON, None
    if span.length is not Length.MONTH:
        return Standing.OVER, None
    try:
        ledger = frozen_ledger(span.text, centre=centre)
    except FrozenSwapped:
        return Standing.SWAPPED, None
    return (Standing.UNFROZEN, None) if ledger is None else (Standing.FROZEN, ledger[0])
