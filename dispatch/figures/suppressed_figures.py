"""Figures of what approvals kept from becoming cases: the plain way, which shows what is meant."""

from collections.abc import Collection, Iterable

from dispatch.city.suppression import Suppressed
from dispatch.indicators.formula import PATROL, Amount, Grouping, Kind, Part, splits


def group_of_sight(one: Suppressed, by: Grouping) -> str:
    """Give the group that a suppressed sight falls in; only devices' sights are ever suppressed.

    Raises:
        KeyError: they cannot be told apart so.
    """
    if by.digits is not None:
        return (one.grid or "")[: by.digits]
    return {
        Grouping.LABEL: one.label,
        Grouping.SOURCE: PATROL,
        Grouping.MODEL: one.model,
        Grouping.PLATFORM: one.platform,
        Grouping.DEVICE: one.device,
    }[by]


def of_suppressed(parts: Iterable[Part], by: Grouping) -> list[Part]:
    """Take the parts of formulas that are of suppressed sights and can be told apart so."""
    return [part for part in parts if part.kind is Kind.SUPPRESSED and splits(part.kind, by)]


def count_suppressed(
    parts: Collection[Part], ones: Iterable[Suppressed], *, by: Grouping
) -> dict[str, dict[Part, int]]:
    """Reckon the parts of formulas that are of suppressed sights, in each group."""
    wanted = of_suppressed(parts, by)
    groups: dict[str, list[Suppressed]] = {}
    for one in ones if wanted else ():
        groups.setdefault(group_of_sight(one, by), []).append(one)
    return {
        group: {part: _reckoned(part.amount, mine) for part in wanted}
        for group, mine in groups.items()
    }


def _reckoned(amount: Amount, mine: Collection[Suppressed]) -> int:
    if amount is Amount.THINGS:
        return len({one.problem for one in mine})
    return len({one.finding for one in mine})
