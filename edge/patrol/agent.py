"""The live agent put together: by its configuration, of the device's own clocks and threads."""

import os
import random
import time
from datetime import timedelta
from functools import partial
from importlib.metadata import version

from detect.detector import Detector
from dispatch.wire import Complaint, Heartbeat
from edge.board import StateBoard
from edge.camera_address import opening_of
from edge.config import CameraConfig, Config
from edge.crew.desk import Desk
from edge.crew.finds import Finds
from edge.crew.opening import CrewPage
from edge.crew.order import Orders
from edge.delivery.centre import Centre
from edge.delivery.heartbeats import Heartbeats
from edge.delivery.keys import keep_clock_offset, read_identity
from edge.delivery.knocking import Knocking
from edge.delivery.metered import allowance_of
from edge.delivery.outbox import Outbox
from edge.delivery.uplink import Uplink
from edge.failpoints import Failpoints
from edge.patrol.captures import Captures
from edge.patrol.courier import Courier, Post
from edge.patrol.drive import Means
from edge.patrol.gate import PassGate
from edge.patrol.models import ChosenModels
from edge.patrol.patrol import QUEUED, Patrol, Patrolled
from edge.patrol.reckoning import Reckoning
from edge.patrol.unfinished import end_unfinished
from edge.placing.camera_file import read_camera
from edge.replay import World
from edge.sources.live.capture import Capture, LiveCamera
from edge.sources.live.frame import LiveFrame
from edge.sources.live.hardware import check_decoder
from edge.sources.live.latest import Latest
from edge.state import AgentState
from edge.telemetry.live import open_live
from edge.updates.opening import Updates, open_choice
from edge.vitals.beat import heartbeat_of
from edge.vitals.watchman import Clocks, Known, Watchman


