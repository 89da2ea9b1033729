"""Read a city profile from its folder, and say every fault in it with file and line."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from chinese_calendar import constants as national
from pydantic import ValidationError

from dispatch.catalog import CatalogClass, CatalogEntry, ClassKey, Threshold, load_catalog
from dispatch.condition_text import conditions_of
from dispatch.datafile import DataFolder
from dispatch.grid import Grid, GridMap
from dispatch.grid_file import read_grids
from dispatch.ids import DepartmentId
from dispatch.people import Department
from dispatch.profile import ClassLimits, Ladder, Profile, ReasonCode, Responsibility
from dispatch.profile_settings import (
    CalendarSettings,
    ClassRow,
    DepartmentRow,
    LimitSettings,
    ProfileSettings,
    ReasonRow,
    ResponsibilityRow,
    SupervisionSettings,
)
from dispatch.transition import Action
from dispatch.worktime import Calendar, parse_limit
from dispatch.zone_file import read_zoning

PROFILES: Final = Path(__file__).parent / "profiles"
SETTINGS: Final = "profile.toml"
CLASSES: Final = "classes.csv"
DEPARTMENTS: Final = "departments.csv"
RESPONSIBILITY: Final = "responsibility.csv"
REASONS: Final = "reasons.csv"

Departments = Mapping[DepartmentId, Department]


def load_profile(folder: Path) -> Profile:
    """Read a profile.

    Raises:
        FaultyData: with every fault in the folder.
    """
    data = DataFolder(path=folder)
    settings = _settings(data)
    departments = _departments(data)
    rows = _class_rows(data)
    classes = _classes(data, rows, load_catalog())
    responsibilities = _responsibilities(data, departments)
    reasons = _reasons(data)
    grids = read_grids(data)
    zoning = read_zoning(data, classes, policy=settings.zones if settings else None)
    data.refuse()
    assert settings is not None  # a missing or invalid file is a fault, refused above
    _refuse_other_counties(data, grids, settings.county)
    return Profile(
        name_zh=settings.name_zh,
        name_en=settings.name_en,
        county=settings.county,
        zone=ZoneInfo(settings.zone),
        calendar=_calendar(settings.calendar, ZoneInfo(settings.zone)),
        classes=classes,
        limits=MappingProxyType({row.label: _limits(row, settings.limits) for _, row in rows}),
        departments=departments,
        responsibilities=responsibilities,
        grids=GridMap(grids),
        verification=settings.verification,
        triage=settings.triage,
        automation=settings.automation,
        indicators=settings.indicators,
        basemap=settings.basemap,
        casework=settings.casework,
        ladder=_ladder(settings.supervision),
        reasons=reasons,
        zoning=zoning,
        warnings=tuple(_warnings(settings.calendar)),
    )


def _settings(data: DataFolder) -> ProfileSettings | None:
    text = data.text(SETTINGS)
    try:
        return ProfileSettings.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        line = int(found[1]) if found else 0
        data.fault(SETTINGS, line, f"不是 TOML({error})", f"no TOML: {error}")
    except ValidationError as error:
        for detail in error.errors():
            names = [str(part) for part in detail["loc"]]
            line = _line_of(text, names)
            zh = f"{'.'.join(names)} 填写有误({detail['msg']})"
            data.fault(SETTINGS, line, zh, f"{'.'.join(names)}: {detail['msg']}")
    return None


def _line_of(text: str, names: Sequence[str]) -> int:
    """Find the line of a key under its table; the table's line, or 0, where the key is missing."""
    table, here = 0, ""
    for number, line in enumerate(text.splitlines(), start=1):
        header = re.match(r"\s*\[([^\[\]]+)\]", line)
        if header is not None:
            here = header[1].strip()
            table = number if here == names[0] else table
        key = re.match(r'\s*"?([\w.]+)"?\s*=', line)
        inside = here == names[0] or (not here and len(names) == 1)
        if key is not None and inside and key[1] == names[min(1, len(names) - 1)]:
            return number
    return table


def _departments(data: DataFolder) -> Departments:
    found: dict[DepartmentId, Department] = {}
    for line, row in data.table(DEPARTMENTS, DepartmentRow):
        id_ = DepartmentId(row.id)
        if id_ in found:
            data.fault(DEPARTMENTS, line, f"部门 {id_} 重复", f"department {id_} is listed twice")
        found[id_] = Department(id=id_, name_zh=row.name_zh, name_en=row.name_en)
    return MappingProxyType(found)


def _class_rows(data: DataFolder) -> list[tuple[int, ClassRow]]:
    rows = data.table(CLASSES, ClassRow)
    seen: set[str] = set()
    for line, row in rows:
        if row.label in seen:
            data.fault(CLASSES, line, f"标签 {row.label} 重复", f"{row.label} is listed twice")
        seen.add(row.label)
    return rows


