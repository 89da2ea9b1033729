"""How a live receiver is doing, for people, health checks and heartbeats."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Final

from edge.telemetry.log import Words
from edge.telemetry.reception import Solution

STALLED_S: Final = 5.0
MAX_FIX_AGE_S: Final = 3.0
MAX_CLOCK_AHEAD_S: Final = 2.0
_NOISE_BYTES: Final = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveState:
    """How a live receiver is doing; None where nothing is known yet.

    Attributes:
        connected: the line is open.
        stalled: nothing has come for `STALLED_S`, or the line is down.
        fix_age_s: since the last fix arrived.
        accuracy_m: standard error of its place, horizontal, per axis.
        clock_ahead_s: by how much the device's clock is ahead of UTC.
        late_s: by how much the last fix was read later than the quickest.
        bytes_dropped: belonged to no whole message (noise, wrong speed, other protocols).
        without_fix: moments in which the receiver had none.
        reconnections: how often the line was opened again.
        trouble: why the line was last lost, Chinese and English.
    """

    address: str
    connected: bool
    stalled: bool
    fix_age_s: float | None
    satellites: int | None
    solution: Solution | None
    accuracy_m: float | None
    clock_ahead_s: float | None
    late_s: float
    bytes_read: int
    bytes_dropped: int
    messages: int
    fixes: int
    without_fix: int
    reconnections: int
    trouble: Words | None

    def complaint(self) -> Words | None:
        """Give what keeps the receiver from placing anything, and what to do; None if nothing."""
        if not self.connected:
            return self.trouble or ("正在连接", "it is being connected to")
        if self.stalled:
            return (
                "接收机没有数据；请检查供电和输出设置",
                "the receiver says nothing: check its power and its output settings",
            )
        if not self.messages and self.bytes_dropped > _NOISE_BYTES:
            return (
                f"收到 {self.bytes_dropped} 字节，没有一条完好的 NMEA 或 UBX 消息；请检查波特率",
                f"{self.bytes_dropped} bytes came and no whole message of NMEA or UBX: "
                "check the baud rate",
            )
        if self.fix_age_s is None or self.fix_age_s > MAX_FIX_AGE_S:
            return (
                f"接收机没有定位（{self.satellites or 0} 颗卫星）；请检查天线，并到露天处",
                f"the receiver has no fix ({self.satellites or 0} satellites): check the antenna "
                "and go under open sky",
            )
        return self._clock_complaint()

    def _clock_complaint(self) -> Words | None:
        if self.clock_ahead_s is None or abs(self.clock_ahead_s) <= MAX_CLOCK_AHEAD_S:
            return None
        return (
            f"本机时钟比卫星时间快 {self.clock_ahead_s:.1f} 秒；位置不受影响，请校时",
            f"the device's clock is {self.clock_ahead_s:.1f} s ahead of satellite time: "
            "positions do not suffer, but set the clock",
        )

    def as_json(self) -> dict[str, object]:
        """Give it for a script."""
        rounded = {
            name: round(value, 3) if isinstance(value, float) else value
            for name, value in asdict(self).items()
        }
        return {**rounded, "trouble": self.trouble and list(self.trouble)}

    def lines(self) -> Iterator[str]:
        """Give it for a person."""
        yield (
            f"{self.address}: {self.fixes} 个定位点，{self.without_fix} 次无定位 · "
            f"{self.fixes} fixes, {self.without_fix} moments without"
        )
        yield (
            f"{self.messages} 条消息，{self.bytes_read} 字节，丢弃 {self.bytes_dropped} · "
            f"{self.messages} messages, {self.bytes_read} bytes, {self.bytes_dropped} dropped"
        )
        if self.fix_age_s is not None:
            accuracy = "—" if self.accuracy_m is None else f"{self.accuracy_m:.2f} m"
            yield (
                f"卫星 {self.satellites}，{self.solution}，精度 {accuracy} · "
                f"{self.satellites} satellites, {self.solution}, {accuracy} (1 sigma)"
            )
        if self.clock_ahead_s is not None:
            yield (
                f"本机时钟比卫星时间快 {self.clock_ahead_s:.2f} 秒 · "
                f"the device's clock is {self.clock_ahead_s:.2f} s ahead of satellite time"
            )
        complaint = self.complaint()
        if complaint is not None:
            yield " · ".join(complaint)

    def news(self) -> Iterator[Words]:
        """Give what is worth telling once, as it comes about."""
        if self.connected:
            yield f"已连接 {self.address}", f"connected to {self.address}"
        if self.messages:
            yield "收到完好的消息", "whole messages are coming"
        if self.solution is not None:
            yield f"解算状态 {self.solution}", f"the solution is {self.solution}"
        if self.clock_ahead_s is not None:
            yield "已与卫星时间对上，可以给出位姿", "set against satellite time: poses can be given"
        if self.trouble is not None:
            yield self.trouble
