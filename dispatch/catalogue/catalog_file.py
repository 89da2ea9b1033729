"""Read lists of codes: those that ship, and those of a city beside them, which go before.

A folder of catalogues holds one CSV a list, `mapping.csv` of how classes of two lists stand to each
other, and `lookalikes.csv` of what is taken for what. A code of two digits names a major.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from dispatch.catalogue.catalog import Catalog, CatalogEntry, ClassKey, Kind
from dispatch.catalogue.catalog_pairs import (
    LOOKALIKES,
    MAPPING,
    Words,
    joined,
    read_lookalikes,
    read_mapping,
)
from dispatch.catalogue.codes import MAJOR_DIGITS, STANDARDS, TYPE, WrongCode, read_code
from dispatch.files.datafile import DataFolder
from dispatch.files.fault_words import Misstated

CATALOGS: Final = Path(__file__).parents[1] / "catalogs"
OF_A_CITY: Final = "catalogs"
"""The folder of a profile in which a city keeps its own lists."""
LOCAL: Final = re.compile(r"local:[a-z0-9][a-z0-9_-]{0,30}")
_LOCAL_CODE: Final = re.compile(r"L\d{4}|\d{4,5}")


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
            f"没有标准 {standard}，应为 {names} 或 local:城市，例如 local:mycity",
            f"there is no standard {standard}: write {names}, or local:CITY as in local:mycity",
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
        counterparts=joined(
            under.counterparts, read_mapping(data, _inside(inside, MAPPING), catalog.entries)
        ),
        lookalikes=joined(
            under.lookalikes, read_lookalikes(data, _inside(inside, LOOKALIKES), catalog.entries)
        ),
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


def _inside(inside: str, name: str) -> str:
    return f"{inside}/{name}" if inside else name
