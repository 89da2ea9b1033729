"""Errors as RFC 9457 problems: the one place where a fact becomes an HTTP status."""

from datetime import datetime
from typing import Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from api.centre.device_requests import BadSignature
from api.doors.accounts import NoSuchDevice
from api.doors.auth import (
    ForeignPage,
    NotForThisDevice,
    NotForYourRole,
    NotYourArea,
    SignedOut,
    WrongClock,
    WrongPassword,
)
from api.doors.gate import TooMany
from api.doors.uploads import BodyTooLarge
from api.errors import ApiError
from api.words.wording import error_words
from dispatch.case.guard import (
    AskedAlready,
    ConfirmationAsked,
    NoAppeal,
    NothingAsked,
    NotSelfHandled,
    NotSupervised,
    NotYourReport,
    OtherDepartment,
    OwnWork,
)
from dispatch.case.task import TaskEnded
from dispatch.case.transition import IllegalTransition, NotYourStep
from dispatch.errors import DispatchError
from dispatch.loop.correcting import OutsideYourArea
from dispatch.missing import EvidenceErased, EvidenceMissing, NotFound, StaleCase, UploadOutOfStep

_STATUS: Final[dict[type[Exception], int]] = {
    SignedOut: 401,
    WrongPassword: 401,
    BadSignature: 401,
    WrongClock: 401,
    NotForYourRole: 403,
    NotForThisDevice: 403,
    NotYourStep: 403,
    OtherDepartment: 403,
    OwnWork: 403,
    NotYourReport: 403,
    OutsideYourArea: 403,
    ForeignPage: 403,
    NotYourArea: 403,
    NotFound: 404,
    NoSuchDevice: 404,
    EvidenceMissing: 404,
    EvidenceErased: 410,
    StaleCase: 409,
    UploadOutOfStep: 409,
    IllegalTransition: 409,
    AskedAlready: 409,
    ConfirmationAsked: 409,
    NothingAsked: 409,
    NotSelfHandled: 409,
    NotSupervised: 409,
    NoAppeal: 409,
    TaskEnded: 409,
    BodyTooLarge: 413,
    TooMany: 429,
}


def status_of(error: Exception) -> int:
    """Give the HTTP status of an error: its own, its nearest ancestor's, else 422."""
    return next((_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS), 422)


def problem(
    status: int, *, code: str, zh: str, en: str, centre_time: datetime | None = None
) -> JSONResponse:
    """Make a problem document; `title` is Chinese, `title_en` English."""
    said: dict[str, object] = {
        "type": "about:blank",
        "status": status,
        "code": code,
        "title": zh,
        "title_en": en,
    }
    if centre_time is not None:
        said["centre_time"] = centre_time.isoformat()
    return JSONResponse(said, status_code=status, media_type="application/problem+json")


def install(app: FastAPI) -> None:
    """Teach an application to answer every error of ours with a problem."""
    app.add_exception_handler(ApiError, _named)
    app.add_exception_handler(DispatchError, _named)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _plain)


def _named(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ApiError | DispatchError)
    words = error_words(error, request.app.state.centre.profile.words)
    return problem(
        status_of(error),
        code=type(error).__name__,
        zh=words.zh,
        en=words.en,
        centre_time=error.now if isinstance(error, WrongClock) else None,
    )


def _invalid(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    return problem(
        422,
        code="InvalidRequest",
        zh=f"请求的 {where} 填写有误，请检查后重新提交",
        en=f"{where}: {first['msg']}",
    )


def _plain(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    # The framework wraps what stopped it from reading a form.
    if isinstance(error.__cause__, ApiError):
        return _named(request, error.__cause__)
    zh = {404: "没有这个页面", 405: "不支持这种操作"}.get(error.status_code, "请求不能处理")
    return problem(error.status_code, code=f"Http{error.status_code}", zh=zh, en=str(error.detail))
