"""Signing in and out."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from api.centre.wiring import Centre, centre_of
from api.doors import auth
from api.doors.auth import COOKIE, AnybodySignedIn, from_own_page
from api.doors.passwords import token_digest
from api.schemas.people import Credentials, Me, TelephonesOut
from dispatch.people.people import Person

router = APIRouter(tags=["session"])


@router.post("/session", operation_id="sign_in")
def sign_in(
    credentials: Credentials,
    response: Response,
    centre: Annotated[Centre, Depends(centre_of)],
    _own_page: Annotated[None, Depends(from_own_page)],
) -> Me:
    """Open a session; its token travels in a cookie that no script can read."""
    settings = centre.settings
    with centre.begin() as uow:
        token = auth.sign_in(
            credentials.name,
            credentials.password,
            uow=uow,
            now=centre.real_now(),
            settings=settings,
        )
        session = uow.accounts.session(token_digest(token))
        assert session is not None  # kept by sign_in in this very transaction
        person = uow.people.get(session.person)
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(settings.session_absolute.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=settings.secure_cookie,
    )
    return _me(person, centre)


@router.delete("/session", operation_id="sign_out", status_code=204)
def sign_out(
    request: Request,
    response: Response,
    _person: AnybodySignedIn,
    centre: Annotated[Centre, Depends(centre_of)],
) -> None:
    """End the session, here and at the centre."""
    with centre.begin() as uow:
        uow.accounts.end_session(token_digest(request.cookies[COOKIE]))
        uow.commit()
    response.delete_cookie(COOKIE)


@router.get("/session", operation_id="who_am_i")
def who_am_i(person: AnybodySignedIn, centre: Annotated[Centre, Depends(centre_of)]) -> Me:
    """Say who is signed in."""
    return _me(person, centre)


def _me(person: Person, centre: Centre) -> Me:
    return Me(
        id=person.id,
        name=person.name,
        roles=sorted(person.roles),
        department=person.department,
        area=person.area,
        zone=centre.profile.zone.key,
        telephones=TelephonesOut(**centre.profile.telephones.model_dump()),
    )