def _classes(
    data: DataFolder,
    rows: Iterable[tuple[int, ClassRow]],
    catalog: Mapping[ClassKey, CatalogEntry],
) -> Mapping[str, CatalogClass]:
    found: dict[str, CatalogClass] = {}
    for line, row in rows:
        key = ClassKey(standard=row.standard, kind=row.kind, code=row.code)
        entry = catalog.get(key)
        if entry is None:
            data.fault(CLASSES, line, f"目录中没有 {key}", f"the catalogue has no {key}")
            continue
        found[row.label] = _class(row, entry)
    return MappingProxyType(found)


def _class(row: ClassRow, entry: CatalogEntry) -> CatalogClass:
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
        or_filed_from=tuple(
            tuple(Threshold(quantity=quantity, value=value) for quantity, value in terms)
            for terms in conditions_of(row.or_filed_from)
        ),
        filing_zh=row.filing_zh,
        filing_en=row.filing_en,
        closing_zh=row.closing_zh,
        closing_en=row.closing_en,
        hazard=row.hazard,
        person_always=row.person_always,
        same_hour=row.same_hour,
        returns=row.returns,
    )


def _limits(row: ClassRow, settings: LimitSettings) -> ClassLimits:
    return ClassLimits(
        confirm=parse_limit(settings.confirm),
        dispatch=parse_limit(settings.dispatch),
        handling=parse_limit(row.handling_limit),
        check=parse_limit(settings.check),
        whole=parse_limit(row.whole_limit),
    )


def _responsibilities(data: DataFolder, departments: Departments) -> tuple[Responsibility, ...]:
    found: dict[tuple[str, str, str], Responsibility] = {}
    for line, row in data.table(RESPONSIBILITY, ResponsibilityRow):
        department = DepartmentId(row.department)
        if department not in departments:
            zh, en = f"{DEPARTMENTS} 中没有部门 {department}", f"no department {department}"
            data.fault(RESPONSIBILITY, line, zh, f"{DEPARTMENTS} has {en}")
        key = row.label, row.owner, row.area
        if key in found:
            zh = f"与规则 {found[key].rule} 条件相同，请只留一条"
            data.fault(RESPONSIBILITY, line, zh, f"same conditions as {found[key].rule}: keep one")
        found[key] = Responsibility(
            rule=row.rule,
            label=row.label,
            owner=row.owner,
            area=row.area,
            department=department,
        )
    return tuple(found.values())


def _reasons(data: DataFolder) -> tuple[ReasonCode, ...]:
    """Read the reason codes; a city without the file lets people write their own words."""
    if not (data.path / REASONS).exists():
        return ()
    found: dict[tuple[Action, str], ReasonCode] = {}
    for line, row in data.table(REASONS, ReasonRow):
        if (row.action, row.code) in found:
            zh = f"{row.action.zh} 的原因代码 {row.code} 重复"
            data.fault(REASONS, line, zh, f"{row.action} has the code {row.code} twice")
        found[row.action, row.code] = ReasonCode(
            action=row.action, code=row.code, name_zh=row.name_zh, name_en=row.name_en
        )
    return tuple(found.values())


def _ladder(settings: SupervisionSettings) -> Ladder:
    replies = tuple(parse_limit(written) for written in settings.replies)
    return Ladder(automatic=settings.automatic, replies=replies)


def _refuse_other_counties(data: DataFolder, grids: Iterable[Grid], county: str) -> None:
    strangers = sorted(grid.id for grid in grids if not grid.id.startswith(county))
    if strangers:
        zh = f"{len(strangers)} 个网格不属于 {county}，例如 {strangers[0]}"
        data.fault(SETTINGS, 0, zh, f"{len(strangers)} grids lie outside {county}: {strangers[0]}")
    data.refuse()


def _calendar(settings: CalendarSettings, zone: ZoneInfo) -> Calendar:
    """Take the national plan of the years named, then the city's own days over it."""
    years = set(settings.years)
    holidays = {day for day in national.holidays if day.year in years}
    workdays = {day for day in national.workdays if day.year in years}
    holidays = (holidays | set(settings.holidays)) - set(settings.workdays)
    workdays = (workdays | set(settings.workdays)) - set(settings.holidays)
    return Calendar(
        zone=zone,
        shifts=settings.shifts,
        holidays=frozenset(holidays),
        workdays=frozenset(workdays),
        years=frozenset(years & _planned_years(settings)),
    )


def _planned_years(settings: CalendarSettings) -> set[int]:
    stated = {day.year for day in (*settings.holidays, *settings.workdays)}
    return {day.year for day in national.holidays} | stated


def _warnings(settings: CalendarSettings) -> Iterator[tuple[str, str]]:
    for year in sorted(set(settings.years) - _planned_years(settings)):
        yield (
            f"{year} 年没有节假日安排，工作日按周一至周五计算，"
            f"请在 {SETTINGS} 的 [calendar] 中补充",
            f"{year} has no plan of holidays, Monday to Friday count as working days: "
            f"add them under [calendar] in {SETTINGS}",
        )
