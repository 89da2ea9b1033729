"""A signed package as the centre receives it: believed, unpacked, its card beside its manifest."""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from detect.errors import DetectError
from detect.package import files_of, read_package
from models.errors import ModelsError
from models.registry.registry import verify


class PackageNotTaken(ModelsError):
    """The centre does not take a package."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What a believed package says of itself; see `detect.statement.Statement`."""

    sha256: str
    size: int
    role: str
    name: str
    version: str
    sequence: int
    not_before: datetime
    expires: datetime
    labels: tuple[str, ...]


def receive(path: Path, *, trusted: Iterable[str], into: Path) -> Received:
    """Believe a package and unpack its model into a folder of its own below `into`.

    Raises:
        PackageNotTaken: it is refused, or its card and manifest do not belong together.
    """
    try:
        package = read_package(path, trusted=trusted)
        place, draft = into / package.sha256, into / f".{package.sha256}.part"
        if not place.exists():
            shutil.rmtree(draft, ignore_errors=True)
            draft.mkdir(parents=True)
            for name, content in files_of(path, package):
                (draft / name).write_bytes(content)
            verify(draft)
            draft.replace(place)
    except (DetectError, ModelsError) as error:
        raise PackageNotTaken(error.zh, error.en) from error
    said = package.statement
    return Received(
        sha256=package.sha256,
        size=package.size,
        role=said.role.value,
        name=said.name,
        version=said.version,
        sequence=said.sequence,
        not_before=said.not_before,
        expires=said.expires,
        labels=package.manifest.labels,
    )
