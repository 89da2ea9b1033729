"""The whole examination of a device, in the order in which things depend on each other."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from edge.config import Config
from edge.doctor.cameras import check_camera
from edge.doctor.centre import check_centre, check_outbox
from edge.doctor.check import Check
from edge.doctor.machine import check_footage, check_machine
from edge.doctor.model import check_model
from edge.doctor.receiver import check_receiver
from edge.doctor.running import check_running


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """The device's clock, seconds that never leap, and how to wait."""

    now: Callable[[], datetime]
    monotonic: Callable[[], float]
    sleep: Callable[[float], None]


def examine(config: Config, clocks: Clocks) -> Iterator[Check]:
    """Look at everything the agent needs; each answer is given as soon as it is known."""
    yield from check_machine(
        config.state, config.health, now=clocks.now, monotonic=clocks.monotonic
    )
    yield from check_footage(config)
    yield check_model(config.model, monotonic=clocks.monotonic)
    yield from check_outbox(config.state)
    yield from check_centre(config.state, config.health, now=clocks.now)
    running = check_running(config.health.listen)
    yield from running if running is not None else _senses(config, clocks)


def _senses(config: Config, clocks: Clocks) -> Iterator[Check]:
    for camera in config.camera:
        yield check_camera(camera, monotonic=clocks.monotonic)
    heard = check_receiver(
        config.telemetry, now=clocks.now, monotonic=clocks.monotonic, sleep=clocks.sleep
    )
    if heard is not None:
        yield heard
