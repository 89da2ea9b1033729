"""The crew's page over HTTP: for the device's own screen, or the cab's network where configured.

A request must name this very address (no rebinding of names), and all but the page itself must
prove by a cookie that its browser knows the number. What changes something must come from the page:
same origin, JSON, and a header that a foreign form cannot send.
"""

import threading
from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from pydantic import BaseModel, ValidationError

from dispatch.wire import GPX_TYPE, KML_TYPE, gpx_of, kml_of
from edge.crew.access import COOKIE, Door, TooManyGuesses, WrongNumber
from edge.crew.answering import Answering
from edge.crew.asked import Entry, Nothing, OrderGiven, VerdictGiven
from edge.crew.desk import Desk
from edge.crew.verdict import NoSuchFind
from edge.errors import EdgeError
from edge.vitals.preview import MAX_WATCHERS
from edge.vitals.streaming import STREAM_TYPE, stream

PAGE: Final = Path(__file__).parent / "page"
_SCRIPT: Final = "text/javascript; charset=utf-8"
_STYLE: Final = "text/css; charset=utf-8"
FILES: Final[Mapping[str, tuple[str, str]]] = {
    "/": ("index.html", "text/html; charset=utf-8"),
    "/look.css": ("look.css", _STYLE),
    "/crew.css": ("crew.css", _STYLE),
    "/crew.js": ("crew.js", _SCRIPT),
    "/words.js": ("words.js", _SCRIPT),
}
BODIES: Final[Mapping[str, type[BaseModel]]] = {
    "/api/enter": Entry,
    "/api/order": OrderGiven,
    "/api/verdict": VerdictGiven,
    "/api/check": Nothing,
}
MAX_REQUESTS: Final = 16
COOKIE_LASTS_S: Final = 30 * 86_400
_REFUSALS: Final[Mapping[type[EdgeError], HTTPStatus]] = {
    WrongNumber: HTTPStatus.FORBIDDEN,
    TooManyGuesses: HTTPStatus.TOO_MANY_REQUESTS,
    NoSuchFind: HTTPStatus.NOT_FOUND,
}


class CannotServeCrew(EdgeError):
    """The address of the crew's page cannot be listened on."""

    def __init__(self, listen: str, why: str) -> None:
        super().__init__(
            f"车组页面不能在 {listen} 监听：{why}；请改 [crew] listen",
            f"the crew's page cannot listen on {listen}: {why}; change [crew] listen",
        )
        self.listen = listen


class CrewServer:
    """Serves until it is closed, in threads of its own that end with the process."""

    def __init__(self, listen: str, desk: Desk, door: Door) -> None:
        """Begin to serve.

        Args:
            listen: HOST:PORT, an IPv4 address or a name; port 0 takes a free one.

        Raises:
            CannotServeCrew: the address is not ours, or taken.
        """
        host, _, port = listen.rpartition(":")
        try:
            self._server = _Server((host, int(port)), desk, door)
        except (OSError, OverflowError) as error:
            raise CannotServeCrew(listen, str(error)) from error
        threading.Thread(target=self._server.serve_forever, name="crew", daemon=True).start()

    @property
    def address(self) -> str:
        """Where it listens, as a URL."""
        return f"http://{self._server.name}"

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], desk: Desk, door: Door) -> None:
        super().__init__(address, _Handler)
        self.desk, self.door = desk, door
        port = self.server_address[1]
        self.name = f"{address[0]}:{port}"
        self.names = {self.name, f"{self.server_address[0]!s}:{port}"}
        self.room = threading.Semaphore(MAX_REQUESTS)
        self.seats = threading.Semaphore(MAX_WATCHERS)


