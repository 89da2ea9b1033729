"""A patrol as it is driven: twins of camera and receiver, the real agent, a small centre."""

import random
import resource
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from dispatch.wire import MESSAGE, Finding, Hazards, Heartbeat, Message, Sweep
from edge.config import Config
from edge.delivery.centre import enrol
from edge.delivery.hazards import HAZARDS_FILE
from edge.delivery.keys import NEXT_KEY_FILE, adopt_next_key, ensure_key, write_enrolment
from edge.delivery.outbox import Outbox
from edge.delivery.uplink import MESSAGES_PATH, Flushed, Uplink
from edge.patrol.agent import LiveAgent
from edge.patrol.drive import Drive
from edge.patrol.gate import PassGate
from edge.patrol.patrol import Patrolled
from edge.patrol.unfinished import FOLDER
from edge.pipeline import ClockNotSet
from edge.replay import World
from edge.sources.live.twin import CameraTwin
from tests.edge import toy
from tests.edge.fake_centre import CODE, FakeCentre, fake_centre
from tests.edge.live_vehicle import Vehicle, enrolled, live_config, vehicle

M = TypeVar("M")
START = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return toy.write_model(tmp_path_factory.mktemp("model"))


@pytest.fixture
def centre() -> Iterator[FakeCentre]:
    with fake_centre() as running:
        yield running


def world() -> World:
    return World(
        now=lambda: datetime.now(UTC),
        monotonic=time.monotonic,
        sleep=time.sleep,
        rng=random.Random(1),
        say=lambda zh, en: None,
    )


class Running:
    """An agent that patrols in a thread."""

    def __init__(self, config: Config) -> None:
        self._config, self._made = config, threading.Event()
        self.done: Patrolled | None = None
        self._car: Vehicle | None = None
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        assert self._made.wait(30.0)

    def _run(self) -> None:
        self.agent = LiveAgent(self._config, world(), failpoint=None)
        self._made.set()
        self.done = self.agent.run(once=True)

    def drive(self, car: Vehicle) -> None:
        """Let the vehicle go, as fast as this machine lets the device look."""
        car.go()
        self._car = car

    def until(self, so: Callable[[], bool]) -> None:
        """Wait until something is so; the test fails if it never is."""
        deadline = time.monotonic() + 60.0
        while not so():
            if self._car is not None:
                self._car.keep_to(self.agent.state())
            assert time.monotonic() < deadline, f"it never came to that: {self.agent.state()}"
            time.sleep(0.02)

    def end(self) -> Patrolled:
        self.agent.stop()
        return self.wait()

    def wait(self) -> Patrolled:
        self._thread.join(60.0)
        assert self.done is not None
        return self.done


@contextmanager
def patrolling(config: Config) -> Iterator[Running]:
    running = Running(config)
    try:
        yield running
    finally:
        running.end()


def messages(centre: FakeCentre) -> list[Message]:
    """Give what the centre was told, each message as it was told last."""
    told = [MESSAGE.validate_json(body) for body in list(centre.messages.values())]
    newest = {message.id: message for message in sorted(told, key=lambda each: each.revision)}
    return list(newest.values())


def of_kind(centre: FakeCentre, kind: type[M]) -> list[M]:
    return [message for message in messages(centre) if isinstance(message, kind)]


def test_a_drive_is_one_pass_and_what_it_finds_arrives_while_it_goes_on(
    tmp_path: Path, centre: FakeCentre, model: Path
) -> None:
    enrolled(tmp_path / "state", centre)
    with (
        vehicle() as (car, twin),
        patrolling(live_config(tmp_path / "state", model, car, twin, standing_s=20.0)) as running,
    ):
        running.until(lambda: running.agent.state().cameras[0].captured > 20)
        parked = running.agent.state()
        running.drive(car)
        # The vehicle stands at the end of the road, but its pass is not over yet.
        running.until(lambda: bool(of_kind(centre, Finding)))
        driving = running.agent.state()
        done = running.end()

    (finding,) = of_kind(centre, Finding)
    assert parked.pass_id is None
    assert parked.cameras[0].looked_at == 0
    assert driving.pass_id == finding.pass_id
    assert finding.label == "road.pothole"
    assert finding.position is not None
    north = (finding.position.latitude - toy.LATITUDE) / toy.METRE_LATITUDE
    assert north == pytest.approx(toy.POTHOLE_NORTH_M, abs=2.5)
    assert len(finding.evidence) == 2
    assert done.passes == 1
    assert not list((tmp_path / "state" / FOLDER).iterdir())


