"""A way to the centre that fails in every manner a mobile network knows: a small TCP proxy.

It runs on loopback in a thread with an event loop of its own; a test turns its mode while it runs.
"""

import asyncio
import socket
import struct
import threading
from collections.abc import Awaitable, Iterator, Mapping
from contextlib import contextmanager, suppress
from enum import StrEnum
from typing import Final

Reader, Writer = asyncio.StreamReader, asyncio.StreamWriter

PAGE: Final = b"<html><body>Welcome to the hotel: please log in</body></html>"
# The way is closed after each answer, and says so: whoever keeps it open meets a reset.
_ANSWER: Final = b"HTTP/1.1 %s\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s"
_RECEIPTS: Final = b'{"receipts": [], "evidence_wanted": [] }'
_PORTAL: Final = _ANSWER % (b"200 OK\r\nContent-Type: text/html", len(PAGE), PAGE)
_REDIRECT: Final = _ANSWER % (b"302 Found\r\nLocation: http://portal.example/", 0, b"")
_BUSY: Final = _ANSWER % (b"503 Busy\r\nRetry-After: 7", 0, b"")
_LYING: Final = _ANSWER % (
    b"200 OK\r\nContent-Type: application/json",
    len(_RECEIPTS),
    _RECEIPTS,
)


class Mode(StrEnum):
    """What the way does to whoever takes it."""

    OPEN = "open"
    BYTE_A_TICK = "byte_a_tick"
    HALF_OPEN = "half_open"
    RESET_IN_BODY = "reset_in_body"
    CUT_IN_ANSWER = "cut_in_answer"
    LOST_ANSWER = "lost_answer"
    PORTAL = "portal"
    REDIRECT = "redirect"
    BUSY = "busy"
    LYING = "lying"
    SLOW_ACCEPT = "slow_accept"


_CANNED: Final[Mapping[Mode, bytes]] = {
    Mode.PORTAL: _PORTAL,
    Mode.REDIRECT: _REDIRECT,
    Mode.BUSY: _BUSY,
    Mode.LYING: _LYING,
}


class BadWay:
    """A proxy in front of one centre.

    Attributes:
        address: where a device finds it.
        connections: how many came; who tries in a tight loop makes many.
    """

    def __init__(self, centre: str, *, tick_s: float = 0.05) -> None:
        host, _, port = centre.removeprefix("http://").partition(":")
        self._centre, self._tick_s = (host, int(port)), tick_s
        self.mode = Mode.OPEN
        self.connections = 0
        self._begun, self._stopped = threading.Event(), asyncio.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    async def serve(self) -> None:
        """Take connections until the end; whatever still hangs is then let go."""
        self._loop = asyncio.get_running_loop()
        server = await asyncio.start_server(self._taken, sock=self._socket)
        self._begun.set()
        await self._stopped.wait()
        server.close()

    def stop(self) -> None:
        """End; from any thread."""
        self._begun.wait()
        self._loop.call_soon_threadsafe(self._stopped.set)

    async def _taken(self, reader: Reader, writer: Writer) -> None:
        self.connections += 1
        mode = self.mode
        try:
            if mode in _CANNED:
                await _read_request(reader)
                writer.write(_CANNED[mode])
                await writer.drain()
            elif mode is Mode.HALF_OPEN:
                await self._stopped.wait()
            else:
                await self._pass_on(mode, reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            # The device let go, which is its right.
            pass
        finally:
            with suppress(OSError):
                writer.close()

    async def _pass_on(self, mode: Mode, reader: Reader, writer: Writer) -> None:
        if mode is Mode.SLOW_ACCEPT:
            await asyncio.sleep(10 * self._tick_s)
        there, back = await asyncio.open_connection(*self._centre)
        try:
            if mode is Mode.RESET_IN_BODY:
                await reader.readexactly(400)
                _reset(writer)
            elif mode in {Mode.OPEN, Mode.SLOW_ACCEPT}:
                await _first_of(_pump(reader, back), _pump(there, writer))
            else:
                back.write(await _read_request(reader))
                await self._answer(mode, there, writer)
        finally:
            with suppress(OSError):
                back.close()

    async def _answer(self, mode: Mode, there: Reader, writer: Writer) -> None:
        answer = await there.read(1 << 16)
        if mode is Mode.BYTE_A_TICK:
            for number in range(len(answer)):
                writer.write(answer[number : number + 1])
                await writer.drain()
                await asyncio.sleep(self._tick_s)
        elif mode is Mode.CUT_IN_ANSWER:
            writer.write(answer[: len(answer) // 2])
            await writer.drain()
            _reset(writer)


async def _read_request(reader: Reader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    length = next((int(line[15:]) for line in lines if line.startswith(b"content-length:")), 0)
    return head + (await reader.readexactly(length) if length else b"")


async def _pump(reader: Reader, writer: Writer) -> None:
    while part := await reader.read(1 << 16):
        writer.write(part)
        await writer.drain()


async def _first_of(*ways: Awaitable[None]) -> None:
    tasks = [asyncio.ensure_future(way) for way in ways]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _reset(writer: Writer) -> None:
    """Close by RST, not by FIN."""
    handle = writer.get_extra_info("socket")
    handle.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


@contextmanager
def bad_way(centre: str) -> Iterator[BadWay]:
    """Lay a way to a centre that a test may spoil."""
    way = BadWay(centre)
    thread = threading.Thread(target=lambda: asyncio.run(way.serve()))
    thread.start()
    try:
        yield way
    finally:
        way.stop()
        thread.join()
