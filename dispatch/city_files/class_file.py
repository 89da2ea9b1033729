"""Read what a city files: its scale of severity, and each class with its rules."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Annotated, Final, Self

from pydantic import AfterValidator, Field, model_validator

from dispatch.catalogue.catalog import (
    Alternatives,
    Catalog,
    CatalogClass,
    CatalogEntry,
    ClassKey,
    EvidenceNeed,
    Kind,
    Severity,
    Threshold,
)
from dispatch.catalogue.catalog_file import check_code
from dispatch.city.condition_text import Conditions, conditions_of, levels_of
from dispatch.city.policies import Policy
from dispatch.city_files.profile_settings import Name
from dispatch.files.datafile import DataFolder
from dispatch.files.fault_words import Misstated
from dispatch.wire import LABEL_PATTERN, Quantity

CLASSES: Final = "classes.csv"
SEVERITIES: Final = "severities.csv"
_NOTHING: Final = "none"

ClassRows = list[tuple[int, "ClassRow"]]
"""The rows of `classes.csv` with their lines."""


def _are_conditions(written: str) -> str:
    conditions_of(written)
    return written


def _are_levels(written: str) -> str:
    levels_of(written)
    return written


def _are_needs(written: str) -> str:
    _needs_of(written)
    return written


def _needs_of(written: str) -> tuple[EvidenceNeed, ...]:
    words = written.split()
    if words == [_NOTHING]:
        return ()
    unknown = sorted(set(words) - set(EvidenceNeed))
    if unknown:
        names = ", ".join(EvidenceNeed)
        raise Misstated(
            f"{' '.join(unknown)} 不是所需照片，请从 {names} 中选写，用空格分开；不需要时写 none",
            f"{' '.join(unknown)} is no picture that can be asked for: write some of {names}, "
            "parted by spaces, or none",
        )
    return tuple(each for each in EvidenceNeed if each in words)


class SeverityRow(Policy):
    """A row of `severities.csv`: a level of the city's scale, from slight to grave."""

    severity: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,30}$")]
    name_zh: Name
    name_en: Name


class ClassRow(Policy):
    """A row of `classes.csv`: a class with its filing and closing conditions."""

    label: Annotated[str, Field(pattern=LABEL_PATTERN)]
    standard: Name
    kind: Kind
    code: Name
    name_zh: Name
    name_en: Name
    quantity: Quantity | None = None
    threshold: Annotated[float, Field(gt=0.0, le=1e6)] | None = None
    or_filed_from: Annotated[str, AfterValidator(_are_conditions)] = ""
    severity: Annotated[str, AfterValidator(_are_levels)] = ""
    filing_zh: Name
    filing_en: Name
    closing_zh: Name
    closing_en: Name
    evidence: Annotated[str, AfterValidator(_are_needs)] = EvidenceNeed.AFTER.value
    hazard: bool
    person_always: bool
    same_hour: bool
    returns: bool

    @model_validator(mode="after")
    def _has_whole_threshold(self) -> Self:
        if (self.quantity is None) != (self.threshold is None):
            raise Misstated(
                "quantity 与 threshold 要么都写，要么都不写",
                "quantity and threshold are given together or not at all",
            )
        return self

    @model_validator(mode="after")
    def _has_a_code_of_its_standard(self) -> Self:
        check_code(self.standard, self.code)
        return self

    @property
    def key(self) -> ClassKey:
        """Give what names it in the catalogue."""
        return ClassKey(standard=self.standard, kind=self.kind, code=self.code)


def read_severities(data: DataFolder) -> tuple[Severity, ...]:
    """Read the city's scale, from slight to grave; a city without the file has none."""
    if not data.has(SEVERITIES):
        return ()
    found: dict[str, Severity] = {}
    for line, row in data.table(SEVERITIES, SeverityRow):
        if row.severity in found:
            zh, en = f"严重程度 {row.severity} 重复", f"severity {row.severity} is listed twice"
            data.fault(SEVERITIES, line, zh, en, column="severity")
        level = Severity(code=row.severity, name_zh=row.name_zh, name_en=row.name_en)
        found[row.severity] = level
    return tuple(found.values())


def read_class_rows(data: DataFolder) -> ClassRows:
    """Read what the city files, with the lines; what is wrong is noted as faults."""
    rows = data.table(CLASSES, ClassRow)
    seen: set[str] = set()
    for line, row in rows:
        if row.label in seen:
            data.fault(CLASSES, line, f"标签 {row.label} 重复", f"{row.label} is listed twice")
        seen.add(row.label)
    return rows


def classes_of(
    data: DataFolder,
    rows: Iterable[tuple[int, ClassRow]],
    catalog: Catalog,
    *,
    scale: tuple[Severity, ...],
) -> Mapping[str, CatalogClass]:
    """Give each row's class by its label; what the catalogue or the scale lacks is a fault."""
    found: dict[str, CatalogClass] = {}
    for line, row in rows:
        entry = catalog.entries.get(row.key)
        if entry is None:
            zh = f"目录中没有 {row.key}，请改正，或用 xunhuan catalog import 导入目录"
            en = f"the catalogue has no {row.key}: correct it, or run xunhuan catalog import"
            data.fault(CLASSES, line, zh, en, column="code")
            continue
        found[row.label] = _class(row, entry, catalog, _levels(data, line, row, scale))
    return MappingProxyType(found)


def _levels(
    data: DataFolder, line: int, row: ClassRow, scale: tuple[Severity, ...]
) -> tuple[Severity, ...]:
    """Give a class's levels in the words of the scale; others and a wrong order are faults."""
    known = {level.code: level for level in scale}
    stated = levels_of(row.severity)
    codes = [code for code, _ in stated]
    for code in codes:
        if code not in known:
            zh, en = f"{SEVERITIES} 中没有 {code}", f"{SEVERITIES} has no {code}"
            data.fault(CLASSES, line, zh, en, column="severity")
    order = [level.code for level in scale if level.code in codes]
    if order != [code for code in codes if code in known]:
        zh = f"严重程度应由轻到重、不重复：{'; '.join(order)}"
        en = f"levels go from slight to grave, each once: {'; '.join(order)}"
        data.fault(CLASSES, line, zh, en, column="severity")
    return tuple(
        Severity(
            code=code,
            name_zh=known[code].name_zh,
            name_en=known[code].name_en,
            sizes_from=_thresholds(conditions),
        )
        for code, conditions in stated
        if code in known
    )


def _class(
    row: ClassRow, entry: CatalogEntry, catalog: Catalog, levels: tuple[Severity, ...]
) -> CatalogClass:
    threshold = None
    if row.quantity is not None and row.threshold is not None:
        threshold = Threshold(quantity=row.quantity, value=row.threshold)
    return CatalogClass(
        key=entry.key,
        name_zh=row.name_zh,
        name_en=row.name_en,
        major_zh=entry.major_zh,
        label=row.label,
        threshold=threshold,
        or_filed_from=_thresholds(conditions_of(row.or_filed_from)),
        severities=levels,
        evidence=_needs_of(row.evidence),
        counterparts=catalog.counterparts.get(entry.key, ()),
        filing_zh=row.filing_zh,
        filing_en=row.filing_en,
        closing_zh=row.closing_zh,
        closing_en=row.closing_en,
        hazard=row.hazard,
        person_always=row.person_always,
        same_hour=row.same_hour,
        returns=row.returns,
    )


def _thresholds(conditions: Conditions) -> Alternatives:
    return tuple(
        tuple(Threshold(quantity=quantity, value=value) for quantity, value in terms)
        for terms in conditions
    )
