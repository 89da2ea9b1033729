"""The centre as a device sees it: signed requests, bounded answers, and what each refusal means.

Timeouts bound each step and a deadline the whole answer, so that a half-open connection or one
byte a second cannot hold the device. An answer that is not the centre's JSON (a captive portal's
page) is a failure of the way, not a word of the centre. TLS is verified; there is no switch.
"""

import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final, Literal
from urllib.parse import urlsplit

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from edge.delivery.keys import Enrolment, Identity, public_key
from edge.errors import EdgeError

TIMEOUT: Final = httpx.Timeout(connect=5.0, read=30.0, write=30.0, pool=5.0)
ANSWER_DEADLINE_S: Final = 60.0
MAX_ANSWER_BYTES: Final = 32 << 20
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})

Method = Literal["GET", "POST", "PUT"]


class CentreAway(EdgeError):
    """The centre cannot be reached now, or what answered is not the centre; try again later."""

    def __init__(self, why: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(
            f"中心暂时连不上（{why}）；已发现的问题保存在发件箱，稍后会再发送",
            f"the centre cannot be reached now ({why}); findings wait in the outbox",
        )
        self.why, self.retry_after_s = why, retry_after_s


class CentreRefuses(EdgeError):
    """The centre answered and said no; trying the same again would not help."""

    def __init__(self, status: int, zh: str, en: str) -> None:
        super().__init__(
            f"中心拒绝（HTTP {status}）：{zh or '没有说明原因'}",
            f"the centre refuses (HTTP {status}): {en or 'it gave no reason'}",
        )
        self.status = status


class ClockWrong(EdgeError):
    """The centre does not accept the device's time and told its own."""

    def __init__(self, centre_time: datetime) -> None:
        super().__init__(
            f"设备时钟不准，中心时间是 {centre_time.isoformat()}",
            f"the device's clock is wrong, the centre's time is {centre_time.isoformat()}",
        )
        self.centre_time = centre_time


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A whole answer with status 2xx.

    Attributes:
        served_at: when the centre says it answered, to the second; None if it does not say.
    """

    status: int
    content: bytes
    served_at: datetime | None = None


class _Told(BaseModel):
    """What a refusal may say (problem+json); everything else in it is ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    title: str = ""
    title_en: str = ""
    detail: str = ""
    centre_time: AwareDatetime | None = None


class _Enrolled(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    device: str
    centre_time: AwareDatetime


class Centre:
    """Speaks to the centre as one enrolled device."""

    def __init__(
        self,
        identity: Identity,
        *,
        now: Callable[[], datetime],
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._identity = identity
        self._now = now
        self._offset = timedelta(seconds=identity.enrolment.clock_offset_s)
        self._told_offset_s: float | None = None
        self._base = identity.enrolment.centre.rstrip("/")
        self._client = _client(self._base, transport)

    @property
    def device(self) -> str:
        """The device's id at the centre."""
        return self._identity.enrolment.device

    @property
    def clock_offset_s(self) -> float:
        """Seconds to add to the device's clock to get the centre's."""
        return self._offset.total_seconds()

    @property
    def told_offset_s(self) -> float | None:
        """The centre's clock minus the device's as its last answer showed, to a second or so.

        None before the first answer, and where the centre states no time (RFC 9110, Date).
        """
        return self._told_offset_s

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def send(
        self,
        method: Method,
        path: str,
        *,
        body: bytes = b"",
        media_type: str = "application/json",
        encoding: str | None = None,
    ) -> Answer:
        """Send one signed request; a wrong clock is corrected once by the centre's time.

        Args:
            path: below the centre's address, beginning with a slash.
            body: as it travels, after compression.

        Raises:
            CentreAway: no answer, a wrong kind of answer, or one that asks to come later.
            CentreRefuses: an answer that will not change.
        """
        headers = {"Content-Type": media_type} if body else {}
        if encoding:
            headers["Content-Encoding"] = encoding
        try:
            return self._send_once(method, path, body, headers)
        except ClockWrong as wrong:
            self._offset = wrong.centre_time - self._now()
        try:
            return self._send_once(method, path, body, headers)
        except ClockWrong as wrong:
            raise CentreRefuses(401, wrong.zh, wrong.en) from wrong

    def _send_once(
        self, method: Method, path: str, body: bytes, headers: Mapping[str, str]
    ) -> Answer:
        target = urlsplit(self._base).path + path
        signed = self._identity.sign(
            method=method,
            path=target,
            body=body,
            created=int((self._now() + self._offset).timestamp()),
            nonce=secrets.token_urlsafe(18),
        )
        answer = _exchange(self._client, method, path, body=body, headers={**headers, **signed})
        if answer.served_at is not None:
            # Date is cut to whole seconds: on average it is half a second early.
            served = answer.served_at + timedelta(seconds=0.5)
            self._told_offset_s = (served - self._now()).total_seconds()
        return answer


def enrol(
    centre: str,
    *,
    code: str,
    key: Ed25519PrivateKey,
    name: str | None,
    now: datetime,
    transport: httpx.BaseTransport | None = None,
) -> Enrolment:
    """Make the device known to a centre by a one-time code.

    Raises:
        CentreAway: the centre cannot be reached.
        CentreRefuses: the code is wrong, used or expired.
    """
    wanted = {"code": code, "public_key": public_key(key)}
    if name is not None:
        wanted["name"] = name
    base = centre.rstrip("/")
    with _client(base, transport) as client:
        answer = _exchange(
            client,
            "POST",
            "/api/v1/device/enrol",
            body=json.dumps(wanted).encode(),
            headers={"Content-Type": "application/json"},
        )
    try:
        told = _Enrolled.model_validate_json(answer.content)
        offset = (told.centre_time.astimezone(UTC) - now).total_seconds()
        return Enrolment(device=told.device, centre=base, clock_offset_s=round(offset, 3))
    except ValidationError as error:
        raise CentreAway("enrolment was not answered by a Xunhuan centre") from error


def _client(base: str, transport: httpx.BaseTransport | None) -> httpx.Client:
    return httpx.Client(
        base_url=base,
        timeout=TIMEOUT,
        transport=transport,
        follow_redirects=False,
        trust_env=urlsplit(base).hostname not in LOOPBACK,
        headers={"User-Agent": "xunhuan-edge", "Accept": "application/json"},
    )


def _exchange(
    client: httpx.Client,
    method: Method,
    path: str,
    *,
    body: bytes,
    headers: Mapping[str, str],
) -> Answer:
    try:
        with client.stream(method, path.lstrip("/"), content=body, headers=headers) as response:
            content = _read(response)
    except httpx.HTTPError as error:
        raise CentreAway(f"{type(error).__name__}: {error}") from error
    if 200 <= response.status_code < 300:
        return Answer(status=response.status_code, content=content, served_at=_served_at(response))
    raise _refusal(response, content)


def _read(response: httpx.Response) -> bytes:
    deadline = time.monotonic() + ANSWER_DEADLINE_S
    content = bytearray()
    for part in response.iter_bytes():
        content += part
        if len(content) > MAX_ANSWER_BYTES:
            raise CentreAway(f"the answer is longer than {MAX_ANSWER_BYTES} bytes")
        if time.monotonic() > deadline:
            raise CentreAway(f"the answer took longer than {ANSWER_DEADLINE_S:.0f} s")
    return bytes(content)


def _refusal(response: httpx.Response, content: bytes) -> EdgeError:
    status = response.status_code
    if status in {408, 425, 429} or status >= 500 or 300 <= status < 400:
        return CentreAway(f"HTTP {status}", retry_after_s=_retry_after(response))
    if "json" not in response.headers.get("Content-Type", ""):
        return CentreAway(f"HTTP {status} from something that is not the centre")
    try:
        told = _Told.model_validate_json(content)
    except ValidationError:
        return CentreRefuses(status, "", "")
    if status == 401 and told.centre_time is not None:
        return ClockWrong(told.centre_time)
    said = told.detail or told.title
    return CentreRefuses(status, said, told.title_en or said)


def _served_at(response: httpx.Response) -> datetime | None:
    try:
        return parsedate_to_datetime(response.headers["Date"]).astimezone(UTC)
    except (ValueError, KeyError):
        return None


def _retry_after(response: httpx.Response) -> float | None:
    value = response.headers.get("Retry-After")
    if value is None:
        return None
    if value.isdecimal():
        return float(value)
    try:
        at = parsedate_to_datetime(value)
        served = parsedate_to_datetime(response.headers["Date"])
    except (ValueError, KeyError):
        return None
    return max(0.0, (at - served).total_seconds())
