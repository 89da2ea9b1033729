"""Take a list of codes that a city bought or keeps into its profile, with every fault named.

A row that says what is known already changes nothing. One that says something else of a known code
is a contradiction, refused unless the city says that its list goes before.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from dispatch.catalogue.catalog import Catalog, CatalogEntry, ClassKey, Kind
from dispatch.catalogue.catalog_file import (
    LOCAL,
    OF_A_CITY,
    ListRow,
    check_code,
    is_major,
    lists_in,
    read_city_catalog,
)
from dispatch.catalogue.catalog_pairs import Words
from dispatch.catalogue.codes import MAJOR_DIGITS, STANDARDS
from dispatch.errors import DispatchError
from dispatch.files.datafile import DataFolder
from dispatch.files.fault_words import Misstated

_KINDS: Final = {"部件": Kind.COMPONENT, "事项": Kind.MATTER, "事件": Kind.MATTER}
_COLUMNS: Final = tuple(ListRow.model_fields)
_SETTINGS: Final = "profile.toml"


class UnknownStandard(DispatchError):
    """A list is said to be of a standard that there is not."""

    def __init__(self, standard: str) -> None:
        names = ", ".join(each.slug for each in STANDARDS)
        super().__init__(
            f"没有标准 {standard}，可写 {names}，或 local:城市，例如 local:mycity",
            f"there is no standard {standard}: write {names}, or local:CITY as in local:mycity",
        )


class NotAProfile(DispatchError):
    """The folder holds no city profile."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{folder} 不是城市配置文件夹（没有 {_SETTINGS}），请核对路径",
            f"{folder} is no city profile (it has no {_SETTINGS}): check the path",
        )


def _kind(said: object) -> object:
    return _KINDS.get(said, said) if isinstance(said, str) else said


class ImportRow(BaseModel):
    """A row of a list that is brought; the standard and the source may be said once for all."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    standard: str = ""
    kind: Annotated[Kind, BeforeValidator(_kind)]
    code: Words
    major_zh: str = ""
    name_zh: Words
    source: Annotated[str, Field(max_length=300)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import did.

    Args:
        added: codes that were not known before.
        corrected: codes of which the city's list now says something else.
        known: codes of which it said what was known.
    """

    file: Path
    added: int
    corrected: int
    known: int


def standard_named(said: str) -> str:
    """Give a standard's name by the way it is typed, or by its name.

    Raises:
        UnknownStandard: there is none.
    """
    for each in STANDARDS:
        if said in {each.slug, each.name}:
            return each.name
    if LOCAL.fullmatch(said) is None:
        raise UnknownStandard(said)
    return said


