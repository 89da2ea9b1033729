"""Models over the air: packages as the administrator decides, and as devices fetch them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from api.centre.wiring import Centre, centre_of
from api.doors.auth import SignedByDevice, allow
from api.model_updates import offers_for, register, roll_out
from api.schemas.models import PackageOut, RolloutOrder
from api.words.model_words import packages_now
from dispatch.people.people import Person, Role
from dispatch.wire import MOST_PIECE_BYTES, ModelOffers

router = APIRouter(tags=["model"])

Here = Annotated[Centre, Depends(centre_of)]
Administrator = Annotated[Person, Depends(allow(Role.ADMINISTRATOR))]


async def _body(request: Request) -> bytes:
    return await request.body()


@router.get("/device/models", operation_id="get_model_offers")
def get_model_offers(signed: SignedByDevice, centre: Here) -> ModelOffers:
    """Say which model packages a device shall run."""
    return offers_for(signed.device.id, centre=centre)


@router.get("/device/models/{sha256}", operation_id="get_model_piece", response_class=Response)
def get_model_piece(
    sha256: str,
    _signed: SignedByDevice,
    centre: Here,
    offset: Annotated[int, Query(ge=0)],
    length: Annotated[int, Query(ge=1, le=MOST_PIECE_BYTES)],
) -> Response:
    """Give a device a part of a model package, so that it can go on where it was cut off."""
    piece = centre.packages.piece(sha256, offset=offset, length=length)
    return Response(piece, media_type="application/octet-stream")


@router.get("/models", operation_id="list_model_packages")
def list_model_packages(
    _person: Annotated[Person, Depends(allow(Role.ADMINISTRATOR, Role.SUPERVISOR, Role.EVALUATOR))],
    centre: Here,
) -> list[PackageOut]:
    """List the model packages, to whom they go, and what each device runs."""
    return packages_now(centre)


@router.post("/models", operation_id="register_model_package", status_code=201)
def register_model_package(
    body: Annotated[bytes, Depends(_body)], person: Administrator, centre: Here
) -> PackageOut:
    """Register a signed model package; it goes to nobody yet."""
    package = register(body, by=person.id, centre=centre)
    return next(each for each in packages_now(centre) if each.sha256 == package.sha256)


@router.post("/models/{sha256}/rollout", operation_id="roll_out_model", status_code=204)
def roll_out_model(sha256: str, order: RolloutOrder, person: Administrator, centre: Here) -> None:
    """Decide to which devices a model package goes from now on, or pause it."""
    roll_out(
        sha256,
        devices=tuple(order.devices),
        share=order.share,
        paused=order.paused,
        by=person.id,
        centre=centre,
    )
