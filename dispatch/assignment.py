"""Who is responsible: class x ground x owner from the profile, or a stated doubt for a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import JsonValue

from dispatch.grid import Grid, GridShare
from dispatch.ids import DepartmentId
from dispatch.profile import Profile, Responsibility
from dispatch.step import Grounds

SURE_SHARE: Final = 0.9
"""Share of the position's error that must lie on one department's ground."""


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


def assign_department(label: str, shares: Sequence[GridShare], *, profile: Profile) -> Assignment:
    """Find the department for a class on the ground that a position and its error cover."""
    by_rule: dict[str, tuple[Responsibility, float]] = {}
    for share in shares:
        rule = rule_for(label, share.grid, profile=profile)
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
        "owners": list[JsonValue](sorted({each.grid.owner for each in shares})),
    }
    return _decide(ranked, by_rule, grounds)


def rule_for(label: str, grid: Grid, *, profile: Profile) -> Responsibility | None:
    """Give the most special rule for a class on a grid, of equals the first by name, or None."""
    fitting = [
        rule
        for rule in profile.responsibilities
        if rule.fits(label=label, owner=grid.owner, grid=grid.id)
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
            grounds=grounds,
        )
    first, share = ranked[0]
    if share < SURE_SHARE:
        said = "、".join(f"{department} {part:.0%}" for department, part in ranked)
        return Assignment(
            department=None,
            doubt_zh=f"位置误差跨越责任边界（{said}），请派遣员指定部门",
            doubt_en=f"the position's error reaches over a border ({said}): "
            "a dispatcher names the department",
            grounds=grounds,
        )
    rules = [name for name, (rule, _) in sorted(by_rule.items()) if rule.department == first]
    return Assignment(
        department=first, doubt_zh="", doubt_en="", grounds={**grounds, "rule": rules[0]}
    )