class _Handler(Answering):
    server: _Server

    def do_GET(self) -> None:  # noqa: N802 - the base class names it
        """Give the page, or something that it shows."""
        self._in_room(self._get)

    def do_POST(self) -> None:  # noqa: N802 - the base class names it
        """Do what the page asks for."""
        self._in_room(self._post)

    def _in_room(self, answer: Callable[[str], None]) -> None:
        if not self.server.room.acquire(blocking=False):
            self.say(HTTPStatus.SERVICE_UNAVAILABLE, "访问太多，请稍候", "busy, wait a moment")
            return
        try:
            if self.headers.get("Host", "").lower() not in self.server.names:
                self.say(
                    HTTPStatus.MISDIRECTED_REQUEST, "请用本机地址访问", "ask by our own address"
                )
            else:
                answer(urlsplit(self.path).path)
        except (BrokenPipeError, ConnectionError, TimeoutError):
            self.close_connection = True  # Whoever asked has gone.
        finally:
            self.server.room.release()

    def _get(self, path: str) -> None:
        if path in FILES:
            name, media_type = FILES[path]
            self.give((PAGE / name).read_bytes(), media_type)
        elif not self._is_known():
            self._locked()
        elif path == "/api/state":
            self.give_json(self.server.desk.told())
        elif path == "/api/sheet":
            self.give_json(self.server.desk.told_of_the_route())
        elif path == "/preview":
            self._preview()
        elif path.startswith("/api/picture/"):
            self._picture(path.removeprefix("/api/picture/"))
        elif path in {"/sheet.gpx", "/sheet.kml"}:
            self._sheet(path)
        else:
            self._nothing()

    def _post(self, path: str) -> None:
        body = self.body()
        if not self.is_from_page():
            self.say(HTTPStatus.FORBIDDEN, "只接受本页面的操作", "only this page may ask for that")
        elif path not in BODIES:
            self._nothing()
        elif path != "/api/enter" and not self._is_known():
            self._locked()
        else:
            self._try(path, body)

    def _try(self, path: str, body: bytes) -> None:
        try:
            self._do(BODIES[path].model_validate_json(body))
        except ValidationError:
            self.say(HTTPStatus.BAD_REQUEST, "请求格式不对", "the request is malformed")
        except EdgeError as error:
            status = _REFUSALS.get(type(error), HTTPStatus.INSUFFICIENT_STORAGE)
            self.say(status, error.zh, error.en)
        except OSError as error:
            why = error.strerror or type(error).__name__
            status = HTTPStatus.INSUFFICIENT_STORAGE
            self.say(status, f"没有记下来：{why}", f"not recorded: {why}")

    def _do(self, asked: BaseModel) -> None:
        desk = self.server.desk
        match asked:
            case Entry():
                self._let_in(self.server.door.enter(asked.number))
            case OrderGiven():
                desk.order(asked.order)
                self.give_json(desk.told())
            case VerdictGiven():
                desk.judge(asked.finding, true=asked.true)
                self.give_json(desk.told())
            case _:
                self.give_json({"checks": desk.check()})

    def _let_in(self, proof: str) -> None:
        kept = f"Path=/; Max-Age={COOKIE_LASTS_S}; HttpOnly; SameSite=Strict"
        self.start(HTTPStatus.NO_CONTENT, {"Set-Cookie": f"{COOKIE}={proof}; {kept}"})

    def _is_known(self) -> bool:
        return self.server.door.knows(self.cookie(COOKIE))

    def _picture(self, finding: str) -> None:
        find = self.server.desk.finds.get(finding)
        if find is None or find.jpeg is None:
            self._nothing()
        else:
            self.give(find.jpeg, "image/jpeg")

    def _sheet(self, path: str) -> None:
        kept = self.server.desk.sheet()
        if kept is None:
            self.say(HTTPStatus.NOT_FOUND, "还没有收到路线单", "no route sheet has come yet")
        elif path.endswith("gpx"):
            self.give(gpx_of(kept.sheet), GPX_TYPE, file="xunhuan.gpx")
        else:
            self.give(kml_of(kept.sheet), KML_TYPE, file="xunhuan.kml")

    def _preview(self) -> None:
        preview = self.server.desk.preview()
        if preview is None:
            self.say(HTTPStatus.SERVICE_UNAVAILABLE, "现在没有画面", "there is no picture now")
        elif not self.server.seats.acquire(blocking=False):
            self.say(HTTPStatus.SERVICE_UNAVAILABLE, "观看的人太多", "too many are watching")
        else:
            try:
                self.start(HTTPStatus.OK, {"Content-Type": STREAM_TYPE})
                stream(preview, self.wfile)
            finally:
                self.close_connection = True
                self.server.seats.release()

    def _locked(self) -> None:
        self.say(
            HTTPStatus.UNAUTHORIZED,
            "请输入设备上 xunhuan-edge crew 显示的号码",
            "type the number that `xunhuan-edge crew` shows on the device",
        )

    def _nothing(self) -> None:
        self.say(HTTPStatus.NOT_FOUND, "没有这个地址", "there is nothing here")
