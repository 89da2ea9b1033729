"""The systemd unit of an agent, and the system user it runs as.

systemd.exec(5), systemd.service(5), systemd.resource-control(5), sysusers.d(5). The agent sees its
state folder, its configuration, cameras and serial lines, and the network; nothing else.
"""

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from edge.errors import EdgeError
from edge.exits import LASTING

NAME: Final = "xunhuan-edge"
UNIT_FILE: Final = PurePosixPath("etc/systemd/system/xunhuan-edge.service")
USERS_FILE: Final = PurePosixPath("etc/sysusers.d/xunhuan-edge.conf")
WATCHDOG_S: Final = 180
"""Longer than the longest answer the agent waits for; it is fed by the loop's own progress."""
STATE_HOME: Final = PurePosixPath("/var/lib")
_HIDDEN: Final = ("home", "root", "tmp", "run")
_PLAIN_PATH: Final = re.compile(r"^/[A-Za-z0-9._/+@-]+$")


class UnusableForService(EdgeError):
    """A path cannot be used by the service, which sees neither home folders nor temporary ones."""

    def __init__(self, path: Path, zh: str, en: str) -> None:
        super().__init__(f"服务不能用 {path}：{zh}", f"the service cannot use {path}: {en}")
        self.path = path


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What the unit is made of.

    Attributes:
        program: the installed `xunhuan-edge`.
        state, config: as in the configuration.
        readable: other files and folders of the configuration that must be within reach.
        memory_mib: what the agent may use; systemd ends and restarts one that uses more.
    """

    program: Path
    config: Path
    state: Path
    readable: tuple[Path, ...] = ()
    memory_mib: int = 1024


def users_text(service: Service) -> str:
    """Give the system user and its groups; groups that the system lacks are made."""
    return (
        f"# 巡环车载程序的系统用户 · the system user of the Xunhuan agent\n"
        f'u {NAME} - "Xunhuan edge agent" {service.state}\n'
        f"m {NAME} video\n"
        f"m {NAME} dialout\n"
        f"m {NAME} render\n"
    )


def unit_text(service: Service) -> str:
    """Give the unit.

    Raises:
        UnusableForService: a path is relative, hidden from the service, or hard to quote.
    """
    for path in (service.program, service.config, service.state, *service.readable):
        _check(path)
    return _UNIT.format(
        name=NAME,
        program=service.program,
        config=service.config,
        state=_state(service.state),
        state_folder=service.state,
        lasting=" ".join(str(status.value) for status in LASTING),
        watchdog=WATCHDOG_S,
        memory=service.memory_mib,
        high=service.memory_mib * 9 // 10,
    )


def _check(path: Path) -> None:
    if not path.is_absolute():
        raise UnusableForService(path, "请写绝对路径", "write an absolute path")
    if not _PLAIN_PATH.match(str(path)):
        raise UnusableForService(
            path,
            "路径含空格或特殊字符，请换一个位置",
            "it holds spaces or special characters: choose another place",
        )
    if path.parts[1:2] and path.parts[1] in _HIDDEN:
        raise UnusableForService(
            path,
            "服务看不到家目录和临时目录，请放到 /opt、/etc 或 /var/lib",
            "it sees no home and no temporary folders: move it to /opt, /etc or /var/lib",
        )


def _state(state: Path) -> str:
    """Let systemd make the usual folder; any other must be there, and is made writable."""
    if PurePosixPath(state).parent == STATE_HOME:
        return f"StateDirectory={state.name}\nStateDirectoryMode=0700"
    return f"ReadWritePaths={state}"


_UNIT: Final = """\
# 由 xunhuan-edge install-service 生成；改动请用 systemctl edit {name}
# Written by xunhuan-edge install-service; change it by systemctl edit {name}
[Unit]
Description=Xunhuan edge agent (巡环车载程序)
After=network.target time-sync.target
RequiresMountsFor={config} {state_folder}
StartLimitIntervalSec=0

[Service]
Type=notify
NotifyAccess=main
ExecStart={program} run --config {config}
User={name}
Group={name}
SupplementaryGroups=video dialout render
{state}
WorkingDirectory=/
UMask=0077
# XUNHUAN_EDGE_* 设置和密钥 · settings and secrets
EnvironmentFile=-/etc/xunhuan/edge.env
WatchdogSec={watchdog}
TimeoutStartSec=120
TimeoutStopSec=20
Restart=always
RestartSec=3
# 命令写错，重启无济于事；其余都会再试。配置、登记、相机或模型有误时，程序先歇半分钟再结束
# No restart mends a wrong command; all else is tried again. Where configuration, key, camera or
# model cannot be used, the program rests for half a minute before it ends
RestartPreventExitStatus={lasting}

MemoryHigh={high}M
MemoryMax={memory}M
TasksMax=128
LimitCORE=0
OOMScoreAdjust=-200

NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateMounts=yes
ProtectClock=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectControlGroups=yes
ProtectProc=invisible
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
RemoveIPC=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged
SystemCallErrorNumber=EPERM

# 只开放相机、串口和加速器 · cameras, serial lines and accelerators, nothing else
DevicePolicy=closed
DeviceAllow=char-video4linux rw
DeviceAllow=char-ttyACM rw
DeviceAllow=char-ttyUSB rw
DeviceAllow=char-ttyS rw
DeviceAllow=char-ttyAMA rw
DeviceAllow=char-drm rw

[Install]
WantedBy=multi-user.target
"""
