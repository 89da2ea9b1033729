"""What a device complains of, judged by its signs and its limits; each complaint says what to do.

The codes are stable: metrics, the centre and the reference page name complaints by them.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from dispatch.wire import Complaint, Level
from edge.config import HealthConfig
from edge.state import CameraState
from edge.telemetry.live_state import LiveState
from edge.vitals.signs import DiskSigns, OutboxSigns, Signs

MEBIBYTE: Final = 1 << 20
CODES: Final = (
    "loop_stalled",
    "thread_dead",
    "camera_silent",
    "lens_veiled",
    "gnss_lost",
    "disk_refuses",
    "disk_low",
    "footage_gone",
    "model_missing",
    "model_expired",
    "model_given_up",
    "model_refused",
    "shut_out",
    "outbox_old",
    "outbox_refused",
    "pass_held",
    "clock_off",
    "too_hot",
)
"""Every code that a device may name, the gravest first."""


def complaints_of(signs: Signs, limits: HealthConfig) -> tuple[Complaint, ...]:
    """Give what is not well, the gravest first; empty for a device that is well."""
    threads = {} if signs.agent is None else signs.agent.threads
    found = (
        *(_thread(name) for name, runs in sorted(threads.items()) if not runs),
        *(each for camera in signs.cameras for each in _camera(camera, signs, limits)),
        *(each for name, share in signs.veils.items() for each in _veil(name, share, limits)),
        *_fix(signs.receiver, signs, limits),
        *_refused(signs.disk.refuses),
        *_disk(signs.disk, limits),
        *_footage(signs.footage_gone),
        *_model(signs),
        *_over_the_air(signs),
        *_outbox(signs.outbox, limits),
        *_clock(signs, limits),
        *_heat(signs.temperature_c, limits),
    )
    return tuple(sorted(found, key=lambda each: (each.level is Level.WARN, CODES.index(each.code))))


def stalled(age_s: float) -> Complaint:
    """Say that the agent's loop has not moved for so long, in seconds."""
    return _said(
        "loop_stalled",
        Level.FAIL,
        f"程序已 {age_s:.0f} 秒没有进展：看门狗会重启它；反复出现请查看日志",
        f"the program has not moved for {age_s:.0f} s: the watchdog restarts it; if it happens "
        "again, read the log",
    )


def _camera(camera: CameraState, signs: Signs, limits: HealthConfig) -> Iterator[Complaint]:
    age = camera.last_frame_age_s(signs.at)
    if camera.wrong is None and age is not None and age <= limits.max_frame_age_s:
        return
    if camera.wrong is None and age is None and _just_started(signs, limits.max_frame_age_s):
        yield _said(
            "camera_silent",
            Level.WARN,
            f"相机 {camera.name} 正在打开",
            f"camera {camera.name} is being opened",
        )
        return
    since = "一直没有画面" if age is None else f"最后一张画面是 {age:.0f} 秒前"
    ago = "no picture yet" if age is None else f"its last picture is {age:.0f} s old"
    zh, en = camera.wrong or ("请检查供电、网线和地址", "check its power, cable and address")
    yield _said(
        "camera_silent",
        Level.FAIL,
        f"相机 {camera.name} {since}：{zh}",
        f"camera {camera.name}: {ago}: {en}",
    )


def _veil(camera: str, share: float, limits: HealthConfig) -> Iterator[Complaint]:
    if share > limits.max_veil_share:
        yield _said(
            "lens_veiled",
            Level.WARN,
            f"相机 {camera} 的路面有 {share:.0%} 被脏污遮住：请擦镜头和挡风玻璃",
            f"camera {camera}: dirt hides {share:.0%} of the street: clean the lens and the "
            "windscreen",
        )


def _thread(name: str) -> Complaint:
    return _said(
        "thread_dead",
        Level.FAIL,
        f"程序的 {name} 线程停了：会自动重启；反复出现请查看日志",
        f"the program's thread {name} has stopped: it is started again; if it happens again, read "
        "the log",
    )


def _just_started(signs: Signs, within_s: float) -> bool:
    """Say whether the program is so young that nothing is wrong if something did not come yet."""
    if signs.agent is None:
        return False
    return 0.0 <= (signs.at - signs.agent.started_at).total_seconds() <= within_s


def _fix(receiver: LiveState | None, signs: Signs, limits: HealthConfig) -> Iterator[Complaint]:
    age = None if receiver is None else receiver.fix_age_s
    if receiver is None or (age is not None and age <= limits.max_fix_age_s):
        return
    if age is None and receiver.trouble is None and _just_started(signs, limits.max_fix_age_s):
        yield _said("gnss_lost", Level.WARN, "正在等待定位", "waiting for a position")
        return
    since = "一直没有定位" if age is None else f"{age:.0f} 秒没有定位"
    ago = "no position yet" if age is None else f"no position for {age:.0f} s"
    lost = None if receiver.connected else receiver.trouble
    zh, en = lost or (
        "请检查天线和接线，并开到开阔处",
        "check the aerial and its cable, and drive into the open",
    )
    yield _said("gnss_lost", Level.FAIL, f"{since}：{zh}", f"{ago}: {en}")