def import_list(
    file: Path, *, standard: str, into: Path, source: str = "", overrule: bool = False
) -> Imported:
    """Take a CSV of codes into a profile's folder; nothing is written where anything is wrong.

    Args:
        standard: its name, as `standard_named` gives it.
        into: the profile's folder.
        source: where the rows are taken from that do not say so.
        overrule: what the list says of a known code goes before.

    Raises:
        NotAProfile: the folder holds none.
        FaultyData: with every fault of the file, or of the profile's own lists.
    """
    if not (into / _SETTINGS).is_file():
        raise NotAProfile(into)
    city = DataFolder(path=into)
    catalog = read_city_catalog(city)
    city.refuse()
    data = DataFolder(path=file.parent)
    reading = _Reading(data=data, name=file.name, standard=standard, catalog=catalog)
    found = list(reading.entries(source=source, overrule=overrule))
    data.refuse()
    known = {**catalog.majors, **catalog.entries}
    fresh = [entry for entry in found if not _is_said(entry, known.get(entry.key))]
    target, kept = _own_list(into, standard)
    if fresh:
        _write(target, {**kept, **{entry.key: entry for entry in fresh}})
    added = sum(entry.key not in known for entry in fresh)
    return Imported(
        file=target, added=added, corrected=len(fresh) - added, known=len(found) - len(fresh)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    data: DataFolder
    name: str
    standard: str
    catalog: Catalog

    def entries(self, *, source: str, overrule: bool) -> Iterator[CatalogEntry]:
        """Give the sound rows; what is wrong with the others is noted."""
        seen: dict[ClassKey, int] = {}
        majors = {key: entry.name_zh for key, entry in self.catalog.majors.items()}
        for line, row in self.data.table(self.name, ImportRow):
            key = ClassKey(standard=self.standard, kind=row.kind, code=row.code)
            if is_major(key):
                majors[key] = row.name_zh
            major = majors.get(_major_of(key), "")
            entry = CatalogEntry(
                key=key,
                major_zh=row.major_zh or (row.name_zh if is_major(key) else major),
                name_zh=row.name_zh,
                source=row.source or source,
            )
            faults = list(self._faults(row, entry, major=major, seen=seen))
            if not overrule:
                faults += self._contradictions(entry)
            for column, zh, en in faults:
                self.data.fault(self.name, line, zh, en, column=column)
            seen.setdefault(key, line)
            if not faults:
                yield entry

    def _faults(
        self, row: ImportRow, entry: CatalogEntry, *, major: str, seen: dict[ClassKey, int]
    ) -> Iterator[tuple[str, str, str]]:
        if row.standard not in {"", self.standard}:
            zh, en = f"标准是 {row.standard}，不是 {self.standard}", f"it is of {row.standard}"
            yield "standard", zh, f"{en} and not of {self.standard}"
        try:
            check_code(self.standard, row.code)
        except Misstated as error:
            yield "code", error.zh, error.en
        if entry.key in seen:
            zh = f"{row.code} 与第 {seen[entry.key]} 行重复，请只留一行"
            yield "code", zh, f"{row.code} stands in line {seen[entry.key]} already: keep one"
        if not entry.source:
            zh = "没有写明来源，请填 source 列或用 --source 说明"
            yield "source", zh, "its source is not said: fill in source, or say --source"
        if not entry.major_zh:
            zh = f"不知道大类 {row.code[:MAJOR_DIGITS]} 的名称，请填 major_zh 列"
            yield "major_zh", zh, f"major {row.code[:MAJOR_DIGITS]} has no name: fill in major_zh"
        elif row.major_zh and major and row.major_zh != major and not is_major(entry.key):
            zh = f"大类 {row.code[:MAJOR_DIGITS]} 是“{major}”，不是“{row.major_zh}”，请核对"
            en = f"major {row.code[:MAJOR_DIGITS]} is '{major}' and not '{row.major_zh}': check it"
            yield "major_zh", zh, en

    def _contradictions(self, entry: CatalogEntry) -> Iterator[tuple[str, str, str]]:
        known = self.catalog.entries.get(entry.key) or self.catalog.majors.get(entry.key)
        if known is None or known.name_zh == entry.name_zh:
            return
        yield (
            "name_zh",
            f"{entry.key.code} 已有名称“{known.name_zh}”，来源：{known.source}；"
            f"与“{entry.name_zh}”矛盾，确认以本表为准时加 --overrule",
            f"{entry.key.code} is known as '{known.name_zh}' ({known.source}), which contradicts "
            f"'{entry.name_zh}': where this list is right, say --overrule",
        )


def _major_of(key: ClassKey) -> ClassKey:
    return ClassKey(standard=key.standard, kind=key.kind, code=key.code[:MAJOR_DIGITS])


def _is_said(entry: CatalogEntry, known: CatalogEntry | None) -> bool:
    return known is not None and known.name_zh == entry.name_zh


def _own_list(into: Path, standard: str) -> tuple[Path, dict[ClassKey, CatalogEntry]]:
    """Give the city's file of a standard, and what it holds; a new file where it has none."""
    folder = into / OF_A_CITY
    data = DataFolder(path=folder)
    for file in lists_in(folder):
        rows = [row for _, row in data.table(file.name, ListRow)]
        if any(row.standard == standard for row in rows):
            return file, {row.entry.key: row.entry for row in rows}
    slug = next((each.slug for each in STANDARDS if each.name == standard), standard)
    return folder / f"{slug.translate(str.maketrans('.:-', '___'))}.csv", {}


def _write(target: Path, entries: dict[ClassKey, CatalogEntry]) -> None:
    """Write a list whole beside the old one, then put it in its place."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(_COLUMNS)
    for key in sorted(entries, key=lambda each: (each.standard, each.kind, each.code)):
        entry = entries[key]
        row = (key.standard, key.kind.value, key.code, entry.major_zh, entry.name_zh, entry.source)
        table.writerow(row)
    target.parent.mkdir(exist_ok=True)
    beside = target.with_suffix(".new")
    beside.write_text(text.getvalue(), encoding="utf-8")
    beside.replace(target)
