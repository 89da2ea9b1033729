"""Redacted pictures of a case, by the hash of their bytes."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from api.auth import AnybodySignedIn
from api.wiring import Centre, centre_of
from dispatch.expiry import pictures_of
from dispatch.handover import load_case
from dispatch.ids import CaseId
from dispatch.missing import EvidenceErased, EvidenceMissing

router = APIRouter(tags=["evidence"])


@router.get("/cases/{id_}/evidence/{sha256}", operation_id="get_evidence", response_class=Response)
def get_evidence(
    id_: str,
    sha256: str,
    person: AnybodySignedIn,
    centre: Annotated[Centre, Depends(centre_of)],
) -> Response:
    """Give a redacted picture of a case; its bytes never change under its hash."""
    with centre.read() as uow:
        case = load_case(CaseId(id_), by=person, uow=uow)
        if sha256 not in pictures_of(case, uow=uow):
            raise EvidenceMissing(sha256)
        erasure = uow.erasures.of_pictures([sha256]).get(sha256)
    if erasure is not None:
        city = centre.profile.words
        why = city.retold_zh(erasure.rule.zh), city.retold_en(erasure.rule.en)
        raise EvidenceErased(sha256, why=why, at=erasure.at.astimezone(centre.profile.zone))
    content = centre.evidence.get(sha256)
    kind = "image/webp" if content[8:12] == b"WEBP" else "image/jpeg"
    headers = {"Cache-Control": "private, max-age=31536000, immutable", "ETag": f'"{sha256}"'}
    return Response(content, media_type=kind, headers=headers)
