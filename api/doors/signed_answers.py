"""Answers to devices are signed by the centre, so that nobody in between can give one for it."""

import base64
import re
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.centre.wiring import Centre
from dispatch.wire import ANSWER_CREATED, ANSWER_SIGNATURE, answer_base

DEVICE_PREFIX: Final = "/api/v1/device/"
_NONCE: Final = re.compile(r';nonce="([A-Za-z0-9_-]{22,64})"')


class SignedAnswers:
    """An ASGI layer that signs the answer to each signed request of a device, refusals included."""

    def __init__(self, app: ASGIApp, *, centre: Centre) -> None:
        self._app, self._centre = app, centre

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and hold its answer back until it is signed whole."""
        nonce = _nonce_of(scope)
        if nonce is None:
            await self._app(scope, receive, send)
            return
        start: Message = {}
        body = bytearray()

        async def signing(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
                return
            body.extend(message.get("body", b""))
            if not message.get("more_body"):
                self._sign(start, bytes(body), nonce)
                await send(start)
                await send({"type": "http.response.body", "body": bytes(body)})

        await self._app(scope, receive, signing)

    def _sign(self, start: Message, body: bytes, nonce: str) -> None:
        created = int(self._centre.real_now().timestamp())
        base = answer_base(status=start["status"], body=body, nonce=nonce, created=created)
        headers = MutableHeaders(scope=start)
        headers[ANSWER_CREATED] = str(created)
        headers[ANSWER_SIGNATURE] = base64.b64encode(self._centre.key.sign(base)).decode()


def _nonce_of(scope: Scope) -> str | None:
    if scope["type"] != "http" or not scope["path"].startswith(DEVICE_PREFIX):
        return None
    said = _NONCE.search(Headers(scope=scope).get("signature-input", ""))
    return None if said is None else said[1]