def _refused(disk: tuple[str, str] | None) -> Iterator[Complaint]:
    if disk is not None:
        yield _said("disk_refuses", Level.FAIL, *disk)


def _disk(disk: DiskSigns, limits: HealthConfig) -> Iterator[Complaint]:
    free_mib = disk.free_bytes // MEBIBYTE
    if free_mib < limits.min_disk_free_mib:
        yield _said(
            "disk_low",
            Level.FAIL,
            f"磁盘只剩 {free_mib} MiB：请清理磁盘，或减小 [disk] evidence_mib",
            f"only {free_mib} MiB of disk are free: clear the disk, or lower [disk] evidence_mib",
        )


def _footage(gone: Path | None) -> Iterator[Complaint]:
    if gone is not None:
        yield _said(
            "footage_gone",
            Level.FAIL,
            f"放素材的文件夹 {gone} 不在或读不了：请检查挂载和权限",
            f"the folder of footage {gone} is not there or cannot be read: check mount and rights",
        )


def _model(signs: Signs) -> Iterator[Complaint]:
    if signs.model is None and not signs.idle:
        yield _said(
            "model_missing",
            Level.FAIL,
            "模型没有加载：请运行 xunhuan-edge doctor",
            "no model is loaded: run xunhuan-edge doctor",
        )


def _over_the_air(signs: Signs) -> Iterator[Complaint]:
    state = signs.over_the_air
    if state is None:
        return
    if state.expires is not None and signs.at >= state.expires:
        day = f"{state.expires:%Y-%m-%d}"
        yield _said(
            "model_expired",
            Level.FAIL if signs.expired_stops else Level.WARN,
            f"模型已于 {day} 过期：请下发新的模型",
            f"the model expired on {day}: roll out a newer one",
        )
    if state.given_up is not None:
        yield _said(
            "model_given_up",
            Level.WARN,
            f"序号 {state.given_up.sequence} 的模型试用失败，已退回：{state.given_up.zh[:200]}；"
            "请下发修好的",
            f"model package {state.given_up.sequence} failed its trial, the one before runs: "
            f"{state.given_up.en[:200]}",
        )
    if state.refused is not None:
        yield _said(
            "model_refused",
            Level.WARN,
            f"序号 {state.refused.sequence} 的模型包没有采用：{state.refused.zh[:200]}；请核对",
            f"model package {state.refused.sequence} was not taken: {state.refused.en[:200]}",
        )


def _outbox(outbox: OutboxSigns, limits: HealthConfig) -> Iterator[Complaint]:
    if outbox.shut_out is not None:
        # It says as well why messages wait: nothing is wrong with the network.
        yield _said("shut_out", Level.FAIL, *outbox.shut_out)
    elif outbox.oldest_s > limits.max_outbox_age_s:
        minutes = outbox.oldest_s / 60.0
        yield _said(
            "outbox_old",
            Level.FAIL,
            f"{outbox.waiting} 条消息最久等了 {minutes:.0f} 分钟还没发出：请检查网络和中心地址",
            f"{outbox.waiting} messages wait, the oldest for {minutes:.0f} min: check the network "
            "and the centre's address",
        )
    if outbox.refused:
        yield _said(
            "outbox_refused",
            Level.WARN,
            f"中心拒收 {outbox.refused} 条消息：请用 xunhuan-edge outbox status 看原因",
            f"the centre refused {outbox.refused} messages: read why by xunhuan-edge outbox status",
        )
    if outbox.held:
        yield _said(
            "pass_held",
            Level.WARN,
            f"{outbox.held} 条消息因定位自检未通过而扣留：请核对后运行 xunhuan-edge release",
            f"{outbox.held} messages are held by the self-check: look at them, then run "
            "xunhuan-edge release",
        )


def _clock(signs: Signs, limits: HealthConfig) -> Iterator[Complaint]:
    ahead_s = None if signs.receiver is None else signs.receiver.clock_ahead_s
    told = signs.clock_offset_s if ahead_s is None else -ahead_s
    if told is not None and abs(told) > limits.max_clock_offset_s:
        whose = ("中心", "the centre's") if ahead_s is None else ("卫星时间", "the satellites'")
        yield _said(
            "clock_off",
            Level.WARN,
            f"本机时钟与{whose[0]}相差 {told:+.1f} 秒：请开启对时（chrony 或 systemd-timesyncd）",
            f"{whose[1]} time minus the device's is {told:+.1f} s: turn on time synchronisation "
            "(chrony or systemd-timesyncd)",
        )


def _heat(degrees: float | None, limits: HealthConfig) -> Iterator[Complaint]:
    if degrees is not None and degrees > limits.max_temperature_c:
        yield _said(
            "too_hot",
            Level.WARN,
            f"机器温度 {degrees:.0f} °C：请改善通风、避免暴晒",
            f"the machine is at {degrees:.0f} °C: give it air and keep it out of the sun",
        )


def _said(code: str, level: Level, zh: str, en: str) -> Complaint:
    return Complaint(code=code, level=level, zh=zh[:300], en=en[:300])
