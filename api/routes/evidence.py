"""Redacted pictures, by the hash of their bytes."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from api.auth import AnybodySignedIn
from api.wiring import Centre, centre_of

router = APIRouter(tags=["evidence"])


@router.get("/evidence/{sha256}", operation_id="get_evidence", response_class=Response)
def get_evidence(
    sha256: str, _person: AnybodySignedIn, centre: Annotated[Centre, Depends(centre_of)]
) -> Response:
    """Give a redacted picture; its bytes never change under its hash."""
    content = centre.evidence.get(sha256)
    kind = "image/webp" if content[8:12] == b"WEBP" else "image/jpeg"
    headers = {"Cache-Control": "private, max-age=31536000, immutable", "ETag": f'"{sha256}"'}
    return Response(content, media_type=kind, headers=headers)
