"""Check the navigation receiver: that it is heard, and that it has a fix."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from edge.config import TelemetryConfig
from edge.doctor.check import Check, failed, passed, warned
from edge.telemetry.live import open_live
from edge.telemetry.live_state import LiveState

WAIT_S: Final = 15.0
COARSE_M: Final = 5.0
"""Standard error from which findings lie on the wrong side of a street."""
STEP_S: Final = 0.2


def check_receiver(
    telemetry: TelemetryConfig,
    *,
    now: Callable[[], datetime],
    monotonic: Callable[[], float],
    sleep: Callable[[float], None],
) -> Check | None:
    """Listen until there is a fix, at most a quarter of a minute; None without a receiver."""
    if telemetry.receiver is None:
        return None
    heard = open_live(telemetry.receiver, now=now, steady=monotonic, latency_s=telemetry.latency_s)
    try:
        until = monotonic() + WAIT_S
        while (state := heard.state()).fix_age_s is None and monotonic() < until:
            sleep(STEP_S)
    finally:
        heard.close()
    return _judged(state)


def _judged(state: LiveState) -> Check:
    if state.fix_age_s is not None:
        return _with_fix(state)
    if state.messages:
        return failed(
            "gnss",
            "接收机有消息但没有定位：请检查天线，开到开阔处再试",
            "the receiver speaks but has no position: check the aerial and try in the open",
        )
    if state.bytes_read:
        return failed(
            "gnss",
            f"收到 {state.bytes_read} 字节，读不懂：请检查波特率和输出协议（NMEA 或 UBX）",
            f"{state.bytes_read} bytes came that nobody understands: check the baud rate and the "
            "protocol (NMEA or UBX)",
        )
    zh, en = state.trouble or ("没有收到任何数据：请检查接线", "nothing comes: check its cable")
    return failed("gnss", f"接收机 {state.address}：{zh}", f"receiver {state.address}: {en}")


def _with_fix(state: LiveState) -> Check:
    error_m, many = state.accuracy_m, state.satellites
    stars = "" if many is None else f"，{many} 颗卫星"
    stars_en = "" if many is None else f", {many} satellites"
    if error_m is None:
        return passed("gnss", f"有定位{stars}", f"there is a position{stars_en}")
    if error_m > COARSE_M:
        return warned(
            "gnss",
            f"定位误差 {error_m:.1f} 米{stars}，偏大：请检查天线位置",
            f"the position is off by {error_m:.1f} m{stars_en}: look at where the aerial is",
        )
    return passed(
        "gnss",
        f"有定位，误差 {error_m:.1f} 米{stars}",
        f"there is a position within {error_m:.1f} m{stars_en}",
    )