class LiveAgent:
    """Runs a device's cameras as its configuration says, until it is stopped."""

    def __init__(self, config: Config, world: World, *, failpoint: str | None) -> None:
        """Open the device, its outbox, its model, its receiver and its cameras.

        Raises:
            NotEnrolled, UnusableKey: there is no device to report as.
            UnsafeOutbox: the outbox cannot keep what it is given.
            UnusableModel, NotActivated, CannotRedact: the model cannot be used.
            UnusableCamera, BadCameraAddress, NoPassword, NoSuchDecoder: a camera cannot be opened.
            BadAddress: the receiver has no such address.
        """
        self._config, self._world = config, world
        self._failpoints = Failpoints.parse(failpoint)
        self._identity = read_identity(config.state)
        self._choice = open_choice(
            config, now=world.now, say=world.say, failpoints=self._failpoints
        )
        cameras = tuple(live_camera(said) for said in config.camera)
        self._board = StateBoard(now=world.now)
        self._outbox = Outbox(config.state, failpoints=self._failpoints)
        self._outbox.shelf.clear_strays()
        for ended in end_unfinished(config.state, self._outbox, now=world.now()):
            world.say(f"结束上次中断的巡查 {ended}", f"ended pass {ended}, which was cut short")
        self._courier = self._make_courier()
        receiver = config.telemetry.receiver
        assert receiver is not None, "a live configuration names its receiver"
        self._poses = open_live(receiver, now=world.now, latency_s=config.telemetry.latency_s)
        self._watchman = self._make_watchman()
        self._orders, self._finds = Orders(config.state, now=world.now), Finds()
        self._patrol = self._make_patrol(cameras, self._load())
        self._crew = CrewPage(config, self._make_desk(), monotonic=world.monotonic)

    def stop(self) -> None:
        """Ask the agent to end as it stands."""
        self._patrol.stop()

    def state(self) -> AgentState:
        """Give how the agent is now; from any thread."""
        return self._board.state()

    def complaints(self) -> tuple[Complaint, ...]:
        """Give what the device complains of, as last looked at; from any thread."""
        return self._watchman.report().complaints

    def run(self, *, once: bool) -> Patrolled:
        """Patrol until stopped.

        Args:
            once: end with the first drive.

        Raises:
            CentreRefuses: one drive was asked for, and the centre does not accept this device.
        """
        self._moved()
        self._courier.start(beat=self._beat)
        self._watchman.ready()
        try:
            self._patrol.run(once=once, moved=self._moved)
        finally:
            self._courier.end()
            self._crew.close()
            self._watchman.close()
            self._poses.close()
            worked, carried = self._patrol.worked, self._courier.carried
            worked.sent, worked.away = carried.sent, carried.away
            worked.waiting = self._outbox.depth().waiting
            self._outbox.close()
            self._choice.close()
        if once and self._courier.refusal is not None:
            raise self._courier.refusal
        return worked

    def _load(self) -> Detector:
        detector = self._choice.load()
        self._watchman.loaded(detector)
        return detector

    def _make_patrol(self, cameras: tuple[LiveCamera, ...], detector: Detector) -> Patrol:
        config, world = self._config, self._world
        means = Means(
            device=self._identity.enrolment.device,
            state=config.state,
            detector=detector,
            outbox=self._outbox,
            board=self._board,
            onlooker=self._watchman,
            now=world.now,
            say=world.say,
            found=self._courier.wake,
            failpoints=self._failpoints,
            step_m=config.frames.step_m,
            finds=self._finds,
        )
        gate = PassGate(
            ends_standing=timedelta(seconds=config.drive.ends_standing_s),
            ends_without_fix=timedelta(seconds=config.drive.ends_without_fix_s),
        )
        return Patrol(
            cameras,
            self._poses,
            means,
            captures=lambda reckoning: self._make_captures(cameras, reckoning),
            courier=self._courier,
            models=ChosenModels(self._choice, loaded=self._watchman.loaded),
            gate=gate,
            orders=self._orders,
            board=self._board,
            monotonic=world.monotonic,
        )

    def _make_captures(self, cameras: tuple[LiveCamera, ...], reckoning: Reckoning) -> Captures:
        world = self._world

        def make(camera: LiveCamera, queue: Latest[LiveFrame]) -> Capture:
            return Capture(
                camera,
                into=queue,
                board=self._board,
                moving=reckoning,
                now=world.now,
                rng=random.Random(world.rng.random()),  # noqa: S311 - jitter is no secret
                step_m=self._config.frames.step_m,
            )

        return Captures(cameras, make=make, board=self._board, most=QUEUED, now=world.now)

    def _make_courier(self) -> Courier:
        config = self._config
        return Courier(
            self._open_post,
            state=config.state,
            attempts=config.uplink.attempts,
            every_s=config.uplink.every_s,
            evidence_bytes=config.disk.evidence_mib << 20,
            updates=self._open_updates,
            board=self._board,
            now=self._world.now,
            monotonic=self._world.monotonic,
        )

    def _open_updates(self) -> Updates:
        world = self._world
        return Updates(
            self._config, now=world.now, monotonic=world.monotonic, failpoints=self._failpoints
        )

    def _open_post(self) -> Post:
        outbox = Outbox(self._config.state, failpoints=self._failpoints)
        centre = Centre(
            self._identity,
            now=self._world.now,
            keep_offset=partial(keep_clock_offset, self._config.state),
        )
        allowance = allowance_of(self._config.uplink, self._config.state, now=self._world.now)
        uplink = Uplink(
            centre,
            outbox,
            sleep=self._courier.pause,
            rng=self._world.rng,
            allowance=allowance,
            failpoints=self._failpoints,
        )
        beats = Heartbeats(outbox, uplink, now=self._world.now, monotonic=self._world.monotonic)
        return Post(
            outbox=outbox,
            centre=centre,
            knocking=Knocking(
                centre,
                self._config.state,
                monotonic=self._world.monotonic,
                rng=self._world.rng,
            ),
            uplink=uplink,
            allowance=allowance,
            beats=beats,
        )

    def _make_watchman(self) -> Watchman:
        known = Known(
            depth=self._outbox.depth,
            away=lambda: self._courier.carried.away,
            shut_out=self._courier.shut_out,
            clock_offset_s=self._courier.clock_offset_s,
            agent=self._board.state,
            refuses=lambda: self._board.state().disk,
            receiver=self._poses.state,
            veils=self._veils,
            over_the_air=self._choice.state,
        )
        clocks = Clocks(now=self._world.now, monotonic=self._world.monotonic, pause=time.sleep)
        return Watchman(self._config, known, clocks=clocks, environment=os.environ)

    def _make_desk(self) -> Desk:
        return Desk(
            state=self._config.state,
            device=self._identity.enrolment.device,
            live=True,
            limits=self._config.health,
            now=self._world.now,
            monotonic=self._world.monotonic,
            report=self._watchman.report,
            preview=self._watchman.preview,
            orders=self._orders,
            finds=self._finds,
            heard_at=lambda: self._courier.carried.heard_at,
        )

    def _veils(self) -> dict[str, float]:
        return self._patrol.veils()

    def _moved(self) -> None:
        """Say that the loop got on, and look at how the device is now and then."""
        self._watchman.moved()
        self._report = self._watchman.look()

    def _beat(self) -> Heartbeat:
        device = self._identity.enrolment.device
        return heartbeat_of(self._report, device=device, version=version("xunhuan"))


def live_camera(said: CameraConfig) -> LiveCamera:
    """Make ready a camera of the configuration.

    Raises:
        UnusableCamera: its camera file cannot be used.
        BadCameraAddress, NoPassword, NoSuchDecoder: it cannot be opened as told.
    """
    check_decoder(said.name, said.hardware)
    return LiveCamera(
        name=said.name,
        opening=opening_of(
            said.name, said.address, user=said.user, password_file=said.password_file
        ),
        camera=read_camera(said.file),
        hardware=said.hardware,
        latency_s=said.latency_s,
        rendered=said.rendered,
    )
