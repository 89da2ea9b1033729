"""The centre as an ASGI application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from starlette.middleware.base import RequestResponseEndpoint

from api import problems
from api.gate import Gate
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
    session,
    sheet,
    suppressed,
    tasks,
)
from api.sheets import Sheets
from api.signed_answers import SignedAnswers
from api.ticker import Ticker
from api.uploads import BodyLimit
from api.wiring import Centre

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
    )
)
WEB: Final = Path(__file__).parent / "web"
TIME_HEADER: Final = "X-Xunhuan-Time"
DRILL_HEADER: Final = "X-Xunhuan-Drill"
_CSP: Final = (
    "default-src 'self'; img-src 'self' blob: data:{tiles}; style-src 'self' 'unsafe-inline'; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)


def create_app(centre: Centre) -> FastAPI:
    """Make the application over an open centre."""
    ticker = Ticker(centre)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        ticker.start()
        yield
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
    app.state.sheets = Sheets(centre)
    app.state.gate = _gate(centre)
    problems.install(app)
    app.add_middleware(BodyLimit)
    app.middleware("http")(_Guard(centre))
    app.add_middleware(SignedAnswers, centre=centre)
    for router in ROUTERS:
        app.include_router(router, prefix=PREFIX)
    app.include_router(public.router)
    _add_pages(app)
    app.mount("/web", StaticFiles(directory=WEB), name="web")
    return app


def _gate(centre: Centre) -> Gate:
    policy = centre.profile.public
    return Gate(
        most=policy.most_an_hour,
        most_of_an_address=policy.most_of_an_address,
        now=centre.real_now,
    )


def _add_pages(app: FastAPI) -> None:
    @app.get("/", include_in_schema=False)
    def to_centre() -> RedirectResponse:
        return RedirectResponse("/centre")

    @app.get("/centre", include_in_schema=False)
    def centre_page() -> FileResponse:
        return FileResponse(WEB / "centre" / "index.html")

    @app.get("/worker", include_in_schema=False)
    def worker_page() -> FileResponse:
        return FileResponse(WEB / "worker" / "index.html")

    @app.get("/shell.js", include_in_schema=False)
    def worker_shell() -> FileResponse:
        # At the root, because a service worker rules only what lies below its own address.
        return FileResponse(WEB / "worker" / "shell.js")

    @app.get("/healthz", include_in_schema=False)
    def health() -> dict[str, str]:
        return {"status": "ok"}


class _Guard:
    """Headers that keep a page from being framed, sniffed, cached or fed with foreign code.

    Every answer of the API also tells the centre's time, by which pages count what is left, and
    whether it is a drill.
    """

    def __init__(self, centre: Centre) -> None:
        self._centre = centre
        tiles = centre.profile.basemap.tiles
        host = " " + "/".join(tiles.split("/")[:3]).replace("{s}", "*") if tiles else ""
        self._policy = _CSP.format(tiles=host)

    async def __call__(self, request: Request, call_next: RequestResponseEndpoint) -> Response:
        """Add the headers to an answer."""
        response = await call_next(request)
        response.headers["Content-Security-Policy"] = self._policy
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        if request.url.path.startswith("/api/"):
            response.headers.setdefault("Cache-Control", "no-store")
            response.headers[TIME_HEADER] = self._centre.now().isoformat()
            if self._centre.settings.drill_clock:
                response.headers[DRILL_HEADER] = "1"
        else:
            response.headers.setdefault("Cache-Control", "no-cache")
        return response
