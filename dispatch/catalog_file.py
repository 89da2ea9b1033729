"""Read lists of codes: those that ship, and those of a city beside them, which go before.

A folder of catalogues holds one CSV a list, `mapping.csv` of how classes of two lists stand to each
other, and `lookalikes.csv` of what is taken for what. A code of two digits names a major.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Final, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

from dispatch.catalog import (
    Catalog,
    CatalogEntry,
    ClassKey,
    Counterpart,
    Kind,
    Lookalike,
    Relation,
)
from dispatch.codes import MAJOR_DIGITS, STANDARDS, TYPE, WrongCode, read_code
from dispatch.datafile import DataFolder
from dispatch.fault_words import Misstated

CATALOGS: Final = Path(__file__).parent / "catalogs"
OF_A_CITY: Final = "catalogs"
"""The folder of a profile in which a city keeps its own lists."""
MAPPING: Final = "mapping.csv"
LOOKALIKES: Final = "lookalikes.csv"
LOCAL: Final = re.compile(r"local:[a-z0-9][a-z0-9_-]{0,30}")
_LOCAL_CODE: Final = re.compile(r"L\d{4}|\d{4,5}")

Words = Annotated[str, Field(min_length=1, max_length=80)]
Item = TypeVar("Item")


def check_code(standard: str, code: str) -> None:
    """Refuse a code that its standard cannot have; two digits are a major's.

    Raises:
        Misstated: says how long its codes are, or which standards there are.
    """
    known = next((each for each in STANDARDS if each.name == standard), None)
    if known is None:
        _check_local(standard, code)
        return
    if len(code) == MAJOR_DIGITS and code.isascii() and code.isdigit():
        return
    try:
        read = read_code(code, TYPE)
    except WrongCode as error:
        raise Misstated(error.zh, error.en) from error
    if read.form.standard is not known:
        of = read.form.standard
        assert of is not None
        raise Misstated(
            f"{code} 有 {len(code)} 位，是 {of.name} 的写法；{standard} 的代码为 "
            f"{known.type_digits} 位，请核对标准或代码",
            f"{code} has {len(code)} digits as those of {of.name}; those of {standard} have "
            f"{known.type_digits}: correct the standard or the code",
        )


def _check_local(standard: str, code: str) -> None:
    if LOCAL.fullmatch(standard) is None:
        names = ", ".join(each.name for each in STANDARDS)
        raise Misstated(
            f"没有标准 {standard}，应为 {names} 或 local:城市，例如 local:demo",
            f"there is no standard {standard}: write {names}, or local:CITY as in local:demo",
        )
    if _LOCAL_CODE.fullmatch(code) is None:
        raise Misstated(
            f"地方扩展代码 {code} 应为 L 加四位数字，或四至五位数字",
            f"a local code is L with four digits, or four to five digits, and not {code}",
        )


class ListRow(BaseModel):
    """A row of a list of codes; `source` says where it is taken from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    standard: Words
    kind: Kind
    code: Words
    major_zh: Words
    name_zh: Words
    source: Annotated[str, Field(min_length=1, max_length=300)]

    @model_validator(mode="after")
    def _has_a_code_of_its_standard(self) -> Self:
        check_code(self.standard, self.code)
        return self

    @property
    def entry(self) -> CatalogEntry:
        """Give what the row says."""
        return CatalogEntry(
            key=ClassKey(standard=self.standard, kind=self.kind, code=self.code),
            major_zh=self.major_zh,
            name_zh=self.name_zh,
            source=self.source,
        )


