"""Check a camera: that it opens, how many frames come, of which size, and whether they are sharp.

The picture is judged in memory and never written.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import av
import av.error
import numpy as np
from numpy.typing import NDArray

from detect.quality import FrameQuality, judge
from edge.camera_address import opening_of
from edge.config import CameraConfig
from edge.doctor.check import Check, failed, passed, refused, warned
from edge.errors import EdgeError
from edge.placing.camera_file import read_camera
from edge.sources.live.loss import why

WATCH_S: Final = 3.0
TIMEOUT_S: Final = 10.0
LEAST_FPS: Final = 5.0
"""At 50 km/h a frame every three metres; ground between sharper steps is not seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What came from a camera in a few seconds."""

    fps: float
    width: int
    height: int
    quality: FrameQuality


def check_camera(camera: CameraConfig, *, monotonic: Callable[[], float]) -> Check:
    """Look through a camera for a few seconds."""
    name = f"camera {camera.name}"
    try:
        fits = read_camera(camera.file)
        seen = _watch(camera, monotonic)
    except EdgeError as error:
        return refused(name, error)
    except (av.error.FFmpegError, OSError) as error:
        zh, en = why(error)
        return failed(
            name,
            f"相机 {camera.name} 打不开（{zh}）：请检查供电、网线、地址和密码",
            f"camera {camera.name} does not open ({en}): check power, cable, address and password",
        )
    if seen is None:
        return failed(
            name,
            f"相机 {camera.name} 打开了但没有画面：请检查码流设置",
            f"camera {camera.name} opens but sends no picture: check its stream settings",
        )
    try:
        fits.scaled_to(seen.width, seen.height)
    except EdgeError as error:
        return refused(name, error)
    return _judged(name, camera.name, seen)


def _watch(camera: CameraConfig, monotonic: Callable[[], float]) -> Seen | None:
    opening = opening_of(
        camera.name, camera.address, user=camera.user, password_file=camera.password_file
    )
    newest: NDArray[np.uint8] | None = None
    first_s = last_s = 0.0
    count = 0
    with av.open(
        opening.url, format=opening.kind, options=dict(opening.options), timeout=TIMEOUT_S
    ) as stream:
        for picture in stream.decode(video=0):
            last_s = monotonic()
            first_s = first_s if count else last_s
            count += 1
            newest = np.asarray(picture.to_ndarray(format="bgr24"), dtype=np.uint8)
            if last_s - first_s >= WATCH_S:
                break
    if newest is None:
        return None
    height, width = newest.shape[:2]
    fps = (count - 1) / max(last_s - first_s, 1e-3)
    return Seen(fps=fps, width=width, height=height, quality=judge(newest))


def _judged(name: str, camera: str, seen: Seen) -> Check:
    size = f"{seen.width}×{seen.height}"
    reason = seen.quality.reason
    if reason is not None:
        return warned(
            name,
            f"相机 {camera}（{size}）{reason.zh}：请擦镜头、调焦，或到亮处再试",
            f"camera {camera} ({size}) is {reason.value}: clean the lens, focus it, or try again "
            "in the light",
        )
    if seen.fps < LEAST_FPS:
        return warned(
            name,
            f"相机 {camera}（{size}）每秒只有 {seen.fps:.1f} 帧：请检查网络和码流设置",
            f"camera {camera} ({size}) gives only {seen.fps:.1f} frames a second: check the "
            "network and its stream settings",
        )
    sharp = f"{seen.quality.sharpness:.2f}"
    return passed(
        name,
        f"相机 {camera}：{size}，每秒 {seen.fps:.1f} 帧，清晰度 {sharp}，与相机文件相符",
        f"camera {camera}: {size}, {seen.fps:.1f} frames a second, sharpness {sharp}, as its "
        "camera file says",
    )
