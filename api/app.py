"""The centre as an ASGI application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from fastapi.responses import (
    FileResponse,
    HTMLResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
)
from fastapi.staticfiles import StaticFiles
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import problems
from api.background.drain import Drain
from api.background.ticker import Ticker
from api.centre.wiring import Centre
from api.doors.gate import Gate
from api.doors.signed_answers import SignedAnswers
from api.doors.uploads import BodyLimit
from api.reading.reading import Reading
from api.routes import (
    batch,
    cases,
    decisions,
    device,
    device_evidence,
    evidence,
    indicators,
    maps,
    models,
    photos,
    public,
    reports,
    retention,
    session,
    sheet,
    suppressed,
    tasks,
)
from api.sheets import Sheets
from api.words.page_words import page_of, terms_script
from dispatch.city_words import CityWords
from dispatch.sights.arrival import Backlog

PREFIX: Final = "/api/v1"
ROUTERS: Final = tuple(
    routes.router
    for routes in (
        session,
        device,
        device_evidence,
        models,
        tasks,
        batch,
        cases,
        decisions,
        photos,
        reports,
        evidence,
        maps,
        indicators,
        sheet,
        suppressed,
        retention,
    )
)
WEB: Final = Path(__file__).parent / "web"
METRICS: Final = """\
# HELP xunhuan_centre_arrivals_waiting Findings and sweeps accepted, of which no case knows yet.
# TYPE xunhuan_centre_arrivals_waiting gauge
xunhuan_centre_arrivals_waiting {waiting}
# HELP xunhuan_centre_oldest_arrival_seconds How long the first of them has waited.
# TYPE xunhuan_centre_oldest_arrival_seconds gauge
xunhuan_centre_oldest_arrival_seconds {age_s}
"""
TIME_HEADER: Final = "X-Xunhuan-Time"
DRILL_HEADER: Final = "X-Xunhuan-Drill"
_CSP: Final = (
    "default-src 'self'; img-src 'self' blob: data:{tiles}; style-src 'self' 'unsafe-inline'; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)


def create_app(centre: Centre) -> FastAPI:
    """Make the application over an open centre."""
    ticker, drain, reading = Ticker(centre), Drain(centre), Reading()

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        ticker.start()
        drain.start()
        reading.open()
        yield
        await reading.close()
        drain.stop()
        ticker.stop()

    # The framework's own pages of documentation load code from elsewhere, which the policy forbids.
    app = FastAPI(
        title="Xunhuan 巡环",
        version="1",
        lifespan=lifespan,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.centre = centre
    app.state.reading = reading
    app.state.sheets = Sheets(centre)
    app.state.gate = _gate(centre)
    problems.install(app)
    app.add_middleware(BodyLimit)
    app.add_middleware(_Guard, centre=centre)
    app.add_middleware(SignedAnswers, centre=centre)
    for router in ROUTERS:
        app.include_router(router, prefix=PREFIX)
    app.include_router(public.router)
    _add_pages(app, centre.profile.words)
    app.mount("/web", StaticFiles(directory=WEB), name="web")
    return app


def _gate(centre: Centre) -> Gate:
    policy = centre.profile.public
    return Gate(
        most=policy.most_an_hour,
        most_of_an_address=policy.most_of_an_address,
        now=centre.real_now,
    )


def _add_pages(app: FastAPI, city: CityWords) -> None:
    @app.get("/", include_in_schema=False)
    def to_centre() -> RedirectResponse:
        return RedirectResponse("/centre")

    @app.get("/centre", include_in_schema=False)
    def centre_page() -> FileResponse:
        return FileResponse(WEB / "centre" / "index.html")

    @app.get("/worker", include_in_schema=False)
    def worker_page() -> HTMLResponse:
        return HTMLResponse(page_of(WEB / "worker" / "index.html", city))

    @app.get("/web/shared/terms.js", include_in_schema=False)
    def terms() -> Response:
        return Response(terms_script(city), media_type="text/javascript")

    @app.get("/shell.js", include_in_schema=False)
    def worker_shell() -> FileResponse:
        # At the root, because a service worker rules only what lies below its own address.
        return FileResponse(WEB / "worker" / "shell.js")

    @app.get("/healthz", include_in_schema=False)
    def health() -> dict[str, str | int | float]:
        backlog, age_s = _backlog(app.state.centre)
        waits = {"arrivals_waiting": backlog.waiting, "oldest_arrival_s": round(age_s, 3)}
        return {"status": "ok", **waits}

    @app.get("/metrics", include_in_schema=False)
    def metrics() -> PlainTextResponse:
        backlog, age_s = _backlog(app.state.centre)
        text = METRICS.format(waiting=backlog.waiting, age_s=round(age_s, 3))
        return PlainTextResponse(text, media_type="text/plain; version=0.0.4; charset=utf-8")


def _backlog(centre: Centre) -> tuple[Backlog, float]:
    """Say what was accepted and the cases do not know of yet, and how long the first has waited."""
    with centre.read() as uow:
        backlog = uow.arrivals.backlog()
    return backlog, backlog.age_s(centre.now())


class _Guard:
    """Headers that keep a page from being framed, sniffed, cached or fed with foreign code.

    Every answer of the API also tells the centre's time, by which pages count what is left, and
    whether it is a drill.
    """

    def __init__(self, app: ASGIApp, *, centre: Centre) -> None:
        self._app, self._centre = app, centre
        tiles = centre.profile.basemap.tiles
        host = " " + "/".join(tiles.split("/")[:3]).replace("{s}", "*") if tiles else ""
        self._policy = _CSP.format(tiles=host)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers to an answer."""

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add(MutableHeaders(scope=message), of_api=scope["path"].startswith("/api/"))
            await send(message)

        await self._app(scope, receive, guarded if scope["type"] == "http" else send)

    def _add(self, headers: MutableHeaders, *, of_api: bool) -> None:
        headers["Content-Security-Policy"] = self._policy
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "no-referrer"
        if of_api:
            headers.setdefault("Cache-Control", "no-store")
            headers[TIME_HEADER] = self._centre.now().isoformat()
            if self._centre.settings.drill_clock:
                headers[DRILL_HEADER] = "1"
        else:
            headers.setdefault("Cache-Control", "no-cache")
