"""The indicators of a month, and the cases behind them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from api.centre.wiring import Centre
from api.schemas.base import Words
from api.schemas.indicators import Behind, FigureOut
from api.words.wording import retold, role_words
from dispatch.city.profile import Profile
from dispatch.city.suppression import Suppressed
from dispatch.city_words import STANDARD, CityWords
from dispatch.clocks.period import Period
from dispatch.figures.evaluation import Figure, Index, figures, index_of, parts_of
from dispatch.figures.patrol_figures import PassSum, sums_of_passes
from dispatch.ground.area import Level
from dispatch.ids import CaseId, DepartmentId
from dispatch.indicators.formula import OF_PATROLS, WITHOUT_CASES, Grouping, Kind, splits
from dispatch.indicators.indicator import Key
from dispatch.indicators.table import INDICATORS, REASONED, SECTIONS
from dispatch.people.people import Role
from dispatch.ports.of_suppressed import SuppressedFilter
from dispatch.ports.unit_of_work import FactFilter

_SECTION_OF: Final = {each.key: name for name, all_ in SECTIONS.items() for each in all_}
_PLATFORMS: Final = {
    "vehicle": ("巡查车", "patrol vehicles"),
    "drone": ("无人机", "drones"),
    "phone": ("手机", "phones"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Every indicator of one group, its mark in the index, and the reasons behind some figures.

    Args:
        reasons: by indicator, how often each reason was given; of the whole area only.
    """

    group: str
    figures: tuple[Figure, ...]
    index: Index | None
    reasons: Mapping[Key, Mapping[str, int]] = field(default_factory=dict)


def sheet_of(period: Period, *, area: str, centre: Centre) -> Sheet:
    """Compute every indicator of a period over the cases of an area."""
    window, wanted = period.known_at(centre.now()), FactFilter(area=area)
    policy = centre.profile.indicators
    with centre.read() as uow:
        counted = uow.facts.count(parts_of(policy), window, wanted)
        reasons = {
            each.key: uow.facts.reasons(each.counts, window, wanted)
            for each in INDICATORS
            if each.key in REASONED
        }
    found = figures(counted.get("", {}), policy=policy)
    return Sheet(group="", figures=found, index=index_of(found, policy=policy), reasons=reasons)


def sheets_by(by: Grouping, period: Period, *, area: str, centre: Centre) -> list[Sheet]:
    """Compute every indicator for each group of the cases of an area, the best mark first."""
    policy = centre.profile.indicators
    with centre.read() as uow:
        window = period.known_at(centre.now())
        counted = uow.facts.count(parts_of(policy), window, FactFilter(area=area, by=by))
    sheets = []
    for group, counts in counted.items():
        found = figures(counts, policy=policy, by=by)
        weights = policy.weights_for(by, group)
        # What a person leaves undone stands under no name: a mark would praise leaving it.
        by_name = by is Grouping.PERSON
        mark = None if by_name else index_of(found, policy=policy, weights=weights)
        sheets.append(Sheet(group=group, figures=found, index=mark))
    return sorted(sheets, key=lambda one: (one.index is None, -_mark(one), one.group))


def cases_behind(
    key: Key, period: Period, wanted: FactFilter, *, centre: Centre
) -> Mapping[CaseId, bool]:
    """Give the cases that a figure is of, and whether each is in the numerator."""
    indicator = next(each for each in INDICATORS if each.key is key)
    chosen = centre.profile.indicators.denominators.get(key)
    of = indicator.denominator(chosen) or indicator.counts
    window = period.known_at(centre.now())
    with centre.read() as uow:
        hits = set(uow.facts.cases(indicator.counts, window, wanted))
        if of.kind in WITHOUT_CASES:
            return dict.fromkeys(sorted(hits), True)
        return {case: case in hits for case in uow.facts.cases(of, window, wanted)}


def passes_behind(
    key: Key, period: Period, wanted: FactFilter, *, centre: Centre
) -> tuple[PassSum, ...]:
    """Give the passes that a figure is of; none behind figures of cases alone."""
    indicator = next(each for each in INDICATORS if each.key is key)
    if all(part.kind not in OF_PATROLS for part in (indicator.counts, *indicator.of.values())):
        return ()
    with centre.read() as uow:
        window = period.known_at(centre.now())
        patrolled = uow.stretches.patrolled(window, area=wanted.area, by=wanted.by)
        return sums_of_passes(patrolled.drives, by=wanted.by, group=wanted.group)


