"""Signs of a device that is well, to be spoilt by tests."""

from datetime import UTC, datetime, timedelta

from dispatch.wire import ModelRef, Running
from edge.config import HealthConfig
from edge.state import AgentState, CameraState, Passed
from edge.telemetry.live_state import LiveState
from edge.vitals.service import ServiceManager
from edge.vitals.signs import DiskSigns, OutboxSigns, Signs
from edge.vitals.vitals import Vitals

NOON = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
LIMITS = HealthConfig()
WAITING = OutboxSigns(waiting=2, refused=0, held=0, oldest_s=3.0)
ROOM = DiskSigns(free_bytes=50 << 30, total_bytes=64 << 30)


def camera_of(
    *, age_s: float | None = 0.2, looked_at: int = 100, wrong: tuple[str, str] | None = None
) -> CameraState:
    return CameraState(
        name="front",
        open=wrong is None,
        captured=250,
        captured_fps=25.0,
        looked_at=looked_at,
        passed={Passed.NEAR: 140, Passed.OVERRUN: looked_at // 10},
        last_frame_at=None if age_s is None else NOON - timedelta(seconds=age_s),
        reconnects=1,
        restarts=0,
        queued=2,
        wrong=wrong,
    )


def agent_of(*cameras: CameraState, capture_runs: bool = True) -> AgentState:
    return AgentState(
        started_at=NOON - timedelta(minutes=5),
        pass_id=None,
        passes=1,
        findings=3,
        first_detection_s=4.2,
        last_detection_at=NOON,
        inference_s=0.035,
        unsent=2,
        away=None,
        cameras=cameras,
        threads={"capture front": capture_runs},
    )


def receiver_of(
    *, age_s: float | None, trouble: tuple[str, str] | None = None, ahead_s: float | None = 0.01
) -> LiveState:
    return LiveState(
        address="serial:///dev/ttyACM0?baud=115200",
        connected=trouble is None,
        stalled=trouble is not None,
        fix_age_s=age_s,
        satellites=17,
        solution=None,
        accuracy_m=0.8,
        clock_ahead_s=ahead_s,
        late_s=0.01,
        bytes_read=10_000,
        bytes_dropped=0,
        messages=100,
        fixes=100,
        without_fix=0,
        reconnections=0,
        trouble=trouble,
    )


def signs_of(camera: CameraState | None = None, **spoilt: object) -> Signs:
    return Signs(
        **{
            "at": NOON,
            "outbox": WAITING,
            "disk": ROOM,
            "agent": agent_of(camera or camera_of()),
            "veils": {"front": 0.02},
            "receiver": receiver_of(age_s=0.4),
            "model": ModelRef(name="street-n", version="1.0.0", sha256="a" * 64),
            "running": Running(precision="int8", provider="cpu"),
            "temperature_c": 55.0,
            "clock_offset_s": 0.02,
            **spoilt,
        }
    )


class Stopwatch:
    """A monotonic clock that stands until it is pushed."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s

    def pass_by(self, seconds: float) -> None:
        self.now_s += seconds


def vitals_of(stopwatch: Stopwatch, limits: HealthConfig = LIMITS) -> Vitals:
    service = ServiceManager(None, watchdog_s=None, monotonic=stopwatch)
    return Vitals(limits, monotonic=stopwatch, service=service)
