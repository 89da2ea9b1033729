"""Who is asking: people by session cookie, devices by signature; and what each may do.

Every route names its callers through one of the dependencies made here (`allow`,
`AnybodySignedIn`, `SignedByDevice`); a test walks the routes and finds one that does not.
"""

import base64
import binascii
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from api.centre.device_requests import BadSignature, DeviceRequest, SignedRequest, shut_out
from api.centre.settings import Settings
from api.centre.wiring import Centre, centre_of
from api.doors.passwords import new_token, password_fits, token_digest
from api.errors import ApiError
from dispatch.devices.device import Device
from dispatch.people.account import Account, Session
from dispatch.people.people import Person, Role
from dispatch.ports.unit_of_work import UnitOfWork
from dispatch.wire import signature_base

COOKIE: Final = "xunhuan_session"
PAGE_HEADER: Final = "x-xunhuan-page"
MAX_CLOCK_ERROR: Final = timedelta(seconds=120)
FREE_FAILURES: Final = 4
KEEP_ALIVE_SHARE: Final = 0.1
_INPUT: Final = re.compile(
    r'^sig1=\("@method" "@path" "content-digest"\)'
    r';created=(\d{1,12});nonce="([A-Za-z0-9_-]{22,64})";keyid="([a-z0-9-]{2,63})";alg="ed25519"$'
)
_SIGNATURE: Final = re.compile(r"^sig1=:([A-Za-z0-9+/=]{80,100}):$")


class SignedOut(ApiError):
    """Nobody is signed in, or no longer."""

    def __init__(self) -> None:
        super().__init__("请先登录", "sign in first")


class WrongPassword(ApiError):
    """Name and password do not fit together, or the account waits after wrong ones.

    All of these sound alike, so that nobody learns which accounts exist or hits a password while
    the account waits.
    """

    def __init__(self) -> None:
        super().__init__(
            f"账号或密码不对。连续错 {FREE_FAILURES + 1} 次后要等一会儿再试，最长 15 分钟",
            f"name or password is wrong; after {FREE_FAILURES + 1} wrong tries the account waits, "
            "15 minutes at most",
        )


class NotYourArea(ApiError):
    """Somebody asks for the report of an area that is not within their own."""

    def __init__(self, area: str, own: str) -> None:
        super().__init__(
            f"区域 {area or '全市'} 不在您的责任区（{own}）内，请换一个区域",
            f"{area or 'the whole city'} is not within your area ({own}): choose another",
        )


class NotForYourRole(ApiError):
    """The person's roles do not include one that the route is for."""

    def __init__(self, roles: frozenset[Role]) -> None:
        super().__init__(
            "这项功能由" + "、".join(role.marked for role in sorted(roles)) + "使用",
            "this is for " + ", ".join(role.marked_en for role in sorted(roles)),
        )


class ForeignPage(ApiError):
    """A change was asked for by a page that is not ours."""

    def __init__(self) -> None:
        super().__init__(
            "请求不是从本系统页面发出的", "the request does not come from our own page"
        )


class NotForThisDevice(ApiError):
    """A device asks for what its kind is not for."""

    def __init__(self, device: Device) -> None:
        super().__init__(
            f"设备 {device.id} 登记为{device.kind.zh}，不能查看公众照片；"
            "如用途已变，请由[管理员]重新发登记码",
            f"{device.id} is registered as {device.kind.en} and may not see people's photos: "
            "if it serves another purpose now, have it invited anew",
        )


class WrongClock(ApiError):
    """A device signed with a time too far from the centre's."""

    def __init__(self, now: datetime) -> None:
        super().__init__(
            f"设备时钟与中心相差超过 {MAX_CLOCK_ERROR.seconds} 秒，中心时间 {now.isoformat()}",
            f"the device's clock is off by more than {MAX_CLOCK_ERROR.seconds} s; "
            f"the centre's time is {now.isoformat()}",
        )
        self.now = now


def sign_in(name: str, password: str, *, uow: UnitOfWork, now: datetime, settings: Settings) -> str:
    """Open a session and give its token; commits, also to count a failure.

    Raises:
        WrongPassword: also where no such account exists, and, for a time that doubles, after
            repeated failures; always after the same time.
    """
    account = uow.accounts.by_name(name)
    fits = password_fits(password, account.password_hash if account else None)
    if account is None or (account.locked_until and now < account.locked_until):
        raise WrongPassword
    if not fits:
        uow.accounts.save(_failed(account, now))
        uow.commit()
        raise WrongPassword
    person = uow.people.get(account.person)
    if not person.active:
        raise WrongPassword
    uow.accounts.save(replace(account, failures=0, locked_until=None))
    token = new_token()
    uow.accounts.save_session(
        Session(
            token_sha256=token_digest(token),
            person=account.person,
            started_at=now,
            expires_at=now + min(settings.session_idle, settings.session_absolute),
        )
    )
    uow.commit()
    return token


