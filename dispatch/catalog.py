"""The catalogue (类别目录): what can be wrong in a city, by the codes of a standard, as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from dispatch.datafile import DataFolder
from dispatch.wire import Quantity

CATALOGS: Final = Path(__file__).parent / "catalogs"


class Kind(StrEnum):
    """What a code is of."""

    COMPONENT = "component"
    """部件: a city facility."""
    MATTER = "matter"
    """事项: something that happens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassKey:
    """What names a class: the same digits exist in both kinds and in several standards."""

    standard: str
    kind: Kind
    code: str

    def __str__(self) -> str:
        """Write it as one text, e.g. GB/T 47678.5-2026:matter:06013."""
        return f"{self.standard}:{self.kind}:{self.code}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A size from which a class is filed, in square metres or metres."""

    quantity: Quantity
    value: float


Alternatives = tuple[tuple[Threshold, ...], ...]
"""Conditions of which one is enough; each asks that all of its thresholds are reached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Severity:
    """One level of a city's scale of how grave a thing is.

    Args:
        code: what limits and figures call it.
        sizes_from: the sizes from which a class's thing is so grave; none of the lowest level,
            and none where a person says it.
    """

    code: str
    name_zh: str
    name_en: str
    sizes_from: Alternatives = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogClass:
    """One class; a case keeps the whole of it as its snapshot, so history survives re-coding.

    Args:
        label: what the detector calls it, or a zone rule; None where neither knows it.
        seen_as: what the detector calls it where a zone rule made this class of it.
        threshold: the measured filing condition; None where being there is enough.
        or_filed_from: other conditions, each enough if all of its thresholds are reached.
        severities: the levels that the class has, from slight to grave; none where it has one.
        hazard: somebody may get hurt: it is never held back.
        person_always: the class concerns people or private vehicles: a person decides.
        same_hour: a check counts only at the time of day of the find.
        returns: it vanishes and comes back by itself, as litter does.
    """

    key: ClassKey
    name_zh: str
    name_en: str
    major_zh: str
    label: str | None = None
    threshold: Threshold | None = None
    or_filed_from: Alternatives = ()
    severities: tuple[Severity, ...] = ()
    filing_zh: str = ""
    filing_en: str = ""
    closing_zh: str = ""
    closing_en: str = ""
    hazard: bool = False
    person_always: bool = False
    same_hour: bool = False
    returns: bool = False
    seen_as: str | None = None

    @property
    def filed_from(self) -> Alternatives:
        """Give all measured filing conditions, of which one is enough; none: being there is."""
        first = () if self.threshold is None else ((self.threshold,),)
        return (*first, *self.or_filed_from)

    @property
    def detected(self) -> str | None:
        """Give what the detector calls it."""
        return self.seen_as or self.label


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogEntry:
    """What a standard's list says of a code."""

    key: ClassKey
    major_zh: str
    name_zh: str


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    standard: str
    kind: Kind
    code: str = Field(pattern=r"^(\d{4,5}|L\d{4})$")
    major_zh: str
    name_zh: str


def load_catalog(folder: Path = CATALOGS) -> Mapping[ClassKey, CatalogEntry]:
    """Read every list of codes (`*.csv`) in a folder.

    Raises:
        FaultyData: a row is malformed, or a key is listed twice.
    """
    data = DataFolder(path=folder)
    entries: dict[ClassKey, CatalogEntry] = {}
    for file in sorted(folder.glob("*.csv")):
        for line, row in data.table(file.name, _Row):
            key = ClassKey(standard=row.standard, kind=row.kind, code=row.code)
            if key in entries:
                data.fault(file.name, line, f"{key} 重复", f"{key} is listed twice")
            entries[key] = CatalogEntry(key=key, major_zh=row.major_zh, name_zh=row.name_zh)
    data.refuse()
    return MappingProxyType(entries)
