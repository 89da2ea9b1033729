"""Write the unit and the system user where systemd looks for them."""

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from edge.config import Config
from edge.delivery.keys import replace_file
from edge.deploy.unit import NAME, UNIT_FILE, USERS_FILE, Service, unit_text, users_text
from edge.errors import EdgeError


class ConfigExists(EdgeError):
    """A sample would take the place of a file that is there."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} 已经存在，不会覆盖；请换个文件名，或先移走它",
            f"{path} exists already and is kept: name another file, or move it away first",
        )
        self.path = path


def write_sample(path: Path) -> None:
    """Write a commented sample of a configuration file.

    Raises:
        ConfigExists: there is such a file; it is kept.
        OSError: it cannot be written.
    """
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(sample_config())
    except FileExistsError as error:
        raise ConfigExists(path) from error


def sample_config() -> str:
    """Give the commented sample of a configuration file."""
    return files("edge.deploy").joinpath("edge.toml").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """What was written, and what is left to do by hand."""

    files: tuple[Path, ...]
    commands: tuple[str, ...]


def service_of(config: Config, *, path: Path, program: Path, memory_mib: int) -> Service:
    """Say what the service of a configuration is made of.

    Args:
        path: of the configuration file.
        program: the installed `xunhuan-edge`.
    """
    cameras = (file for each in config.camera for file in (each.file, each.password_file))
    source = config.source
    named = (source.folder, source.camera, config.model.folder, config.ground.dem, *cameras)
    return Service(
        program=program,
        config=path,
        state=config.state,
        readable=tuple(each for each in named if each is not None),
        memory_mib=memory_mib,
    )


def install(service: Service, *, root: Path) -> Installed:
    """Write the files below a root folder; what was there of an earlier version is replaced.

    Raises:
        UnusableForService: a path is not one the service can use.
        OSError: the files cannot be written; that takes the rights of an administrator.
    """
    unit, users = unit_text(service), users_text(service)
    written = (root / UNIT_FILE, root / USERS_FILE)
    for file, text in zip(written, (unit, users), strict=True):
        file.parent.mkdir(parents=True, exist_ok=True)
        replace_file(file, text.encode(), mode=0o644)
    return Installed(files=written, commands=_left_to_do(service))


def _left_to_do(service: Service) -> tuple[str, ...]:
    enrol = f"{service.program} enrol --state {service.state} --centre https://… --code …"
    return (
        "systemd-sysusers",
        f"install -d -m 0700 -o {NAME} -g {NAME} {service.state}",
        f"runuser -u {NAME} -- {enrol}",
        f"runuser -u {NAME} -- {service.program} doctor --config {service.config}",
        "systemctl daemon-reload",
        f"systemctl enable --now {NAME}",
    )
