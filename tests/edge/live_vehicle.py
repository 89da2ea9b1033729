"""A toy vehicle on the move: its camera films over TCP, its receiver speaks NMEA, right now."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from edge.config import (
    CameraConfig,
    Config,
    DriveConfig,
    ModelConfig,
    SourceConfig,
    SourceKind,
    TelemetryConfig,
    UplinkConfig,
)
from edge.delivery.centre import enrol
from edge.delivery.keys import ensure_key, write_enrolment
from edge.sources.live.twin import CameraTwin
from edge.state import AgentState
from tests.edge import toy
from tests.edge.fake_centre import CODE, FakeCentre
from tests.edge.receivers import nmea

SLOWEST = 2.0
"""Metres a second at which a pass still begins."""
METRES_A_LOOK = 0.5


class Vehicle:
    """Stands, then drives north over the toy road when told to, and stops at its end."""

    def __init__(
        self,
        *,
        end_m: float = 50.0,
        speed: float = toy.SPEED,
        clock_off: timedelta = timedelta(),
    ) -> None:
        self._most = speed
        self.clock_off = clock_off
        self.has_fix = True
        self._end_m = end_m
        # Metres driven before, seconds since which it drives on, metres a second: read as one.
        self._leg: tuple[float, float, float] | None = None
        self._closed = threading.Event()
        self._server = socket.create_server(("127.0.0.1", 0))
        self._server.settimeout(0.05)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        self.receiver = f"tcp://127.0.0.1:{self._server.getsockname()[1]}"

    def go(self) -> None:
        self._leg = (0.0, time.monotonic(), self._most)

    def keep_to(self, state: AgentState) -> None:
        """Drive no faster than a device on a busy machine can look, as it must see the road."""
        if self._leg is None:
            return
        slow = state.pass_id is None or not state.inference_s
        looks_a_second = 0.0 if slow else 1.0 / (state.inference_s or 1.0)
        speed = min(self._most, max(SLOWEST, METRES_A_LOOK * looks_a_second))
        self._leg = (self.north_m(), time.monotonic(), speed)

    def north_m(self) -> float:
        leg = self._leg
        if leg is None:
            return 0.0
        driven_m, since_s, speed = leg
        return min(self._end_m, driven_m + speed * (time.monotonic() - since_s))

    def speed(self) -> float:
        leg = self._leg
        return leg[2] if leg is not None and 0.0 < self.north_m() < self._end_m else 0.0

    def film(self, _seconds: float) -> np.ndarray:
        return toy.road(self.north_m())

    def close(self) -> None:
        self._closed.set()
        self._thread.join()
        self._server.close()

    def _serve(self) -> None:
        while not self._closed.is_set():
            try:
                caller, _ = self._server.accept()
            except TimeoutError:
                continue
            with caller:
                while not self._closed.is_set():
                    self._closed.wait(0.2 - time.time() % 0.2)
                    try:
                        caller.sendall(self._sentences())
                    except OSError:
                        break

    def _sentences(self) -> bytes:
        at = datetime.now(UTC) + self.clock_off
        at = at.replace(microsecond=at.microsecond // 10_000 * 10_000)
        clock, day = f"{at:%H%M%S.%f}"[:9], f"{at:%d%m%y}"
        minutes = (toy.LATITUDE + self.north_m() * toy.METRE_LATITUDE - 30.0) * 60.0
        place = f"30{minutes:08.5f},N,110{0.0:08.5f},E"
        knots = self.speed() / 0.514444
        if not self.has_fix:
            return nmea(f"GNRMC,{clock},V,,,,,,,{day},,,N") + nmea(
                f"GNGGA,{clock},,,,,0,0,,,M,,M,,"
            )
        return nmea(f"GNRMC,{clock},A,{place},{knots:.3f},0.0,{day},,,A") + nmea(
            f"GNGGA,{clock},{place},5,12,0.8,290.0,M,-30.0,M,,"
        )


@contextmanager
def vehicle(**how: object) -> Iterator[tuple[Vehicle, CameraTwin]]:
    """Give a vehicle that stands, and its camera."""
    car = Vehicle(**how)
    twin = CameraTwin(car.film, fps=15)
    try:
        yield car, twin
    finally:
        twin.close()
        car.close()


def live_config(
    state: Path, model: Path, car: Vehicle, *twins: CameraTwin, standing_s: float = 1.0
) -> Config:
    """Write the configuration of an enrolled device that looks through the twins."""
    state.mkdir(parents=True, exist_ok=True)
    file = state.parent / "camera.toml"
    file.write_text(toy.CAMERA_FILE, encoding="utf-8")
    return Config(
        state=state,
        source=SourceConfig(kind=SourceKind.LIVE),
        camera=tuple(
            CameraConfig(name=name, address=twin.address, file=file)
            for name, twin in zip(("front", "second"), twins, strict=False)
        ),
        telemetry=TelemetryConfig(receiver=car.receiver, latency_s=0.0),
        model=ModelConfig(folder=model, threads=1),
        uplink=UplinkConfig(attempts=1, every_s=0.2),
        drive=DriveConfig(ends_standing_s=standing_s, ends_without_fix_s=5.0),
    )


def enrolled(state: Path, centre: FakeCentre) -> None:
    """Make a state folder's device known to a centre."""
    state.mkdir(parents=True, exist_ok=True)
    key = ensure_key(state)
    told = enrol(centre.address, code=CODE, key=key, name=None, now=datetime.now(UTC))
    write_enrolment(state, told)
