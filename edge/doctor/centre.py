"""Check what lies between device and centre: enrolment, way, clocks, and what was refused."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from dispatch.wire import Asked
from edge.config import HealthConfig
from edge.delivery.asked import ASKED_PATH
from edge.delivery.centre import Centre
from edge.delivery.exchange import LOOPBACK
from edge.delivery.keys import read_identity
from edge.delivery.outbox import Outbox
from edge.delivery.word import word_of
from edge.doctor.check import Check, passed, refused, warned
from edge.errors import EdgeError


def check_centre(
    folder: Path, limits: HealthConfig, *, now: Callable[[], datetime]
) -> Iterator[Check]:
    """Ask the centre something small that only an enrolled device may ask."""
    try:
        identity = read_identity(folder)
        centre = Centre(identity, now=now)
        try:
            knows = word_of(centre, ASKED_PATH, Asked) is not None
        finally:
            centre.close()
    except EdgeError as error:
        yield refused("centre", error)
        return
    yield _way(identity.enrolment.centre, identity.enrolment.device)
    if not knows:
        yield warned(
            "centre_version",
            "中心版本较旧，不会下发询问区；其余照常工作：请管理员升级中心",
            "the centre is older and asks for no zones; all else works: have it upgraded",
        )
    offset = centre.told_offset_s
    if offset is not None:
        yield _clocks(offset, limits.max_clock_offset_s)


def check_outbox(folder: Path) -> Iterator[Check]:
    """Look into the outbox: what was refused, and which drives failed their self-check."""
    try:
        outbox = Outbox(folder)
        try:
            depth = outbox.depth()
            holds = [hold for hold in outbox.holds.all() if hold.is_checked]
        finally:
            outbox.close()
    except EdgeError as error:
        yield refused("outbox", error)
        return
    zh = f"发件箱：待发 {depth.waiting}，被拒 {depth.refused}"
    en = f"outbox: {depth.waiting} waiting, {depth.refused} refused"
    if depth.refused:
        hint = "xunhuan-edge outbox status"
        yield warned("outbox", f"{zh}；原因请看 {hint}", f"{en}; read why by {hint}")
    else:
        yield passed("outbox", zh, en)
    if holds:
        last = holds[-1]
        yield warned(
            "boresight",
            f"{len(holds)} 次巡查自检未通过，最近一次：{last.zh}；请用 xunhuan-edge calibrate "
            "核对相机文件",
            f"{len(holds)} passes failed their self-check, the last one: {last.en}; hold the "
            "camera file against a drive by xunhuan-edge calibrate",
        )
    else:
        yield passed(
            "boresight",
            "没有巡查因定位自检而扣留，相机文件与行驶相符",
            "no pass is held by its self-check: camera file and drives agree",
        )


def _way(address: str, device: str) -> Check:
    parts = urlsplit(address)
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        return warned(
            "centre",
            f"中心 {address} 连通，但没有加密：请改用 https 重新登记",
            f"centre {address} answers, but unencrypted: enrol again by https",
        )
    return passed(
        "centre",
        f"中心 {address} 连通，本机登记为 {device}",
        f"centre {address} answers, this device is {device}",
    )


def _clocks(offset_s: float, most_s: float) -> Check:
    if abs(offset_s) > most_s:
        return warned(
            "clock_offset",
            f"本机时钟与中心相差 {offset_s:+.1f} 秒：请开启对时（chrony 或 systemd-timesyncd）",
            f"the clocks differ by {offset_s:+.1f} s: turn on time synchronisation (chrony or "
            "systemd-timesyncd)",
        )
    return passed(
        "clock_offset",
        f"本机时钟与中心相差 {offset_s:+.1f} 秒",
        f"the clocks differ by {offset_s:+.1f} s",
    )
