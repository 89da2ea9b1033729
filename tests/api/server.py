"""Real HTTP for tests: one port, behind which each test puts its own application."""

import socket
import threading

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send


class Server:
    """A port of loopback, served by a thread; each test puts its own application behind it."""

    app: ASGIApp

    def __init__(self) -> None:
        """Listen."""
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        # Without its lifespan: tests turn the watch, no ticker looks at it.
        config = uvicorn.Config(
            self._answer, interface="asgi3", log_level="warning", lifespan="off", ws="none"
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, args=([self._socket],), daemon=True
        )
        self._thread.start()

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)

    def close(self) -> None:
        """Stop listening."""
        self._server.should_exit = True
        self._thread.join(timeout=20.0)
        self._socket.close()
