"""What the agent can be told: tables of the configuration file, each with its limits."""

import os
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from detect.manifest import Precision
from detect.provider import Provider
from edge.camera_address import BadCameraAddress, check_address
from edge.errors import EdgeError
from edge.receiver_address import BadAddress, read_address


class UnusableConfig(EdgeError):
    """The configuration file cannot be used; every fault with its line."""

    def __init__(self, path: Path, faults: Sequence[str]) -> None:
        text = "; ".join(faults)
        super().__init__(
            f"配置文件 {path} 有误：{text}", f"configuration file {path} has faults: {text}"
        )
        self.path, self.faults = path, tuple(faults)


class SourceKind(StrEnum):
    """Where the agent's pictures come from."""

    WATCH = "watch"
    INBOX = "inbox"
    LIVE = "live"


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


Seconds = Annotated[float, Field(ge=0.1, le=86_400.0, allow_inf_nan=False)]


class SourceConfig(_Table):
    """Where the agent's pictures come from."""

    kind: SourceKind
    folder: Path | None = None
    camera: Path | None = None
    every_s: Seconds = 10.0
    settled_s: Seconds = 5.0

    @model_validator(mode="after")
    def _watches_something(self) -> "SourceConfig":
        if self.kind is SourceKind.WATCH and self.folder is None:
            raise ValueError('kind = "watch" needs folder / 需要写明 folder')
        return self

    def unreadable_folder(self) -> Path | None:
        """Give the folder that is watched, if it is not there now or cannot be read."""
        folder = self.folder
        if self.kind is not SourceKind.WATCH or folder is None:
            return None
        return None if folder.is_dir() and os.access(folder, os.R_OK | os.X_OK) else folder


class CameraConfig(_Table):
    """A camera that is looked through while driving.

    Attributes:
        file: its camera file.
        hardware: what decodes its stream; None for the processor.
        latency_s: least time from exposure to arrival.
        rendered: its stream is drawn by a simulated twin; findings say so.
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,31}$")]
    address: str
    file: Path
    user: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    password_file: Path | None = None
    hardware: Annotated[str, Field(pattern=r"^[a-z0-9]{1,16}$")] | None = None
    latency_s: Annotated[float, Field(ge=0.0, le=5.0, allow_inf_nan=False)] = 0.0
    rendered: bool = False

    @model_validator(mode="after")
    def _is_a_camera(self) -> "CameraConfig":
        try:
            check_address(self.name, self.address)
        except BadCameraAddress as fault:
            raise ValueError(str(fault)) from fault
        return self


class FramesConfig(_Table):
    """Which frames of a stream are looked at: one every so many metres driven."""

    step_m: Annotated[float, Field(ge=0.2, le=20.0, allow_inf_nan=False)] = 1.0


class DriveConfig(_Table):
    """What ends a pass that is driven."""

    ends_standing_s: Seconds = 300.0
    ends_without_fix_s: Seconds = 120.0


class TelemetryConfig(_Table):
    """How telemetry is read beside the camera's pictures, or listened to while driving."""

    receiver: str | None = None
    latency_s: Annotated[float, Field(ge=0.0, le=2.0, allow_inf_nan=False)] = 0.08
    offset_s: Annotated[float, Field(ge=-60.0, le=60.0, allow_inf_nan=False)] | None = None

    @field_validator("receiver")
    @classmethod
    def _is_an_address(cls, said: str | None) -> str | None:
        if said is not None:
            try:
                read_address(said)
            except BadAddress as fault:
                raise ValueError(str(fault)) from fault
        return said


class ExpiredPolicy(StrEnum):
    """What becomes of a model that came over the air and is past its time."""

    WARN = "warn"
    """It runs on, and the device complains."""
    STOP = "stop"
    """It begins no further pass."""


class ModelConfig(_Table):
    """Which model sees, and how it is run; what is not said is what the machine runs best."""

    folder: Path | None = None
    threads: Annotated[int, Field(ge=1, le=64)] = 2
    precision: Precision | None = None
    provider: Provider | None = None
    shape: tuple[int, int] | None = None
    expired: ExpiredPolicy = ExpiredPolicy.WARN


