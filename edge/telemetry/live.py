"""A receiver listened to while driving: poses for frames as they come, whatever the line does.

A thread reads the line, opens it again with growing pauses after it broke, and lets go of one that
says nothing for `STALLED_S`. Memory is bounded: a cut message, and the fixes of some seconds.
"""

import hashlib
import random
import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Final

from edge.placing.pose import Pose
from edge.receiver_address import Address, SerialAddress, read_address
from edge.telemetry.hearing import LATENCY_S, Hearing, Instant
from edge.telemetry.line import Line, LineDown, open_line
from edge.telemetry.live_state import STALLED_S, LiveState
from edge.telemetry.log import Words

MAX_WAIT_S: Final = 2.0
"""A frame waits this long for the fix behind it, and then has no position."""
QUIET_S: Final = 0.06
"""A receiver says one moment without a pause this long."""
_TRIES: Final = 5
_TOGETHER_S: Final = 0.01
_FIRST_PAUSE_S: Final = 0.5
_LONGEST_PAUSE_S: Final = 30.0

_SILENT: Final[Words] = (
    "连接正常但没有数据，重新连接",
    "the line is up but says nothing: connecting again",
)


def unslewed() -> float:
    """Give seconds of the bare crystal: setting the clock right by slewing would bend the others.

    A clock slewed by 8 % (chrony's most) is off by half a second, 5 m of way, in six seconds.
    """
    return time.clock_gettime(time.CLOCK_MONOTONIC_RAW)


def open_live(
    address: str,
    *,
    now: Callable[[], datetime],
    steady: Callable[[], float] = unslewed,
    latency_s: float = LATENCY_S,
    rng: random.Random | None = None,
    line: Callable[[Address], Line] = open_line,
) -> "LiveTelemetry":
    """Listen to a receiver; a line that is not there yet is waited for.

    Args:
        now: the clock that stamps the frames.
        steady: seconds that neither leap nor are slewed.
        latency_s: from a moment to the first byte about it.
        rng: scatters the pauses between attempts.

    Raises:
        BadAddress: the address names no receiver.
    """
    return LiveTelemetry(
        read_address(address),
        now=now,
        steady=steady,
        latency_s=latency_s,
        rng=rng or random.Random(address),  # noqa: S311 - jitter is no secret
        line=line,
    )


class LiveTelemetry:
    """Poses of a receiver that is listened to; a `Telemetry` whose end moves on."""

    def __init__(
        self,
        address: Address,
        *,
        now: Callable[[], datetime],
        steady: Callable[[], float],
        latency_s: float,
        rng: random.Random,
        line: Callable[[Address], Line],
    ) -> None:
        """Start listening in a thread of its own."""
        self._address, self._now, self._steady = address, now, steady
        self._rng, self._open = rng, line
        byte_s = 10.0 / address.baud if isinstance(address, SerialAddress) else 0.0
        self._hearing = Hearing(str(address), latency_s=latency_s, byte_s=byte_s)
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._connected = False
        self._heard_s: float | None = None
        self._connections = 0
        self._trouble: Words | None = None
        self._digest = hashlib.sha256(f"{address} {now().isoformat()}".encode()).hexdigest()
        self._thread = threading.Thread(target=self._listen, name="receiver", daemon=True)
        self._thread.start()

    @property
    def digest(self) -> str:
        """Hash of the address and of when listening began: no two runs are the same material."""
        return self._digest

    def pose_at(self, at: datetime) -> Pose:
        """Give the pose at a time of the device's clock, within the last seconds.

        Raises:
            NoPose: nothing is known of that time, yet or any more.
        """
        with self._lock:
            return self._hearing.pose_at(at)

    def known_until(self) -> datetime | None:
        """Give the device's time up to which poses are known; None while none is."""
        with self._lock:
            return self._hearing.known_until()

    def utc_of(self, at: datetime) -> datetime | None:
        """Give UTC, as the receiver has it, of a time of the device's clock; None if unknown."""
        with self._lock:
            return self._hearing.utc_of(at)

    def state(self) -> LiveState:
        """Say how the receiver is doing."""
        with self._lock:
            hearing, counts = self._hearing, self._hearing.counts
            steady_s = self._steady()
            quiet_s = None if self._heard_s is None else steady_s - self._heard_s
            return LiveState(
                address=str(self._address),
                connected=self._connected,
                stalled=not self._connected or quiet_s is None or quiet_s > STALLED_S,
                fix_age_s=None if hearing.fixed_s is None else steady_s - hearing.fixed_s,
                satellites=hearing.reception.satellites,
                solution=hearing.reception.solution,
                accuracy_m=hearing.sigma_m,
                clock_ahead_s=hearing.clock_ahead_s(),
                late_s=hearing.late_s(),
                bytes_read=counts.bytes_read,
                bytes_dropped=hearing.dropped,
                messages=counts.messages,
                fixes=counts.fixes,
                without_fix=counts.without_fix,
                reconnections=max(0, self._connections - 1),
                trouble=self._trouble,
            )

    def close(self) -> None:
        """Stop listening."""
        self._closed.set()
        self._thread.join()

    def _listen(self) -> None:
        pause_s = _FIRST_PAUSE_S
        while not self._closed.is_set():
            try:
                heard = self._stay_on(self._open(self._address))
            except LineDown as down:
                heard = False
                self._lost((down.zh, down.en))
            pause_s = _FIRST_PAUSE_S if heard else min(2.0 * pause_s, _LONGEST_PAUSE_S)
            self._closed.wait(pause_s * self._rng.uniform(0.5, 1.0))

    def _stay_on(self, line: Line) -> bool:
        """Read until the line breaks, says nothing for too long, or we close.

        Returns:
            Whether anything was heard.
        """
        with self._lock:
            self._connected, self._connections = True, self._connections + 1
        opened_s = last_s = self._steady()
        try:
            while not self._closed.is_set():
                chunk = line.read(QUIET_S)
                last_s = self._steady() if chunk else last_s
                self._hear(chunk)
                if self._steady() - last_s > STALLED_S:
                    self._lost(_SILENT)
                    break
        except LineDown as down:
            self._lost((down.zh, down.en))
        finally:
            line.close()
        return last_s > opened_s

    def _hear(self, chunk: bytes) -> None:
        with self._lock:
            now = self._instant()
            if chunk:
                self._heard_s = now.steady_s
                self._hearing.take(chunk, now)
            else:
                self._hearing.silence(now)

    def _instant(self) -> Instant:
        """Read both clocks; again, where the device was busy with other things in between."""
        for _ in range(_TRIES):
            before_s, at, after_s = self._steady(), self._now(), self._steady()
            if after_s - before_s < _TOGETHER_S:
                break
        return Instant(at=at, steady_s=(before_s + after_s) / 2.0)

    def _lost(self, why: Words) -> None:
        with self._lock:
            self._connected, self._trouble = False, why
            self._hearing.broke_off()
