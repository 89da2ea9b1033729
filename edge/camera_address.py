"""Where a camera is reached and how: RTSP, USB (V4L2), MPEG-TS over TCP, UDP or HTTP, a file.

A password never stands in the configuration: it comes from a file or the environment, goes into
the address only where the library opens it, and no message or log line holds it.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, parse_qsl, quote, urlsplit, urlunsplit

from edge.errors import EdgeError

NETWORK: Final[Mapping[str, Mapping[str, str]]] = {
    "rtsp": {"rtsp_transport": "tcp", "fflags": "nobuffer"},
    "rtsps": {"rtsp_transport": "tcp", "fflags": "nobuffer"},
    "tcp": {"fflags": "nobuffer"},
    "udp": {"fflags": "nobuffer", "overrun_nonfatal": "1"},
    "http": {"fflags": "nobuffer"},
    "https": {"fflags": "nobuffer"},
}
"""How each kind of stream is opened with the least delay."""
USB: Final[Mapping[str, tuple[str, re.Pattern[str]]]] = {
    "size": ("video_size", re.compile(r"[1-9]\d{1,4}x[1-9]\d{1,4}")),
    "fps": ("framerate", re.compile(r"[1-9]\d{0,2}")),
    "format": ("input_format", re.compile(r"[a-z0-9]{2,16}")),
}
"""What may be asked of a USB camera, FFmpeg's name for it, and how it is written.

Most send 1920x1080 fast enough as mjpeg or h264 only, and something small unless asked.
"""
SECRET_VARIABLE: Final = "XUNHUAN_CAMERA_{}_PASSWORD"  # noqa: S105 - the name of a variable


class BadCameraAddress(EdgeError):
    """An address names no camera, or holds a password."""

    def __init__(self, camera: str, zh: str, en: str) -> None:
        super().__init__(
            f"相机 {camera} 的地址不对：{zh}；例如 rtsp://192.168.1.64/stream1 "
            "或 v4l2:///dev/video0",
            f"the address of camera {camera} is wrong: {en}; write for example "
            "rtsp://192.168.1.64/stream1 or v4l2:///dev/video0",
        )
        self.camera = camera


class NoPassword(EdgeError):
    """A camera has a user, and nothing says the password."""

    def __init__(self, camera: str, variable: str) -> None:
        super().__init__(
            f"相机 {camera} 写了 user 但没有密码：请用 password_file，或设置环境变量 {variable}",
            f"camera {camera} names a user but no password: state password_file, or set the "
            f"environment variable {variable}",
        )
        self.camera, self.variable = camera, variable


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What the library is told to open.

    Attributes:
        url: with the password, if there is one; never shown.
        kind: the demuxer's name, None to let the content say.
        paced: the address is a file, which must be read no faster than it was filmed.
    """

    url: str = field(repr=False)
    kind: str | None
    options: Mapping[str, str]
    paced: bool = False


def opening_of(
    name: str,
    address: str,
    *,
    user: str | None = None,
    password_file: Path | None = None,
    environment: Mapping[str, str] = os.environ,
) -> Opening:
    """Make ready to open a camera.

    Raises:
        BadCameraAddress: the address is of no known kind, or holds a password.
        NoPassword: a user is named, but neither file nor environment holds a password.
    """
    check_address(name, address)
    parts = urlsplit(address)
    if parts.scheme == "v4l2":
        return Opening(url=parts.path, kind="v4l2", options=_usb_options(name, parts))
    if parts.scheme == "file":
        return Opening(url=parts.path, kind=None, options={}, paced=True)
    netloc = parts.netloc
    if user is not None:
        secret = _password(name, password_file, environment)
        netloc = f"{quote(user, safe='')}:{quote(secret, safe='')}@{netloc}"
    url = urlunsplit(parts._replace(netloc=netloc))
    kind = "mpegts" if parts.scheme in {"tcp", "udp"} else None
    return Opening(url=url, kind=kind, options=dict(NETWORK[parts.scheme]))


def check_address(name: str, address: str) -> None:
    """Check that an address names a camera and holds no password.

    Raises:
        BadCameraAddress: it does not.
    """
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError as error:
        raise BadCameraAddress(name, "读不懂", "it cannot be read") from error
    if parts.scheme in {"v4l2", "file"}:
        if parts.netloc or not parts.path.startswith("/") or parts.path == "/":
            raise BadCameraAddress(
                name, f"应为 {parts.scheme}:///路径", f"it must be {parts.scheme}:///PATH"
            )
        if parts.scheme == "v4l2":
            _usb_options(name, parts)
        return
    if parts.scheme not in NETWORK or not parts.hostname:
        known = ", ".join((*NETWORK, "v4l2", "file"))
        raise BadCameraAddress(name, f"须以 {known} 之一开头", f"it must begin with one of {known}")
    if parts.username is not None:
        raise BadCameraAddress(
            name,
            "地址里不要写用户名和密码，请用 user 与 password_file",
            "it holds a user or a password: state user and password_file instead",
        )


def _usb_options(name: str, parts: SplitResult) -> dict[str, str]:
    options = {}
    for key, value in parse_qsl(parts.query, keep_blank_values=True):
        option, written = USB.get(key, (key, None))
        if written is None or not written.fullmatch(value):
            raise BadCameraAddress(
                name,
                f"问号后的 {key}={value} 不对，可写 size=1920x1080&fps=30&format=mjpeg",
                f"{key}={value} after the question mark is wrong: size=1920x1080&fps=30"
                "&format=mjpeg may be written",
            )
        options[option] = value
    return options


def _password(name: str, file: Path | None, environment: Mapping[str, str]) -> str:
    variable = SECRET_VARIABLE.format(name.upper().replace("-", "_"))
    if file is not None:
        try:
            return file.read_text(encoding="utf-8").strip()
        except OSError as error:
            raise NoPassword(name, variable) from error
    if variable not in environment:
        raise NoPassword(name, variable)
    return environment[variable]
