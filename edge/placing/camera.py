"""How a camera sees: its lens, where it is mounted, and with what errors.

Frames: C is the optical frame (x right, y down, z forward); B the body of the carrier (forward,
right, down): the vehicle, or a drone's gimbal; NED and ENU are local, at the carrier.
Pixels: (0, 0) is the outer corner of the top-left pixel, as in `detect.detections`; a principal
point from a calibration that puts (0, 0) at that pixel's centre (OpenCV) needs +0.5.
Lens models: `edge.placing.lens`; the file that states a camera: `edge.placing.camera_file`.
"""

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edge.errors import EdgeError
from edge.placing.lens import Distortion, Lens
from edge.placing.pose import Pose, ned_from_body

Array = NDArray[np.float64]

BODY_FROM_CAMERA: Final[Array] = np.array([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
ENU_FROM_NED: Final[Array] = np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, -1.0]])
_ASPECT_SLACK: Final = 0.01
STRAIGHT: Final = Distortion()
"""A lens that bends nothing."""


class CroppedPicture(EdgeError):
    """A picture has another shape than its camera file: it was cropped, not only scaled."""

    def __init__(self, camera: tuple[int, int], picture: tuple[int, int]) -> None:
        super().__init__(
            f"画面 {picture[0]}×{picture[1]} 与相机文件 {camera[0]}×{camera[1]} 长宽比不同，"
            "请为这种画面单独标定，或检查录像的旋转标记",
            f"a picture of {picture[0]}x{picture[1]} has not the shape of the camera file's "
            f"{camera[0]}x{camera[1]}: calibrate this mode apart, or check the "
            "recording's rotation",
        )
        self.camera, self.picture = camera, picture


class PixelBeyondLens(EdgeError):
    """A pixel lies where the lens model no longer says from where its light came."""

    def __init__(self, uv: tuple[float, float]) -> None:
        super().__init__(
            f"像素 ({uv[0]:.1f}, {uv[1]:.1f}) 超出镜头模型的有效范围，请重新标定畸变参数",
            f"pixel ({uv[0]:.1f}, {uv[1]:.1f}) lies beyond where the lens model holds: "
            "calibrate the distortion again",
        )
        self.uv = uv


