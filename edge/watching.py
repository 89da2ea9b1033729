"""Footage dropped into a watched folder: rendered passes, photo folders, videos with a track.

What is still being copied is waited for: it is taken up once nothing of it has changed for a while.
A folder of photos is one flight; any other folder is looked through, as cards and their chapters
are copied whole. What cannot be used is told beside it, in a file of its name.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Final

from edge.opening import STREET_SUFFIX, TRACK_SUFFIXES

VIDEO_SUFFIXES: Final = frozenset({".mp4", ".mov", ".mkv", ".avi", ".ts"})
PHOTO_SUFFIXES: Final = frozenset({".jpg", ".jpeg", ".dng", ".tif", ".tiff"})
REFUSED_SUFFIX: Final = ".refused.txt"
MOST_REFUSED: Final = 10
DEEPEST: Final = 4
"""Folders within folders that are looked through, as on a camera's card."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """Footage to work through.

    Attributes:
        key: what it is remembered by once it was used: name, size and time of change.
    """

    source: Path
    telemetry: Path | None
    key: str

    def attempt(self, camera: Path | None) -> str:
        """Give what it is remembered by if it is refused: also its track and camera file.

        With another of them it may be of use, and is tried again.
        """
        beside = (each for each in (self.telemetry, camera) if each is not None and each.is_file())
        return "\x1f".join((self.key, *map(_key, beside)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a watched folder is, since the start.

    Attributes:
        working: what is looked at now; None while nothing is.
        waiting: whole, and next.
        copying: still changing.
        refused: the last drops that could not be used: name, and why in Chinese and English.
    """

    working: str | None
    waiting: tuple[str, ...]
    copying: tuple[str, ...]
    done: int
    refused: tuple[tuple[str, str, str], ...]

    def as_json(self) -> dict[str, object]:
        """Give it for the crew's page."""
        refused = [{"name": name, "zh": zh, "en": en} for name, zh, en in self.refused]
        return {
            "working": self.working,
            "waiting": list(self.waiting),
            "copying": list(self.copying),
            "done": self.done,
            "refused": refused,
        }


class WatchedFolder:
    """A folder that is looked into again and again."""

    def __init__(
        self,
        folder: Path,
        *,
        settled_s: float,
        monotonic: Callable[[], float],
        camera: Path | None = None,
    ) -> None:
        """Watch a folder.

        Args:
            settled_s: for so long nothing of a drop and its track may have changed.
            camera: the file of the camera that filmed it, where it brings none.
        """
        self._folder, self._settled_s, self._monotonic = folder, settled_s, monotonic
        self._camera = camera
        self._since: dict[Path, tuple[str, float]] = {}
        self.unsettled = 0
        self._progress = Progress(working=None, waiting=(), copying=(), done=0, refused=())

    def progress(self) -> Progress:
        """Give how far the folder is; from any thread."""
        return self._progress

    def begins(self, drop: Dropped) -> None:
        """Say that a drop is looked at now."""
        name = drop.source.name
        waiting = tuple(each for each in self._progress.waiting if each != name)
        self._progress = replace(self._progress, working=name, waiting=waiting)

    def refuses(self, drop: Dropped, zh: str, en: str) -> None:
        """Say that a drop cannot be used, and why."""
        refused = (*self._progress.refused, (drop.source.name, zh, en))[-MOST_REFUSED:]
        self._progress = replace(self._progress, refused=refused)

    def ended(self, drop: Dropped) -> None:
        """Say that a drop was worked through; used or not."""
        still = tuple(each for each in self._progress.refused if each[0] == drop.source.name)
        done = self._progress.done + (0 if still else 1)
        self._progress = replace(self._progress, working=None, done=done)

    def new_footage(self, *, known: Callable[[str], bool]) -> tuple[Dropped, ...]:
        """Give footage that was not worked through yet and is whole, in order of name.

        What is not whole yet is counted in `unsettled`.

        Args:
            known: says of a key or an attempt whether that was worked through.
        """
        fresh = [
            drop
            for drop in dropped_in(self._folder)
            if not (known(drop.key) or known(drop.attempt(self._camera)))
        ]
        now_s = self._monotonic()
        self._since = {
            drop.source: self._since.get(drop.source, (drop.attempt(self._camera), now_s))
            for drop in fresh
        }
        whole = tuple(drop for drop in fresh if self._is_settled(drop))
        self.unsettled = len(fresh) - len(whole)
        self._progress = replace(
            self._progress,
            waiting=tuple(drop.source.name for drop in whole),
            copying=tuple(drop.source.name for drop in fresh if drop not in whole),
        )
        return whole

    def _is_settled(self, drop: Dropped) -> bool:
        attempt, (before, since_s) = drop.attempt(self._camera), self._since[drop.source]
        if before != attempt:
            since_s = self._monotonic()
            self._since[drop.source] = attempt, since_s
        return self._monotonic() - since_s >= self._settled_s


