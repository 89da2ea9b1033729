"""What a live receiver's bytes come to: poses by the device's clock, and how well it hears.

Three times meet here: the receiver's UTC, which dates the fixes; the steady clock, which times the
arrivals and never leaps; the device's clock, which stamps the frames and may be wrong or be set.
No lock and no clock of its own: whoever reads the line says what came and when.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from edge.placing.pose import NoPose, Pose
from edge.telemetry.arrivals import ArrivalOffset
from edge.telemetry.epochs import Epoch, Epochs
from edge.telemetry.reception import Reception
from edge.telemetry.rolling import RollingTrack
from edge.telemetry.stream import MessageStream
from edge.telemetry.track import UnusableTelemetry

LATENCY_S: Final = 0.08
LATENCY_ERROR_S: Final = 0.05
"""From a moment to the first byte about it: what receivers take, as no pulse line is read."""
_SET_S: Final = 0.1
"""The device's clock is slewed by less between two chunks; more is a clock that was set."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Instant:
    """One moment by both clocks of the device: its own time, and steady seconds."""

    at: datetime
    steady_s: float


@dataclass(slots=True, kw_only=True)
class Counts:
    """What has come since the start."""

    bytes_read: int = 0
    messages: int = 0
    fixes: int = 0
    without_fix: int = 0


class Hearing:
    """Turns what arrives into a track of the last seconds."""

    def __init__(self, name: str, *, latency_s: float = LATENCY_S, byte_s: float = 0.0) -> None:
        """Start without knowledge.

        Args:
            name: the receiver, as faults call it.
            latency_s: from a moment to the arrival of the first message about it.
            byte_s: time that one byte takes on the line.
        """
        self._name, self._byte_s = name, byte_s
        self._stream, self._epochs = MessageStream(), Epochs()
        self._offset = ArrivalOffset(latency_s=latency_s)
        self._track = RollingTrack(Path(name), digest="")
        self._wall_s: float | None = None
        self.counts = Counts()
        self.reception = Reception()
        self.sigma_m: float | None = None
        self.fixed_s: float | None = None

    @property
    def dropped(self) -> int:
        """Give how many bytes belonged to no whole message."""
        return self._stream.dropped

    def take(self, chunk: bytes, now: Instant) -> None:
        """Take bytes that have just arrived."""
        self._follow_clock(now)
        self.counts.bytes_read += len(chunk)
        for arrived in self._stream.feed(chunk):
            self.counts.messages += 1
            sent_s = now.steady_s - arrived.size * self._byte_s
            self._keep(self._epochs.take(arrived.message, sent_s))

    def silence(self, now: Instant) -> None:
        """Take it that nothing more is coming of the moment that was being said."""
        self._follow_clock(now)
        self._keep(self._epochs.finish())

    def broke_off(self) -> None:
        """Take it that the line is down; half a message is no message."""
        self._stream.restart()
        self._keep(self._epochs.finish())

    def pose_at(self, at: datetime) -> Pose:
        """Give the pose at a time of the device's clock.

        Raises:
            NoPose: nothing is known of that time, yet or any more.
        """
        utc = self.utc_of(at)
        try:
            track = None if utc is None else self._track.track()
        except UnusableTelemetry as fault:
            raise NoPose(at, fault.zh, fault.en) from fault
        if utc is None or track is None:
            raise NoPose(at, "接收机还没有给出定位", "the receiver has given no fixes yet")
        pose = track.pose_at(utc)
        return replace(pose, at=at, error=replace(pose.error, time_s=LATENCY_ERROR_S))

    def known_until(self) -> datetime | None:
        """Give the device's time up to which poses are known; None while none is."""
        ahead_s = self._ahead_s()
        try:
            track = self._track.track()
        except UnusableTelemetry:
            return None
        if ahead_s is None or track is None:
            return None
        return track.span[1] + timedelta(seconds=ahead_s)

    def utc_of(self, at: datetime) -> datetime | None:
        """Give the receiver's UTC of a time of the device's clock; None while unknown."""
        ahead_s = self._ahead_s()
        return None if ahead_s is None else at - timedelta(seconds=ahead_s)

    def clock_ahead_s(self) -> float | None:
        """Give by how much the device's clock is ahead of UTC, seconds; None while unknown."""
        return self._ahead_s()

    def late_s(self) -> float:
        """Give by how much the last message was read later than the quickest."""
        return self._offset.late_s()

    def _ahead_s(self) -> float | None:
        steady_ahead_s = self._offset.known_s()
        if steady_ahead_s is None or self._wall_s is None:
            return None
        return self._wall_s + steady_ahead_s

    def _follow_clock(self, now: Instant) -> None:
        """Notice a device clock that was set: stamps of before are of another clock."""
        wall_s = (now.at - _EPOCH) / timedelta(seconds=1) - now.steady_s
        if self._wall_s is not None and abs(wall_s - self._wall_s) > _SET_S:
            self._track.clear()
        self._wall_s = wall_s

    def _keep(self, epoch: Epoch | None) -> None:
        if epoch is None:
            return
        self.counts.without_fix += epoch.lost.total()
        if epoch.reception != Reception():
            self.reception = epoch.reception
        if epoch.fix is None:
            return
        self.counts.fixes += 1
        self.sigma_m, self.fixed_s = epoch.fix.sigma_m, epoch.arrived_s
        stated_s = (epoch.fix.at - _EPOCH) / timedelta(seconds=1)
        if self._offset.add(epoch.arrived_s, stated_s):
            self._track.clear()
        self._track.add(epoch.fix)
