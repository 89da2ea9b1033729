"""Begin a city from one that ships: its custom to look over, none of its ground."""

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dispatch.city_files.class_file import CLASSES, SEVERITIES
from dispatch.city_files.limit_file import LIMITS
from dispatch.city_files.profile_tables import (
    COMPONENT_TYPES,
    DEPARTMENTS,
    REASONS,
    RESPONSIBILITY,
)
from dispatch.city_files.words_file import WORDS
from dispatch.city_files.zone_file import RULES, SETTINGS
from dispatch.errors import DispatchError
from dispatch.files.datafile import Fault

CATALOGS: Final = "catalogs"
CUSTOM: Final = (
    CLASSES,
    SEVERITIES,
    LIMITS,
    DEPARTMENTS,
    RESPONSIBILITY,
    REASONS,
    RULES,
    COMPONENT_TYPES,
    WORDS,
)
"""Tables that a city may take over and change; ground, census and approvals are always its own."""


class FolderTaken(DispatchError):
    """The folder of the new profile holds something already."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{folder} 里已有文件，请换一个空文件夹", f"{folder} holds files already: name another"
        )
        self.folder = folder


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCity:
    """What a new profile says of itself from the start.

    Args:
        county: the six digits of a district, or the four of a city.
    """

    name_zh: str
    name_en: str
    county: str


def copy_profile(example: Path, to: Path, city: NewCity) -> tuple[str, ...]:
    """Copy an example's custom under the new city's name, and give the files that were written.

    Ground, census, approvals, calendar, roster and telephones are left out: no city has another's.

    Raises:
        FolderTaken: the folder is there and not empty.
    """
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise FolderTaken(to)
    to.mkdir(parents=True, exist_ok=True)
    settings = (example / SETTINGS).read_text(encoding="utf-8")
    (to / SETTINGS).write_text(_renamed(settings, city, example=example.name), encoding="utf-8")
    written = [SETTINGS]
    for name in CUSTOM:
        if (example / name).exists():
            shutil.copyfile(example / name, to / name)
            written.append(name)
    if (example / CATALOGS).is_dir():
        shutil.copytree(example / CATALOGS, to / CATALOGS)
        written += [f"{CATALOGS}/{file.name}" for file in sorted((to / CATALOGS).iterdir())]
    return tuple(written)


def still_of(example: Path, folder: Path) -> tuple[Fault, ...]:
    """Name each file of a profile of which rows, settings or features are still an example's."""
    return tuple(_of_files(example, folder))


def _of_files(example: Path, folder: Path) -> Iterator[Fault]:
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = file.relative_to(folder).as_posix()
        if not (example / name).is_file():
            continue
        theirs = {line for _, line in _statements(example / name)}
        same = [number for number, line in _statements(file) if line in theirs]
        if same:
            zh = f"{len(same)} 行仍与示例 {example.name} 相同，请逐行核对是否适用于本市"
            en = f"{len(same)} lines are still those of the example {example.name}: look each over"
            yield Fault(file=name, line=same[0], zh=zh, en=en)


def _statements(file: Path) -> Iterator[tuple[int, str]]:
    """Give the lines that say something: no heads of tables, comments, brackets or blank lines."""
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    for number, line in enumerate(lines, start=1):
        said = line.strip().rstrip(",")
        head = file.suffix == ".csv" and number == 1
        if (
            said
            and not head
            and not said.startswith(("#", "[", "]", '{"type":"FeatureCollection"'))
        ):
            yield number, said


def _renamed(settings: str, city: NewCity, *, example: str) -> str:
    """Give the settings under another name, county and first remark."""
    remark = (
        f"# Begun from the example {example}: every figure is that one's until the city decides.\n"
    )
    text = remark + re.sub(r"\A(#[^\n]*\n)+", "", settings)
    # Nobody of this city sits at the example's telephones.
    text = re.sub(r"^\[telephones\]\n(?:[^\[\n][^\n]*\n)*\n?", "", text, flags=re.MULTILINE)
    said = {"name_zh": city.name_zh, "name_en": city.name_en, "county": city.county}
    for key, value in said.items():
        written = f"{key} = {json.dumps(value, ensure_ascii=False)}".replace("\\", r"\\")
        text = re.sub(rf"^{key} = .*$", written, text, count=1, flags=re.MULTILINE)
    return text
