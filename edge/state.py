"""How the agent is at one moment, for health checks, metrics and whoever asks.

Counters only grow while the process lives; a reader takes differences.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final


class Passed(StrEnum):
    """Why a captured frame was not looked at."""

    STANDING = "standing"
    NEAR = "near"
    OVERRUN = "overrun"
    FROZEN = "frozen"
    MISFIT = "misfit"
    CORRUPT = "corrupt"
    OUT_OF_ORDER = "out_of_order"
    BETWEEN_PASSES = "between_passes"

    @property
    def zh(self) -> str:
        """Say it in Chinese."""
        return _SAID[self][0]

    @property
    def en(self) -> str:
        """Say it in English."""
        return _SAID[self][1]

    @property
    def is_loss(self) -> bool:
        """Whether ground may have gone unseen for it: not when nothing new was to be seen."""
        return self not in {Passed.STANDING, Passed.NEAR, Passed.BETWEEN_PASSES}


_SAID: Final = {
    Passed.STANDING: ("车辆静止", "the vehicle stood"),
    Passed.NEAR: ("距上一张太近，已选更清晰的", "a sharper frame of the same step was taken"),
    Passed.OVERRUN: ("处理不及，已被新画面替换", "newer frames took its place in the queue"),
    Passed.FROZEN: ("画面冻结", "the picture is frozen"),
    Passed.MISFIT: ("画面尺寸与相机文件不符", "its size does not fit the camera file"),
    Passed.CORRUPT: ("数据损坏，解码失败", "its data are damaged"),
    Passed.OUT_OF_ORDER: ("时间倒退", "its time went back"),
    Passed.BETWEEN_PASSES: ("没有进行中的巡查", "no pass is under way"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraState:
    """One camera of the device.

    Attributes:
        open: whether frames are coming: connected, and the last one is not overdue.
        captured: frames that came since the start of the process.
        captured_fps: frames that came a second, over the last ten seconds.
        looked_at: frames that went through the model.
        passed: frames that did not, by reason.
        last_frame_at: exposure time of the newest frame; None before the first.
        reconnects: times the stream was opened again after it had been lost.
        restarts: times the capture thread itself died and was started again.
        queued: frames that wait to be looked at.
        wrong: what is wrong with the camera now, in Chinese and English; None if nothing is.
    """

    name: str
    open: bool
    captured: int
    captured_fps: float
    looked_at: int
    passed: Mapping[Passed, int]
    last_frame_at: datetime | None
    reconnects: int
    restarts: int
    queued: int
    wrong: tuple[str, str] | None

    def last_frame_age_s(self, now: datetime) -> float | None:
        """Give how old the newest frame is, seconds; None before the first."""
        at = self.last_frame_at
        return None if at is None else max(0.0, (now - at).total_seconds())


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentState:
    """The agent as it is at one moment.

    Attributes:
        started_at: when the process began to work.
        pass_id: the pass under way; None between passes.
        passes: passes begun since the start.
        findings: findings recorded since the start.
        first_detection_s: seconds from the start to the first frame that went through the model.
        last_detection_at: exposure time of the newest frame that went through the model.
        inference_s: time the model took for its last frame, seconds.
        unsent: messages that wait in the outbox, as of the last look at it.
        away: why the centre could not be reached when it was last tried; None if it was.
        metered: whether the network is taken for one that is paid by the byte.
        metered_bytes: of pictures, sent today (UTC) over such a network.
        threads: for each thread that should run, whether it does.
        disk: what the disk refuses now, in Chinese and English; None if it takes what it is given.
    """

    started_at: datetime
    pass_id: str | None
    passes: int
    findings: int
    first_detection_s: float | None
    last_detection_at: datetime | None
    inference_s: float | None
    unsent: int
    away: str | None
    cameras: tuple[CameraState, ...]
    threads: Mapping[str, bool]
    metered: bool = False
    metered_bytes: int = 0
    disk: tuple[str, str] | None = None
