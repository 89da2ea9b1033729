"""A preview as browsers show it without a script: JPEGs one after the other in one answer."""

from typing import Final, Protocol

from edge.vitals.preview import Preview

BOUNDARY: Final = "frame"
STREAM_TYPE: Final = f"multipart/x-mixed-replace; boundary={BOUNDARY}"


class Sink(Protocol):
    """Where the bytes of an answer go."""

    def write(self, content: bytes, /) -> object:
        """Send bytes."""


def stream(preview: Preview, to: Sink) -> None:
    """Write pictures as they come, for as long as somebody watches.

    Raises:
        OSError: whoever watched has gone.
    """
    pictures = preview.watch()
    try:
        for picture in pictures:
            # Without a picture an empty line finds out whether the watcher is still there.
            head = f"--{BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: "
            to.write(
                b"\r\n"
                if picture is None
                else f"{head}{len(picture)}\r\n\r\n".encode() + picture + b"\r\n"
            )
    finally:
        pictures.close()