def test_a_stopped_agent_ends_its_pass_and_nothing_found_is_lost(
    tmp_path: Path, centre: FakeCentre, model: Path
) -> None:
    enrolled(tmp_path / "state", centre)
    with (
        vehicle() as (car, twin),
        patrolling(live_config(tmp_path / "state", model, car, twin, standing_s=60.0)) as running,
    ):
        running.until(lambda: running.agent.state().cameras[0].captured > 5)
        running.drive(car)
        running.until(lambda: car.north_m() > 18.0)
        running.end()

    outbox = Outbox(tmp_path / "state")
    sent = messages(centre) + [
        MESSAGE.validate_json(waiting.body) for waiting in outbox.next_batch(100, max_bytes=1 << 20)
    ]
    outbox.close()
    assert [each.label for each in sent if isinstance(each, Finding)] == ["road.pothole"]
    assert [each.last for each in sent if isinstance(each, Sweep)] == [True]


def test_a_pass_ends_when_the_vehicle_stands_and_the_device_tells_how_it_is(
    tmp_path: Path, centre: FakeCentre, model: Path
) -> None:
    enrolled(tmp_path / "state", centre)
    with (
        vehicle(end_m=8.0) as (car, twin),
        patrolling(live_config(tmp_path / "state", model, car, twin)) as running,
    ):
        running.until(lambda: running.agent.state().cameras[0].captured > 5)
        running.drive(car)
        done = running.wait()

    assert done.passes == 1
    assert 4 <= done.frames <= 16
    (beat,) = of_kind(centre, Heartbeat)
    assert [camera.name for camera in beat.cameras] == ["front"]


