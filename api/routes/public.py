"""Pages for citizens, without an account: report, see what became of it, say it was not repaired.

Plain forms that need no script. Whoever has the link of a report is its reporter.
"""

from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import APIRouter, Depends, File, Form, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError

from api.centre.wiring import Centre, centre_of
from api.doors.gate import Gate
from api.doors.passwords import new_token, token_digest
from api.errors import ApiError
from api.problems import status_of
from api.public_pages import Said, form_page, shut_page, state_page
from api.routes.reports import handed_in, position_of
from api.schemas.places import AreaPlace, PhonePlace
from api.words.public_words import LANGUAGES
from api.words.wording import error_words
from dispatch.errors import BilingualError, DispatchError
from dispatch.intake import tips
from dispatch.loop.handed_in import NotReportable, report_id
from dispatch.loop.handover import surviving
from dispatch.people.people import PUBLIC
from dispatch.wire import Placing, Report, Reporter

router = APIRouter(prefix="/report", include_in_schema=False)
Here = Annotated[Centre, Depends(centre_of)]
Key = Annotated[str, Form(pattern=r"^[A-Za-z0-9_-]{32}$")]
Note = Annotated[str, Form(max_length=500)]

MOST_BYTES: Final = 12_000_000
_STARTS: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF")


class NotAPhoto(ApiError):
    """What was handed in is no picture, or a too large one."""

    def __init__(self) -> None:
        super().__init__(
            "照片要 JPEG、PNG 或 WebP 格式，不超过 12 MB，请换一张",
            "the photo must be JPEG, PNG or WebP of at most 12 MB: choose another",
        )


class PlaceMissing(ApiError):
    """Neither a position nor an area was given."""

    def __init__(self) -> None:
        super().__init__(
            "请用手机定位，或选择所在区域", "use the phone's position or choose an area"
        )


class TrapSprung(ApiError):
    """A field that people do not see was filled in."""

    def __init__(self) -> None:
        super().__init__("“请留空”一栏不要填写", "leave the field that says so empty")


def language_of(lang: str = "zh") -> str:
    """Give the language that a page is asked for in."""
    return lang if lang in LANGUAGES else LANGUAGES[0]


Language = Annotated[str, Depends(language_of)]


@router.get("")
def public_form(centre: Here, language: Language) -> Response:
    """Show the form, with a key of its own."""
    if not centre.profile.public.reports:
        return shut_page(centre, language)
    return form_page(centre, language, key=new_token())


@router.post("")
def public_report(
    request: Request,
    centre: Here,
    language: Language,
    key: Key,
    said: Annotated[Said, Depends()],
    photo: Annotated[UploadFile, File()],
) -> Response:
    """Take in a report; what is wrong with it is said above the form as it was filled in."""
    if not centre.profile.public.reports:
        return shut_page(centre, language)
    try:
        _take(said, photo, key=key, gate=_gate(request), request=request, centre=centre)
    except (ApiError, DispatchError) as error:
        fault = _told(error, centre, language)
        return form_page(centre, language, key=key, said=said, fault=fault, status=status_of(error))
    return RedirectResponse(f"/report/{key}?lang={language}", status_code=303)


@router.get("/{key}")
def public_state(key: str, centre: Here, language: Language) -> HTMLResponse:
    """Say in plain words how a report stands."""
    return _state(key, centre, language)


@router.post("/{key}/reopen")
def public_reopen(
    key: str,
    request: Request,
    centre: Here,
    language: Language,
    note: Note,
    photo: Annotated[UploadFile, File()],
) -> Response:
    """Take a closed case up again, because its reporter shows that it was not repaired."""
    try:
        _gate(request).pass_through(_address(request))
        at, content = centre.now(), _content(photo)
        shown = handed_in(content, name=at.isoformat(), of=token_digest(key))
        with centre.keeping({shown.sha256: content}):
            tips.reopen_by_reporter(
                token_digest(key), note, shown, at=at, profile=centre.profile, uow=centre.begin()
            )
    except (ApiError, DispatchError) as error:
        fault = _told(error, centre, language)
        return _state(key, centre, language, fault=fault, status=status_of(error))
    return RedirectResponse(f"/report/{key}?lang={language}", status_code=303)


def _take(
    said: Said, photo: UploadFile, *, key: str, gate: Gate, request: Request, centre: Centre
) -> None:
    if said.website:
        raise TrapSprung
    gate.pass_through(_address(request))
    if said.label not in centre.profile.classes:
        raise NotReportable(said.label)
    place = _place(said)
    at = centre.now()
    report = Report(
        id=report_id(token_digest(key), by=PUBLIC.id, at=at),
        source=Reporter.PUBLIC,
        by=PUBLIC.id,
        captured_at=at,
        label=said.label,
        position=position_of(place, centre=centre),
        placed_by=Placing(place.by),
        note=said.note.strip(),
    )
    content = _content(photo)
    shown = handed_in(content, name="near", of=report.id)
    with centre.keeping({shown.sha256: content}):
        tips.take_tip(
            report,
            [shown],
            key_sha256=token_digest(key),
            contact=said.contact.strip(),
            at=at,
            profile=centre.profile,
            uow=centre.begin(),
        )


def _place(said: Said) -> PhonePlace | AreaPlace:
    facts: Mapping[str, str] = {
        "latitude": said.latitude,
        "longitude": said.longitude,
        "accuracy_m": said.accuracy_m,
    }
    try:
        if said.latitude:
            return PhonePlace.model_validate({"by": "phone", **facts})
        return AreaPlace(by="area", area=said.area)
    except ValidationError as error:
        raise PlaceMissing from error


def _content(photo: UploadFile) -> bytes:
    """Read a photo.

    Raises:
        NotAPhoto: it is no picture, or too large.
    """
    content = photo.file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES or not content.startswith(_STARTS):
        raise NotAPhoto
    return content


def _state(
    key: str, centre: Centre, language: str, *, fault: str = "", status: int = 200
) -> HTMLResponse:
    try:
        with centre.read() as uow:
            reported = tips.reported_case(token_digest(key), uow=uow)
            case = surviving(reported, uow=uow)
    except DispatchError as error:
        return shut_page(centre, language, fault=_told(error, centre, language))
    return state_page(
        case, centre, language, reported=reported, key=key, fault=fault, status=status
    )


def _told(error: BilingualError, centre: Centre, language: str) -> str:
    words = error_words(error, centre.profile.words)
    return words.zh if language == "zh" else words.en


def _gate(request: Request) -> Gate:
    gate = request.app.state.gate
    assert isinstance(gate, Gate)
    return gate


def _address(request: Request) -> str:
    return request.client.host if request.client else "-"
