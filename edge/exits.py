"""How a command ends: one number for each kind of ending, after BSD's sysexits.

The table names errors by their class name, so that reading it loads no vision code; a test holds
every error of `edge` and `detect` to a row.
"""

from collections.abc import Mapping
from enum import IntEnum
from typing import Final


class Exit(IntEnum):
    """A command's exit status."""

    OK = 0
    USAGE = 64
    BAD_INPUT = 65
    NO_INPUT = 66
    CENTRE_AWAY = 69
    INTERNAL = 70
    UNAVAILABLE = 71
    CANNOT_WRITE = 73
    REFUSED = 77
    BAD_CONFIG = 78


MEANING: Final[Mapping[Exit, tuple[str, str]]] = {
    Exit.OK: ("完成", "done"),
    Exit.USAGE: ("命令或选项写错了", "the command or an option is wrong"),
    Exit.BAD_INPUT: (
        "输入的素材、照片或轨迹不能用",
        "footage, a photo or telemetry cannot be used",
    ),
    Exit.NO_INPUT: ("没有这个文件", "there is no such file"),
    Exit.CENTRE_AWAY: (
        "中心暂时连不上，发现保存在发件箱",
        "the centre is away, findings wait in the outbox",
    ),
    Exit.INTERNAL: ("程序内部错误，请报告", "a fault of the program, please report it"),
    Exit.UNAVAILABLE: (
        "要监听的地址或端口现在不能用",
        "an address or a port to listen on cannot be used now",
    ),
    Exit.CANNOT_WRITE: ("写不了输出文件或磁盘", "an output file or the disk cannot be written"),
    Exit.REFUSED: ("中心拒绝这台设备或请求", "the centre refuses this device or request"),
    Exit.BAD_CONFIG: (
        "配置、相机、密钥、发件箱或模型不能用",
        "configuration, camera, key, outbox or model cannot be used",
    ),
}

LASTING: Final = (Exit.USAGE,)
"""Endings that only another command line mends; a service manager waits for a person."""

_ERRORS: Final[Mapping[Exit, tuple[str, ...]]] = {
    Exit.BAD_INPUT: (
        "BelowElevation",
        "BeyondRange",
        "ClockNotSet",
        "CutOffVideo",
        "EditedPhoto",
        "GroundNotMet",
        "LineDown",
        "LoneTrack",
        "LoosePhoto",
        "MixedCameras",
        "NeedsTelemetry",
        "NoDronePose",
        "NoGimbalAngles",
        "NoHeight",
        "NoOverlap",
        "NoPhotos",
        "NoPose",
        "NoSuchFind",
        "NoTakeOff",
        "OnlySeaLevel",
        "OutsideElevation",
        "NotAVehicleCamera",
        "NothingHeld",
        "OutsidePicture",
        "PassReportedOtherwise",
        "PhotoRefused",
        "RayGrazes",
        "RayMisses",
        "RayTooFlat",
        "TimesGoBack",
        "TooLittleStraight",
        "TooManyGuesses",
        "UnknownOffset",
        "UnusableElevation",
        "UnusableFrame",
        "UnusableStreetFile",
        "UnusableTelemetry",
        "UnusableVideo",
        "WrongNumber",
    ),
    Exit.NO_INPUT: ("NoSuchFile",),
    Exit.CENTRE_AWAY: ("CentreAway", "SentTwice"),
    Exit.INTERNAL: (
        "FrameOutOfOrder",
        "MalformedDetections",
    ),
    Exit.UNAVAILABLE: (
        "CannotListen",
        "CannotServeCrew",
    ),
    Exit.CANNOT_WRITE: (
        "CannotWriteVideo",
        "ConfigExists",
        "DatabaseBusy",
        "DiskFaulty",
        "DiskFull",
        "DiskReadOnly",
        "DiskTrouble",
        "EvidenceGone",
    ),
    Exit.REFUSED: (
        "CentreRefuses",
        "ClockWrong",
        "ShutOut",
    ),
    Exit.BAD_CONFIG: (
        "BadAddress",
        "BadCameraAddress",
        "CannotRedact",
        "CroppedPicture",
        "DoesNotLoad",
        "MalformedFailpoint",
        "NoIntrinsics",
        "NoModelInstalled",
        "NoPassword",
        "NoPublicKey",
        "NoSuchDecoder",
        "NotActivated",
        "NotAlone",
        "NotEnrolled",
        "PackageRefused",
        "PixelBeyondLens",
        "RunFailed",
        "StillToSend",
        "UnsafeOutbox",
        "UnusableCamera",
        "UnusableConfig",
        "UnusableForService",
        "UnusableKey",
        "UnusableModel",
        "UnusableOutput",
    ),
}

EXIT_OF: Final[Mapping[str, Exit]] = {
    name: status for status, names in _ERRORS.items() for name in names
}
"""The ending of each error, by the name of its class."""


def exit_of(error: Exception) -> Exit:
    """Give how a command ends that met an error; one without a row is a fault of the program."""
    return EXIT_OF.get(type(error).__name__, Exit.INTERNAL)


def reference_page() -> str:
    """Give the table as the page of the documentation."""
    rows = [
        f"| {status.value} | {MEANING[status][0]} | {MEANING[status][1]} | "
        f"{', '.join(f'`{name}`' for name in _ERRORS.get(status, ())) or '—'} |"
        for status in Exit
    ]
    head = (
        "# 退出码 Exit statuses of xunhuan-edge",
        "",
        "Every command ends with one of these numbers, after BSD's sysexits.",
        'With `--json`, an error is also printed as `{"error", "exit", "zh", "en"}`.',
        "This page is generated from `edge/exits.py`, and a test holds it to it.",
        "",
        "| status | 含义 | meaning | errors |",
        "|---|---|---|---|",
    )
    return "\n".join((*head, *rows)) + "\n"
