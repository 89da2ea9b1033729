"""The shipped commands as child processes, started again whenever something kills them."""

import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import httpx

from api.errors import ApiError

ANSWER_WITHIN_S: Final = 180.0
"""A first start on a slow machine compiles every module that it imports."""
MOST_FAILURES: Final = 2
DRAINED_WITHIN_S: Final = 120.0
RESTARTS: Final = 40
WATCH_S: Final = 0.3


class CommandMissing(ApiError):
    """A command of the project is not installed beside this one."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"找不到命令 {name}，请安装 edge 组件（make demo 会自动安装）",
            f"the command {name} is not installed: install the extra `edge` (make demo does)",
        )


class CommandFailed(ApiError):
    """A command ended with an error of its own."""

    def __init__(self, command: Sequence[str], status: int, said: str) -> None:
        shown = " ".join(command)
        super().__init__(
            f"命令失败（退出码 {status}）：{shown}\n{said}",
            f"exit status {status}: {shown}\n{said}",
        )
        self.status = status


class CentreSilent(ApiError):
    """The centre does not answer after it was started."""

    def __init__(self, log: Path) -> None:
        super().__init__(
            f"中心没有启动，请看日志 {log}", f"the centre does not answer: read its log {log}"
        )


def command(name: str) -> str:
    """Find one of the project's commands beside the running interpreter.

    Raises:
        CommandMissing: it is not installed.
    """
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.exists() else shutil.which(name)
    if found is None:
        raise CommandMissing(name)
    return found


def run_edge(*arguments: str, log: Path) -> dict[str, object]:
    """Run `xunhuan-edge … --json` to its end and give what it says; killed, it is run again.

    Raises:
        CommandFailed: it ended with an error, or was killed `RESTARTS` times.
    """
    line = [command("xunhuan-edge"), *arguments, "--json"]
    for _ in range(RESTARTS):
        with log.open("ab") as errors:
            done = subprocess.run(  # noqa: S603 - our own command, no shell
                line, stdout=subprocess.PIPE, stderr=errors, stdin=subprocess.DEVNULL, check=False
            )
        if done.returncode != -signal.SIGKILL:
            break
    if done.returncode != 0:
        raise CommandFailed(line, done.returncode, done.stdout.decode(errors="replace")[-2000:])
    said = json.loads(done.stdout)
    assert isinstance(said, dict)
    return said


class CentreProcess:
    """`xunhuan serve` on a port of its own, started again when it dies."""

    def __init__(self, environment: dict[str, str], *, log: Path) -> None:
        self._environment, self._log = dict(environment), log
        self.port = _free_port()
        self.starts = 0
        self.failures = 0
        self._child: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._watched = False

    @property
    def url(self) -> str:
        """Give its address."""
        return f"http://127.0.0.1:{self.port}"

    def ensure(self) -> None:
        """Start it unless it answers.

        Raises:
            CentreSilent: it ends with an error more than once, or does not answer in time.
        """
        deadline, failures = time.monotonic() + ANSWER_WITHIN_S, self.failures
        while time.monotonic() < deadline and self.failures < failures + MOST_FAILURES:
            self._revive()
            if self._answers():
                return
            time.sleep(0.1)
        raise CentreSilent(self._log)

    def supervise(self) -> None:
        """From now on start it again whenever it dies, until it is stopped."""
        self._watched = True
        threading.Thread(target=self._watch, name="centre-watch", daemon=True).start()

    def arm(self, step: str | None) -> None:
        """Have the next start kill itself at a named step (fault tests); None disarms."""
        self._environment.pop("XUNHUAN_FAILPOINT", None)
        if step is not None:
            self._environment["XUNHUAN_FAILPOINT"] = step

    def died(self) -> bool:
        """Say whether it ended by itself."""
        return self._child is not None and self._child.poll() is not None

    def until_drained(self) -> None:
        """Wait until the cases know of all that was accepted, or the centre has died for good.

        Raises:
            CentreSilent: it takes too long.
        """
        deadline = time.monotonic() + DRAINED_WITHIN_S
        while self._waiting() != 0:
            if self.died() and not self._watched:
                return
            if time.monotonic() > deadline:
                raise CentreSilent(self._log)
            time.sleep(0.02)

    def stop(self) -> None:
        """End it in peace."""
        self._over.set()
        if self._child is not None and self._child.poll() is None:
            self._child.terminate()
            try:
                self._child.wait(10)
            except subprocess.TimeoutExpired:
                self._child.kill()
                self._child.wait()

    def _watch(self) -> None:
        while not self._over.wait(WATCH_S):
            self._revive()

    def _revive(self) -> None:
        with self._lock:
            ended = None if self._child is None else self._child.poll()
            if ended is not None and ended > 0:
                self.failures += 1
            if self._child is None or ended is not None:
                self._start()

    def _start(self) -> None:
        self.starts += 1
        line = [command("xunhuan"), "serve", "--port", str(self.port)]
        with self._log.open("ab") as log:
            self._child = subprocess.Popen(  # noqa: S603 - our own command, no shell
                line,
                env={**os.environ, **self._environment},
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
            )

    def _waiting(self) -> int | None:
        try:
            said = self._health(within_s=5.0).json()
        except httpx.TransportError:
            return None
        return int(said["arrivals_waiting"])

    def _answers(self) -> bool:
        try:
            return self._health(within_s=2.0).status_code == httpx.codes.OK
        except httpx.TransportError:
            return False

    def _health(self, *, within_s: float) -> httpx.Response:
        # Asked often, and over a plain address: to read all who are trusted costs 30 ms each time.
        nobody = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        return httpx.get(f"{self.url}/healthz", timeout=within_s, verify=nobody)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