class _MappingRow(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    standard: Words
    kind: Kind
    code: Words
    relation: Relation
    to_standard: Words
    to_kind: Kind
    to_code: Words
    source: Annotated[str, Field(min_length=1, max_length=300)]


class _LookalikeRow(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    standard: Words
    kind: Kind
    code: Words
    other_code: Words
    note_zh: Annotated[str, Field(min_length=1, max_length=200)]
    note_en: Annotated[str, Field(min_length=1, max_length=300)]


_NONE: Final = Catalog(entries={}, majors={}, counterparts={}, lookalikes={})


@cache
def shipped_catalog() -> Catalog:
    """Read the lists that ship with the program.

    Raises:
        FaultyData: a row is malformed, or a key is listed twice.
    """
    data = DataFolder(path=CATALOGS)
    catalog = read_catalog(data)
    data.refuse()
    return catalog


def read_city_catalog(data: DataFolder) -> Catalog:
    """Read the lists of a profile's folder over those that ship; faults are noted."""
    return read_catalog(data, inside=OF_A_CITY, under=shipped_catalog())


def read_catalog(data: DataFolder, *, inside: str = "", under: Catalog = _NONE) -> Catalog:
    """Read a folder of catalogues; what it says of a code goes before what `under` says.

    Args:
        inside: the folder of catalogues in the folder of data; empty where it is that itself.
    """
    own: dict[ClassKey, CatalogEntry] = {}
    for name, line, row in _listed(data, inside):
        entry = row.entry
        if entry.key in own:
            data.fault(name, line, f"{entry.key} 重复", f"{entry.key} is listed twice")
        own[entry.key] = entry
    known = {**under.entries, **under.majors, **own}
    catalog = Catalog(
        entries=MappingProxyType({k: e for k, e in known.items() if not is_major(k)}),
        majors=MappingProxyType({k: e for k, e in known.items() if is_major(k)}),
        counterparts={},
        lookalikes={},
    )
    return Catalog(
        entries=catalog.entries,
        majors=catalog.majors,
        counterparts=_joined(under.counterparts, _mapped(data, inside, catalog)),
        lookalikes=_joined(under.lookalikes, _paired(data, inside, catalog)),
    )


def is_major(key: ClassKey) -> bool:
    """Say whether a key names a major and no class."""
    return len(key.code) == MAJOR_DIGITS


def lists_in(folder: Path) -> list[Path]:
    """Give the files of a folder of catalogues that are lists of codes."""
    return sorted(p for p in folder.glob("*.csv") if p.name not in {MAPPING, LOOKALIKES})


def _listed(data: DataFolder, inside: str) -> Iterator[tuple[str, int, ListRow]]:
    for file in lists_in(data.path / inside):
        name = _inside(inside, file.name)
        for line, row in data.table(name, ListRow):
            yield name, line, row


def _mapped(
    data: DataFolder, inside: str, catalog: Catalog
) -> Iterator[tuple[ClassKey, Counterpart]]:
    name = _inside(inside, MAPPING)
    if not (data.path / name).exists():
        return
    for line, row in data.table(name, _MappingRow):
        one = ClassKey(standard=row.standard, kind=row.kind, code=row.code)
        other = ClassKey(standard=row.to_standard, kind=row.to_kind, code=row.to_code)
        if _known_pair(data, (name, line), catalog, (one, other)):
            for key, to, relation in (
                (one, other, row.relation),
                (other, one, row.relation.turned),
            ):
                name_zh = catalog.entries[to].name_zh
                yield key, Counterpart(key=to, name_zh=name_zh, relation=relation)


def _paired(
    data: DataFolder, inside: str, catalog: Catalog
) -> Iterator[tuple[ClassKey, Lookalike]]:
    name = _inside(inside, LOOKALIKES)
    if not (data.path / name).exists():
        return
    for line, row in data.table(name, _LookalikeRow):
        one = ClassKey(standard=row.standard, kind=row.kind, code=row.code)
        other = ClassKey(standard=row.standard, kind=row.kind, code=row.other_code)
        if _known_pair(data, (name, line), catalog, (one, other)):
            for key, to in ((one, other), (other, one)):
                name_zh = catalog.entries[to].name_zh
                yield (
                    key,
                    Lookalike(key=to, name_zh=name_zh, note_zh=row.note_zh, note_en=row.note_en),
                )


def _known_pair(
    data: DataFolder, place: tuple[str, int], catalog: Catalog, pair: tuple[ClassKey, ClassKey]
) -> bool:
    """Note what a pair names that is in no list, and a pair of one class with itself."""
    name, line = place
    missing = [key for key in pair if key not in catalog.entries]
    for key in missing:
        data.fault(name, line, f"目录中没有 {key}", f"the catalogue has no {key}")
    if pair[0] == pair[1]:
        data.fault(name, line, f"{pair[0]} 与自身成对", f"{pair[0]} is paired with itself")
    return not missing and pair[0] != pair[1]


def _joined(
    before: Mapping[ClassKey, tuple[Item, ...]], found: Iterator[tuple[ClassKey, Item]]
) -> Mapping[ClassKey, tuple[Item, ...]]:
    lists: dict[ClassKey, list[Item]] = defaultdict(list)
    for key, items in before.items():
        lists[key] += items
    for key, item in found:
        if item not in lists[key]:
            lists[key].append(item)
    return MappingProxyType({key: tuple(items) for key, items in lists.items()})


def _inside(inside: str, name: str) -> str:
    return f"{inside}/{name}" if inside else name
