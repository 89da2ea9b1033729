"""Other projects' code, run beside ours in an environment of its own.

`make peers` builds that environment in `.peers`; the project itself never needs it. A peer is one
of `peer_scripts`, a process that answers lines of JSON; it waits idle while our side is measured,
so that both can take turns in one run.
"""

import json
import os
import selectors
import subprocess
import tempfile
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from tests.benchmarks.figure import CannotRun

ROOT: Final = Path(__file__).parents[2]
PEERS: Final = ROOT / ".peers"
SCRIPTS: Final = Path(__file__).parent / "peer_scripts"
CHUNK: Final = 1 << 16
TOLD: Final = 1500

Answer = Mapping[str, Any]


class PeerFailed(Exception):
    """A peer ended or fell silent before it answered."""

    def __init__(self, script: str, what: str, said: str) -> None:
        super().__init__(f"{script}: {what}\n{said}")
        self.script, self.what = script, what


def peer_python() -> Path:
    """Return the interpreter of the peers' environment.

    Raises:
        CannotRun: it has not been built.
    """
    python = PEERS / "bin" / "python"
    if not python.exists():
        raise CannotRun("run make peers")
    return python


def ask_peer(script: str, question: Mapping[str, object], *, timeout_s: float) -> Answer:
    """Start a peer, put one question to it, and end it."""
    with Peer(script, timeout_s=timeout_s) as peer:
        return peer.ask(question)


class Peer:
    """A script of `peer_scripts` that runs as long as its context lasts."""

    def __init__(self, script: str, *, timeout_s: float, python: Path | None = None) -> None:
        """Say what to run.

        Args:
            script: file in `peer_scripts`, or a path.
            timeout_s: longest wait for one answer.
            python: interpreter; the peers' own if not given.

        Raises:
            CannotRun: the peers' environment has not been built.
        """
        self.script = script
        self._timeout_s = timeout_s
        self._python = python or peer_python()
        self._pending = b""

    def __enter__(self) -> Self:
        """Start the script; it may still be loading when this returns."""
        with ExitStack() as stack:
            settings = stack.enter_context(tempfile.TemporaryDirectory(prefix="peer-"))
            self._said = stack.enter_context(tempfile.TemporaryFile())
            self._process = stack.enter_context(
                subprocess.Popen(
                    [str(self._python), str(SCRIPTS / self.script)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=self._said,
                    env=_environment(settings),
                    cwd=settings,
                    bufsize=0,
                )
            )
            stack.callback(self._process.kill)
            self._open = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the process and remove what it left."""
        self._open.close()

    def ask(self, question: Mapping[str, object]) -> Answer:
        """Send one question and wait for its answer.

        Raises:
            PeerFailed: the process ended, or did not answer in time.
        """
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(question).encode() + b"\n")
        except BrokenPipeError:
            raise self._failed("ended before it was asked") from None
        answer: Answer = json.loads(self._line())
        return answer

    def _line(self) -> bytes:
        assert self._process.stdout is not None
        until = time.monotonic() + self._timeout_s
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            while b"\n" not in self._pending:
                if not selector.select(max(0.0, until - time.monotonic())):
                    raise self._failed(f"no answer within {self._timeout_s:.0f} s")
                chunk = os.read(self._process.stdout.fileno(), CHUNK)
                if not chunk:
                    raise self._failed("ended without an answer")
                self._pending += chunk
        line, self._pending = self._pending.split(b"\n", 1)
        return line

    def _failed(self, what: str) -> PeerFailed:
        self._said.seek(0)
        said = self._said.read().decode(errors="replace")[-TOLD:]
        return PeerFailed(self.script, what, said)


def _environment(settings: str) -> dict[str, str]:
    """Return an environment in which a peer neither asks the network nor installs anything."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    return kept | {
        "YOLO_CONFIG_DIR": settings,
        "MPLCONFIGDIR": settings,
        "YOLO_OFFLINE": "true",
        "YOLO_AUTOINSTALL": "false",
        "YOLO_VERBOSE": "false",
    }
