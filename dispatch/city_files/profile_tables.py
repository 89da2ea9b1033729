"""Read the tables of a city profile: departments, classes, responsibility, reasons."""

from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from dispatch.case.transition import Action
from dispatch.catalogue.catalog import Catalog, ClassKey, Kind
from dispatch.catalogue.component import Type
from dispatch.city.profile import ReasonCode, Responsibility
from dispatch.city_files.class_file import CLASSES
from dispatch.city_files.profile_settings import (
    ComponentTypeRow,
    DepartmentRow,
    ReasonRow,
    ResponsibilityRow,
)
from dispatch.files.datafile import DataFolder
from dispatch.ids import DepartmentId
from dispatch.people.people import Department

DEPARTMENTS: Final = "departments.csv"
RESPONSIBILITY: Final = "responsibility.csv"
COMPONENT_TYPES: Final = "component_types.csv"
REASONS: Final = "reasons.csv"

Departments = Mapping[DepartmentId, Department]
Rules = tuple[tuple[int, Responsibility], ...]
"""The rules of responsibility with their lines."""


def read_departments(data: DataFolder) -> Departments:
    """Read the departments; what is wrong with them is noted as faults."""
    found: dict[DepartmentId, Department] = {}
    for line, row in data.table(DEPARTMENTS, DepartmentRow):
        id_ = DepartmentId(row.id)
        if id_ in found:
            data.fault(
                DEPARTMENTS,
                line,
                f"部门 {id_} 重复",
                f"department {id_} is listed twice",
                column="id",
            )
        found[id_] = Department(id=id_, name_zh=row.name_zh, name_en=row.name_en)
    return MappingProxyType(found)


def read_responsibilities(data: DataFolder) -> Rules:
    """Read who is responsible for what; what is wrong with it is noted as faults."""
    known = data.column(DEPARTMENTS, "id")
    same: dict[tuple[str, str, str], str] = {}
    names: set[str] = set()
    found: list[tuple[int, Responsibility]] = []
    for line, row in data.rows(RESPONSIBILITY, ResponsibilityRow):
        for column, zh, en in _rule_faults(row, known, same, names):
            data.fault(RESPONSIBILITY, line, zh, en, column=column)
        same[row.label, row.owner, row.area] = row.rule
        names.add(row.rule)
        department = DepartmentId(row.department)
        rule = Responsibility(**row.model_dump(exclude={"department"}), department=department)
        found.append((line, rule))
    return tuple(found)


def read_component_types(data: DataFolder, catalog: Catalog) -> Mapping[str, frozenset[Type]]:
    """Read the types of component of classes, if the city lists any beside the catalogue's own."""
    if not data.has(COMPONENT_TYPES):
        return MappingProxyType({})
    labels = data.column(CLASSES, "label")
    found: dict[str, frozenset[Type]] = {}
    for line, row in data.rows(COMPONENT_TYPES, ComponentTypeRow):
        key = ClassKey(standard=row.standard, kind=Kind.COMPONENT, code=row.code)
        if row.label not in labels:
            zh, en = (
                f"{CLASSES} 中没有 {row.label}，请改正",
                f"{CLASSES} has no {row.label}: correct it",
            )
            data.fault(COMPONENT_TYPES, line, zh, en, column="label")
        if key not in catalog.entries:
            zh, en = f"目录中没有部件 {key}，请改正", f"the catalogue has no {key}: correct it"
            data.fault(COMPONENT_TYPES, line, zh, en, column="code")
        found[row.label] = found.get(row.label, frozenset()) | {(row.standard, row.code)}
    return MappingProxyType(found)


def _rule_faults(
    row: ResponsibilityRow,
    departments: Collection[str],
    same: Mapping[tuple[str, str, str], str],
    names: Collection[str],
) -> Iterator[tuple[str, str, str]]:
    """Give the column of what is wrong with a rule, and what it is in Chinese and English."""
    if row.department not in departments:
        zh = f"{DEPARTMENTS} 中没有部门 {row.department}，请改正或补上"
        yield "department", zh, f"{DEPARTMENTS} has no department {row.department}: add or correct"
    if row.rule in names:
        yield "rule", f"规则 {row.rule} 重复，请改名", f"rule {row.rule} is listed twice: rename it"
    key = row.label, row.owner, row.area
    if key in same:
        zh = f"与规则 {same[key]} 条件相同，请只留一条"
        yield "label", zh, f"same conditions as {same[key]}: keep one"


def read_reasons(data: DataFolder) -> tuple[ReasonCode, ...]:
    """Read the reason codes; a city without the file lets people write their own words."""
    if not data.has(REASONS):
        return ()
    found: dict[tuple[Action, str], ReasonCode] = {}
    for line, row in data.table(REASONS, ReasonRow):
        if (row.action, row.code) in found:
            zh = f"{row.action.zh} 的原因代码 {row.code} 重复"
            data.fault(REASONS, line, zh, f"{row.action} has the code {row.code} twice")
        found[row.action, row.code] = ReasonCode(
            action=row.action,
            code=row.code,
            name_zh=row.name_zh,
            name_en=row.name_en,
            nobodys=row.nobodys,
        )
    return tuple(found.values())
