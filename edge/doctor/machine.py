"""Check the machine: room on its disk, whether writes reach it, and its clock."""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from edge.config import Config, HealthConfig, SourceKind
from edge.delivery.keys import replace_file
from edge.doctor.check import Check, failed, passed, warned

BUILT: Final = datetime(2026, 1, 1, tzinfo=UTC)
SYNCS: Final = 8
SLOW_SYNC_S: Final = 0.25
"""A finding is recorded by one sync; a card that takes longer is worn out or not fit for it."""
TOO_QUICK_S: Final = 2e-5
"""No disk keeps anything within so short a time: such a sync does nothing."""
MEMORY_DISKS: Final = frozenset({"tmpfs", "ramfs"})


def check_machine(
    folder: Path,
    limits: HealthConfig,
    *,
    now: Callable[[], datetime],
    monotonic: Callable[[], float],
    mounts: Path = Path("/proc/self/mounts"),
) -> Iterator[Check]:
    """Check the disk of the state folder and the clock."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield _room(folder, limits)
        yield _sync(folder, monotonic, mounts)
    except OSError as error:
        yield failed(
            "disk",
            f"状态文件夹 {folder} 用不了：{error}；请检查权限",
            f"the state folder {folder} cannot be used: {error}; check its permissions",
        )
    yield _clock(now())


def check_footage(config: Config) -> Iterator[Check]:
    """Check the folder that is watched, of a device that works through footage."""
    folder, gone = config.source.folder, config.source.unreadable_folder()
    if config.source.kind is not SourceKind.WATCH or folder is None:
        return
    # One inside the state folder is made when the agent starts.
    if gone is None or gone.is_relative_to(config.state):
        yield passed("footage", f"素材文件夹 {folder}", f"the folder of footage is {folder}")
        return
    yield failed(
        "footage",
        f"放素材的文件夹 {gone} 不在或读不了：请检查挂载和权限",
        f"the folder of footage {gone} is not there or cannot be read: check mount and rights",
    )


def _room(folder: Path, limits: HealthConfig) -> Check:
    free_mib = shutil.disk_usage(folder).free >> 20
    if free_mib < limits.min_disk_free_mib:
        return failed(
            "disk",
            f"磁盘只剩 {free_mib} MiB，至少要 {limits.min_disk_free_mib} MiB：请清理",
            f"only {free_mib} MiB of disk free, {limits.min_disk_free_mib} MiB are needed: "
            "clear it",
        )
    return passed(
        "disk", f"磁盘剩余 {free_mib / 1024:.1f} GiB", f"{free_mib / 1024:.1f} GiB of disk free"
    )


def _sync(folder: Path, monotonic: Callable[[], float], mounts: Path) -> Check:
    if _kind_of_disk(folder, mounts) in MEMORY_DISKS:
        return warned(
            "sync",
            f"{folder} 在内存盘上，断电会丢失发现：请换到磁盘",
            f"{folder} lies in memory and loses findings without power: move it to a disk",
        )
    probe = folder / "doctor.probe"
    began = monotonic()
    for _ in range(SYNCS):
        replace_file(probe, os.urandom(4096), mode=0o600)
    took_s = (monotonic() - began) / SYNCS
    probe.unlink()
    text = f"{1000.0 * took_s:.1f}"
    if took_s > SLOW_SYNC_S:
        return warned(
            "sync",
            f"落盘一次要 {text} 毫秒，太慢：存储卡可能已磨损，请更换",
            f"a sync takes {text} ms, too slow: the card may be worn out, replace it",
        )
    if took_s < TOO_QUICK_S:
        return warned(
            "sync",
            f"落盘只用 {text} 毫秒，可能没有真正写入：请检查挂载选项",
            f"a sync takes {text} ms, it may not reach the disk: check the mount options",
        )
    return passed(
        "sync", f"磁盘可写并能落盘，一次 {text} 毫秒", f"writes reach the disk in {text} ms"
    )


def _kind_of_disk(folder: Path, mounts: Path) -> str | None:
    """Give the file system that a folder lies on, by the longest mount point above it."""
    where, best, kind = folder.resolve(), "", None
    try:
        lines = mounts.read_text(encoding="utf-8").splitlines()
    except OSError:  # Not Linux: nothing is known, and the sync is timed all the same.
        return None
    for line in lines:
        _device, point, name, *_ = line.split(" ")
        if where.is_relative_to(point) and len(point) >= len(best):
            best, kind = point, name
    return kind


def _clock(now: datetime) -> Check:
    said = now.astimezone(UTC).isoformat(timespec="seconds")
    if now < BUILT:
        return failed(
            "clock",
            f"本机时间是 {said}，没有对过时：请联网对时，或装上时钟电池",
            f"the device's time is {said}: it was never set; synchronise it, or fit a battery",
        )
    return passed("clock", f"本机时间 {said}", f"the device's time is {said}")