def test_a_frame_that_cannot_be_used_is_complained_of_until_one_can(
    tmp_path: Path, centre: FakeCentre, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrolled(tmp_path / "state", centre)
    take, spoilt = Drive.take, threading.Event()
    spoilt.set()

    def fails_at_first(drive: Drive, *what: object, **how: timedelta) -> None:
        if spoilt.is_set():
            raise ClockNotSet(datetime(1970, 1, 1, tzinfo=UTC))
        take(drive, *what, **how)

    monkeypatch.setattr(Drive, "take", fails_at_first)
    with (
        vehicle() as (car, twin),
        patrolling(live_config(tmp_path / "state", model, car, twin)) as running,
    ):
        running.until(lambda: running.agent.state().cameras[0].captured > 5)
        running.drive(car)
        running.until(lambda: running.agent.state().cameras[0].wrong is not None)
        spoilt.clear()
        running.until(lambda: running.agent.state().cameras[0].looked_at > 0)
        running.until(lambda: running.agent.state().cameras[0].wrong is None)


def test_a_device_clock_that_is_hours_off_does_not_misdate_a_finding(
    tmp_path: Path, centre: FakeCentre, model: Path
) -> None:
    enrolled(tmp_path / "state", centre)
    off = timedelta(hours=5)
    with (
        vehicle(clock_off=off) as (car, twin),
        patrolling(live_config(tmp_path / "state", model, car, twin, standing_s=20.0)) as running,
    ):
        running.until(lambda: running.agent.state().cameras[0].captured > 5)
        running.drive(car)
        running.until(lambda: bool(of_kind(centre, Finding)))

    (finding,) = of_kind(centre, Finding)
    assert finding.position is not None
    late = datetime.now(UTC) + off - finding.captured_at
    assert timedelta() < late < timedelta(minutes=2)


def test_a_device_that_is_shut_out_drives_on_and_tells_all_once_it_is_enrolled_again(
    tmp_path: Path, centre: FakeCentre, model: Path
) -> None:
    state = tmp_path / "state"
    enrolled(state, centre)
    with (
        vehicle() as (car, twin),
        patrolling(live_config(state, model, car, twin, standing_s=20.0)) as running,
    ):
        running.until(lambda: bool(of_kind(centre, Heartbeat)))
        running.until(lambda: running.agent.state().cameras[0].captured > 5)
        centre.shut_out = True
        running.drive(car)
        running.until(lambda: running.agent.state().findings > 0)
        running.until(lambda: [c.code for c in running.agent.complaints()] == ["shut_out"])
        (complaint,) = running.agent.complaints()
        kept = Outbox(state)
        waiting, told = kept.depth(), of_kind(centre, Finding)
        kept.close()
        # With a new key, as a device would be whose old one may have been stolen.
        key = ensure_key(state, file=NEXT_KEY_FILE)
        again = enrol(centre.address, code=CODE, key=key, name=None, now=datetime.now(UTC))
        adopt_next_key(state)
        write_enrolment(state, again)
        running.until(lambda: bool(of_kind(centre, Finding)))
        running.until(lambda: running.agent.state().unsent == 0)
        running.end()

    assert "xunhuan-edge enrol" in complaint.zh
    assert (waiting.waiting_findings, told) == (1, [])
    assert set(centre.turned_away) == {MESSAGES_PATH}
    assert len(centre.posted) == len(set(centre.posted))
    (finding,) = of_kind(centre, Finding)
    assert {shown.sha256 for shown in finding.evidence} <= set(centre.evidence)


def test_two_cameras_that_see_one_thing_tell_of_it_once(
    tmp_path: Path, centre: FakeCentre, model: Path
) -> None:
    enrolled(tmp_path / "state", centre)
    with vehicle() as (car, twin):
        second = CameraTwin(car.film, fps=15)
        with patrolling(live_config(tmp_path / "state", model, car, twin, second)) as running:
            running.until(lambda: all(c.captured > 5 for c in running.agent.state().cameras))
            running.drive(car)
            done = running.wait()
        second.close()

    assert done.findings == 1
    assert len({sweep.pass_id for sweep in of_kind(centre, Sweep)}) == 2


def test_a_pass_that_was_cut_short_is_ended_at_the_next_start(
    tmp_path: Path, centre: FakeCentre, model: Path
) -> None:
    state = tmp_path / "state"
    enrolled(state, centre)
    with vehicle() as (car, twin):
        config = live_config(state, model, car, twin, standing_s=60.0)
        with patrolling(config) as running:
            running.until(lambda: running.agent.state().cameras[0].captured > 5)
            running.drive(car)
            running.until(lambda: running.agent.state().pass_id is not None)
            pass_id = running.agent.state().pass_id
            (kept,) = (state / FOLDER).iterdir()
            closing = kept.read_bytes()
        outbox = Outbox(state)
        # As a power cut would leave it: the pass under way, its last sweep not recorded.
        kept.write_bytes(closing)
        (state / FOLDER / "torn.json").write_bytes(closing[:50])
        outbox.close()

        again = LiveAgent(config, world(), failpoint=None)
        again.stop()
        again.run(once=True)

    outbox = Outbox(state)
    bodies = [w.body for w in outbox.next_batch(100, max_bytes=1 << 20)]
    outbox.close()
    ended = [
        each
        for each in [*messages(centre), *map(MESSAGE.validate_json, bodies)]
        if isinstance(each, Sweep) and each.last and each.pass_id == pass_id
    ]
    assert ended
    assert not list((state / FOLDER).iterdir())


def gate() -> PassGate:
    return PassGate(ends_standing=timedelta(seconds=300), ends_without_fix=timedelta(seconds=120))


def test_a_pass_begins_with_driving_and_outlasts_a_red_light() -> None:
    of = gate()

    said = [
        of.update(START + timedelta(seconds=second), speed)
        for second, speed in [(0, 0.2), (1, 5.0), (2, 0.0), (120, 0.0), (121, 6.0), (400, 0.1)]
    ]

    assert said == [False, True, True, True, True, True]
    assert not of.update(START + timedelta(seconds=430), 0.0)


def test_a_pass_goes_on_through_a_tunnel_and_ends_in_a_garage() -> None:
    of = gate()
    of.update(START, 12.0)

    assert of.update(START + timedelta(seconds=100), None)
    assert not of.update(START + timedelta(seconds=130), None)


def test_a_disk_that_takes_nothing_for_a_while_neither_ends_the_device_nor_its_pass(
    tmp_path: Path, centre: FakeCentre, model: Path
) -> None:
    enrolled(tmp_path / "state", centre)
    with (
        vehicle() as (car, twin),
        patrolling(live_config(tmp_path / "state", model, car, twin, standing_s=2.0)) as running,
    ):
        running.until(lambda: running.agent.state().cameras[0].captured > 20)
        running.drive(car)
        running.until(lambda: running.agent.state().pass_id is not None)
        running.until(lambda: car.north_m() > 10.0)
        with a_disk_that_takes_nothing():
            running.until(lambda: running.agent.state().disk is not None)
            # The drive ends, and what it found cannot be recorded.
            running.until(lambda: running.agent.state().pass_id is None)
            time.sleep(1.0)
        done = running.wait()
    outbox = Outbox(tmp_path / "state")
    waiting = [each.body for each in outbox.next_batch(100, max_bytes=1 << 22)]
    outbox.close()

    told = [*messages(centre), *map(MESSAGE.validate_json, waiting)]
    assert done.passes == done.findings == 1
    assert len({m.id for m in told if isinstance(m, Finding)}) == 1
    assert {m.last for m in told if isinstance(m, Sweep)} == {True}
    assert not list((tmp_path / "state" / FOLDER).glob("*.json"))


@contextmanager
def a_disk_that_takes_nothing() -> Iterator[None]:
    """Let every write of this process fail, as on a disk at its limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_courier_that_dies_is_started_again(
    tmp_path: Path, centre: FakeCentre, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrolled(tmp_path / "state", centre)
    falls = iter([True])

    def flush(uplink: Uplink, *, attempts: int) -> Flushed:
        if next(falls, False):
            raise RuntimeError("nobody foresaw this")
        return sound(uplink, attempts=attempts)

    sound = Uplink.flush
    monkeypatch.setattr(Uplink, "flush", flush)
    monkeypatch.setattr("edge.patrol.courier.AGAIN_AFTER_S", 0.5)
    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    with (
        vehicle() as (car, twin),
        patrolling(live_config(tmp_path / "state", model, car, twin)) as running,
    ):
        running.until(lambda: bool(of_kind(centre, Heartbeat)))
        threads = running.agent.state().threads

    assert threads["courier"]


def test_a_hazard_is_told_while_it_is_still_in_view_and_again_under_the_same_id(
    tmp_path: Path, centre: FakeCentre, model: Path
) -> None:
    enrolled(tmp_path / "state", centre)
    with (
        vehicle() as (car, twin),
        patrolling(live_config(tmp_path / "state", model, car, twin, standing_s=20.0)) as running,
    ):
        running.until(lambda: running.agent.state().cameras[0].captured > 20)
        running.drive(car)
        running.until(lambda: bool(of_kind(centre, Finding)))
        first = of_kind(centre, Finding)[0]
        running.until(lambda: car.north_m() > toy.POTHOLE_NORTH_M)
        done = running.end()
    outbox = Outbox(tmp_path / "state")
    waiting = [each.body for each in outbox.next_batch(100, max_bytes=1 << 22)]
    outbox.close()

    told = [*messages(centre), *map(MESSAGE.validate_json, waiting)]
    last = max((m for m in told if isinstance(m, Finding)), key=lambda m: m.revision)
    assert done.findings == 1
    assert {m.id for m in told if isinstance(m, Finding)} == {first.id}
    assert last.revision > first.revision
    assert last.frames_seen > first.frames_seen
    assert last.last_seen_at > first.last_seen_at


def test_what_is_still_in_view_when_the_vehicle_stops_is_told_while_it_stands(
    tmp_path: Path, centre: FakeCentre, model: Path
) -> None:
    enrolled(tmp_path / "state", centre)
    (tmp_path / "state" / HAZARDS_FILE).write_text(Hazards(labels=()).model_dump_json())
    with (
        vehicle(end_m=8.0) as (car, twin),
        patrolling(live_config(tmp_path / "state", model, car, twin, standing_s=300.0)) as running,
    ):
        running.until(lambda: running.agent.state().cameras[0].captured > 20)
        running.drive(car)
        running.until(lambda: bool(of_kind(centre, Finding)))
        standing = running.agent.state()

    assert standing.pass_id is not None


def test_without_a_fix_no_pass_begins_so_nothing_is_stamped_by_a_clock_nobody_compared() -> None:
    gate = PassGate(ends_standing=timedelta(minutes=5), ends_without_fix=timedelta(minutes=2))

    begun = [gate.update(START + timedelta(seconds=second), None) for second in range(600)]

    assert not any(begun)
    assert gate.update(START + timedelta(seconds=601), 5.0)
