"""A centre in small: real HTTP on loopback, checks signatures, keeps messages and pictures."""

import base64
import gzip
import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from dispatch.wire import MESSAGE, signature_base

CODE = "4711-0815"


@dataclass
class FakeCentre:
    """What the centre holds, and how it is to misbehave."""

    address: str = ""
    time: datetime = field(default_factory=lambda: datetime.now(UTC))
    strict_clock: bool = False
    shut_out: bool = False
    turned_away: list[str] = field(default_factory=list)
    key: Ed25519PublicKey | None = None
    nonces: set[str] = field(default_factory=set)
    messages: dict[tuple[str, int], bytes] = field(default_factory=dict)
    posted: list[tuple[str, int]] = field(default_factory=list)
    evidence: dict[str, bytes] = field(default_factory=dict)
    refuse: dict[str, str] = field(default_factory=dict)
    lose_receipts: int = 0
    answers: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)
    inbox: list[dict[str, object]] = field(default_factory=list)
    photos: dict[str, bytes] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, body: bytes) -> dict[str, object]:
        receipts, wanted = [], []
        for raw in json.loads(body)["messages"]:
            message = MESSAGE.validate_python(raw)
            key, form = (message.id, message.revision), json.dumps(raw, sort_keys=True).encode()
            self.posted.append(key)
            status = self.refuse.get(message.kind) or self._file(key, form)
            receipts.append({"id": key[0], "revision": key[1], "status": status, "reason": None})
            shown = [evidence.sha256 for evidence in getattr(message, "evidence", ())]
            wanted += [sha256 for sha256 in shown if sha256 not in self.evidence]
        return {"receipts": receipts, "evidence_wanted": wanted}

    def _file(self, key: tuple[str, int], form: bytes) -> str:
        if key in self.messages:
            return "known" if self.messages[key] == form else "conflict"
        self.messages[key] = form
        return "accepted"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    centre: FakeCentre

    def log_message(self, *args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self._body())

    def do_PUT(self) -> None:
        self._answer(self._body())

    def do_PATCH(self) -> None:
        self._answer(self._body())

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", "0")))

    def _answer(self, body: bytes) -> None:
        with self.centre.lock:
            if self.centre.answers:
                status, headers, content = self.centre.answers.pop(0)
            elif self.path == "/api/v1/device/enrol":
                status, headers, content = self._enrol(body)
            else:
                fault = self._signature_fault(body)
                status, headers, content = fault or self._route(body)
        if status == 0:
            self.connection.close()
            self.close_connection = True
            return
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _enrol(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        asked = json.loads(body)
        if asked["code"] != CODE:
            return 403, {"Content-Type": "application/problem+json"}, b'{"detail":"wrong code"}'
        self.centre.shut_out = False
        self.centre.key = Ed25519PublicKey.from_public_bytes(base64.b64decode(asked["public_key"]))
        told = {"device": "car-7", "centre_time": self.centre.time.isoformat()}
        return 201, {}, json.dumps(told).encode()

    def _signature_fault(self, body: bytes) -> tuple[int, dict[str, str], bytes] | None:
        given = self.headers["Signature-Input"]
        match = re.fullmatch(
            r'sig1=\("@method" "@path" "content-digest"\);created=(\d+);nonce="([\w-]{22,})"'
            r';keyid="([a-z0-9-]+)";alg="ed25519"',
            given,
        )
        assert match and self.centre.key, given
        created, nonce, device = int(match[1]), match[2], match[3]
        assert nonce not in self.centre.nonces
        self.centre.nonces.add(nonce)
        base = signature_base(
            method=self.command,
            path=self.path,
            body=body,
            device=device,
            created=created,
            nonce=nonce,
        )
        if self.centre.shut_out:
            self.centre.turned_away.append(self.path)
            told = {"title": "设备未登记或已停用", "title_en": "not registered, or revoked"}
            return 401, {"Content-Type": "application/problem+json"}, json.dumps(told).encode()
        self.centre.key.verify(base64.b64decode(self.headers["Signature"][6:-1]), base)
        if self.centre.strict_clock and abs(created - self.centre.time.timestamp()) > 120:
            told = {"detail": "clock", "centre_time": self.centre.time.isoformat()}
            return 401, {"Content-Type": "application/problem+json"}, json.dumps(told).encode()
        return None

    def _route(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        if self.path == "/api/v1/device/messages":
            answer = self.centre.take(gzip.decompress(body))
            if self.centre.lose_receipts:
                self.centre.lose_receipts -= 1
                return 0, {}, b""
            return 200, {}, json.dumps(answer).encode()
        if self.path == "/api/v1/device/inbox":
            return 200, {}, json.dumps(self.centre.inbox).encode()
        name = self.path.rsplit("/", 1)[1]
        if self.command == "GET":
            kept = {**self.centre.photos, **self.centre.evidence}
            return (200, {}, kept[name]) if name in kept else (404, {}, b"{}")
        assert hashlib.sha256(body).hexdigest() == name
        new = name not in self.centre.evidence
        self.centre.evidence[name] = body
        return (201 if new else 200), {}, json.dumps({"sha256": name}).encode()


@contextmanager
def fake_centre() -> Iterator[FakeCentre]:
    """Run a centre on a free port of loopback."""
    centre = FakeCentre()
    handler = type("Handler", (_Handler,), {"centre": centre})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    centre.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield centre
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
