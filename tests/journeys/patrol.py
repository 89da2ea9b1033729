"""A small patrol for tests: a real centre, an enrolled device, a few seconds of a drive.

Centre and device run as the shipped commands in processes of their own, so that they can be killed.
"""

import json
import os
import signal
import subprocess
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from api.centre.settings import Settings
from api.centre.wiring import open_centre
from api.demo.processes import CentreProcess, command, run_edge
from api.doors.accounts import invite_device
from dispatch.ports.unit_of_work import CaseFilter
from edge.delivery.centre import enrol
from edge.delivery.keys import ensure_key, write_enrolment
from tests.dispatch.city import demo_profile
from tests.edge import toy

DEVICE: Final = "test-vehicle"
KILLED: Final = -signal.SIGKILL


@dataclass(frozen=True, slots=True, kw_only=True)
class Patrol:
    """Where everything of one patrol lies."""

    folder: Path
    drive: Path
    settings: Settings
    centre: CentreProcess
    options: tuple[str, ...] = ()
    """What the drive is replayed with."""

    @property
    def state(self) -> Path:
        """The device's state folder."""
        return self.folder / "device"

    @property
    def out(self) -> Path:
        """Where the device writes what it found, beside sending it."""
        return self.folder / "findings.geojson"

    def replay(self, *, failpoint: str | None = None, attempts: int = 40) -> int:
        """Replay the drive once, until the cases know of it, and give the command's exit status."""
        line = [command("xunhuan-edge"), "replay", str(self.drive), "--state", str(self.state)]
        line += ["--out", str(self.out), "--attempts", str(attempts), "--json", *self.options]
        armed = {"XUNHUAN_FAILPOINT": failpoint} if failpoint else {}
        done = subprocess.run(
            line,
            env={**os.environ, **armed},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode in {0, KILLED, 69}, done.stderr
        self.centre.until_drained()
        return done.returncode

    def found(self) -> set[str]:
        """Give the ids of all that the device found."""
        collection = json.loads(self.out.read_text(encoding="utf-8"))
        return {feature["id"] for feature in collection["features"]}

    def kept(self) -> Counter[str]:
        """Give what the centre's database holds, by finding, with its pictures on disk."""
        centre = open_centre(self.settings, profile=demo_profile())
        with centre.read() as uow:
            kept: Counter[str] = Counter()
            for sweep in uow.sweeps.latest(limit=50):
                if sweep.stretch == 0:
                    for each in uow.observations.of_pass(sweep.pass_id):
                        kept[each.id] += 1
                        for picture in each.finding.evidence:
                            assert centre.evidence.holds(picture.sha256)
        centre.engine.dispose()
        return kept

    def cases(self) -> Counter[str]:
        """Count the cases of each problem."""
        centre = open_centre(self.settings, profile=demo_profile())
        with centre.read() as uow:
            cases = Counter(case.problem for case in uow.cases.find(CaseFilter(), limit=1000))
        centre.engine.dispose()
        return Counter(dict(cases))


def draw_drive(folder: Path, *, seed: int = 7) -> Path:
    """Draw a street and keep the two seconds of its first drive that pass one problem."""
    start = (datetime.now(UTC) - timedelta(hours=2)).isoformat(timespec="seconds")
    arguments = ("simulate", "--seed", str(seed), "--out", str(folder), "--start", start)
    run_edge(*arguments, log=folder.with_suffix(".log"))
    file = folder / "pass-1.street.json"
    drive = json.loads(file.read_text(encoding="utf-8"))
    drive["patrol"] |= {"from_m": 8.0, "to_m": 26.0}
    short = folder / "short.street.json"
    short.write_text(json.dumps(drive), encoding="utf-8")
    return short


def film_drive(folder: Path) -> tuple[Path, tuple[str, ...]]:
    """Film a short drive past one problem; give it with what it is replayed with.

    A small video and a small model: a device that dies a hundred times looks at it as often.
    """
    at = (datetime.now(UTC) - timedelta(hours=2)).replace(microsecond=0)
    video, track, camera = toy.write_drive(folder, starts=at)
    model = toy.write_model(folder / "model")
    named = ("--telemetry", track, "--camera", camera, "--model", model)
    return video, tuple(str(each) for each in named)


def open_patrol(
    folder: Path,
    drive: Path,
    *,
    options: tuple[str, ...] = (),
    environment: dict[str, str] | None = None,
) -> Patrol:
    """Start a centre on a fresh database and enrol one device.

    Args:
        options: what the drive is replayed with.
    """
    settings = Settings(data_dir=folder / "centre")
    centre = open_centre(settings, profile=demo_profile())
    code, _ = invite_device(DEVICE, "测试巡查车", centre=centre)
    centre.engine.dispose()
    given = {"XUNHUAN_DATA_DIR": str(settings.data_dir), **(environment or {})}
    process = CentreProcess(given, log=folder / "centre.log")
    process.ensure()
    patrol = Patrol(folder=folder, drive=drive, settings=settings, centre=process, options=options)
    patrol.state.mkdir()
    key = ensure_key(patrol.state)
    told = enrol(process.url, code=code, key=key, name=None, now=datetime.now(UTC))
    write_enrolment(patrol.state, told)
    return patrol
