"""Footage dropped into a watched folder: rendered passes, photo folders, videos with a track."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from edge.opening import STREET_SUFFIX

VIDEO_SUFFIXES: Final = frozenset({".mp4", ".mov", ".mkv", ".avi", ".ts"})
TRACK_SUFFIXES: Final = (".gpx", ".csv")
"""A video's track has its name; the first that exists is taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """Footage to work through.

    Attributes:
        key: what it is remembered by: name, size and time of change.
    """

    source: Path
    telemetry: Path | None
    key: str


def new_footage(folder: Path, *, known: Callable[[str], bool]) -> Iterator[Dropped]:
    """Give footage that was not worked through yet, in order of name."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        dropped = _recognised(path)
        if dropped is not None and not known(dropped.key):
            yield dropped


def _recognised(path: Path) -> Dropped | None:
    if path.name.startswith("."):
        return None
    if path.is_dir() or path.name.endswith(STREET_SUFFIX):
        return Dropped(source=path, telemetry=None, key=_key(path))
    if path.suffix.lower() not in VIDEO_SUFFIXES:
        return None
    tracks = [path.with_suffix(suffix) for suffix in TRACK_SUFFIXES]
    track = next((track for track in tracks if track.is_file()), None)
    return Dropped(source=path, telemetry=track, key=_key(path))


def _key(path: Path) -> str:
    facts = path.stat()
    return f"{path.name} {facts.st_size} {facts.st_mtime_ns}"