def suppressed_behind(
    key: Key, period: Period, wanted: FactFilter, *, centre: Centre, most: int
) -> Sequence[Suppressed]:
    """Give the sights that approvals kept back and that a figure is of, the newest first."""
    indicator = next(each for each in INDICATORS if each.key is key)
    if indicator.counts.kind is not Kind.SUPPRESSED or not splits(Kind.SUPPRESSED, wanted.by):
        return ()
    asked = SuppressedFilter(
        window=period.known_at(centre.now()), area=wanted.area, by=wanted.by, group=wanted.group
    )
    with centre.read() as uow:
        return uow.suppressed.find(asked, limit=most)


def group_words(by: Grouping, group: str, *, profile: Profile, day: date) -> Words:
    """Name a group as people know it; what belongs to nobody is called so.

    Args:
        day: that of the names, as areas change theirs.
    """
    if not group:
        return Words(zh="（无）", en="(none)")
    names: Mapping[Grouping, Callable[[], tuple[str, str]]] = {
        Grouping.DEPARTMENT: lambda: _department_names(group, profile),
        Grouping.LABEL: lambda: _class_names(group, profile),
        Grouping.DISTRICT: lambda: _area_names(group, profile, day),
        Grouping.STREET: lambda: _area_names(group, profile, day),
        Grouping.COMMUNITY: lambda: _area_names(group, profile, day),
        Grouping.GRID: lambda: _grid_names(group, profile, day),
        Grouping.POST: lambda: _post_names(group, profile),
        Grouping.PLATFORM: lambda: _PLATFORMS.get(group, (group, group)),
    }
    zh, en = names.get(by, lambda: (group, group))()
    return Words(zh=zh, en=en)


def _post_names(group: str, profile: Profile) -> tuple[str, str]:
    words = role_words(Role(group), profile.words)
    return words.zh, words.en


def _area_names(group: str, profile: Profile, day: date) -> tuple[str, str]:
    known = profile.areas.get(group, day=day)
    return (known.name_zh, known.name_en) if known else (group, group)


def _grid_names(group: str, profile: Profile, day: date) -> tuple[str, str]:
    """Name a unit grid by its community and its serial number there."""
    community = profile.areas.get(group[: Level.COMMUNITY], day=day)
    serial = group[Level.COMMUNITY :]
    if community is None:
        return group, group
    return f"{community.name_zh} {serial}", f"{community.name_en} {serial}"


def _department_names(group: str, profile: Profile) -> tuple[str, str]:
    known = profile.departments.get(DepartmentId(group))
    return (known.name_zh, known.name_en) if known else (group, group)


def _class_names(group: str, profile: Profile) -> tuple[str, str]:
    known = profile.classes.get(group)
    return (known.name_zh, known.name_en) if known else (group, group)


def _mark(sheet: Sheet) -> float:
    return sheet.index.mark if sheet.index else 0.0


def sheet_out(sheet: Sheet, *, city: CityWords = STANDARD) -> list[FigureOut]:
    """Shape every indicator of a sheet, in the city's words where people are to read it."""
    return [_figure_out(figure, sheet.reasons, city=city) for figure in sheet.figures]


def _figure_out(
    figure: Figure, reasons: Mapping[Key, Mapping[str, int]], *, city: CityWords
) -> FigureOut:
    indicator = figure.indicator
    return FigureOut(
        name=indicator.key,
        words=retold(Words(zh=indicator.name_zh, en=indicator.name_en), city),
        formula=retold(Words(zh=indicator.formula_zh, en=indicator.formula_en), city),
        section=_SECTION_OF[indicator.key],
        is_rate=indicator.is_rate,
        is_rank=indicator.is_rank,
        unit=indicator.unit,
        behind=_behind(indicator.counts.kind),
        value=figure.value,
        low=figure.low,
        high=figure.high,
        numerator=figure.numerator,
        denominator=figure.denominator,
        reasons=dict(reasons.get(indicator.key, {})),
    )


def _behind(kind: Kind) -> Behind:
    if kind is Kind.SUPPRESSED:
        return Behind.SUPPRESSED
    return Behind.PASSES if kind in OF_PATROLS else Behind.CASES
