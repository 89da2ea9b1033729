"""What decodes a stream: the processor, or hardware where there is some."""

import io
import logging
from functools import cache

import av
from av.codec.hwaccel import HWAccel, hwdevices_available

from edge.errors import EdgeError

_log = logging.getLogger(__name__)


class NoSuchDecoder(EdgeError):
    """A camera asks for hardware that the video library was not built for."""

    def __init__(self, camera: str, name: str) -> None:
        known = ", ".join(hwdevices_available())
        super().__init__(
            f"相机 {camera} 要用 {name} 解码，这里只有：{known}；去掉 hardware 就用处理器",
            f"camera {camera} asks for decoding by {name}, here there is {known}: leave hardware "
            "out to decode by the processor",
        )
        self.camera, self.name = camera, name


def check_decoder(camera: str, name: str | None) -> None:
    """Check that hardware can be asked for at all; whether this machine has it shows when opened.

    Raises:
        NoSuchDecoder: it cannot.
    """
    if name is not None and name not in hwdevices_available():
        raise NoSuchDecoder(camera, name)


def decoder(name: str | None) -> HWAccel | None:
    """Give what the library decodes with; where this machine lacks the hardware, the processor."""
    if name is None:
        return None
    if not _is_there(name):
        _log.warning("no %s here, the processor decodes / 本机没有 %s，用处理器解码", name, name)
        return None
    return HWAccel(device_type=name, allow_software_fallback=True)


@cache
def _is_there(name: str) -> bool:
    """Say whether hardware opens, by one tiny picture; a camera that fails tells nothing of it."""
    film = io.BytesIO()
    with av.open(film, mode="w", format="mpegts") as written:
        stream = written.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 256, 144, "yuv420p"
        written.mux(stream.encode(av.VideoFrame(256, 144, "yuv420p")))
        written.mux(stream.encode(None))
    film.seek(0)
    try:
        with av.open(film, hwaccel=HWAccel(device_type=name, allow_software_fallback=True)):
            return True
    except (av.error.FFmpegError, OSError):
        return False
