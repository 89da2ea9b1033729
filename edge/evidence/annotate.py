"""Redacted pictures with what was seen drawn in, as a video or one by one, to look at."""

from datetime import datetime
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import av
import av.error
import cv2
import numpy as np
from numpy.typing import NDArray

from detect.detections import Detections
from detect.manifest import Manifest
from edge.errors import EdgeError
from edge.evidence.pictures import encode_jpeg
from edge.evidence.redaction import PRIVATE_LABELS, Redactor, redactor_for
from edge.frame import Frame

WIDTH_PX: Final = 1280
CODEC: Final = "h264"
TIME_BASE: Final = Fraction(1, 1000)

Image = NDArray[np.uint8]
_PROBLEM: Final = (40, 90, 240)
_PRIVATE: Final = (150, 150, 150)


class CannotRedact(EdgeError):
    """The model does not know people and vehicles, so no picture may be written."""

    def __init__(self, model: str) -> None:
        super().__init__(
            f"模型 {model} 不认识行人、车辆和二轮车，无法脱敏，因此不能输出图片或视频",
            f"model {model} does not know people, vehicles and two-wheelers: nothing can be "
            "redacted, so no picture may be written",
        )


class CannotWriteVideo(EdgeError):
    """The annotated video cannot be written."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"写不了视频 {path}：{why}", f"cannot write the video {path}: {why}")
        self.path = path


class Annotator:
    """Draws one model's detections into redacted frames."""

    def __init__(self, manifest: Manifest) -> None:
        """Make an annotator.

        Raises:
            CannotRedact: the model does not know all that must be redacted.
        """
        redactor = redactor_for(manifest)
        if redactor is None:
            raise CannotRedact(f"{manifest.name} {manifest.version}")
        self._redactor: Redactor = redactor
        self._thresholds = {entry.label: entry.threshold for entry in manifest.classes}

    def draw(self, image: Image, detections: Detections) -> Image:
        """Give a redacted copy, at most WIDTH_PX wide, with boxes above their thresholds."""
        scale = min(1.0, WIDTH_PX / image.shape[1])
        size = (round(image.shape[1] * scale) // 2 * 2, round(image.shape[0] * scale) // 2 * 2)
        small = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        boxes = [box.scaled(scale) for box in self._redactor.private_boxes(detections)]
        out, _ = self._redactor.redact(small, boxes, subject=None)
        for row in range(len(detections)):
            name = detections.name_of(row)
            if detections.score[row] >= self._thresholds[name]:
                _draw_box(out, detections, row, scale)
        return out

    def draw_jpeg(self, image: Image, detections: Detections) -> bytes:
        """Give the same as a JPEG."""
        return encode_jpeg(self.draw(image, detections))


class AnnotatedVideo:
    """An MP4 that is written frame by frame, at the frames' own times."""

    def __init__(self, path: Path, annotator: Annotator) -> None:
        """Open the file.

        Raises:
            CannotWriteVideo: it cannot be made.
        """
        self._path, self._annotator = path, annotator
        try:
            self._file = av.open(str(path), "w", format="mp4")
        except (OSError, av.error.FFmpegError) as error:
            raise CannotWriteVideo(path, str(error)) from error
        self._stream: av.VideoStream | None = None
        self._began: datetime | None = None
        self._last_ms = -1

    def add(self, frame: Frame, detections: Detections) -> None:
        """Append a frame."""
        image = self._annotator.draw(frame.image, detections)
        if self._stream is None or self._began is None:
            self._stream, self._began = self._open_stream(image), frame.at
        shape = (self._stream.width, self._stream.height)
        if (image.shape[1], image.shape[0]) != shape:
            image = np.asarray(cv2.resize(image, shape), dtype=np.uint8)
        picture = av.VideoFrame.from_ndarray(image, format="bgr24")
        elapsed_ms = round((frame.at - self._began).total_seconds() * 1000)
        picture.pts = self._last_ms = max(self._last_ms + 1, elapsed_ms)
        picture.time_base = TIME_BASE
        self._file.mux(self._stream.encode(picture))

    def close(self) -> None:
        """Write what is left and finish the file."""
        if self._stream is not None:
            self._file.mux(self._stream.encode(None))
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _open_stream(self, image: Image) -> av.VideoStream:
        stream = self._file.add_stream(CODEC, rate=25)
        stream.width, stream.height = image.shape[1], image.shape[0]
        stream.pix_fmt = "yuv420p"
        stream.bit_rate = 3_000_000
        stream.time_base = stream.codec_context.time_base = TIME_BASE
        return stream


def _draw_box(image: Image, detections: Detections, row: int, scale: float) -> None:
    name = detections.name_of(row)
    colour = _PRIVATE if name in PRIVATE_LABELS else _PROBLEM
    left, top, right, bottom = (round(float(value) * scale) for value in detections.xyxy[row])
    cv2.rectangle(image, (left, top), (right, bottom), colour, 2)
    text = f"{name} {float(detections.score[row]):.2f}"
    at = (max(0, left), max(12, top - 4))
    cv2.putText(image, text, at, cv2.FONT_HERSHEY_SIMPLEX, 0.5, (0, 0, 0), 3, cv2.LINE_AA)
    cv2.putText(image, text, at, cv2.FONT_HERSHEY_SIMPLEX, 0.5, (255, 255, 255), 1, cv2.LINE_AA)
