"""Read a city profile from its folder, and say every fault in it with file and line."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from dispatch.catalogue.catalog_file import read_city_catalog
from dispatch.city.profile import Ladder, Profile
from dispatch.city_files.area_file import AREAS, OUTLINES, read_areas
from dispatch.city_files.boundary_file import BOUNDARIES, read_boundaries
from dispatch.city_files.calendar_file import CALENDAR, read_calendar
from dispatch.city_files.census_file import CENSUS, read_census
from dispatch.city_files.class_file import (
    CLASSES,
    SEVERITIES,
    classes_of,
    read_class_rows,
    read_severities,
)
from dispatch.city_files.grid_file import GRIDS, read_grids
from dispatch.city_files.limit_file import LIMITS, read_limits
from dispatch.city_files.profile_references import check_rules, check_settings
from dispatch.city_files.profile_settings import (
    AreaSettings,
    ProfileSettings,
    SupervisionSettings,
)
from dispatch.city_files.profile_tables import (
    COMPONENT_TYPES,
    DEPARTMENTS,
    REASONS,
    RESPONSIBILITY,
    read_component_types,
    read_departments,
    read_reasons,
    read_responsibilities,
)
from dispatch.city_files.roster_file import ROSTER, read_roster
from dispatch.city_files.suppression_file import SUPPRESSIONS, read_suppressions
from dispatch.city_files.words_file import WORDS, read_words
from dispatch.city_files.zone_file import RULES, SETTINGS, ZONES, read_zoning
from dispatch.clocks.worktime import parse_limit
from dispatch.files.datafile import DataFolder, Fault
from dispatch.ground.area import AreaMap
from dispatch.ground.boundary import BoundaryMap
from dispatch.ground.grid import GridMap

PROFILES: Final = Path(__file__).parents[1] / "profiles"
FILES: Final = frozenset(
    {
        SETTINGS,
        AREAS,
        OUTLINES,
        GRIDS,
        CALENDAR,
        CLASSES,
        SEVERITIES,
        LIMITS,
        DEPARTMENTS,
        RESPONSIBILITY,
        REASONS,
        RULES,
        ROSTER,
        SUPPRESSIONS,
        ZONES,
        COMPONENT_TYPES,
        BOUNDARIES,
        CENSUS,
        WORDS,
    }
)
"""What a profile's folder may hold; anything else with such an ending is likely misspelt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a folder holds, and all that is wrong with it.

    Args:
        profile: None where there are faults.
        census: components in the folder's census that are sound.
    """

    profile: Profile | None
    census: int
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]


def load_profile(folder: Path) -> Profile:
    """Read a profile.

    Raises:
        FaultyData: with every fault in the folder.
    """
    data = DataFolder(path=folder)
    profile = _read(data)
    data.refuse()
    assert profile is not None  # a missing or invalid file is a fault, refused above
    return profile


def check_profile(folder: Path) -> Checked:
    """Read a profile and give everything that is wrong with it, or should be known of it.

    A census in the folder is looked over too; a centre reads it only when it is imported.
    """
    data = DataFolder(path=folder)
    profile = _read(data)
    census = 0
    if profile is not None and data.has(CENSUS):
        census = _check_census(data, profile)
    order = sorted(data.faults, key=lambda fault: (fault.file, fault.line))
    warnings = sorted(data.warnings, key=lambda fault: (fault.file, fault.line))
    return Checked(
        profile=None if order else profile,
        census=census,
        faults=tuple(order),
        warnings=tuple(warnings),
    )


def _read(data: DataFolder) -> Profile | None:
    settings = data.settings(SETTINGS, ProfileSettings)
    county = settings.county if settings else None
    tolerance_m2 = (settings.areas if settings else AreaSettings()).tolerance_m2
    departments = read_departments(data)
    rows = read_class_rows(data)
    severities = read_severities(data)
    catalog = read_city_catalog(data)
    classes = classes_of(data, rows, catalog, scale=severities)
    rules = read_responsibilities(data)
    reasons = read_reasons(data)
    grids = read_grids(data, county=county, tolerance_m2=tolerance_m2)
    areas = read_areas(data, grids, county=county, tolerance_m2=tolerance_m2)
    policy = settings.zones if settings else None
    zoning = read_zoning(data, classes, policy=policy)
    labels = data.column(CLASSES, "label")
    suppressions = read_suppressions(data, labels | data.column(RULES, "label"), policy=policy)
    component_types = read_component_types(data, catalog)
    boundaries = read_boundaries(data)
    registry = settings is not None and settings.registry is not None
    words = read_words(data)
    check_rules(data, rules, rows, grids, registry=registry)
    _warn_of_other_files(data)
    if settings is None:
        return None
    check_settings(data, settings)
    zone = ZoneInfo(settings.zone)
    profile = Profile(
        name_zh=settings.name_zh,
        name_en=settings.name_en,
        county=settings.county,
        zone=zone,
        calendar=read_calendar(data, settings.calendar, zone),
        classes=classes,
        catalog=catalog,
        severities=severities,
        limits=read_limits(data, classes, labels=labels, seasons=settings.seasons),
        departments=departments,
        responsibilities=tuple(rule for _, rule in rules),
        grids=GridMap([grid for _, grid in grids]),
        verification=settings.verification,
        triage=settings.triage,
        automation=settings.automation,
        indicators=settings.indicators,
        basemap=settings.basemap,
        casework=settings.casework,
        patrol=settings.patrol,
        public=settings.public,
        retention=settings.retention,
        ladder=_ladder(settings.supervision),
        reasons=reasons,
        zoning=zoning,
        suppressions=suppressions,
        roster=read_roster(data),
        areas=AreaMap(areas),
        registry=settings.registry,
        component_types=component_types,
        boundaries=BoundaryMap(boundaries),
        precedents=settings.precedents,
        words=words,
        telephones=settings.telephones,
    )
    return replace(profile, warnings=tuple(data.warnings))


def _check_census(data: DataFolder, profile: Profile) -> int:
    """Look the folder's census over, and give the number of its sound components."""
    if profile.registry is None:
        zh = f'有 {CENSUS} 却没有 [registry]，请写明坐标系，例如 datum = "wgs84"'
        en = f'there is {CENSUS}, and no [registry]: say the datum, e.g. datum = "wgs84"'
        data.fault(SETTINGS, 1, zh, en, column="registry")
        return 0
    day = max((grid.valid_from for grid in profile.grids.grids), default=date.min)
    return sum(1 for _ in read_census(data, CENSUS, profile=profile, day=day))


def _warn_of_other_files(data: DataFolder) -> None:
    for file in sorted(data.path.glob("*")):
        if file.suffix in {".csv", ".geojson", ".toml"} and file.name not in FILES:
            zh, en = "不读这个文件，请核对文件名", "this file is not read: check its name"
            data.warn(file.name, 0, zh, en)


def _ladder(settings: SupervisionSettings) -> Ladder:
    replies = tuple(parse_limit(written) for written in settings.replies)
    return Ladder(automatic=settings.automatic, replies=replies)
