"""Hold the parts of a city profile against each other: what speaks of nothing, what nobody has."""

from collections.abc import Collection, Iterable, Mapping

from dispatch.city_files.class_file import CLASSES, ClassRow
from dispatch.city_files.grid_file import Located
from dispatch.city_files.profile_settings import ProfileSettings
from dispatch.city_files.profile_tables import DEPARTMENTS, RESPONSIBILITY, Rules
from dispatch.city_files.zone_file import SETTINGS
from dispatch.files.datafile import DataFolder
from dispatch.files.toml_lines import line_of_setting
from dispatch.indicators.formula import Grouping
from dispatch.people.people import Role


def check_rules(
    data: DataFolder,
    rules: Rules,
    rows: Iterable[tuple[int, ClassRow]],
    grids: Iterable[Located],
    *,
    registry: bool,
) -> None:
    """Hold responsibility against classes and grids: what speaks of nothing, who has no rule."""
    labels = data.column(CLASSES, "label")
    ids, owners = {grid.id for _, grid in grids}, {grid.owner for _, grid in grids}
    for line, rule in rules:
        if ids and not any(id_.startswith(rule.area) for id_ in ids):
            zh = f"没有网格以 {rule.area} 开头，请核对"
            en = f"no grid begins with {rule.area}: correct it"
            data.fault(RESPONSIBILITY, line, zh, en, column="area")
        if not any(rule.speaks_of(label) for label in labels):
            zh, en = f"{CLASSES} 中没有 {rule.label} 的类别", f"{CLASSES} has no class {rule.label}"
            data.warn(RESPONSIBILITY, line, zh, en, column="label")
        if owners and not registry and rule.owner not in owners | {"*"}:
            zh, en = f"没有网格或部件属于 {rule.owner}", f"no ground belongs to {rule.owner}"
            data.warn(RESPONSIBILITY, line, zh, en, column="owner")
    for line, row in rows:
        if not any(rule.speaks_of(row.label) for _, rule in rules):
            zh = f"{RESPONSIBILITY} 没有规则说明 {row.label} 由谁负责，将由派遣员指定"
            en = f"no rule says who is responsible for {row.label}: a dispatcher will"
            data.warn(CLASSES, line, zh, en, column="label")


def check_settings(data: DataFolder, settings: ProfileSettings) -> None:
    """Hold settings against the tables that they name things of."""
    text = data.text(SETTINGS)
    labels = data.column(CLASSES, "label")
    for label in sorted(set(settings.triage.targets) - labels):
        line = line_of_setting(text, ("triage", "targets", label))
        zh = f"{CLASSES} 中没有类别 {label}，请改正"
        en = f"{CLASSES} has no class {label}: correct it"
        data.fault(SETTINGS, line, zh, en, column=f"triage.targets.{label}")
    _check_weighed_groups(data, settings, labels, text)


def _check_weighed_groups(
    data: DataFolder, settings: ProfileSettings, labels: frozenset[str], text: str
) -> None:
    """Refuse weights of a post, department or class that there is not: nobody would be judged."""
    known: Mapping[Grouping, Collection[str]] = {
        Grouping.POST: frozenset(Role),
        Grouping.DEPARTMENT: data.column(DEPARTMENTS, "id"),
        Grouping.LABEL: labels,
    }
    for by, groups in settings.indicators.weights_of.items():
        for group in sorted(groups.keys() - known.get(by, groups.keys())):
            line = line_of_setting(text, ("indicators", "weights_of", by.value, group))
            zh, en = f"没有 {group}，请改正名称", f"there is no {group}: correct the name"
            where = f"indicators.weights_of.{by.value}.{group}"
            data.fault(SETTINGS, line, zh, en, column=where)
