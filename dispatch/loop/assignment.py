"""Who is responsible: class x owner x grid from the profile, or a stated doubt for a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from pydantic import JsonValue

from dispatch.case.case import Case
from dispatch.case.step import Grounds
from dispatch.catalogue.component import Standing
from dispatch.city.precedent import Ground
from dispatch.city.profile import Profile, Responsibility
from dispatch.ground.grid import Grid, GridShare
from dispatch.ids import DepartmentId

SURE_SHARE: Final = 0.9
"""Share of the position's error that must lie on one department's ground."""


class Doubt(StrEnum):
    """Why a person has to say who is responsible."""

    NO_RULE = "no_rule"
    BORDER = "border"
    """The position's error reaches over a border of responsibility."""
    BOUNDARY = "boundary"
    """It lies on a strip between two areas that the city left open."""
    OWNERS = "owners"
    """Components of different owners fit."""
    DISPUTED = "disputed"
    """The rule's department gave the like back before, and others kept it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """The department responsible, or None with the doubt in both languages.

    Args:
        grounds: the rule, the shares and the candidates, as kept with the step.
    """

    department: DepartmentId | None
    doubt_zh: str
    doubt_en: str
    grounds: Grounds
    doubt: Doubt | None = None


def ground_of(case: Case, *, profile: Profile, day: date) -> Ground:
    """Say what responsibility is asked for: the class, whose it is, and where."""
    match = case.component
    grid = profile.grids.on(case.grid, day=day)
    owner = match.owner if match is not None and match.owner else grid.owner if grid else ""
    return Ground(label=case.category.label or "", owner=owner, grid=case.grid or "")


def assign_case(
    case: Case, precedents: Mapping[DepartmentId, int], *, profile: Profile, day: date
) -> Assignment:
    """Find the department for a case, by its component where that is known.

    Args:
        precedents: how often people named a department on the same ground.
        day: that of the rules and areas that count.
    """
    label, match = case.category.label or "", case.component
    place = (match.place if match is not None else None) or case.place
    shares = profile.grids.shares(place, day=day)
    owner = match.owner if match is not None else None
    found = assign_department(label, shares, profile=profile, owner=owner)
    strip = profile.boundaries.about(place, label=label, day=day)
    if match is not None and match.standing is Standing.SEVERAL and match.owner is None:
        zh = f"附近有 {len(match.fitting)} 个可能的部件，权属不同，请派遣员指认部件，或指定部门"
        en = f"{len(match.fitting)} components of different owners fit: a dispatcher names one"
        found = _doubtful(found, Doubt.OWNERS, zh, en)
    elif strip is not None and strip[1] > 1.0 - SURE_SHARE:
        zh = f"位于责任待定地段“{strip[0].name_zh}”，请派遣员指定部门"
        en = f"it lies on the open boundary '{strip[0].name_en}': a dispatcher decides"
        found = _doubtful(found, Doubt.BOUNDARY, zh, en, boundary=strip[0].id)
    elif found.department is not None and _is_disputed(found.department, precedents, profile):
        zh = f"规则指向的部门 {found.department} 曾回退同类案卷，请派遣员指定部门"
        en = f"{found.department}, which the rule names, gave the like back: a dispatcher decides"
        found = _doubtful(found, Doubt.DISPUTED, zh, en)
    counted: dict[str, JsonValue] = dict(sorted(precedents.items()))
    return replace(found, grounds={**found.grounds, "precedents": counted}) if counted else found


def settled_by_precedent(
    precedents: Mapping[DepartmentId, int], *, profile: Profile
) -> DepartmentId | None:
    """Give the department that all precedents name, if the city lets so many decide."""
    enough = profile.precedents.apply_from
    if not enough or len(precedents) != 1:
        return None
    (department, count) = next(iter(precedents.items()))
    return department if count >= enough and department in profile.departments else None


def _is_disputed(
    department: DepartmentId, precedents: Mapping[DepartmentId, int], profile: Profile
) -> bool:
    others = sum(count for name, count in precedents.items() if name != department)
    least = profile.precedents.doubt_from
    return bool(least) and department not in precedents and others >= least


def _doubtful(
    found: Assignment, doubt: Doubt, zh: str, en: str, **grounds: JsonValue
) -> Assignment:
    return Assignment(
        department=None,
        doubt_zh=zh,
        doubt_en=en,
        doubt=doubt,
        grounds={**found.grounds, **grounds, "undecided": doubt.value},
    )


def assign_department(
    label: str, shares: Sequence[GridShare], *, profile: Profile, owner: str | None = None
) -> Assignment:
    """Find the department for a class on the ground that a position and its error cover.

    Args:
        owner: of the component that is known; goes before the ground's.
    """
    by_rule: dict[str, tuple[Responsibility, float]] = {}
    for share in shares:
        rule = rule_for(label, share.grid, profile=profile, owner=owner)
        if rule is not None:
            before = by_rule.get(rule.rule, (rule, 0.0))[1]
            by_rule[rule.rule] = rule, before + share.share
    by_department: dict[DepartmentId, float] = {}
    for rule, share_sum in by_rule.values():
        by_department[rule.department] = by_department.get(rule.department, 0.0) + share_sum
    ranked = sorted(by_department.items(), key=lambda item: (-item[1], item[0]))
    grounds: dict[str, JsonValue] = {
        "rules": {name: round(share, 3) for name, (_, share) in sorted(by_rule.items())},
        "departments": {department: round(share, 3) for department, share in ranked},
        "grids": {each.grid.id: round(each.share, 3) for each in shares},
        "owners": list[JsonValue](sorted({owner or each.grid.owner for each in shares})),
    }
    return _decide(ranked, by_rule, grounds)


def rule_for(
    label: str, grid: Grid, *, profile: Profile, owner: str | None = None
) -> Responsibility | None:
    """Give the most special rule for a class on a grid, of equals the first by name, or None."""
    fitting = [
        rule
        for rule in profile.responsibilities
        if rule.fits(label=label, owner=owner or grid.owner, grid=grid.id)
    ]
    return min(fitting, key=lambda rule: (tuple(-n for n in rule.rank), rule.rule), default=None)


def _decide(
    ranked: Sequence[tuple[DepartmentId, float]],
    by_rule: dict[str, tuple[Responsibility, float]],
    grounds: dict[str, JsonValue],
) -> Assignment:
    if not ranked:
        return Assignment(
            department=None,
            doubt_zh="没有规则说明这里由谁负责，请派遣员指定部门",
            doubt_en="no rule says who is responsible here: a dispatcher names the department",
            grounds={**grounds, "undecided": Doubt.NO_RULE.value},
            doubt=Doubt.NO_RULE,
        )
    first, share = ranked[0]
    if share < SURE_SHARE:
        said = "、".join(f"{department} {part:.0%}" for department, part in ranked)
        return Assignment(
            department=None,
            doubt_zh=f"位置误差跨越责任边界（{said}），请派遣员指定部门",
            doubt_en=f"the position's error reaches over a border ({said}): "
            "a dispatcher names the department",
            grounds={**grounds, "undecided": Doubt.BORDER.value},
            doubt=Doubt.BORDER,
        )
    rules = [name for name, (rule, _) in sorted(by_rule.items()) if rule.department == first]
    return Assignment(
        department=first, doubt_zh="", doubt_en="", grounds={**grounds, "rule": rules[0]}
    )