class GroundConfig(_Table):
    """The ground under a drone: elevation tile, and latitude, longitude of take-off."""

    dem: Path | None = None
    take_off: (
        tuple[
            Annotated[float, Field(ge=-90.0, le=90.0)], Annotated[float, Field(ge=-180.0, le=180.0)]
        ]
        | None
    ) = None


class Metered(StrEnum):
    """Whether the network is paid by the byte."""

    AUTO = "auto"
    YES = "yes"
    NO = "no"


class UplinkConfig(_Table):
    """How patiently the agent sends, and how sparingly on a network that is paid by the byte."""

    attempts: Annotated[int, Field(ge=1, le=1000)] = 5
    every_s: Seconds = 5.0
    metered: Metered = Metered.AUTO
    metered_mib_a_day: Annotated[int, Field(ge=0, le=1_000_000)] = 50


class DiskConfig(_Table):
    """What may lie on the disk."""

    evidence_mib: Annotated[int, Field(ge=16, le=10_000_000)] = 4096


Listen = Annotated[str, Field(pattern=r"^(\[[0-9A-Fa-f:]+\]|[^\s:\[\]]+):\d{1,5}$")]


class HealthConfig(_Table):
    """From where on the device complains, and where it answers questions about itself.

    `listen` is an address and a port; only loopback unless another address is written out.
    """

    listen: Listen | None = None
    stalled_after_s: Annotated[float, Field(ge=10.0, le=3600.0)] = 120.0
    max_frame_age_s: Seconds = 10.0
    max_fix_age_s: Seconds = 10.0
    max_outbox_age_s: Seconds = 3600.0
    max_clock_offset_s: Annotated[float, Field(ge=0.1, le=3600.0)] = 5.0
    min_disk_free_mib: Annotated[int, Field(ge=16, le=10_000_000)] = 1024
    max_temperature_c: Annotated[float, Field(ge=30.0, le=120.0)] = 90.0
    max_veil_share: Annotated[float, Field(ge=0.01, le=1.0)] = 0.3


class CrewConfig(_Table):
    """Where the crew's page is served.

    `listen` is an address of the device in the cab's network, or loopback; never all addresses,
    for the page must know the one name by which it may be asked.
    """

    listen: Annotated[str, Field(pattern=r"^[0-9a-z.-]+:\d{1,5}$")] | None = None

    @field_validator("listen")
    @classmethod
    def _is_one_address(cls, said: str | None) -> str | None:
        if said is not None and said.startswith("0.0.0.0:"):
            raise ValueError(
                "write out the address of the cab's network, not 0.0.0.0 "
                "/ 请写明驾驶室网络的地址，不能写 0.0.0.0"
            )
        return said


class LogLevel(StrEnum):
    """From which weight on something is written down."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class LogForm(StrEnum):
    """How it is written down."""

    AUTO = "auto"
    """Plain lines on a terminal, JSON elsewhere."""
    JSON = "json"
    TEXT = "text"


class LogConfig(_Table):
    """What the agent writes down."""

    level: LogLevel = LogLevel.INFO
    form: LogForm = LogForm.AUTO


class Config(_Table):
    """Everything the agent is told."""

    state: Path
    source: SourceConfig
    camera: Annotated[tuple[CameraConfig, ...], Field(max_length=8)] = ()
    frames: FramesConfig = FramesConfig()
    drive: DriveConfig = DriveConfig()
    telemetry: TelemetryConfig = TelemetryConfig()
    model: ModelConfig = ModelConfig()
    ground: GroundConfig = GroundConfig()
    uplink: UplinkConfig = UplinkConfig()
    disk: DiskConfig = DiskConfig()
    health: HealthConfig = HealthConfig()
    crew: CrewConfig = CrewConfig()
    log: LogConfig = LogConfig()

    @model_validator(mode="after")
    def _can_look_while_driving(self) -> "Config":
        if self.source.kind is not SourceKind.LIVE:
            return self
        names = [camera.name for camera in self.camera]
        if not names or len(set(names)) < len(names):
            raise ValueError(
                'kind = "live" needs [[camera]] tables with names of their own '
                "/ 需要 [[camera]]，名称不能重复"
            )
        if self.telemetry.receiver is None:
            raise ValueError('kind = "live" needs [telemetry] receiver / 需要 [telemetry] receiver')
        return self
