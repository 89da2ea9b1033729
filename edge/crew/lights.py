"""Green or red at a glance: what the device knows of itself as a handful of lights."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Final

from dispatch.wire import Complaint, Level
from edge.vitals.signs import Signs
from edge.vitals.vitals import Report


class Tone(StrEnum):
    """How a light looks."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"
    UNKNOWN = "unknown"


LIGHTS: Final[dict[str, tuple[str, str, frozenset[str]]]] = {
    "camera": ("相机", "Camera", frozenset({"camera_silent"})),
    "position": ("定位", "Position", frozenset({"gnss_lost"})),
    "disk": ("磁盘", "Disk", frozenset({"disk_low", "disk_refuses", "footage_gone"})),
    "clock": ("时钟", "Clock", frozenset({"clock_off"})),
    "link": ("网络", "Link", frozenset({"outbox_old", "shut_out"})),
    "lens": ("镜头", "Lens", frozenset({"lens_veiled"})),
    "model": (
        "模型",
        "Model",
        frozenset({"model_missing", "model_expired", "model_given_up", "model_refused"}),
    ),
    "device": ("设备", "Device", frozenset()),
}
"""By light: its name, and the complaints that it shows; the last shows all others."""
_NAMED: Final = frozenset(code for _, _, codes in LIGHTS.values() for code in codes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Light:
    """One light: its tone, and words that say what to do, or how well it is."""

    name: str
    name_zh: str
    name_en: str
    tone: Tone
    zh: str
    en: str

    def as_json(self) -> dict[str, object]:
        """Give it for the page."""
        return asdict(self)


def lights_of(report: Report) -> tuple[Light, ...]:
    """Give the lights of a device, in the order in which they stand on the page."""
    return tuple(_light(name, report) for name in LIGHTS)


def _light(name: str, report: Report) -> Light:
    zh, en, codes = LIGHTS[name]
    mine = [
        each
        for each in report.complaints
        if each.code in codes or (name == "device" and each.code not in _NAMED)
    ]
    tone, said = _said(name, mine, report.signs)
    return Light(name=name, name_zh=zh, name_en=en, tone=tone, zh=said[0], en=said[1])


def _said(
    name: str, mine: Sequence[Complaint], signs: Signs | None
) -> tuple[Tone, tuple[str, str]]:
    if mine:
        tone = Tone.FAIL if mine[0].level is Level.FAIL else Tone.WARN
        return tone, (mine[0].zh, mine[0].en)
    if signs is None:
        return Tone.UNKNOWN, ("正在启动", "starting")
    if name == "link" and signs.outbox.away is not None:
        return Tone.WARN, (
            "暂时连不上中心，发现都存在本机，连上后自动发送",
            "the centre is away: finds are kept here and go out by themselves",
        )
    return _well(name, signs)


def _well(name: str, signs: Signs) -> tuple[Tone, tuple[str, str]]:
    if name == "position":
        return _position(signs)
    if name == "disk":
        free = f"{signs.disk.free_bytes / 2**30:.1f} GiB"
        return Tone.OK, (f"剩余 {free}", f"{free} free")
    open_question = _not_known(signs).get(name)
    return (Tone.OK, ("正常", "well")) if open_question is None else (Tone.UNKNOWN, open_question)


def _not_known(signs: Signs) -> dict[str, tuple[str, str]]:
    """Give what nobody can say yet, by light."""
    compared = signs.receiver is not None or signs.clock_offset_s is not None
    unknown = {
        "camera": (bool(signs.cameras), ("没有行车相机", "no live camera")),
        "lens": (bool(signs.veils), ("开一段路后才知道", "known after some way driven")),
        "clock": (compared, ("还没有对过时", "not compared with any other yet")),
        "model": (signs.model is not None, ("有素材时加载", "loaded when there is work")),
    }
    return {name: words for name, (known, words) in unknown.items() if not known}


def _position(signs: Signs) -> tuple[Tone, tuple[str, str]]:
    receiver = signs.receiver
    if receiver is None:
        return Tone.UNKNOWN, ("没有接收机", "no receiver")
    error = "" if receiver.accuracy_m is None else f" ±{receiver.accuracy_m:.1f} m"
    count = receiver.satellites or 0
    return Tone.OK, (f"{count} 颗卫星{error}", f"{count} satellites{error}")