def _failed(account: Account, now: datetime) -> Account:
    failures = account.failures + 1
    wait = timedelta(seconds=min(900, 2 ** (failures - FREE_FAILURES) * 15))
    locked = now + wait if failures > FREE_FAILURES else None
    return replace(account, failures=failures, locked_until=locked)


def from_own_page(request: Request) -> None:
    """Refuse a change that another site's page asks for: it cannot send our header.

    Raises:
        ForeignPage: the header is not there.
    """
    if request.method not in {"GET", "HEAD"} and PAGE_HEADER not in request.headers:
        raise ForeignPage


def signed_in(
    request: Request,
    centre: Annotated[Centre, Depends(centre_of)],
    _own_page: Annotated[None, Depends(from_own_page)],
) -> Person:
    """Give the person whose session a request carries, and keep the session alive.

    Raises:
        SignedOut: there is no session, it has ended, or the person is not active any more.
    """
    token = request.cookies.get(COOKIE)
    if not token:
        raise SignedOut
    now = centre.real_now()
    with centre.read() as uow:
        session = uow.accounts.session(token_digest(token))
        if session is None or session.expires_at <= now:
            raise SignedOut
        person = uow.people.get(session.person)
    if not person.active:
        raise SignedOut
    _keep_alive(session, now=now, centre=centre)
    return person


def _keep_alive(session: Session, *, now: datetime, centre: Centre) -> None:
    settings = centre.settings
    end = min(now + settings.session_idle, session.started_at + settings.session_absolute)
    # Not at every request: a page that asks each quarter of a minute would write as often.
    if end - session.expires_at > settings.session_idle * KEEP_ALIVE_SHARE:
        with centre.begin() as uow:
            if uow.accounts.session(session.token_sha256) is not None:
                uow.accounts.save_session(replace(session, expires_at=end))
                uow.commit()


AnybodySignedIn = Annotated[Person, Depends(signed_in)]


@dataclass(frozen=True, slots=True)
class OneOf:
    """A dependency that lets only some roles pass and gives the person."""

    roles: frozenset[Role]

    def __call__(self, person: AnybodySignedIn) -> Person:
        """Give the person.

        Raises:
            NotForYourRole: none of their roles is among these.
        """
        if not person.roles & self.roles:
            raise NotForYourRole(self.roles)
        return person


def allow(*roles: Role) -> OneOf:
    """Make a dependency that lets only some roles pass and gives the person."""
    return OneOf(frozenset(roles))


async def verified_device(
    request: Request, centre: Annotated[Centre, Depends(centre_of)]
) -> SignedRequest:
    """Give the device that signed a request, and the body; whoever answers writes it as asked.

    Raises:
        BadSignature: it is unsigned, wrongly signed, or of a device shut out.
        WrongClock: it was signed at another time than the centre's.
    """
    stated = _INPUT.match(request.headers.get("signature-input", ""))
    signature = _SIGNATURE.match(request.headers.get("signature", ""))
    if stated is None or signature is None:
        raise BadSignature("缺少签名", "there is no signature of the expected form")
    created, nonce, name = int(stated[1]), stated[2], stated[3]
    body = await request.body()
    now = centre.real_now()
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    base = signature_base(
        method=request.method, path=path, body=body, device=name, created=created, nonce=nonce
    )
    device = centre.signers.get(name)
    if device is None or not _fits(device, signature[1], base):
        device = await run_in_threadpool(_registered, name, centre=centre)
        if not _fits(device, signature[1], base):
            raise BadSignature("签名不符", "the signature does not fit the request")
        centre.signers[name] = device
    if abs(now - datetime.fromtimestamp(created, UTC)) > MAX_CLOCK_ERROR:
        raise WrongClock(now)
    return SignedRequest(device=device, body=body, nonce=nonce)


def _registered(name: str, *, centre: Centre) -> Device:
    with centre.read() as uow:
        device = uow.devices.get(name)
    if device is None or device.revoked_at is not None:
        raise shut_out()
    return device


def _fits(device: Device, signature: str, base: bytes) -> bool:
    try:
        raw = base64.b64decode(signature, validate=True)
        Ed25519PublicKey.from_public_bytes(device.public_key).verify(raw, base)
    except (InvalidSignature, binascii.Error):
        return False
    return True


VerifiedByDevice = Annotated[SignedRequest, Depends(verified_device)]


def signed_device(
    signed: VerifiedByDevice, centre: Annotated[Centre, Depends(centre_of)]
) -> SignedRequest:
    """Give the device that signed a request and the body that it signed, and spend the request.

    Raises:
        BadSignature: it was sent before.
    """
    centre.writing.do(DeviceRequest(signed=signed))
    return signed


SignedByDevice = Annotated[SignedRequest, Depends(signed_device)]


def vision_worker(signed: SignedByDevice) -> SignedRequest:
    """Let only a device pass that may see photos as people took them.

    Raises:
        NotForThisDevice: it was invited for something else.
    """
    if not signed.device.kind.sees_photos:
        raise NotForThisDevice(signed.device)
    return signed


SignedByVisionWorker = Annotated[SignedRequest, Depends(vision_worker)]
