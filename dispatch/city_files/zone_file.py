"""Read a city's zones and the rules about them, and say every fault with file and line."""

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from dispatch.catalogue.catalog import CatalogClass
from dispatch.city.policies import ZonePolicy
from dispatch.city.profile import Zoning
from dispatch.city_files.profile_settings import ZoneProperties, ZoneRuleRow
from dispatch.files.datafile import DataFolder
from dispatch.files.feature_file import read_features
from dispatch.ground.zone import GONE_AFTER_S, Zone, ZoneMap, ZoneRule
from dispatch.wire import MOVABLE

SETTINGS: Final = "profile.toml"
ZONES: Final = "zones.geojson"
RULES: Final = "zone_rules.csv"


def read_zoning(
    data: DataFolder, classes: Mapping[str, CatalogClass], *, policy: ZonePolicy | None
) -> Zoning | None:
    """Read zones and rules; what is wrong with them is noted in the folder's faults.

    Returns:
        None where the folder has neither file, or what is wrong leaves no rules to read.
    """
    if not any((data.path / name).exists() for name in (ZONES, RULES)):
        return None
    zones = list(_zones(data))
    rules = tuple(_rules(data, classes, kinds={zone.kind for zone in zones}))
    if policy is None:
        if SETTINGS not in data.incomplete:
            zh = "缺少 [zones]，请写明判定区域规则的把握"
            en = "[zones] is missing: say how sure rules have to be"
            data.fault(SETTINGS, 1, zh, en, column="zones")
        return None
    return Zoning(zones=ZoneMap(zones), rules=rules, policy=policy)


def _zones(data: DataFolder) -> Iterator[Zone]:
    seen: set[str] = set()
    for each in read_features(data, ZONES, ZoneProperties):
        line, said = each.line, each.said
        if said.id in seen:
            data.fault(ZONES, line, f"区域 {said.id} 重复", f"zone {said.id} is listed twice")
        seen.add(said.id)
        yield said.zone(said.kind, each.polygon)


def _rules(
    data: DataFolder, classes: Mapping[str, CatalogClass], *, kinds: Collection[str]
) -> Iterator[ZoneRule]:
    seen: set[str] = set()
    for line, row in data.table(RULES, ZoneRuleRow):
        for zh, en in _faults(row, classes, kinds, seen):
            data.fault(RULES, line, zh, en)
        seen.add(row.rule)
        yield ZoneRule(
            rule=row.rule,
            label=row.label,
            kind=row.kind,
            becomes=row.becomes,
            dwell_s=row.dwell_s,
            again_min=row.again_min,
        )


def _faults(
    row: ZoneRuleRow,
    classes: Mapping[str, CatalogClass],
    kinds: Collection[str],
    seen: Collection[str],
) -> Iterator[tuple[str, str]]:
    """Give what is wrong with a row, Chinese and English."""
    if row.rule in seen:
        yield f"规则 {row.rule} 重复", f"rule {row.rule} is listed twice"
    if row.kind not in kinds:
        yield f"{ZONES} 中没有 {row.kind} 类区域", f"{ZONES} has no zone of the kind {row.kind}"
    category = classes.get(row.becomes)
    if category is None:
        yield f"classes.csv 中没有 {row.becomes}", f"classes.csv has no {row.becomes}"
    elif row.label in MOVABLE and not category.person_always:
        yield (
            f"{row.becomes} 涉及车辆，必须由人判断：请把 person_always 设为 true",
            f"{row.becomes} is about vehicles and always for a person: set person_always to true",
        )
    most = GONE_AFTER_S / 60.0
    if row.label in MOVABLE and row.again_min is not None and row.again_min[1] > most:
        yield (
            f"again_to_min 最多 {most:.0f} 分钟，再久就不能认定是同一辆",
            f"again_to_min is {most:.0f} at most: after that it need not be the same vehicle",
        )
