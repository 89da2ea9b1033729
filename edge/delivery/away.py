"""Why the centre cannot be spoken to just now, told apart so that somebody can do something."""

import socket
import ssl
from collections.abc import Iterator
from enum import StrEnum
from typing import Final

import httpx

from edge.errors import EdgeError


class Away(StrEnum):
    """What is the matter with the way to the centre."""

    NO_NAME = "no_name"
    NO_ROUTE = "no_route"
    NOT_TRUSTED = "not_trusted"
    SLOW = "slow"
    CUT_OFF = "cut_off"
    PORTAL = "portal"
    FORGED = "forged"
    CLOCKS = "clocks"
    DOUBLED = "doubled"
    BUSY = "busy"
    ODD = "odd"

    @property
    def zh(self) -> str:
        """Say it in Chinese, with what to do."""
        return _SAID[self][0]

    @property
    def en(self) -> str:
        """Say it in English, with what to do."""
        return _SAID[self][1]


_SAID: Final = {
    Away.NO_NAME: (
        "域名解析失败：请检查网络和 DNS",
        "its name is not found: check the network and its DNS",
    ),
    Away.NO_ROUTE: (
        "连接不上：请检查网络、中心地址和端口",
        "nothing answers there: check the network, the centre's address and port",
    ),
    Away.NOT_TRUSTED: (
        "TLS 证书不可信：请检查本机时间和中心证书",
        "its TLS certificate is not trusted: check the device's time and the certificate",
    ),
    Away.SLOW: (
        "太慢或没有回应：信号弱，会继续重试",
        "too slow, or silent: the signal is weak, it is tried again",
    ),
    Away.CUT_OFF: ("连接中断：会继续重试", "the connection was cut: it is tried again"),
    Away.PORTAL: (
        "回应的不是中心：可能是需要登录的网络",
        "something else answers: maybe a network that wants a login",
    ),
    Away.FORGED: (
        "回应没有中心的签名：可能有人冒充，或中心换了密钥；如确已更换请重新登记",
        "the answer is not signed by the centre: somebody may pose as it, or its key was changed; "
        "if so, enrol again",
    ),
    Away.CLOCKS: (
        "与中心对不上时间：会再对时重试，反复出现请检查本机时钟",
        "its time and the device's do not agree: tried again; if it stays so, check the clock",
    ),
    Away.DOUBLED: (
        "网络把请求送了两次：会继续重试，反复出现请检查路由器或代理",
        "the network delivers requests twice: tried again; if it stays so, check router and proxy",
    ),
    Away.BUSY: ("中心繁忙或在维护：会稍后重试", "it is busy or being serviced: tried again later"),
    Away.ODD: ("回应看不懂：请升级设备软件", "its answer is not understood: upgrade xunhuan-edge"),
}


class CentreAway(EdgeError):
    """The centre cannot be reached now, or what answered is not the centre; try again later."""

    def __init__(
        self, detail: str, *, kind: Away = Away.ODD, retry_after_s: float | None = None
    ) -> None:
        super().__init__(
            f"中心暂时连不上，{kind.zh}（{detail}）；已发现的问题保存在发件箱，稍后会再发送",
            f"the centre cannot be reached now, {kind.en} ({detail}); findings wait in the outbox",
        )
        self.kind, self.retry_after_s = kind, retry_after_s
        self.why = f"{kind.zh} · {kind.en} ({detail})"


def away_of(error: httpx.HTTPError) -> CentreAway:
    """Give what a failure of the way means."""
    detail = f"{type(error).__name__}: {error}"
    if isinstance(error, httpx.TimeoutException):
        return CentreAway(detail, kind=Away.SLOW)
    if any(isinstance(cause, ssl.SSLError) for cause in _causes(error)):
        return CentreAway(detail, kind=Away.NOT_TRUSTED)
    if any(isinstance(cause, socket.gaierror) for cause in _causes(error)):
        return CentreAway(detail, kind=Away.NO_NAME)
    if isinstance(error, httpx.ConnectError):
        return CentreAway(detail, kind=Away.NO_ROUTE)
    return CentreAway(detail, kind=Away.CUT_OFF)


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__