@dataclass(frozen=True, slots=True, kw_only=True)
class Mounting:
    """How a camera sits on its carrier.

    Attributes:
        height_above_ground_m: of the optical centre above the carrier's own ground plane; None for
            a drone, whose pose knows its height.
        yaw, pitch, roll: boresight, from the body to the camera's axis; pitch < 0 looks down.
        lever_m: camera minus antenna: forward, right, down.
    """

    height_above_ground_m: float | None = None
    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    lever_m: tuple[float, float, float] = (0.0, 0.0, 0.0)

    @property
    def body_from_camera(self) -> Array:
        """Give the rotation (3, 3) from the optical frame to the body; read only."""
        return _turned(self.yaw, self.pitch, self.roll)


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraError:
    """Standard errors (1 sigma) of a camera: pixels, metres, radians; all but `pixel_px` shared."""

    pixel_px: float = 3.0
    height_m: float = 0.05
    yaw: float = math.radians(0.3)
    pitch: float = math.radians(0.2)
    roll: float = math.radians(0.2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera:
    """A calibrated camera.

    Attributes:
        width, height: of the picture the intrinsics belong to, pixels, sensor orientation.
        fx, fy, cx, cy: focal lengths and principal point, pixels.
        centre_crop: whether a picture of another shape is known to be the middle of this one,
            cut above and below or left and right; otherwise it is refused.
        readout_s: from the first row to the last, seconds (`edge.placing.shutter`); 0 takes all
            rows at once.
    """

    width: int
    height: int
    fx: float
    fy: float
    cx: float
    cy: float
    distortion: Lens = STRAIGHT
    mounting: Mounting = Mounting()
    error: CameraError = CameraError()
    centre_crop: bool = False
    readout_s: float = 0.0

    def scaled_to(self, width: int, height: int) -> "Camera":
        """Give the camera of the same picture at another size.

        Raises:
            CroppedPicture: the other size has another shape, and nothing says how it was cut.
        """
        if (width, height) == (self.width, self.height):
            return self
        across, down = width / self.width, height / self.height
        if abs(across / down - 1.0) > _ASPECT_SLACK:
            if not self.centre_crop:
                raise CroppedPicture((self.width, self.height), (width, height))
            across = down = max(across, down)
        return replace(
            self,
            width=width,
            height=height,
            fx=self.fx * across,
            fy=self.fy * down,
            cx=width / 2.0 + (self.cx - self.width / 2.0) * across,
            cy=height / 2.0 + (self.cy - self.height / 2.0) * down,
            readout_s=self.readout_s * height / (self.height * down),
            error=replace(self.error, pixel_px=self.error.pixel_px * across),
        )

    def undistort(self, uv: Array) -> Array:
        """Give normalised coordinates of pixels: where z = 1 is cut by the light's way.

        Args:
            uv: (n, 2) pixels.

        Returns:
            (n, 2) x right, y down, at z = 1 of the optical frame.

        Raises:
            PixelBeyondLens: the lens model cannot be inverted there.
        """
        uv = np.asarray(uv, dtype=np.float64)
        straight = self.distortion.straighten((uv - (self.cx, self.cy)) / (self.fx, self.fy))
        bad = np.isnan(straight).any(axis=1)
        if bad.any():
            first = uv[int(np.argmax(bad))]
            raise PixelBeyondLens((float(first[0]), float(first[1])))
        return straight

    def pixel_slope(self, straight: Array) -> Array:
        """Give d straight / d pixel, (n, 2, 2), at normalised coordinates (n, 2).

        It is what a pixel is worth there: off the axis of a fisheye more than 1 / fx.
        """
        slope = np.linalg.inv(self.distortion.slope(straight)) / (self.fx, self.fy)
        return np.asarray(slope, np.float64)

    def pixels_per_radian(self, straight: Array) -> Array:
        """Give how large (n,) a small thing appears, at normalised coordinates (n, 2).

        The side of its picture over the angle it fills: the root of the area that the lens gives
        to an angle squared. A flat picture stretches towards its rim by (1 + r²)^(3/4), a lens that
        bends inwards takes it back.
        """
        slope = self.distortion.slope(straight)
        area = slope[:, 0, 0] * slope[:, 1, 1] - slope[:, 0, 1] * slope[:, 1, 0]
        away = 1.0 + (straight**2).sum(axis=1)
        scale: Array = np.sqrt(self.fx * self.fy * area) * away**0.75
        return scale

    def rays(self, uv: Array) -> Array:
        """Give the directions pixels look at, in the optical frame.

        Args:
            uv: (n, 2) pixels.

        Returns:
            (n, 3) unit vectors.

        Raises:
            PixelBeyondLens: the lens model cannot be inverted there.
        """
        straight = self.undistort(uv)
        rays = np.concatenate([straight, np.ones((len(straight), 1))], axis=1)
        unit: Array = rays / np.linalg.norm(rays, axis=1, keepdims=True)
        return unit

    def project(self, points: Array) -> Array:
        """Give the pixels of points; NaN for what lies behind the camera or beyond its lens.

        Args:
            points: (n, 3) metres in the optical frame.

        Returns:
            (n, 2) pixels, not clipped to the picture.
        """
        points = np.asarray(points, dtype=np.float64)
        depth = points[:, 2:]
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            straight = np.where(depth > 1e-6, points[:, :2] / depth, np.nan)
            beyond = ~(np.linalg.norm(straight, axis=1) < self.distortion.reach)
            scaled = self.distortion.distort(straight) * (self.fx, self.fy)
        uv: Array = scaled + np.array([self.cx, self.cy])
        uv[beyond] = np.nan
        return uv


def body_from_camera(camera: Camera) -> Array:
    """Give the rotation (3, 3) from the optical frame to the carrier's body."""
    return camera.mounting.body_from_camera


def enu_from_body(pose: Pose) -> Array:
    """Give the rotation (3, 3) from the carrier's body to local east, north, up."""
    rotation: Array = ENU_FROM_NED @ ned_from_body(pose.yaw, pose.pitch, pose.roll)
    return rotation


def enu_from_camera(pose: Pose, camera: Camera) -> Array:
    """Give the rotation (3, 3) from the optical frame to local east, north, up."""
    rotation: Array = enu_from_body(pose) @ body_from_camera(camera)
    return rotation


def lever_enu(pose: Pose, camera: Camera) -> Array:
    """Give the way (3,) in metres from the antenna to the camera in local east, north, up."""
    lever: Array = enu_from_body(pose) @ np.array(camera.mounting.lever_m)
    return lever


@lru_cache(maxsize=64)
def _turned(yaw: float, pitch: float, roll: float) -> Array:
    turned: Array = ned_from_body(yaw, pitch, roll) @ BODY_FROM_CAMERA
    turned.setflags(write=False)
    return turned
