"""What devices send and fetch, and how they are let in and shut out."""

import base64
import binascii
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response
from starlette.concurrency import run_in_threadpool

from api.centre.centre_key import public_half
from api.centre.device_requests import DeviceRequest, SignedRequest
from api.centre.wiring import Centre, centre_of
from api.doors import accounts
from api.doors.auth import SignedByDevice, SignedByVisionWorker, VerifiedByDevice, allow
from api.doors.passwords import token_digest
from api.errors import ApiError
from api.reading.batch import read_by_glances, read_on_the_spot
from api.schemas.devices import (
    DeviceOut,
    Enrolled,
    Enrolment,
    InboxItem,
    InvitationOrder,
    InvitationOut,
)
from api.words.device_words import devices_now
from dispatch.case.photo import Photo
from dispatch.devices.asking import asked_of_devices, hazards_of_devices
from dispatch.devices.device import Device
from dispatch.ids import PhotoId
from dispatch.intake.acceptance import Sent
from dispatch.loop.copied import held_against
from dispatch.people.people import Person, Role
from dispatch.ports.unit_of_work import UnitOfWork
from dispatch.sights.reading import Read
from dispatch.wire import (
    Asked,
    EvidenceKind,
    Hazards,
    PhotoResult,
    Receipts,
    ReceiptStatus,
    canonical_bytes,
)

router = APIRouter(tags=["device"])

Here = Annotated[Centre, Depends(centre_of)]
Administrator = Annotated[Person, Depends(allow(Role.ADMINISTRATOR))]


class CodeRefused(ApiError):
    """The one-time code is wrong, used, or too old."""

    def __init__(self) -> None:
        super().__init__(
            "登记码无效或已用过，请向[管理员]要一个新的",
            "the code is wrong, used or too old: ask the administrator for a new one",
        )


class NotAKey(ApiError):
    """The public key is not 32 bytes of Ed25519 in base64."""

    def __init__(self) -> None:
        super().__init__("公钥格式不对", "the public key is not an Ed25519 key in base64")


_KEPT: Final = frozenset({ReceiptStatus.ACCEPTED, ReceiptStatus.KNOWN})


@router.post("/device/messages", operation_id="send_messages", response_model=Receipts)
async def send_messages(request: Request, signed: VerifiedByDevice, centre: Here) -> Response:
    """Take findings, sweeps, photo results and heartbeats; the answer comes after the commit."""
    packing = request.headers.get("content-encoding")
    reading = request.app.state.reading
    with centre.writing.coming():
        glances = await reading.glances(signed.body) if packing == "gzip" else None
        # All else in one thread's turn: of small batches the turns cost more than the rest.
        return await run_in_threadpool(_taken, signed, packing, glances, centre=centre)


def _taken(
    signed: SignedRequest, packing: str | None, glances: bytes | None, *, centre: Centre
) -> Response:
    device = signed.device.id
    if glances is None:
        batch = read_on_the_spot(signed.body, packing, device=device)
    else:
        batch = read_by_glances(signed.body, glances, device=device)
    messages = batch.messages
    sent = Sent(device=device, at=centre.now(), messages=messages, packed=batch.packed)
    answer = centre.writing.do(DeviceRequest(signed=signed, sent=sent))
    centre.failpoint("intake.after_accept")
    centre.arrived.set()
    photos = _photos_looked_at(messages, answer)
    if photos:
        centre.drop_originals(photos)
    # Written out in this thread: the one that serves everybody has less to do.
    return Response(canonical_bytes(answer), media_type="application/json")


@router.get("/device/asked", operation_id="get_asked")
def get_asked(_signed: SignedByDevice, centre: Here) -> Asked:
    """Say where devices shall report vehicles that stand; elsewhere they report none."""
    profile = centre.profile
    return asked_of_devices(profile.zoning, day=centre.now().astimezone(profile.zone).date())


@router.get("/device/hazards", operation_id="get_hazards")
def get_hazards(_signed: SignedByDevice, centre: Here) -> Hazards:
    """Say which classes devices shall tell at once and send before all others."""
    return hazards_of_devices(centre.profile.classes)


