"""Check the device: disk, key, clock, model, camera and centre; each answer says what to do."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from detect.errors import DetectError
from edge.delivery.centre import Centre
from edge.delivery.keys import read_identity, replace_file
from edge.delivery.outbox import Outbox
from edge.errors import EdgeError
from edge.weights import default_model, describe_model

MIN_FREE_BYTES: Final = 1 << 30
MAX_CLOCK_OFFSET_S: Final = 5.0
BUILT: Final = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at."""

    name: str
    ok: bool
    zh: str
    en: str


def examine(folder: Path, *, model: Path | None, now: Callable[[], datetime]) -> list[Check]:
    """Look at everything the agent needs."""
    return [
        _disk(folder),
        _sync(folder),
        _clock(now()),
        _model(model),
        _outbox(folder),
        _centre(folder, now),
    ]


def _disk(folder: Path) -> Check:
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free
    size = f"{free / 2**30:.1f} GiB"
    return Check(
        name="disk",
        ok=free >= MIN_FREE_BYTES,
        zh=f"磁盘剩余 {size}（至少 1 GiB）",
        en=f"{size} of disk free (at least 1 GiB)",
    )


def _sync(folder: Path) -> Check:
    probe = folder / "doctor.probe"
    try:
        replace_file(probe, os.urandom(16), mode=0o600)
        probe.unlink()
    except OSError as error:
        return Check(
            name="sync", ok=False, zh=f"磁盘写不了：{error}", en=f"the disk does not write: {error}"
        )
    return Check(name="sync", ok=True, zh="磁盘可写并能落盘", en="the disk writes and syncs")


def _clock(now: datetime) -> Check:
    return Check(
        name="clock",
        ok=now >= BUILT,
        zh=f"本机时间 {now.isoformat(timespec='seconds')}",
        en=f"the device's time is {now.isoformat(timespec='seconds')}",
    )


def _model(model: Path | None) -> Check:
    try:
        said = describe_model(model if model is not None else default_model())
    except (DetectError, EdgeError) as error:
        return _failed("model", error)
    return Check(name="model", ok=True, zh=f"模型 {said}", en=f"model {said}")


def _outbox(folder: Path) -> Check:
    try:
        outbox = Outbox(folder)
        depth = outbox.depth()
        outbox.close()
    except EdgeError as error:
        return _failed("outbox", error)
    return Check(
        name="outbox",
        ok=depth.refused == 0,
        zh=f"发件箱：待发 {depth.waiting}，被拒 {depth.refused}",
        en=f"outbox: {depth.waiting} waiting, {depth.refused} refused",
    )


def _centre(folder: Path, now: Callable[[], datetime]) -> Check:
    try:
        identity = read_identity(folder)
        centre = Centre(identity, now=now)
        try:
            centre.send("GET", "/api/v1/device/inbox")
        finally:
            centre.close()
    except EdgeError as error:
        return _failed("centre", error)
    offset = centre.clock_offset_s
    return Check(
        name="centre",
        ok=abs(offset) <= MAX_CLOCK_OFFSET_S,
        zh=f"中心 {identity.enrolment.centre} 连通，时钟相差 {offset:.1f} 秒",
        en=f"centre {identity.enrolment.centre} answers, clocks differ by {offset:.1f} s",
    )


def _failed(name: str, error: EdgeError | DetectError) -> Check:
    return Check(name=name, ok=False, zh=error.zh, en=error.en)
