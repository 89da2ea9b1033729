"""Redacted pictures of a case, by the hash of their bytes."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Response

from api.centre.wiring import Centre, centre_of
from api.doors.auth import AnybodySignedIn
from dispatch.ids import CaseId
from dispatch.keeping.expiry import pictures_of
from dispatch.loop.handover import load_case, stands_for
from dispatch.missing import EvidenceErased, EvidenceMissing

router = APIRouter(tags=["evidence"])


@router.get("/cases/{id_}/evidence/{sha256}", operation_id="get_evidence", response_class=Response)
def get_evidence(
    id_: str,
    sha256: str,
    person: AnybodySignedIn,
    centre: Annotated[Centre, Depends(centre_of)],
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """Give a redacted picture of a case or of one merged into it.

    Its bytes never change, but it may be erased: whoever has it asks again each time.
    """
    with centre.read() as uow:
        case = load_case(CaseId(id_), by=person, uow=uow)
        if not any(sha256 in pictures_of(each, uow=uow) for each in stands_for(case, uow=uow)):
            raise EvidenceMissing(sha256)
        erasure = uow.erasures.of_pictures([sha256]).get(sha256)
    if erasure is not None:
        city = centre.profile.words
        why = city.retold_zh(erasure.rule.zh), city.retold_en(erasure.rule.en)
        raise EvidenceErased(sha256, why=why, at=erasure.at.astimezone(centre.profile.zone))
    headers = {"Cache-Control": "private, no-cache", "ETag": f'"{sha256}"'}
    if if_none_match == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    content = centre.evidence.get(sha256)
    kind = "image/webp" if content[8:12] == b"WEBP" else "image/jpeg"
    return Response(content, media_type=kind, headers=headers)
