"""One request and its whole answer over a way that may be slow, cut, or not lead to the centre.

A timeout bounds each step and a deadline the whole exchange: a half-open connection, or an answer
of one byte a second, holds the device no longer than that. What is not the centre's JSON (a
captive portal's page) is a failure of the way, not a word of the centre. TLS is verified; there
is no switch. Nothing that comes is unpacked, so nothing can blow up.
"""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final, Literal
from urllib.parse import urlsplit

import httpx
from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from edge.delivery.away import Away, CentreAway, away_of
from edge.errors import EdgeError

MAX_ANSWER_BYTES: Final = 32 << 20
SENT_BEFORE: Final = "SentBefore"
"""What a centre calls a request whose nonce it saw before; an older one only shuts out."""
OURS: Final = ("application/json", "application/octet-stream")
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})

Method = Literal["GET", "PATCH", "POST", "PUT"]
Judge = Callable[["Answer"], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long a way may take.

    Attributes:
        connect_s: to be connected.
        step_s: between two signs of life.
        whole_s: from the beginning of a request to the end of its answer, and
        slowest: bytes a second at which a request's body may leave, beside that.
    """

    connect_s: float = 5.0
    step_s: float = 30.0
    whole_s: float = 60.0
    slowest: float = 4096.0

    def deadline_s(self, body: bytes) -> float:
        """Give how long an exchange with such a body may take."""
        return self.whole_s + len(body) / self.slowest


PATIENT: Final = Patience()


class CentreRefuses(EdgeError):
    """The centre answered and said no; trying the same again would not help."""

    def __init__(self, status: int, zh: str, en: str) -> None:
        super().__init__(
            f"中心拒绝（HTTP {status}）：{zh or '没有说明原因'}",
            f"the centre refuses (HTTP {status}): {en or 'it gave no reason'}",
        )
        self.status, self.said = status, (zh or "没有说明原因", en or "it gave no reason")

    @property
    def words(self) -> tuple[str, str]:
        """Say in Chinese and English what it means for the device, and what to do."""
        return (
            f"中心不收本机发的内容（HTTP {self.status}：{self.said[0][:100]}）：发现都存在本机，"
            "会再试；请升级设备或中心的软件",
            f"the centre does not take what this device sends (HTTP {self.status}: "
            f"{self.said[1][:100]}): finds are kept here and it is tried again; upgrade device or "
            "centre",
        )


class ShutOut(CentreRefuses):
    """The centre does not let this device in: it was revoked, or is not known there."""

    def __init__(self, refused: CentreRefuses) -> None:
        zh, en = refused.said
        super().__init__(refused.status, zh, en)
        EdgeError.__init__(
            self,
            f"中心不让本机接入（HTTP {self.status}：{zh[:100]}）：巡查照常，发现都存在本机；"
            "请向管理员要新的登记码，再运行 xunhuan-edge enrol",
            f"the centre shut this device out (HTTP {self.status}: {en[:100]}): patrols go on and "
            "finds are kept here; ask for a new one-time code, then run xunhuan-edge enrol",
        )

    @property
    def words(self) -> tuple[str, str]:
        """Say in Chinese and English what it means for the device, and what to do."""
        return self.zh, self.en


class ClockWrong(EdgeError):
    """The centre does not accept the device's time and told its own."""

    def __init__(self, centre_time: datetime) -> None:
        super().__init__(
            f"设备时钟不准，中心时间是 {centre_time.isoformat()}",
            f"the device's clock is wrong, the centre's time is {centre_time.isoformat()}",
        )
        self.centre_time = centre_time


class SentTwice(EdgeError):
    """The centre had this very request before: the way to it doubled it, and this is the second."""

    def __init__(self) -> None:
        super().__init__("网络把请求送了两次", "the network delivered a request twice")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A whole answer.

    Attributes:
        served_at: when the centre says it answered, to the second; None if it does not say.
    """

    status: int
    content: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    served_at: datetime | None = None


class _Told(BaseModel):
    """What a refusal may say (problem+json); everything else in it is ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    code: str = ""
    title: str = ""
    title_en: str = ""
    detail: str = ""
    centre_time: AwareDatetime | None = None


class Exchange:
    """The HTTP client of one device, for one address."""

    def __init__(
        self,
        base: str,
        *,
        patience: Patience = PATIENT,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._patience = patience
        self._stream: Any = None
        to = urlsplit(base)
        self._client = httpx.Client(
            base_url=base,
            timeout=httpx.Timeout(patience.step_s, connect=patience.connect_s),
            transport=transport,
            follow_redirects=False,
            trust_env=to.hostname not in LOOPBACK,
            # Over a plain address nobody shows a certificate: reading who is trusted is spared.
            verify=to.scheme != "http" or ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
            headers={
                "User-Agent": "xunhuan-edge",
                "Accept": "application/json",
                "Accept-Encoding": "identity",
            },
        )

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def ask(
        self,
        method: Method,
        path: str,
        *,
        body: bytes,
        headers: Mapping[str, str],
        judge: Judge = lambda _: None,
    ) -> Answer:
        """Send a request and give its answer, which is of status 2xx.

        Args:
            judge: looks at what seems to be the centre's word, and raises if it is not.

        Raises:
            CentreAway: no answer, a wrong kind of answer, or one that asks to come later.
            ClockWrong: the centre told its time.
            SentTwice: the centre had this very request before.
            CentreRefuses: an answer that will not change.
        """
        try:
            with self._deadline(body) as overdue:
                answer = self._exchange(method, path, body, headers)
        except httpx.HTTPError as error:
            if overdue.is_set():
                raise CentreAway("the deadline passed", kind=Away.SLOW) from error
            raise away_of(error) from error
        if 200 <= answer.status < 300:
            if not answer.headers.get("Content-Type", "").startswith(OURS):
                raise CentreAway(f"HTTP {answer.status} with a page", kind=Away.PORTAL)
            judge(answer)
            return answer
        raise _refusal(answer, judge)

    def _exchange(
        self, method: Method, path: str, body: bytes, headers: Mapping[str, str]
    ) -> Answer:
        with self._client.stream(
            method,
            path.lstrip("/"),
            content=body,
            headers=headers,
            extensions={"trace": self._trace},
        ) as response:
            content = bytearray()
            for part in response.iter_raw():
                content += part
                if len(content) > MAX_ANSWER_BYTES:
                    raise CentreAway(f"the answer is longer than {MAX_ANSWER_BYTES} bytes")
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise CentreAway("it is packed, which was not asked for", kind=Away.PORTAL)
        return Answer(
            status=response.status_code,
            content=bytes(content),
            headers=response.headers,
            served_at=_date(response.headers.get("Date")),
        )

    def _trace(self, name: str, told: Mapping[str, Any]) -> None:
        if name.endswith(("connect_tcp.complete", "start_tls.complete")):
            self._stream = told["return_value"]

    @contextmanager
    def _deadline(self, body: bytes) -> Iterator[threading.Event]:
        """Shut the connection from outside when time is up: no read waits longer than that."""
        overdue = threading.Event()

        def shut() -> None:
            overdue.set()
            stream = self._stream
            handle = None if stream is None else stream.get_extra_info("socket")
            with suppress(OSError):
                if handle is not None:
                    # Not the TLS layer's own, which is in use by the thread that waits.
                    socket.socket.shutdown(handle, socket.SHUT_RDWR)

        timer = threading.Timer(self._patience.deadline_s(body), shut)
        timer.daemon = True
        timer.start()
        try:
            yield overdue
        finally:
            timer.cancel()


def _refusal(answer: Answer, judge: Judge) -> EdgeError:
    status = answer.status
    if 300 <= status < 400:
        return CentreAway(f"HTTP {status}", kind=Away.PORTAL)
    if status in {408, 425, 429} or status >= 500:
        return CentreAway(f"HTTP {status}", kind=Away.BUSY, retry_after_s=_retry_after(answer))
    if "json" not in answer.headers.get("Content-Type", ""):
        return CentreAway(f"HTTP {status}", kind=Away.PORTAL)
    judge(answer)
    try:
        return _told(status, _Told.model_validate_json(answer.content))
    except ValidationError:
        return CentreRefuses(status, "", "")


def _told(status: int, told: _Told) -> EdgeError:
    if status == 401 and told.centre_time is not None:
        return ClockWrong(told.centre_time)
    if status == 401 and told.code == SENT_BEFORE:
        return SentTwice()
    said = told.detail or told.title
    return CentreRefuses(status, said, told.title_en or said)


def _retry_after(answer: Answer) -> float | None:
    value = answer.headers.get("Retry-After")
    if value is None:
        return None
    if value.isdecimal():
        return float(value)
    at = _date(value)
    if at is None or answer.served_at is None:
        return None
    return max(0.0, (at - answer.served_at).total_seconds())


def _date(value: str | None) -> datetime | None:
    try:
        return None if value is None else parsedate_to_datetime(value).astimezone(UTC)
    except ValueError:
        return None
