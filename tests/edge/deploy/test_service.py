"""The unit that `install-service` writes is one that systemd takes, and that shuts the agent in."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from edge.config import CameraConfig, Config, ModelConfig, SourceConfig, SourceKind
from edge.deploy.install import install, service_of
from edge.deploy.unit import WATCHDOG_S, Service, UnusableForService, unit_text, users_text

PROGRAM = Path("/opt/xunhuan/bin/xunhuan-edge")
CONFIG = Path("/etc/xunhuan/edge.toml")
SERVICE = Service(program=PROGRAM, config=CONFIG, state=Path("/var/lib/xunhuan-edge"))
ANALYZE = shutil.which("systemd-analyze")


def set_to(text: str, name: str) -> list[str]:
    return re.findall(rf"^{name}=(.*)$", text, re.MULTILINE)


def test_the_unit_watches_the_loop_restarts_always_and_runs_as_nobody_else() -> None:
    text = unit_text(SERVICE)

    assert set_to(text, "Type") == ["notify"]
    assert set_to(text, "WatchdogSec") == [str(WATCHDOG_S)]
    assert set_to(text, "Restart") == ["always"]
    assert set_to(text, "RestartPreventExitStatus") == ["64"]
    assert set_to(text, "RequiresMountsFor") == [f"{CONFIG} {SERVICE.state}"]
    assert set_to(text, "User") == ["xunhuan-edge"]
    assert set_to(text, "ProtectSystem") == ["strict"]
    assert set_to(text, "NoNewPrivileges") == ["yes"]
    assert set_to(text, "StateDirectory") == ["xunhuan-edge"]
    assert set_to(text, "MemoryMax") == ["1024M"]


def test_a_state_folder_elsewhere_is_made_writable_by_name() -> None:
    service = Service(program=PROGRAM, config=CONFIG, state=Path("/data/xunhuan"))

    assert "ReadWritePaths=/data/xunhuan" in unit_text(service)


@pytest.mark.parametrize(
    "path",
    ["relative/edge.toml", "/home/worker/edge.toml", "/etc/a folder/edge.toml", "/tmp/edge.toml"],
)
def test_a_path_that_the_service_could_not_see_is_refused_before_it_fails(path: str) -> None:
    service = Service(program=PROGRAM, config=Path(path), state=Path("/var/lib/xunhuan-edge"))

    with pytest.raises(UnusableForService, match=re.escape(path)):
        unit_text(service)


RTSP = "rtsp://10.0.0.8/stream1"
INBOX = SourceConfig(kind=SourceKind.INBOX)
FAR = Path("/home/worker/far")


@pytest.mark.parametrize(
    "named",
    [
        {"source": INBOX, "model": ModelConfig(folder=FAR)},
        {"source": SourceConfig(kind=SourceKind.WATCH, folder=FAR)},
        {"source": INBOX, "camera": (CameraConfig(name="front", address=RTSP, file=FAR),)},
    ],
    ids=["model", "watched folder", "camera file"],
)
def test_files_that_the_configuration_names_must_be_within_reach(named: dict[str, object]) -> None:
    config = Config.model_validate({"state": Path("/var/lib/xunhuan-edge"), **named})

    with pytest.raises(UnusableForService, match=str(FAR)):
        unit_text(service_of(config, path=CONFIG, program=PROGRAM, memory_mib=512))


def test_installing_writes_both_files_and_says_what_is_left(tmp_path: Path) -> None:
    done = install(SERVICE, root=tmp_path)

    assert [file.read_text() for file in done.files] == [unit_text(SERVICE), users_text(SERVICE)]
    assert done.commands[0] == "systemd-sysusers"
    assert done.commands[-1] == "systemctl enable --now xunhuan-edge"


def verified(tmp_path: Path, *command: str) -> str:
    program = tmp_path / "xunhuan-edge"
    program.write_text(f"#!{sys.executable}\n")
    program.chmod(0o755)
    unit = tmp_path / "xunhuan-edge.service"
    # Test folders are temporary ones, which a service must not use: the path is put in afterwards.
    unit.write_text(unit_text(SERVICE).replace(str(PROGRAM), str(program)), encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", *command, str(unit)], capture_output=True, text=True, check=False
    )
    told = done.stdout + done.stderr
    assert done.returncode == 0, told
    return told


@pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not installed")
def test_systemd_finds_no_fault_with_the_unit(tmp_path: Path) -> None:
    assert "xunhuan-edge.service:" not in verified(tmp_path, "verify")


@pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not installed")
def test_systemd_calls_the_unit_well_shut_in(tmp_path: Path) -> None:
    told = verified(tmp_path, "security", "--offline=true", "--no-pager")

    exposure = re.search(r"Overall exposure level for \S+: ([0-9.]+)", told)
    assert exposure is not None, told
    assert float(exposure[1]) <= 2.5