@router.get("/device/inbox", operation_id="list_inbox")
def list_inbox(_signed: SignedByVisionWorker, centre: Here) -> list[InboxItem]:
    """List photos that wait for redaction, the oldest first."""
    with centre.read() as uow:
        return [_inbox_item(photo, uow) for photo in uow.photos.unseen(limit=50)]


@router.get("/device/inbox/{photo}", operation_id="get_inbox_photo", response_class=Response)
def get_inbox_photo(photo: str, _signed: SignedByVisionWorker, centre: Here) -> Response:
    """Give the vision worker a photo as it was taken; nobody else is given it."""
    with centre.read() as uow:
        kept = uow.photos.get(PhotoId(photo))
    return Response(centre.inbox.get(kept.sha256), media_type="application/octet-stream")


@router.post("/device/enrol", operation_id="enrol_device", status_code=201)
def enrol_device(enrolment: Enrolment, centre: Here) -> Enrolled:
    """Register a device's key against a one-time code.

    A device whose answer was lost asks again with the same key, and is told its name again.
    """
    try:
        key = base64.b64decode(enrolment.public_key, validate=True)
    except binascii.Error as error:
        raise NotAKey from error
    if len(key) != 32:
        raise NotAKey
    now = centre.real_now()
    with centre.begin() as uow:
        device = _registered(enrolment, key, at=now, uow=uow)
        uow.commit()
    return Enrolled(
        device=device.id,
        centre_time=now,
        centre_key=public_half(centre.key),
        model_keys=list(centre.settings.model_keys),
    )


@router.get("/devices", operation_id="list_devices")
def list_devices(
    _person: Annotated[Person, Depends(allow(Role.ADMINISTRATOR, Role.SUPERVISOR, Role.EVALUATOR))],
    centre: Here,
) -> list[DeviceOut]:
    """List the devices and how they are."""
    return devices_now(centre)


@router.post("/devices/invitations", operation_id="invite_device", status_code=201)
def invite_device(order: InvitationOrder, _person: Administrator, centre: Here) -> InvitationOut:
    """Make a one-time code for a device; it is shown once."""
    code, expires = accounts.invite_device(order.device, order.name, kind=order.kind, centre=centre)
    return InvitationOut(device=order.device, code=code, expires_at=expires)


@router.post("/devices/{device}/revoke", operation_id="revoke_device", status_code=204)
def revoke_device(device: str, _person: Administrator, centre: Here) -> None:
    """Shut a device out, at once; what it sent before stays."""
    accounts.revoke_device(device, centre=centre)


def _registered(enrolment: Enrolment, key: bytes, *, at: datetime, uow: UnitOfWork) -> Device:
    invitation = uow.devices.redeem(token_digest(enrolment.code), at=at)
    if invitation is None:
        for known in uow.devices.all():
            fresh = at - known.registered_at < accounts.INVITATION_LASTS
            if known.public_key == key and known.revoked_at is None and fresh:
                return known
        raise CodeRefused
    before = uow.devices.get(invitation.device)
    device = Device(
        id=invitation.device,
        name=enrolment.name or invitation.name,
        public_key=key,
        registered_at=at,
        kind=invitation.kind,
        last_heartbeat=before.last_heartbeat if before else None,
        heard_at=before.heard_at if before else None,
    )
    uow.devices.save(device)
    return device


def _photos_looked_at(messages: list[Read], answer: Receipts) -> list[str]:
    return [
        each.said.photo
        for each, receipt in zip(messages, answer.receipts, strict=True)
        if isinstance(each.said, PhotoResult) and receipt.status in _KEPT
    ]


def _inbox_item(photo: Photo, uow: UnitOfWork) -> InboxItem:
    case = uow.cases.get(photo.case)
    pictures = [
        picture
        for sight in uow.observations.of_problem(case.problem)
        for picture in sight.finding.evidence
        if picture.kind is EvidenceKind.NEAR
    ]
    before = pictures[0].sha256 if pictures else None
    return InboxItem(
        photo=photo.id,
        kind=photo.purpose,
        case=case.id,
        label=case.category.detected,
        taken_at=photo.taken_at,
        before_evidence=before,
        against=[each for each in held_against(photo, case, uow=uow) if each != before],
    )
