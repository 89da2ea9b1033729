"""The demo: one patrol from rendered footage to indicators, stage by stage."""

import json
import resource
import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from functools import partial
from pathlib import Path
from typing import Any, Final

from api.centre.wiring import profile_folder
from api.demo.crowd import Crowd, Said
from api.demo.outcome import Outcome, gather
from api.demo.processes import CentreProcess, run_edge
from api.demo.telling import Teller
from api.demo.truth import read_truth
from api.demo.workplace import Workplace, open_workplace
from dispatch.city_files.profile_folder import load_profile
from dispatch.clocks.worktime import MAX_DAYS, Calendar

BY_CAR: Final = 1
BY_DRONE: Final = 2
LATER: Final = (3, 4, 5, 6)
PRESS_AFTER: Final = 4
AFTER_PASS: Final = timedelta(minutes=3)
CONFIRM_AFTER: Final = timedelta(minutes=12)
"""Within the limit of half an hour that cities give."""
GIVE_BACK_AFTER: Final = timedelta(minutes=30)
HANDLE_AFTER: Final = timedelta(hours=4)
SAMPLE_AFTER: Final = timedelta(hours=5)
NEXT_MORNING: Final = timedelta(hours=22, minutes=45)
NEXT_AFTERNOON: Final = timedelta(hours=28)
"""From the end of the flight to the rework, and to the look on the spot."""
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
        first_drive=first_drive(datetime.now(UTC), calendar=profile.calendar),
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


def first_drive(now: datetime, *, calendar: Calendar) -> datetime:
    """Choose the latest first morning of a run of working days in one month that lies before now.

    So the limits of working time pass alike whenever the demo is run, and its figures lie in one
    month.
    """
    today = now.astimezone(calendar.zone).date()
    days = (today - timedelta(days=ago) for ago in range(SPAN.days, MAX_DAYS))
    return next(
        at
        for day in days
        if (at := datetime.combine(day, MORNING, calendar.zone).astimezone(UTC)) + SPAN <= now
        and _is_plain(day, calendar)
    )


def _is_plain(first: date, calendar: Calendar) -> bool:
    days = [first + timedelta(days=number) for number in range(SPAN.days + 1)]
    return days[-1].month == first.month and all(map(calendar.works_on, days))


def _play(course: _Course) -> None:
    with course.teller.stage("发现、核实、立案、派遣", "discovery, confirmation, filing, dispatch"):
        end = _patrol(course, BY_CAR)
        _act(course, end + CONFIRM_AFTER, partial(course.crowd.confirm, all_but_last=True))
        end = _patrol(course, BY_DRONE)
        _act(course, end + CONFIRM_AFTER, course.crowd.confirm)
        _act(course, end + GIVE_BACK_AFTER, course.crowd.give_back)
    with course.teller.stage("处置、返工", "handling, rework"):
        _act(course, end + HANDLE_AFTER, course.crowd.handle)
        _look_at_photos(course)
        _act(course, end + SAMPLE_AFTER, course.crowd.sample)
        _act(course, end + NEXT_MORNING, course.crowd.handle)
        _look_at_photos(course)
    with course.teller.stage("核查、结案", "verification, closure"):
        _act(course, end + NEXT_AFTERNOON, course.crowd.check)
        for number in LATER:
            end = _patrol(course, number)
            _act(course, end + CONFIRM_AFTER, course.crowd.confirm)
            course.teller.note(*course.crowd.judge())
            if number == PRESS_AFTER:
                course.teller.note(*course.crowd.press())


def _act(course: _Course, at: datetime, act: Callable[[], Said]) -> None:
    """Have people do something at a moment, and say what they did."""
    course.place.clock.jump_to(at)
    course.teller.note(*act())


def _look_at_photos(course: _Course) -> None:
    looked = run_edge(*course.place.edge("vision"), log=course.place.log("vision"))
    course.teller.note(
        f"视觉工作器看过 {looked.get('photos', 0)} 张照片并脱敏",
        f"the vision worker redacted and looked at {looked.get('photos', 0)} photos",
    )


def _patrol(course: _Course, number: int) -> datetime:
    """Replay a pass and send what it found; give when the pass was over."""
    place = course.place
    source = place.folder / "street" / f"pass-{number}.street.json"
    starts = datetime.fromisoformat(json.loads(source.read_text())["patrol"]["starts_at"])
    place.clock.jump_to(starts + AFTER_PASS)
    course.centre.ensure()
    device = "drone" if number == BY_DRONE else "vehicle"
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
