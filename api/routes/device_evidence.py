"""Redacted pictures on their way from a device to the centre, whole or in parts, and back."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from api.centre.wiring import Centre, centre_of
from api.doors.auth import SignedByDevice, SignedByVisionWorker
from api.schemas.devices import EvidenceKept, EvidencePart

router = APIRouter(tags=["device"])

Here = Annotated[Centre, Depends(centre_of)]


@router.put("/device/evidence/{sha256}", operation_id="put_evidence")
def put_evidence(sha256: str, signed: SignedByDevice, centre: Here) -> EvidenceKept:
    """Keep a redacted picture; the same one again changes nothing."""
    _keep_picture(centre, signed.body, sha256)
    return EvidenceKept(sha256=sha256)


@router.get("/device/evidence/{sha256}/part", operation_id="get_evidence_part")
def get_evidence_part(sha256: str, signed: SignedByDevice, centre: Here) -> EvidencePart:
    """Say how far a picture has come, for a device that was cut off while it sent one."""
    with centre.read() as uow:
        complete = not uow.evidence.missing([sha256])
    kept = centre.drafts.kept(signed.device.id, sha256)
    return EvidencePart(sha256=sha256, offset=kept, complete=complete)


@router.patch("/device/evidence/{sha256}", operation_id="add_evidence_part")
def add_evidence_part(
    sha256: str,
    signed: SignedByDevice,
    centre: Here,
    offset: Annotated[int, Query(ge=0)],
    length: Annotated[int, Query(ge=1)],
) -> EvidencePart:
    """Keep the next part of a redacted picture; with the last one it is checked and kept for good.

    Offset and length stand in the address, because the device signs it.
    """
    name, now = signed.device.id, centre.real_now()
    kept = centre.drafts.append(name, sha256, signed.body, offset=offset, length=length, at=now)
    if kept < length:
        return EvidencePart(sha256=sha256, offset=kept, complete=False)
    _keep_picture(centre, centre.drafts.whole(name, sha256), sha256)
    centre.drafts.drop(name, sha256)
    return EvidencePart(sha256=sha256, offset=kept, complete=True)


@router.get("/device/evidence/{sha256}", operation_id="get_device_evidence")
def get_device_evidence(sha256: str, _signed: SignedByVisionWorker, centre: Here) -> Response:
    """Give the vision worker the picture from before, to compare with."""
    return Response(centre.evidence.get(sha256), media_type="application/octet-stream")


def _keep_picture(centre: Centre, content: bytes, sha256: str) -> None:
    with centre.read() as uow:
        if uow.erasures.of_pictures([sha256]):
            # It was here, and its time is over: it does not come back.
            return
    centre.evidence.put(content, sha256=sha256)
    with centre.begin() as uow:
        uow.evidence.received(sha256, at=centre.now())
        uow.commit()
