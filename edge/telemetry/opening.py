"""Telemetry recognised by what it holds; the one place where a format is added."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from edge.pose import Telemetry
from edge.telemetry.csv_track import is_csv, read_csv
from edge.telemetry.gpx import is_gpx, read_gpx
from edge.telemetry.photos import PhotoTelemetry
from edge.telemetry.track import UnusableTelemetry
from edge.telemetry.wording import Explain

_HEAD_BYTES: Final = 4096


class _Read(Protocol):
    def __call__(self, path: Path, *, explain: Explain) -> Telemetry: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A kind of telemetry file.

    Attributes:
        recognises: whether a file, by its path and first bytes, is of this kind.
        read: reads it, telling what was used and dropped.
    """

    name: str
    recognises: Callable[[Path, bytes], bool]
    read: _Read


FORMATS: Final[tuple[Format, ...]] = (
    Format(name="GPX", recognises=is_gpx, read=read_gpx),
    Format(name="CSV", recognises=is_csv, read=read_csv),
)


def open_telemetry(path: Path, *, explain: Explain | None = None) -> Telemetry:
    """Open a telemetry file, or a folder of drone photos, which is its own telemetry.

    Args:
        explain: is told, in Chinese and English, what was recognised, used and dropped.

    Raises:
        UnusableTelemetry: no format recognises it, or the one that does cannot use it.
        NoPhotos: a folder without usable photos.
    """
    tell = explain or _quietly
    if path.is_dir():
        return PhotoTelemetry(path, explain=tell)
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError as error:
        raise UnusableTelemetry(path, "读不到这个文件", "it cannot be read") from error
    for kind in FORMATS:
        if kind.recognises(path, head):
            tell(f"识别为 {kind.name}", f"recognised as {kind.name}")
            return kind.read(path, explain=tell)
    known = ", ".join(kind.name for kind in FORMATS)
    raise UnusableTelemetry(
        path, f"不认识的格式（支持 {known}、DJI 照片）", f"no known format ({known}, DJI photos)"
    )


def _quietly(_zh: str, _en: str) -> None:
    """Tell nobody."""
