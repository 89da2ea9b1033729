"""The demo's folder: a street, a centre's data, devices with their keys, people with accounts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final

from api.centre.drill import DrillClock
from api.centre.settings import Settings
from api.centre.wiring import Centre, open_centre, profile_folder
from api.demo.ground import middle_of
from api.demo.processes import run_edge
from api.doors.accounts import NewAccount, add_account, invite_device
from api.doors.passwords import new_token
from api.errors import ApiError
from api.keeping.census import import_census
from dispatch.city.profile import Profile
from dispatch.city_files.census_file import CENSUS
from dispatch.devices.device import DeviceKind
from dispatch.ids import DepartmentId
from dispatch.people.people import Role

DEVICES: Final = MappingProxyType(
    {"vehicle": "巡查车 1 号", "drone": "无人机 1 号", "vision": "视觉工作器"}
)
PEOPLE: Final = (
    ("collector", "陈采集", ("collector",)),
    ("supervisor", "李值班", ("acceptor", "supervisor")),
    ("dispatcher", "王派遣", ("dispatcher",)),
    ("admin", "管理员", ("administrator", "evaluator")),
)
"""Those of the centre; every department of the city has a handler and a desk beside them."""


class FolderInUse(ApiError):
    """The demo's folder is not empty."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"文件夹 {folder} 不是空的，演示要用空文件夹，请换一个",
            f"the folder {folder} is not empty: the demo needs an empty one, name another",
        )
        self.folder = folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Workplace:
    """Where a demo keeps everything; `codes` let its devices enrol."""

    folder: Path
    profile: Profile
    settings: Settings
    clock: DrillClock
    password: str
    codes: Mapping[str, str]

    @property
    def street(self) -> Path:
        """The street with its truth."""
        return self.folder / "street" / "street.json"

    @property
    def photos(self) -> Path:
        """The workers' rendered photos."""
        return self.folder / "street" / "photos"

    @property
    def people(self) -> dict[str, list[str]]:
        """The names that people sign in with, by the posts they hold."""
        people: dict[str, list[str]] = {}
        for order in _accounts(self.profile, password=self.password):
            post = "、".join(Role(role).zh for role in order.roles)
            people.setdefault(post, []).append(order.name)
        return people

    @property
    def environment(self) -> dict[str, str]:
        """What the centre's process is told."""
        return {
            "XUNHUAN_DATA_DIR": str(self.settings.data_dir),
            "XUNHUAN_PROFILE": self.settings.profile,
            "XUNHUAN_DRILL_CLOCK": str(self.settings.drill_clock),
            "XUNHUAN_TICK_SECONDS": str(self.settings.tick_seconds),
        }

    def log(self, name: str) -> Path:
        """Give the log file of a process."""
        return self.folder / f"{name}.log"

    def state(self, device: str) -> Path:
        """Give a device's state folder."""
        return self.folder / device

    def findings(self, number: int) -> Path:
        """Give the findings file of a pass."""
        return self.folder / f"findings-{number}.geojson"

    def replay(self, device: str, source: Path, number: int) -> tuple[str, ...]:
        """Give the arguments with which a device replays a pass."""
        out = str(self.findings(number))
        return (
            "replay",
            str(source),
            "--state",
            str(self.state(device)),
            "--out",
            out,
            "--attempts",
            "40",
        )

    def edge(self, device: str) -> tuple[str, ...]:
        """Give the arguments with which the vision worker looks at what waits."""
        return ("run", "--source", "inbox", "--once", "--state", str(self.state(device)))

    def open(self) -> Centre:
        """Open the centre's data beside its process, to read it."""
        return open_centre(self.settings)


def open_workplace(folder: Path, *, city: str, seed: int, first_drive: datetime) -> Workplace:
    """Make a demo's folder: draw the street, make the database, accounts and invitations.

    Args:
        city: name or folder of the profile; the street lies in the middle of its ground.

    Raises:
        FolderInUse: the folder holds something already.
        UnknownProfile, FaultyData: the city profile is missing or faulty.
    """
    source = profile_folder(city)
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FolderInUse(folder)
    clock_file = folder / "drill-clock.json"
    settings = Settings(
        data_dir=folder / "centre", profile=city, drill_clock=clock_file, tick_seconds=2.0
    )
    clock = DrillClock(clock_file)
    clock.jump_to(first_drive)
    centre = open_centre(settings)
    profile = centre.profile
    run_edge(
        "simulate",
        "--seed",
        str(seed),
        "--start",
        first_drive.isoformat(),
        "--at",
        ",".join(f"{part:.7f}" for part in middle_of(profile, day=first_drive.date())),
        "--out",
        str(folder / "street"),
        log=folder / "simulate.log",
    )
    password = new_token()
    for order in _accounts(profile, password=password):
        add_account(order, centre=centre)
    codes = {
        device: invite_device(f"demo-{device}", name, kind=DeviceKind(device), centre=centre)[0]
        for device, name in DEVICES.items()
    }
    if profile.registry is not None and (source / CENSUS).exists():
        day = first_drive.date()
        import_census(source / CENSUS, day=day, datum=None, whole=True, centre=centre)
    centre.engine.dispose()
    return Workplace(
        folder=folder,
        profile=profile,
        settings=settings,
        clock=clock,
        password=password,
        codes=codes,
    )


def handler_of(department: DepartmentId) -> str:
    """Give the sign-in name of whoever works on the spot for a department."""
    return department


def desk_of(department: DepartmentId) -> str:
    """Give the sign-in name of whoever answers for a department: returns and replies."""
    return f"{department}-desk"


def _accounts(profile: Profile, *, password: str) -> Iterator[NewAccount]:
    for name, person, roles in PEOPLE:
        yield NewAccount(name=name, password=password, person=person, roles=roles)
    for department in profile.departments.values():
        for name, post, role in (
            (handler_of(department.id), "处置员", "handler"),
            (desk_of(department.id), "内勤", "department"),
        ):
            yield NewAccount(
                name=name,
                password=password,
                person=f"{department.name_zh}{post}",
                roles=(role,),
                department=department.id,
            )
