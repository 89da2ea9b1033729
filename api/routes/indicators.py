"""Indicators by month, each with the cases behind it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from api.auth import AnybodySignedIn, allow
from api.figures import figure_out, figures_of, month
from api.reports.monthly import workbook
from api.schemas.base import Words
from api.schemas.indicators import FigureCase, FigureSheet
from api.wiring import Centre, centre_of
from dispatch.indicator import Key
from dispatch.people import Person, Role

router = APIRouter(prefix="/indicators", tags=["indicators"])
Here = Annotated[Centre, Depends(centre_of)]
Reporter = Annotated[
    Person, Depends(allow(Role.EVALUATOR, Role.SUPERVISOR, Role.DISPATCHER, Role.ADMINISTRATOR))
]


@router.get("", operation_id="list_indicators")
def list_indicators(
    person: AnybodySignedIn, centre: Here, period: str | None = None
) -> FigureSheet:
    """Give all indicators of a month, by default the current one."""
    wanted = month(period, centre=centre)
    found = figures_of(wanted, area=person.area, centre=centre)
    return FigureSheet(
        start=wanted.start,
        end=wanted.end,
        as_of=centre.now(),
        indicators=[figure_out(figure) for figure in found],
    )


@router.get("/report.xlsx", operation_id="monthly_report", response_class=Response)
def monthly_report(person: Reporter, centre: Here, period: str | None = None) -> Response:
    """Give the report of a month as a workbook."""
    wanted = month(period, centre=centre)
    name = f"xunhuan-{wanted.start:%Y-%m}.xlsx"
    return Response(
        workbook(wanted, area=person.area, centre=centre),
        media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@router.get("/{key}/cases", operation_id="list_indicator_cases")
def list_indicator_cases(
    key: Key, person: AnybodySignedIn, centre: Here, period: str | None = None
) -> list[FigureCase]:
    """List the cases behind a figure."""
    found = figures_of(month(period, centre=centre), area=person.area, centre=centre)
    figure = next(each for each in found if each.indicator.key is key)
    hits = set(figure.hits)
    with centre.read() as uow:
        cases = [uow.cases.get(each) for each in dict.fromkeys(figure.of)]
    return [
        FigureCase(
            id=case.id,
            number=case.number,
            name=Words(zh=case.category.name_zh, en=case.category.name_en),
            rendered=case.rendered,
            counted=case.id in hits,
        )
        for case in cases
    ]