def dropped_in(folder: Path, *, depth: int = 0) -> Iterator[Dropped]:
    """Give all footage in a folder, in order of name."""
    if not folder.is_dir() or depth > DEEPEST:
        return
    inside = [path for path in sorted(folder.iterdir()) if not path.name.startswith(".")]
    yield from map(_alone, _to_be_refused(inside, depth=depth))
    for path in inside:
        if path.is_dir():
            if any(_is_photo(inside) for inside in path.iterdir()):
                yield _alone(path)
            # A card holds a flight's photos and its videos side by side: none is passed over.
            yield from dropped_in(path, depth=depth + 1)
        elif path.name.endswith(STREET_SUFFIX):
            yield _alone(path)
        elif path.suffix.lower() in VIDEO_SUFFIXES:
            track = _track_of(path)
            yield Dropped(source=path, telemetry=track, key=_key(path))


def _to_be_refused(inside: list[Path], *, depth: int) -> Iterator[Path]:
    """Give what is taken up only to be refused by name, as it lies there without what it needs."""
    if depth == 0:
        # Photos that lie loose are no flight.
        yield from [path for path in inside if _is_photo(path)][:1]
    if not any(map(_is_footage, inside)):
        yield from filter(_is_track, inside)


def _alone(path: Path) -> Dropped:
    return Dropped(source=path, telemetry=None, key=_key(path))


def tell_refused(drop: Dropped, *why: str) -> None:
    """Write beside a drop why it is refused, or take that back; a folder may be read-only."""
    path = drop.source.with_name(drop.source.name + REFUSED_SUFFIX)
    try:
        if why:
            path.write_text("\n".join((*why, "")), encoding="utf-8")
        else:
            path.unlink(missing_ok=True)
    except OSError:
        # The reason stands in the log and in the outbox, too.
        return


def _track_of(video: Path) -> Path | None:
    """Give a video's track: it has its name, the first kind goes first; else the only one there."""
    inside = sorted(video.parent.iterdir())
    for suffix in TRACK_SUFFIXES:
        for path in inside:
            if path.stem == video.stem and path.suffix.lower() == suffix:
                return path
    tracks = [path for path in inside if path.suffix.lower() in TRACK_SUFFIXES]
    named = {path.stem for path in inside if path.suffix.lower() in VIDEO_SUFFIXES}
    shared = [path for path in tracks if path.stem not in named]
    return shared[0] if len(shared) == 1 else None


def _is_track(path: Path) -> bool:
    return path.suffix.lower() in TRACK_SUFFIXES and path.is_file()


def _is_footage(path: Path) -> bool:
    return (
        _is_photo(path)
        or path.suffix.lower() in VIDEO_SUFFIXES
        or path.name.endswith(STREET_SUFFIX)
    )


def _is_photo(path: Path) -> bool:
    return path.suffix.lower() in PHOTO_SUFFIXES and not path.name.startswith(".")


def _key(path: Path) -> str:
    """Name a file by size and time of change, a folder by those of all it holds."""
    facts = path.stat()
    if not path.is_dir():
        return f"{path.name} {facts.st_size} {facts.st_mtime_ns}"
    said = sha256()
    for inside in sorted(path.rglob("*")):
        if inside.is_file() and not inside.name.endswith(REFUSED_SUFFIX):
            held = inside.stat()
            said.update(f"{inside.relative_to(path)}\x1f{held.st_size}\x1f".encode())
            said.update(f"{held.st_mtime_ns}\x1e".encode())
    return f"{path.name} {said.hexdigest()}"
