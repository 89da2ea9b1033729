"""Photos that people take for a case; nobody sees one before it was redacted."""

import hashlib
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, UploadFile
from pydantic import AwareDatetime

from api.centre.wiring import Centre, centre_of
from api.doors.auth import allow
from api.schemas.orders import PhotoKept
from dispatch.case.photo import Photo, PhotoPurpose
from dispatch.ids import CaseId, PhotoId
from dispatch.loop import casework
from dispatch.loop.handover import load_case
from dispatch.people.people import Person, Role

router = APIRouter(prefix="/cases/{id_}/photos", tags=["photos"])
Photographer = Annotated[
    Person, Depends(allow(Role.HANDLER, Role.DEPARTMENT, Role.COLLECTOR, Role.SUPERVISOR))
]


@router.post("", operation_id="hand_in_photo", status_code=201)
def hand_in_photo(
    id_: str,
    person: Photographer,
    centre: Annotated[Centre, Depends(centre_of)],
    file: UploadFile,
    purpose: Annotated[PhotoPurpose, Form()],
    taken_at: Annotated[AwareDatetime, Form()],
    id: Annotated[UUID, Form()],  # noqa: A002 - the form's own word
) -> PhotoKept:
    """Keep a photo; the phone names it, so that sending it again changes nothing."""
    with centre.read() as uow:
        # Before a byte is kept: nobody fills the inbox for a case that they cannot see.
        load_case(CaseId(id_), by=person, uow=uow)
    content = file.file.read()
    sha256 = hashlib.sha256(content).hexdigest()
    photo = Photo(
        id=PhotoId(str(id)),
        case=CaseId(id_),
        purpose=purpose,
        by=person.id,
        taken_at=taken_at,
        sha256=sha256,
    )
    with centre.keeping({sha256: content}):
        casework.hand_in_photo(photo, by=person, uow=centre.begin())
    return PhotoKept(id=photo.id)
