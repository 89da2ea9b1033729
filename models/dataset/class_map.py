"""Which class of the catalogue each class of a source is, or that it is left out."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from detect.manifest import LABEL_PATTERN
from models.dataset.labels import catalogue_name
from models.errors import ModelsError

EVERY_OTHER: Final = "*"


class UnmappedClasses(ModelsError):
    """A source has classes of which nobody said what they are."""

    def __init__(self, path: Path, names: tuple[str, ...]) -> None:
        listed = "、".join(names)
        super().__init__(
            f"{path} 的类别没有对应的目录名：{listed}。"
            "用 --map 来源名=目录名 指明，或用 --ignore 来源名 明确略过（* 代表其余全部）；"
            "公开数据集的写进 models/dataset/labels.py",
            f"{path} has classes without a catalogue name: {', '.join(names)}. "
            "Say --map THEIRS=OURS or leave them out with --ignore THEIRS (* is every other); "
            "codes of public sets belong in models/dataset/labels.py",
        )
        self.path, self.names = path, names


class NoCatalogueName(ModelsError):
    """A class is to be called what no class of the catalogue can be called."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"“{name}” 不是目录类别名，应形如 road.pothole",
            f"{name!r} is no name of the catalogue; it looks like road.pothole",
        )
        self.name = name


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassMap:
    """What a person said about a source's classes, over what `models.dataset.labels` knows.

    Attributes:
        renamed: source's name to catalogue's name.
        ignored: source's names to leave out. `*` in either stands for every other name.
    """

    renamed: Mapping[str, str] = field(default_factory=dict)
    ignored: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Check the catalogue names.

        Raises:
            NoCatalogueName: one is not shaped like a catalogue name.
        """
        for name in self.renamed.values():
            check_name(name)

    def translate(self, names: Iterable[str], *, path: Path) -> dict[str, str | None]:
        """Give each name's catalogue name, or None where it is left out.

        Raises:
            UnmappedClasses: nothing is said of some; all of them are listed.
        """
        found: dict[str, str | None] = {}
        unmapped = []
        for name in dict.fromkeys(names):
            said, ours = self._said(name)
            found[name] = ours
            if not said:
                unmapped.append(name)
        if unmapped:
            raise UnmappedClasses(path, tuple(unmapped))
        return found

    def _said(self, name: str) -> tuple[bool, str | None]:
        if name in self.renamed:
            return True, self.renamed[name]
        if name in self.ignored:
            return True, None
        if ours := catalogue_name(name):
            return True, ours
        if re.match(LABEL_PATTERN, name):
            return True, name
        if EVERY_OTHER in self.renamed:
            return True, self.renamed[EVERY_OTHER]
        return EVERY_OTHER in self.ignored, None


def check_name(name: str) -> str:
    """Give the name back.

    Raises:
        NoCatalogueName: it is not shaped like a catalogue name.
    """
    if not re.match(LABEL_PATTERN, name):
        raise NoCatalogueName(name)
    return name
