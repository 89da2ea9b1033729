"""The file that states a camera: TOML, checked whole before anything is placed by it.

Tables: `[image]`, `[lens]`, `[mounting]`, `[shutter]`, `[errors]`; angles in degrees.
"""

import math
import tomllib
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from edge.errors import EdgeError
from edge.placing.camera import Camera, CameraError, Mounting
from edge.placing.lens import Distortion, Fisheye, Lens

LONGEST_S: Final = 0.2
"""No sensor that takes pictures in motion is read more slowly."""
_ADVICE: Final = {
    "shutter.readout_s": (
        f"应为首行到末行的读出时间，单位秒，绝对值不超过 {LONGEST_S:g}（常见 0.005 到 0.04，"
        "毫秒请除以 1000；全局快门写 0；自下而上读出写负数）",
        f"the time from the first row to the last in seconds, at most {LONGEST_S:g} either way "
        "(0.005 to 0.04 are common; divide milliseconds by 1000; 0 for a global shutter, negative "
        "where the sensor is read upwards)",
    ),
}


class UnusableCamera(EdgeError):
    """A camera file cannot be used, and why."""

    def __init__(self, path: Path, zh: str, en: str) -> None:
        super().__init__(
            f"相机文件 {path} 不能用：{zh}", f"camera file {path} cannot be used: {en}"
        )
        self.path = path


def read_camera(path: Path) -> Camera:
    """Read a camera file (TOML: `[image]`, `[lens]`, `[mounting]`, `[errors]`, angles in degrees).

    Raises:
        UnusableCamera: it cannot be read, is no TOML, or says something impossible.
    """
    try:
        said = _CameraFile.model_validate(tomllib.loads(path.read_text("utf-8")))
    except OSError as error:
        raise UnusableCamera(path, "读不到这个文件", "it cannot be read") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UnusableCamera(path, f"不是有效的 TOML：{error}", f"not TOML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        zh, en = _ADVICE.get(where, (first["msg"], first["msg"]))
        raise UnusableCamera(path, f"{where} 有误：{zh}", f"{where}: {en}") from error
    return said.camera()


_Length = Annotated[float, Field(gt=0.0, le=1e6, allow_inf_nan=False)]
_Sigma = Annotated[float, Field(ge=0.0, le=1e3, allow_inf_nan=False)]
_Degrees = Annotated[float, Field(ge=-360.0, le=360.0, allow_inf_nan=False)]
_Offset = Annotated[float, Field(ge=-50.0, le=50.0, allow_inf_nan=False)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Image(_Part):
    width: Annotated[int, Field(ge=16, le=20_000)]
    height: Annotated[int, Field(ge=16, le=20_000)]
    centre_crop: bool = False


class _Lens(_Part):
    model: Literal["brown", "fisheye"] = "brown"
    fx: _Length
    fy: _Length
    cx: _Length
    cy: _Length
    k1: _Offset = 0.0
    k2: _Offset = 0.0
    p1: _Offset = 0.0
    p2: _Offset = 0.0
    k3: _Offset = 0.0
    k4: _Offset = 0.0

    @model_validator(mode="after")
    def _one_model(self) -> "_Lens":
        foreign = ("p1", "p2") if self.model == "fisheye" else ("k4",)
        for name in foreign:
            if getattr(self, name) != 0.0:
                raise ValueError(f"{name} does not belong to model {self.model}")
        return self

    def distortion(self) -> Lens:
        if self.model == "fisheye":
            return Fisheye(k1=self.k1, k2=self.k2, k3=self.k3, k4=self.k4)
        return Distortion(k1=self.k1, k2=self.k2, p1=self.p1, p2=self.p2, k3=self.k3)


class _Mounting(_Part):
    height_above_ground_m: Annotated[float, Field(gt=0.1, le=20.0)] | None = None
    yaw_deg: _Degrees = 0.0
    pitch_deg: _Degrees = 0.0
    roll_deg: _Degrees = 0.0
    forward_m: _Offset = 0.0
    right_m: _Offset = 0.0
    down_m: _Offset = 0.0


class _Shutter(_Part):
    readout_s: Annotated[float, Field(ge=-LONGEST_S, le=LONGEST_S, allow_inf_nan=False)] = 0.0


class _Errors(_Part):
    pixel_px: _Sigma = 3.0
    height_m: _Sigma = 0.05
    yaw_deg: _Sigma = 0.3
    pitch_deg: _Sigma = 0.2
    roll_deg: _Sigma = 0.2


class _CameraFile(_Part):
    image: _Image
    lens: _Lens
    mounting: _Mounting = _Mounting()
    shutter: _Shutter = _Shutter()
    errors: _Errors = _Errors()

    def camera(self) -> Camera:
        lens, mounting, errors = self.lens, self.mounting, self.errors
        return Camera(
            width=self.image.width,
            height=self.image.height,
            fx=lens.fx,
            fy=lens.fy,
            cx=lens.cx,
            cy=lens.cy,
            distortion=lens.distortion(),
            centre_crop=self.image.centre_crop,
            readout_s=self.shutter.readout_s,
            mounting=Mounting(
                height_above_ground_m=mounting.height_above_ground_m,
                yaw=math.radians(mounting.yaw_deg),
                pitch=math.radians(mounting.pitch_deg),
                roll=math.radians(mounting.roll_deg),
                lever_m=(mounting.forward_m, mounting.right_m, mounting.down_m),
            ),
            error=CameraError(
                pixel_px=errors.pixel_px,
                height_m=errors.height_m,
                yaw=math.radians(errors.yaw_deg),
                pitch=math.radians(errors.pitch_deg),
                roll=math.radians(errors.roll_deg),
            ),
        )
