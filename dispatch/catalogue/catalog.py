"""The catalogue (类别目录): what can be wrong in a city, by the codes of a standard, as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from dispatch.wire import Quantity


class Kind(StrEnum):
    """What a code is of."""

    COMPONENT = "component"
    """A city facility."""
    MATTER = "matter"
    """Something that happens."""

    @property
    def zh(self) -> str:
        """Give the kind's Chinese name."""
        return "部件" if self is Kind.COMPONENT else "事项"


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


class Relation(StrEnum):
    """How a class of one directory stands to one of another."""

    SAME = "same"
    NARROWER = "narrower"
    BROADER = "broader"
    SPLIT = "split"
    """It was split, and the other is one of its parts."""

    @property
    def turned(self) -> "Relation":
        """Give how the other stands to this one."""
        return _TURNED[self]


_TURNED: Final = {
    Relation.SAME: Relation.SAME,
    Relation.NARROWER: Relation.BROADER,
    Relation.BROADER: Relation.NARROWER,
    Relation.SPLIT: Relation.NARROWER,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterpart:
    """The class of another directory that stands for a class, and how the class stands to it."""

    key: ClassKey
    name_zh: str
    relation: Relation


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookalike:
    """A class that people take for another, and what tells the two apart."""

    key: ClassKey
    name_zh: str
    note_zh: str
    note_en: str


class EvidenceNeed(StrEnum):
    """A picture that a class's case needs."""

    NEAR = "near"
    """Of the thing from near: without it the machine files nothing by itself."""
    CONTEXT = "context"
    """Of the thing where it lies: without it the machine files nothing by itself."""
    BEFORE = "before"
    """Of the thing before the work: without any, the work cannot be reported as done."""
    AFTER = "after"
    """Of the work done: without it, the work cannot be reported as done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogClass:
    """One class; a case keeps the whole of it as its snapshot, so history survives re-coding.

    Args:
        label: what the detector calls it, or a zone rule; None where neither knows it.
        seen_as: what the detector calls it where a zone rule made this class of it.
        threshold: the measured filing condition; None where being there is enough.
        or_filed_from: other conditions, each enough if all of its thresholds are reached.
        severities: the levels that the class has, from slight to grave; none where it has one.
        evidence: the pictures that its cases need.
        counterparts: its classes in other directories, where they are known.
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
    evidence: tuple[EvidenceNeed, ...] = (EvidenceNeed.AFTER,)
    counterparts: tuple[Counterpart, ...] = ()
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
    """What a directory's list says of a code, and where that is taken from."""

    key: ClassKey
    major_zh: str
    name_zh: str
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """All classes that are known, how they stand to each other, and what they are taken for.

    Args:
        majors: the names of majors by standard, kind and their two digits.
    """

    entries: Mapping[ClassKey, CatalogEntry]
    majors: Mapping[ClassKey, CatalogEntry]
    counterparts: Mapping[ClassKey, tuple[Counterpart, ...]]
    lookalikes: Mapping[ClassKey, tuple[Lookalike, ...]]
