"""The demo: one patrol from rendered footage to indicators, stage by stage."""

import json
import resource
import shutil
import tempfile
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from api.demo.crowd import Crowd
from api.demo.outcome import Outcome, gather
from api.demo.processes import CentreProcess, run_edge
from api.demo.telling import Teller
from api.demo.truth import read_truth
from api.demo.workplace import Workplace, open_workplace
from api.wiring import profile_folder
from dispatch.profile_folder import load_profile

FIRST_LATER_PASS: Final = 3
LAST_PASS: Final = 6
BEFORE_FLIGHT: Final = 2
AFTER_PASS: Final = timedelta(minutes=3)
CONFIRM_AFTER: Final = timedelta(minutes=20)
HANDLE_AFTER: Final = timedelta(hours=4)
MORNING: Final = time_of_day(9, 30)
"""By the city's own clock."""
SPAN: Final = timedelta(days=3, hours=7)
"""From the first drive to after the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoOrder:
    """What the demo is asked to do."""

    city: str
    seed: int
    once: bool
    outcome_file: Path | None
    folder: Path | None
    english: bool


@dataclass(slots=True)
class _Course:
    """A demo under way."""

    place: Workplace
    centre: CentreProcess
    crowd: Crowd
    teller: Teller
    replays: list[dict[str, Any]] = field(default_factory=list)


def run_demo(order: DemoOrder) -> Outcome:
    """Run it; unless `once`, the pages stay until Ctrl-C.

    Raises:
        UnknownProfile, FaultyData: the city's profile is missing or faulty.
        CommandMissing, CommandFailed, CentreSilent: a part of it did not run.
    """
    began = time.monotonic()
    folder = order.folder or Path(tempfile.mkdtemp(prefix="xunhuan-demo-"))
    teller = Teller(english=order.english)
    profile = load_profile(profile_folder(order.city))
    teller.opening(profile, seed=order.seed, folder=folder)
    place = open_workplace(
        folder,
        city=order.city,
        seed=order.seed,
        first_drive=first_drive(datetime.now(UTC), zone=profile.zone),
    )
    centre = CentreProcess(place.environment, log=place.log("centre"))
    try:
        centre.ensure()
        centre.supervise()
        crowd = Crowd(place, truth=read_truth(place.street), centre=centre)
        course = _Course(place=place, centre=centre, crowd=crowd, teller=teller)
        _play(course)
        outcome = gather(place, replays=course.replays, truth=crowd.truth)
        outcome = outcome.measured(
            seconds=time.monotonic() - began,
            peak_bytes=_peak_bytes(),
            restarts=centre.starts - 1,
            overruled=crowd.overruled,
        )
        teller.table(outcome)
        if order.outcome_file is not None:
            text = json.dumps(outcome.as_json(), ensure_ascii=False, indent=1)
            order.outcome_file.write_text(text, encoding="utf-8")
        if not order.once:
            teller.address(centre.url, place.people, place.password)
            _serve_until_interrupted()
    finally:
        centre.stop()
        if order.folder is None and order.once:
            shutil.rmtree(folder, ignore_errors=True)
    return outcome


def first_drive(now: datetime, *, zone: ZoneInfo) -> datetime:
    """Choose the first morning so that the last drive lies just before now."""
    today = now.astimezone(zone).date()
    starts = (datetime.combine(today - timedelta(days=n), MORNING, zone) for n in (3, 4))
    return next(at for at in map(_in_utc, starts) if at + SPAN <= now)


def _in_utc(at: datetime) -> datetime:
    return at.astimezone(UTC)


def _play(course: _Course) -> None:
    place, crowd = course.place, course.crowd
    with course.teller.stage("发现", "discovery"):
        _patrol(course, 1)
        end = _patrol(course, BEFORE_FLIGHT)
    with course.teller.stage("核实、立案、派遣", "confirmation, filing, dispatch"):
        place.clock.jump_to(end + CONFIRM_AFTER)
        course.teller.note(*crowd.confirm())
    with course.teller.stage("处置", "handling"):
        place.clock.jump_to(end + HANDLE_AFTER)
        course.teller.note(*crowd.handle())
        looked = run_edge(*place.edge("vision"), log=place.log("vision"))
        course.teller.note(
            f"视觉工作器看过 {looked.get('photos', 0)} 张照片并脱敏",
            f"the vision worker redacted and looked at {looked.get('photos', 0)} photos",
        )
    with course.teller.stage("核查、结案", "verification, closure"):
        for number in range(FIRST_LATER_PASS, LAST_PASS + 1):
            _patrol(course, number)
            course.teller.note(*crowd.judge())


def _patrol(course: _Course, number: int) -> datetime:
    """Replay a pass and send what it found; give when the pass was over."""
    place = course.place
    source = place.folder / "street" / f"pass-{number}.street.json"
    starts = datetime.fromisoformat(json.loads(source.read_text())["patrol"]["starts_at"])
    place.clock.jump_to(starts + AFTER_PASS)
    course.centre.ensure()
    device = "drone" if number == BEFORE_FLIGHT else "vehicle"
    said = run_edge(*place.replay(device, source, number), log=place.log(f"pass-{number}"))
    course.centre.until_drained()
    course.replays.append(said)
    course.teller.patrol(number, device, said)
    return starts + AFTER_PASS


def _serve_until_interrupted() -> None:
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        return


def _peak_bytes() -> int:
    """Give the largest resident memory of any process so far: this one's or a child's."""
    usage = [
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    ]
    return max(usage) * 1024
