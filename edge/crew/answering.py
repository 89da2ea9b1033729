"""Answers over HTTP that a browser can neither frame, sniff, cache, nor feed with foreign code."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler
from typing import Final

JSON_TYPE: Final = "application/json; charset=utf-8"
FROM_PAGE: Final = ("X-Xunhuan", "crew")
"""A header that a form of another page cannot send, and a script of one may not."""
MAX_BODY_BYTES: Final = 4096
REQUEST_TIMEOUT_S: Final = 10.0
HEADERS: Final = (
    ("Cache-Control", "no-store"),
    (
        "Content-Security-Policy",
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
        "frame-ancestors 'none'; form-action 'none'",
    ),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)


class Answering(BaseHTTPRequestHandler):
    """Reads one request with care and writes its answer."""

    timeout = REQUEST_TIMEOUT_S
    server_version = "xunhuan-edge"
    sys_version = ""

    def body(self) -> bytes:
        """Give the body; nothing of one that is longer than anything the page sends."""
        said = self.headers.get("Content-Length", "")
        length = int(said) if said.isdecimal() else 0
        if length > MAX_BODY_BYTES:
            self.close_connection = True
            return b""
        return self.rfile.read(length)

    def is_from_page(self) -> bool:
        """Say whether a request was sent by a script of this very page."""
        kind = self.headers.get("Content-Type", "").partition(";")[0].strip()
        header, value = FROM_PAGE
        return (
            self.headers.get("Origin") in {None, f"http://{self.headers.get('Host', '')}"}
            and kind == "application/json"
            and self.headers.get(header) == value
        )

    def cookie(self, name: str) -> str:
        """Give a cookie's value; empty without it."""
        try:
            shown = SimpleCookie(self.headers.get("Cookie", "")).get(name)
        except CookieError:  # What is no cookie proves nothing.
            return ""
        return "" if shown is None else shown.value

    def say(self, status: HTTPStatus, zh: str, en: str) -> None:
        """Answer with a sentence."""
        self.give_json({"zh": zh, "en": en}, status=status)

    def give_json(
        self, content: Mapping[str, object], *, status: HTTPStatus = HTTPStatus.OK
    ) -> None:
        """Answer with JSON."""
        self.give(json.dumps(content, ensure_ascii=False).encode(), JSON_TYPE, status=status)

    def give(
        self,
        body: bytes,
        media_type: str,
        *,
        status: HTTPStatus = HTTPStatus.OK,
        file: str | None = None,
    ) -> None:
        """Answer with bytes.

        Args:
            file: the name under which a browser keeps them.
        """
        more = {"Content-Length": str(len(body))}
        if file is not None:
            more["Content-Disposition"] = f'attachment; filename="{file}"'
        self.start(status, {"Content-Type": media_type, **more})
        self.wfile.write(body)

    def start(self, status: HTTPStatus, more: Mapping[str, str]) -> None:
        """Begin an answer: its status and all its headers."""
        self.send_response(status)
        for name, value in (*more.items(), *HEADERS):
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
        """Log no requests."""
