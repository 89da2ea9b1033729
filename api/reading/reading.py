"""Where batches are read: on the spot, and by the reader while much comes.

A vehicle that empties a day's backlog, or many that send at once, would hold up everybody else: so
from some load on a reader is started, and stays. Whatever it cannot answer is read on the spot.
"""

import asyncio
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections import deque
from contextlib import suppress
from typing import Final

import structlog

from api.reading import reader
from api.reading.reader import LENGTH

PRESSED: Final = 200_000
"""Packed bytes within a second from which a reader is started: forty batches of fifty findings."""
START_EVERY_S: Final = 10.0
ANSWER_WITHIN_S: Final = 10.0
"""A reader that takes longer is stopped: the batch is then read on the spot."""

log = structlog.get_logger(__name__)


class Reading:
    """Has batches read by a process of its own, from some load on; for one event loop."""

    def __init__(self, *, pressed: int = PRESSED) -> None:
        self._pressed = pressed
        self._open = False
        self._reader: _Reader | None = None
        self._started = float("-inf")
        self._starting: asyncio.Task[None] | None = None
        self._second, self._came = 0.0, 0

    def open(self) -> None:
        """Let readers be started from now on."""
        self._open = True

    async def close(self) -> None:
        """Stop the reader; batches are read on the spot."""
        self._open = False
        if self._starting is not None:
            await self._starting
        if self._reader is not None:
            await self._reader.stop()

    async def glances(self, packed: bytes) -> bytes | None:
        """Give what the reader says of a batch; None where it is to be read on the spot.

        Args:
            packed: gzip of the JSON that holds the messages.
        """
        if self._reader is not None and self._reader.serves:
            return await self._reader.ask(packed)
        if self._open and self._presses(len(packed)) and self._may_start():
            self._starting = asyncio.create_task(self._start())
        return None

    def _presses(self, size: int) -> bool:
        now = time.monotonic()
        if now - self._second >= 1.0:
            self._second, self._came = now, 0
        self._came += size
        return self._came >= self._pressed

    def _may_start(self) -> bool:
        under_way = self._starting is not None and not self._starting.done()
        return not under_way and time.monotonic() - self._started >= START_EVERY_S

    async def _start(self) -> None:
        self._started = time.monotonic()
        try:
            self._reader = await _Reader.start()
        except OSError as error:
            log.error("reader not started", reason=str(error))


class _Reader:
    """A running reader, and who waits for its answers."""

    def __init__(self, process: Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._process, self._to, self._from = process, process.stdin, process.stdout
        self._waiting: deque[asyncio.Future[bytes | None]] = deque()
        self.serves = True
        self._listening = asyncio.create_task(self._listen())

    @classmethod
    async def start(cls) -> "_Reader":
        """Start one; what is sent to the terminal's processes does not reach it."""
        return cls(
            await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                reader.__name__,
                stdin=PIPE,
                stdout=PIPE,
                start_new_session=True,
            )
        )

    async def ask(self, packed: bytes) -> bytes | None:
        """Give its answer, or None if it has none."""
        answer: asyncio.Future[bytes | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(answer)
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                self._to.write(LENGTH.pack(len(packed)) + packed)
                await self._to.drain()
                return await answer
        except (TimeoutError, ConnectionError):
            await self.stop()
            return None

    async def stop(self) -> None:
        """End it, and leave nobody waiting."""
        self.serves = False
        with suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
        await self._listening

    async def _listen(self) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                (size,) = LENGTH.unpack(await self._from.readexactly(LENGTH.size))
                _tell(self._waiting.popleft(), await self._from.readexactly(size) or None)
        if self.serves:
            log.error("reader ended", status=self._process.returncode)
        self.serves = False
        while self._waiting:
            _tell(self._waiting.popleft(), None)


def _tell(waiting: asyncio.Future[bytes | None], answer: bytes | None) -> None:
    if not waiting.done():
        waiting.set_result(answer)
