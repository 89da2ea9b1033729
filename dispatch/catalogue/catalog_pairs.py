"""Read what is said of pairs of classes: how two lists map to each other, and what is confused."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Annotated, Final, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from dispatch.catalogue.catalog import (
    CatalogEntry,
    ClassKey,
    Counterpart,
    Kind,
    Lookalike,
    Relation,
)
from dispatch.files.datafile import DataFolder

MAPPING: Final = "mapping.csv"
LOOKALIKES: Final = "lookalikes.csv"
Words = Annotated[str, Field(min_length=1, max_length=80)]
Entries = Mapping[ClassKey, CatalogEntry]
Item = TypeVar("Item")


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


def read_mapping(
    data: DataFolder, name: str, entries: Entries
) -> Iterator[tuple[ClassKey, Counterpart]]:
    """Read how classes of two lists stand to each other, seen from both; faults are noted."""
    if not (data.path / name).exists():
        return
    for line, row in data.table(name, _MappingRow):
        one = ClassKey(standard=row.standard, kind=row.kind, code=row.code)
        other = ClassKey(standard=row.to_standard, kind=row.to_kind, code=row.to_code)
        if _known_pair(data, (name, line), entries, (one, other)):
            for key, to, relation in (
                (one, other, row.relation),
                (other, one, row.relation.turned),
            ):
                name_zh = entries[to].name_zh
                yield key, Counterpart(key=to, name_zh=name_zh, relation=relation)


def read_lookalikes(
    data: DataFolder, name: str, entries: Entries
) -> Iterator[tuple[ClassKey, Lookalike]]:
    """Read what is taken for what, seen from both; faults are noted."""
    if not (data.path / name).exists():
        return
    for line, row in data.table(name, _LookalikeRow):
        one = ClassKey(standard=row.standard, kind=row.kind, code=row.code)
        other = ClassKey(standard=row.standard, kind=row.kind, code=row.other_code)
        if _known_pair(data, (name, line), entries, (one, other)):
            for key, to in ((one, other), (other, one)):
                name_zh = entries[to].name_zh
                yield (
                    key,
                    Lookalike(key=to, name_zh=name_zh, note_zh=row.note_zh, note_en=row.note_en),
                )


def _known_pair(
    data: DataFolder, place: tuple[str, int], entries: Entries, pair: tuple[ClassKey, ClassKey]
) -> bool:
    """Note what a pair names that is in no list, and a pair of one class with itself."""
    name, line = place
    missing = [key for key in pair if key not in entries]
    for key in missing:
        data.fault(name, line, f"目录中没有 {key}", f"the catalogue has no {key}")
    if pair[0] == pair[1]:
        data.fault(name, line, f"{pair[0]} 与自身成对", f"{pair[0]} is paired with itself")
    return not missing and pair[0] != pair[1]


def joined(
    before: Mapping[ClassKey, tuple[Item, ...]], found: Iterator[tuple[ClassKey, Item]]
) -> Mapping[ClassKey, tuple[Item, ...]]:
    """Put what was found after what was known, each once."""
    lists: dict[ClassKey, list[Item]] = defaultdict(list)
    for key, items in before.items():
        lists[key] += items
    for key, item in found:
        if item not in lists[key]:
            lists[key].append(item)
    return MappingProxyType({key: tuple(items) for key, items in lists.items()})
