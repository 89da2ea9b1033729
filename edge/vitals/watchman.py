"""The one who looks after the device: gathers its signs, answers questions, and tells systemd.

The agent says when its loop got on, when a model was loaded and what it saw; all else is fetched
from where it is known. Looking is cheap, and done at most every `LOOK_EVERY`.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from detect.detections import Detections
from detect.detector import Detector
from dispatch.wire import ModelRef, ModelState, Running
from edge.config import Config, ExpiredPolicy, SourceKind
from edge.delivery.depth import Depth
from edge.delivery.keys import replace_file
from edge.evidence.annotate import Annotator, CannotRedact, Image
from edge.shipped import model_ref
from edge.state import AgentState
from edge.telemetry.live_state import LiveState
from edge.vitals.machine import disk_of, hottest_c
from edge.vitals.preview import Preview
from edge.vitals.server import Answers, VitalsServer
from edge.vitals.service import ServiceManager
from edge.vitals.signs import OutboxSigns, Signs
from edge.vitals.vitals import Report, Vitals
from edge.vitals.waiting import LongestWait

LOOK_EVERY: Final = timedelta(seconds=5)
PREVIEW_FILE: Final = "preview.url"
WAITING_KINDS: Final = frozenset({SourceKind.WATCH, SourceKind.INBOX})
"""Sources of which nothing may come for days; a model is loaded when something does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Where the watchman fetches what others know; each is asked from the agent's own thread."""

    depth: Callable[[], Depth]
    away: Callable[[], str | None]
    clock_offset_s: Callable[[], float | None]
    agent: Callable[[], AgentState | None] = lambda: None
    refuses: Callable[[], tuple[str, str] | None] = lambda: None
    receiver: Callable[[], LiveState | None] = lambda: None
    veils: Callable[[], Mapping[str, float]] = field(default=dict)
    over_the_air: Callable[[], ModelState | None] = lambda: None
    shut_out: Callable[[], tuple[str, str] | None] = lambda: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """The device's clock, seconds that never leap, and how to wait."""

    now: Callable[[], datetime]
    monotonic: Callable[[], float]
    pause: Callable[[float], object]


class Watchman:
    """Looks after one agent while it runs."""

    def __init__(
        self, config: Config, known: Known, *, clocks: Clocks, environment: Mapping[str, str]
    ) -> None:
        """Begin to look after an agent; listens where the configuration says.

        Args:
            environment: of this process: names the service manager, if there is one.

        Raises:
            CannotListen: the address is not ours, or taken.
        """
        self._config, self._known, self._clocks = config, known, clocks
        self._service = ServiceManager.of(environment, monotonic=clocks.monotonic)
        self._vitals = Vitals(config.health, monotonic=clocks.monotonic, service=self._service)
        self._model: ModelRef | None = None
        self._running: Running | None = None
        self._preview: Preview | None = None
        self._looked: datetime | None = None
        self._longest_wait = LongestWait()
        self._server = self._listen()

    def ready(self) -> None:
        """Say that the agent works."""
        self._service.ready()

    def moved(self) -> None:
        """Say that the agent's loop got on."""
        self._vitals.moved()

    def loaded(self, detector: Detector) -> None:
        """Say which model runs, and how."""
        manifest = detector.manifest
        self._model = model_ref(manifest, detector.precision)
        self._running = Running(
            precision=detector.precision.value, provider=detector.provider.value
        )
        try:
            self._preview = Preview(
                Annotator(manifest), pause=self._clocks.pause, monotonic=self._clocks.monotonic
            )
        except CannotRedact:
            # Such a model has findings without pictures, and no preview either: /preview says so.
            self._preview = None

    def saw(self, image: Image, detections: Detections, *, age_s: float = 0.0) -> None:
        """Say that a frame was looked at; it is shown to whoever watches."""
        self.moved()
        if self._preview is not None:
            self._preview.show(image, detections, age_s=age_s)

    @property
    def wants_pictures(self) -> bool:
        """Whether somebody watches the preview now."""
        return self._preview is not None and self._preview.watched

    def report(self) -> Report:
        """Give how the device was when last looked at; from any thread."""
        return self._vitals.report()

    def preview(self) -> Preview | None:
        """Give the preview, if the model can redact; from any thread."""
        return self._preview

    def look(self) -> Report:
        """Give how the device is; signs are gathered anew when they are older than LOOK_EVERY."""
        now = self._clocks.now()
        if self._looked is None or not timedelta(0) <= now - self._looked < LOOK_EVERY:
            self._looked = now
            return self._vitals.take(self._signs(now))
        return self._vitals.report()

    def close(self) -> None:
        """Say that the agent ends, and stop listening."""
        self._service.stopping()
        if self._server is not None:
            self._server.close()
            (self._config.state / PREVIEW_FILE).unlink(missing_ok=True)

    def _listen(self) -> VitalsServer | None:
        if self._config.health.listen is None:
            return None
        token = secrets.token_urlsafe(24)
        answers = Answers(report=self._vitals.report, preview=lambda: self._preview, token=token)
        server = VitalsServer(self._config.health.listen, answers)
        address = f"{server.address}/preview?token={token}\n"
        replace_file(self._config.state / PREVIEW_FILE, address.encode(), mode=0o600)
        return server

    def _signs(self, now: datetime) -> Signs:
        depth = self._known.depth()
        elapsed_s = self._clocks.monotonic()
        age = self._longest_wait.age_s(depth.oldest_at, now=now, elapsed_s=elapsed_s)
        return Signs(
            at=now,
            outbox=OutboxSigns(
                waiting=depth.waiting,
                refused=depth.refused,
                held=depth.held,
                oldest_s=age,
                evidence_waiting=depth.evidence_waiting,
                evidence_bytes=depth.evidence_bytes,
                away=self._known.away(),
                shut_out=self._known.shut_out(),
            ),
            disk=replace(disk_of(self._config.state), refuses=self._known.refuses()),
            agent=self._known.agent(),
            veils=self._known.veils(),
            receiver=self._known.receiver(),
            model=self._model,
            over_the_air=self._known.over_the_air(),
            expired_stops=self._config.model.expired is ExpiredPolicy.STOP,
            running=self._running,
            idle=self._config.source.kind in WAITING_KINDS,
            footage_gone=self._config.source.unreadable_folder(),
            temperature_c=hottest_c(),
            clock_offset_s=self._known.clock_offset_s(),
        )


def preview_address(state: Path) -> str | None:
    """Give where a running agent's preview is watched, with its token; None if none runs."""
    path = state / PREVIEW_FILE
    return path.read_text(encoding="utf-8").strip() if path.is_file() else None
