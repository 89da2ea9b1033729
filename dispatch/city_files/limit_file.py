"""Read a city's table of limits, and say every fault with its line."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from fnmatch import fnmatchcase
from typing import Final

from dispatch.catalogue.catalog import CatalogClass
from dispatch.city.limit_table import LimitRow, LimitTable, Season, Timed, Undecided
from dispatch.city.policies import Policy
from dispatch.city_files.profile_settings import LabelGlob, LimitText, SeasonSettings
from dispatch.clocks.worktime import parse_limit
from dispatch.files.datafile import DataFolder

LIMITS: Final = "limits.csv"
MOST_UNDECIDED: Final = 12
"""A missing row for all is one mistake, not one for each class and stage."""


class LimitTableRow(Policy):
    """A row of `limits.csv`; an empty field leaves that limit to a less special row."""

    label: LabelGlob
    severity: str | None = None
    season: str | None = None
    confirm: LimitText | None = None
    dispatch: LimitText | None = None
    handling: LimitText | None = None
    check: LimitText | None = None
    whole: LimitText | None = None


def read_limits(
    data: DataFolder,
    classes: Mapping[str, CatalogClass],
    *,
    labels: Collection[str],
    seasons: Mapping[str, SeasonSettings],
) -> LimitTable:
    """Read the table; a limit that it leaves open for a class is a fault.

    Args:
        classes: those that are sound.
        labels: of all that the city states, the faulty ones included.
    """
    known = {
        id_: Season(
            id=id_,
            name_zh=said.name_zh,
            name_en=said.name_en,
            begins=said.begins_on,
            ends=said.ends_on,
        )
        for id_, said in seasons.items()
    }
    table = LimitTable(list(_rows(data, classes, labels, known)))
    severities = {label: _severities(each) for label, each in classes.items()}
    undecided = table.undecided(severities, known.values())
    for each in undecided[:MOST_UNDECIDED]:
        _note(data, each)
    if len(undecided) > MOST_UNDECIDED:
        more = len(undecided) - MOST_UNDECIDED
        zh, en = f"另有 {more} 项时限没有确定", f"{more} more limits are not decided"
        data.fault(LIMITS, 0, zh, en)
    return table


def _severities(category: CatalogClass) -> tuple[str | None, ...]:
    """Give the levels of a class, and None: a case may be older than they are."""
    return (None, *(level.code for level in category.severities))


def _rows(
    data: DataFolder,
    classes: Mapping[str, CatalogClass],
    labels: Collection[str],
    seasons: Mapping[str, Season],
) -> Iterator[LimitRow]:
    for line, said in data.table(LIMITS, LimitTableRow):
        limits = {
            timed: parse_limit(written)
            for timed in Timed
            if (written := getattr(said, timed.value)) is not None
        }
        season = seasons.get(said.season or "")
        row = LimitRow(
            line=line, label=said.label, severity=said.severity, season=season, limits=limits
        )
        for column, zh, en in _faults(said, row, classes, labels):
            data.fault(LIMITS, line, zh, en, column=column)
        yield row


def _faults(
    said: LimitTableRow,
    row: LimitRow,
    classes: Mapping[str, CatalogClass],
    labels: Collection[str],
) -> Iterator[tuple[str, str, str]]:
    """Give the column of what is wrong with a row by itself, and what in Chinese and English."""
    day = row.season.first_day if row.season else date.min
    fitting = [each for label, each in classes.items() if row.fits(label, row.severity, day)]
    if not row.limits:
        yield (
            "handling",
            "没有写任何时限，请填写或删去这一行",
            "it states no limit: state one or remove the row",
        )
    if said.season is not None and row.season is None:
        yield (
            "season",
            f"没有季节 {said.season}，请写进 profile.toml 的 [seasons]",
            f"there is no season {said.season}: state it under [seasons] in profile.toml",
        )
    if not any(fnmatchcase(label, said.label) for label in labels):
        zh = f"没有类别符合 {said.label}，请改正"
        yield "label", zh, f"no class fits {said.label}: correct it"
    elif row.severity and not any(row.severity in _severities(each) for each in fitting):
        yield (
            "severity",
            f"{said.label} 没有严重程度 {row.severity}，请与 classes.csv 一致",
            f"{said.label} has no severity {row.severity}: say it as in classes.csv",
        )


def _note(data: DataFolder, open_: Undecided) -> None:
    """Say what is not decided, and by which rows it could be."""
    what = " ".join(filter(None, (open_.label, open_.severity, open_.season, open_.timed.value)))
    if not open_.rows:
        zh = f"{what} 没有时限，请补一行，或在 label 为 * 的行里填写"
        en = f"{what} has no limit: add a row, or state it in the row whose label is *"
        data.fault(LIMITS, 0, zh, en)
        return
    lines = [row.line for row in open_.rows]
    zh = f"{what}：第 {'、'.join(map(str, lines))} 行都适用且不分主次，请为这种情形单写一行"
    en = f"{what}: lines {', '.join(map(str, lines))} fit alike: write one row for this very case"
    data.fault(LIMITS, lines[-1], zh, en)
