"""The simulated twin of a network camera: serves pictures as H.264 in MPEG-TS over TCP, on time.

On command it stalls, cuts the line, freezes its picture, changes its size, or damages its data, as
cameras in vehicles do. Each client is served from the present picture on.
"""

import socket
import threading
import time
from collections.abc import Callable
from fractions import Fraction
from typing import Final, Protocol

import av
import cv2
import numpy as np
from av.video.stream import VideoStream
from numpy.typing import NDArray

Image = NDArray[np.uint8]
_CLOCK: Final = 90_000
_WAIT_S: Final = 0.05
_GROUP: Final = 15


class Filmed(Protocol):
    """What the twin films: the picture at so many seconds after it began."""

    def __call__(self, seconds: float, /) -> Image:
        """Give the picture, (H, W, 3) blue-green-red, sides even."""


class _Pipe:
    """The write end of a connection, as the library wants it."""

    def __init__(self, connection: socket.socket, twin: "CameraTwin") -> None:
        self._connection, self._twin = connection, twin

    def write(self, content: bytes) -> int:
        """Send it, damaged if the twin was told so."""
        self._connection.sendall(self._twin.spoilt(bytes(content)))
        return len(content)


class CameraTwin:
    """A camera on a port of loopback that films until it is closed."""

    def __init__(
        self,
        film: Filmed,
        *,
        fps: int = 25,
        seconds: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Begin to film and to listen.

        Args:
            fps: pictures a second, > 0.
            seconds: a clock that never leaps.
        """
        self._film, self._fps, self._seconds, self._sleep = film, fps, seconds, sleep
        self.connections = 0
        self._began_s = seconds()
        self._stalled = self._cut = self._closed = False
        self._frozen_s: float | None = None
        self._size: tuple[int, int] | None = None
        self._damaged = 0
        self._server = socket.create_server(("127.0.0.1", 0))
        self._server.settimeout(_WAIT_S)
        self._thread = threading.Thread(target=self._serve, name="camera-twin", daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        """Where it is reached."""
        return f"tcp://127.0.0.1:{self._server.getsockname()[1]}"

    def elapsed_s(self) -> float:
        """Give how long it has filmed."""
        return self._seconds() - self._began_s

    def stall(self) -> None:
        """Keep the line open and send nothing, until `go_on`."""
        self._stalled = True

    def freeze(self) -> None:
        """Go on sending the present picture, until `go_on`."""
        self._frozen_s = self.elapsed_s()

    def cut(self) -> None:
        """Close the line; who connects again is served."""
        self._cut = True

    def resize(self, width: int, height: int) -> None:
        """Film at another size from now on; clients must connect again, as with real cameras."""
        self._size, self._cut = (width, height), True

    def damage(self, packets: int) -> None:
        """Damage the next writes."""
        self._damaged = packets

    def go_on(self) -> None:
        """Film and send as before."""
        self._stalled, self._frozen_s = False, None

    def close(self) -> None:
        """Stop filming and listening."""
        self._closed = True
        self._thread.join()
        self._server.close()

    def spoilt(self, content: bytes) -> bytes:
        """Give what truly travels."""
        if self._damaged <= 0:
            return content
        self._damaged -= 1
        middle = bytes(byte ^ 0x5A for byte in content[200:-200])
        return content[:200] + middle + content[-200:]

    def _serve(self) -> None:
        while not self._closed:
            try:
                connection, _ = self._server.accept()
            except TimeoutError:
                continue
            self.connections += 1
            self._cut = False
            with connection:
                connection.settimeout(5.0)
                try:
                    self._send(connection)
                except (OSError, av.error.FFmpegError):
                    continue

    def _send(self, connection: socket.socket) -> None:
        """Encode and send until the line is cut or the client goes."""
        pipe = _Pipe(connection, self)
        with av.open(pipe, mode="w", format="mpegts") as container:
            stream: VideoStream | None = None
            number = 0
            start_s = self.elapsed_s()
            while not (self._cut or self._closed):
                due_s = start_s + number / self._fps
                self._sleep(max(0.0, min(_WAIT_S, due_s - self.elapsed_s())))
                if self._stalled or self.elapsed_s() < due_s:
                    start_s += self.elapsed_s() - due_s if self._stalled else 0.0
                    continue
                image = self._picture(due_s)
                if stream is None:
                    stream = self._stream(container, image)
                picture = av.VideoFrame.from_ndarray(image, format="bgr24")
                picture.pts = round(due_s * _CLOCK)
                picture.time_base = Fraction(1, _CLOCK)
                container.mux(stream.encode(picture))
                number += 1

    def _picture(self, due_s: float) -> Image:
        image = self._film(due_s if self._frozen_s is None else self._frozen_s)
        if self._size is None:
            return image
        return np.asarray(cv2.resize(image, self._size), np.uint8)

    def _stream(self, container: av.container.OutputContainer, image: Image) -> VideoStream:
        stream = container.add_stream("libx264", rate=self._fps)
        stream.height, stream.width = image.shape[:2]
        stream.pix_fmt = "yuv420p"
        stream.time_base = Fraction(1, _CLOCK)
        stream.codec_context.time_base = Fraction(1, _CLOCK)
        stream.options = {"preset": "ultrafast", "tune": "zerolatency", "g": str(_GROUP)}
        return stream
