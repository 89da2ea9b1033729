"""What a report tells of a period, counted once, by what is known at one moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from api.centre.wiring import Centre
from api.errors import ApiError
from api.figures import Sheet, sheet_of, sheets_by
from api.periods import Span
from api.reports.frozen import frozen_ledger
from api.reports.lists import Lists
from dispatch.indicators.formula import Grouping
from dispatch.ports.of_suppressed import SuppressedCount, SuppressedFilter
from dispatch.proof.ledger import START

_INSTANT: Final = timedelta(microseconds=1)
"""What happens at a moment is known at it, and a window leaves its end out."""


_ALWAYS: Final = (Grouping.LABEL, Grouping.MODEL)
"""What sections on patrols and false finds tell figures apart by, whatever else is wanted."""


class NotYetThen(ApiError):
    """A report is asked for by what will be known later."""

    def __init__(self, at: datetime, now: datetime) -> None:
        super().__init__(
            f"数据截止时间 {at:%Y-%m-%d %H:%M} 还没到（现在是 {now:%Y-%m-%d %H:%M}），请改正",
            f"data as of {at:%Y-%m-%d %H:%M} are not there yet, it is {now:%Y-%m-%d %H:%M}: "
            "name a moment that has been",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """How the ledger ends that a report rests on.

    Args:
        frozen: it is that of the frozen month, so that what came later does not change it.
    """

    number: int
    hash: str
    frozen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What a report tells.

    Args:
        area: leading digits of grid ids; empty for the whole city.
        as_of: what came later is not in it; never after the period's end.
        before: the figures of the period before, up to the same point of it.
        tables: what the reader wants figures told apart by, in the order of the report.
        groups: figures by what they are told apart by, those of `tables` among them.
        lists: the cases that the period concerns, what of them was late, and what was redone.
    """

    span: Span
    area: str
    as_of: datetime
    sheet: Sheet
    before: Sheet
    tables: Sequence[Grouping]
    groups: Mapping[Grouping, Sequence[Sheet]]
    lists: Lists
    suppressed: Sequence[SuppressedCount]
    head: Head

    @property
    def is_over(self) -> bool:
        """Whether no more of the period is to come."""
        return self.span.is_over(self.as_of)


def count(
    span: Span,
    tables: Sequence[Grouping],
    *,
    area: str,
    as_of: datetime | None,
    centre: Centre,
) -> Counted:
    """Count everything that a report tells.

    Args:
        as_of: None for now.

    Raises:
        NotYetThen: `as_of` is in the future.
    """
    now = centre.now()
    if as_of is not None and as_of > now:
        raise NotYetThen(as_of, now)
    until = min((as_of or now) + _INSTANT, span.period.end)
    # One moment for all of it, and the same point of the period before.
    then = replace(centre, now=lambda: until)
    earlier = replace(centre, now=lambda: span.before.start + (until - span.period.start))
    window = span.period.known_at(until)
    wanted = SuppressedFilter(window=window, area=area)
    with centre.read() as uow:
        suppressed = uow.suppressed.count(wanted)
    return Counted(
        span=span,
        area=area,
        as_of=until,
        sheet=sheet_of(span.period, area=area, centre=then),
        before=sheet_of(span.before, area=area, centre=earlier),
        tables=tuple(tables),
        groups={
            each: sheets_by(each, span.period, area=area, centre=then)
            for each in {**dict.fromkeys(tables), **dict.fromkeys(_ALWAYS)}
        },
        lists=Lists(period=span.period, area=area, until=until, centre=centre),
        suppressed=suppressed,
        head=_head(span, centre),
    )


def _head(span: Span, centre: Centre) -> Head:
    frozen = frozen_ledger(span.text, centre=centre)
    if frozen is not None:
        return Head(number=frozen[0], hash=frozen[1], frozen=True)
    with centre.read() as uow:
        last = uow.ledger.last()
    return Head(number=last.number if last else 0, hash=last.head if last else START, frozen=False)
