"""How large a request may be, and how a packed body is unpacked without being blown up."""

import zlib
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import ApiError

MAX_BODY: Final = 26_000_000
MAX_UNPACKED: Final = 64_000_000
_RATIO: Final = 100


class BodyTooLarge(ApiError):
    """A request body exceeds what the centre reads."""

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"请求超过 {limit // 1_000_000} MB，请分批发送",
            f"the request is larger than {limit // 1_000_000} MB: send it in parts",
        )
        self.limit = limit


class BrokenPacking(ApiError):
    """A body says it is gzip and is not, or is cut off."""

    def __init__(self) -> None:
        super().__init__("压缩内容损坏，请重新发送", "the gzip body is broken: send it again")


class BodyLimit:
    """An ASGI layer that stops reading a body at `MAX_BODY`, whatever its headers say."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, counting what it brings."""
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > MAX_BODY:
                raise BodyTooLarge(MAX_BODY)
            return message

        await self._app(scope, counted if scope["type"] == "http" else receive, send)


def unpack(body: bytes, encoding: str | None) -> bytes:
    """Undo a body's Content-Encoding.

    Raises:
        BodyTooLarge: it unpacks to more than `MAX_UNPACKED` or more than a hundred times its size.
        BrokenPacking: it is not whole gzip, or another encoding.
    """
    if encoding in {None, "", "identity"}:
        return body
    if encoding != "gzip":
        raise BrokenPacking
    limit = min(MAX_UNPACKED, max(1_000_000, len(body) * _RATIO))
    inflater = zlib.decompressobj(wbits=31)
    try:
        raw = inflater.decompress(body, limit)
    except zlib.error as error:
        raise BrokenPacking from error
    if inflater.unconsumed_tail:
        raise BodyTooLarge(limit)
    if not inflater.eof:
        raise BrokenPacking
    return raw
