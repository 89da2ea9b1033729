"""The device answers questions about itself: /healthz, /readyz, /metrics and /preview.

Bound to loopback unless another address is written out in the configuration. Requests that name a
foreign host are refused, so that a web page in a browser on the device cannot read the answers.
"""

import hmac
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final
from urllib.parse import parse_qs, urlsplit

from edge.errors import EdgeError
from edge.vitals.metrics import CONTENT_TYPE, metrics_text
from edge.vitals.preview import MAX_WATCHERS, Preview
from edge.vitals.streaming import STREAM_TYPE, stream
from edge.vitals.vitals import Report

REQUEST_TIMEOUT_S: Final = 10.0
MAX_REQUESTS: Final = 16
JSON_TYPE: Final = "application/json; charset=utf-8"


class CannotListen(EdgeError):
    """The address for questions about the device cannot be listened on."""

    def __init__(self, listen: str, why: str) -> None:
        super().__init__(
            f"不能在 {listen} 监听：{why}；请改 [health] listen",
            f"cannot listen on {listen}: {why}; change [health] listen",
        )
        self.listen = listen


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Where the server takes its answers from.

    Attributes:
        preview: gives the live preview; None while there is none.
        token: what a watcher must show.
    """

    report: Callable[[], Report]
    preview: Callable[[], Preview | None]
    token: str


class VitalsServer:
    """Serves until it is closed, in threads of its own that end with the process."""

    def __init__(self, listen: str, answers: Answers) -> None:
        """Begin to serve.

        Args:
            listen: HOST:PORT; port 0 takes a free one.

        Raises:
            CannotListen: the address is not ours, or taken.
        """
        host, _, port = listen.rpartition(":")
        try:
            self._server = _Server((host.strip("[]"), int(port)), answers)
        except (OSError, OverflowError) as error:
            raise CannotListen(listen, str(error)) from error
        threading.Thread(target=self._server.serve_forever, name="vitals", daemon=True).start()

    @property
    def address(self) -> str:
        """Where it listens, as a URL."""
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}"

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], answers: Answers) -> None:
        super().__init__(address, _Handler)
        self.answers = answers
        self.hosts = {"127.0.0.1", "localhost", "::1", address[0]}
        # Only ever so where the configuration writes out the address of all interfaces.
        self.open_to_all = address[0] in {"0.0.0.0", "::"}  # noqa: S104 - compared, not bound
        self.room = threading.Semaphore(MAX_REQUESTS)
        self.seats = threading.Semaphore(MAX_WATCHERS)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = REQUEST_TIMEOUT_S
    server_version = "xunhuan-edge"
    sys_version = ""

    def do_GET(self) -> None:
        """Answer one question."""
        if not self.server.room.acquire(blocking=False):
            self._answer(HTTPStatus.SERVICE_UNAVAILABLE, b"busy", "text/plain")
            return
        try:
            self._answer_path()
        except (BrokenPipeError, ConnectionError, TimeoutError):
            self.close_connection = True  # Whoever asked has gone.
        finally:
            self.server.room.release()

    def _answer_path(self) -> None:
        if not self._is_asked_for_us():
            self._said(HTTPStatus.MISDIRECTED_REQUEST, "请用本机地址访问", "ask by our own address")
            return
        path = urlsplit(self.path).path
        if path == "/healthz":
            self._healthz()
        elif path == "/readyz":
            self._readyz()
        elif path == "/metrics":
            self._answer(HTTPStatus.OK, metrics_text(self.server.answers.report), CONTENT_TYPE)
        elif path == "/preview":
            self._preview()
        else:
            self._said(HTTPStatus.NOT_FOUND, "没有这个地址", "there is nothing here")

    def _is_asked_for_us(self) -> bool:
        host = urlsplit(f"//{self.headers.get('Host', '')}").hostname or ""
        return self.server.open_to_all or host in self.server.hosts

    def _healthz(self) -> None:
        report = self.server.answers.report()
        status = HTTPStatus.OK if report.alive else HTTPStatus.SERVICE_UNAVAILABLE
        codes = [each.code for each in report.complaints]
        self._json(
            status,
            {"alive": report.alive, "loop_age_s": round(report.moved_s, 1), "complaints": codes},
        )

    def _readyz(self) -> None:
        report = self.server.answers.report()
        status = HTTPStatus.OK if report.ready else HTTPStatus.SERVICE_UNAVAILABLE
        reasons = [each.model_dump(mode="json") for each in report.complaints]
        self._json(
            status,
            {"ready": report.ready, "started": report.signs is not None, "reasons": reasons},
        )

    def _preview(self) -> None:
        if not self._has_token():
            self._said(
                HTTPStatus.UNAUTHORIZED,
                "需要口令：运行 xunhuan-edge preview",
                "a token is needed: run xunhuan-edge preview",
            )
            return
        preview = self.server.answers.preview()
        if preview is None:
            self._said(HTTPStatus.SERVICE_UNAVAILABLE, "现在没有画面", "there is no picture now")
        elif not self.server.seats.acquire(blocking=False):
            self._said(HTTPStatus.SERVICE_UNAVAILABLE, "观看的人太多", "too many are watching")
        else:
            try:
                self._stream(preview)
            finally:
                self.server.seats.release()

    def _has_token(self) -> bool:
        said = self.headers.get("Authorization", "").removeprefix("Bearer ")
        said = said or parse_qs(urlsplit(self.path).query).get("token", [""])[0]
        return hmac.compare_digest(said.encode(), self.server.answers.token.encode())

    def _stream(self, preview: Preview) -> None:
        self.send_response(HTTPStatus.OK)
        self._headers(STREAM_TYPE)
        self.end_headers()
        try:
            stream(preview, self.wfile)
        finally:
            self.close_connection = True

    def _said(self, status: HTTPStatus, zh: str, en: str) -> None:
        self._json(status, {"zh": zh, "en": en})

    def _json(self, status: HTTPStatus, content: dict[str, object]) -> None:
        self._answer(status, json.dumps(content, ensure_ascii=False).encode(), JSON_TYPE)

    def _answer(self, status: HTTPStatus, body: bytes, media_type: str) -> None:
        self.send_response(status)
        self._headers(media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _headers(self, media_type: str) -> None:
        self.send_header("Content-Type", media_type)
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
        """Log no requests: a preview's address holds its token."""
