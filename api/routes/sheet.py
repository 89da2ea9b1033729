"""The route sheet: spots that need another look, for devices and for people."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from api.doors.auth import AnybodySignedIn, SignedByDevice
from api.sheets import Sheets
from dispatch.wire import GPX_TYPE, KML_TYPE, RouteSheet, gpx_of, kml_of

router = APIRouter(tags=["sheet"])


def sheets_of(request: Request) -> Sheets:
    """Give the sheets of the centre that a request came to."""
    sheets = request.app.state.sheets
    assert isinstance(sheets, Sheets)
    return sheets


Kept = Annotated[Sheets, Depends(sheets_of)]


@router.get("/device/sheet", operation_id="get_device_sheet")
def get_device_sheet(_signed: SignedByDevice, sheets: Kept) -> RouteSheet:
    """Say where a vehicle is asked to look again; a device is bound to no area."""
    return sheets.of_area("")


@router.get("/sheet", operation_id="get_sheet")
def get_sheet(person: AnybodySignedIn, sheets: Kept) -> RouteSheet:
    """Give the route sheet of a person's area."""
    return sheets.of_area(person.area)


@router.get("/sheet.gpx", operation_id="get_sheet_gpx", response_class=Response)
def get_sheet_gpx(person: AnybodySignedIn, sheets: Kept) -> Response:
    """Give the route sheet as GPX 1.1, for navigation programs."""
    return _file(gpx_of(sheets.of_area(person.area)), GPX_TYPE, "xunhuan.gpx")


@router.get("/sheet.kml", operation_id="get_sheet_kml", response_class=Response)
def get_sheet_kml(person: AnybodySignedIn, sheets: Kept) -> Response:
    """Give the route sheet as KML 2.2, for navigation programs and maps."""
    return _file(kml_of(sheets.of_area(person.area)), KML_TYPE, "xunhuan.kml")


def _file(content: bytes, media_type: str, name: str) -> Response:
    shown = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=shown)
