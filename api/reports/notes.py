"""What stands beside a month's figures: what approvals kept back, and what the calendar lacks."""

from collections.abc import Iterator
from typing import Final

from api.wiring import Centre
from dispatch.calendar_gap import gap_words, years_unplanned
from dispatch.period import Period
from dispatch.ports_of_sights import SuppressedFilter

NOTE_HEADS: Final = ("事项 Note", "说明 Words", "批文 Permit", "发现 Sights", "处 Things")
Note = tuple[str, str, str, int | None, int | None]


def note_rows(period: Period, *, area: str, centre: Centre) -> Iterator[Note]:
    """Give a row for each approval with its reason, and one for years without a plan."""
    wanted = SuppressedFilter(since=period.start, until=period.end, area=area)
    with centre.read() as uow:
        counts = uow.suppressed.count(wanted)
    for each in counts:
        words = f"{each.newest.reason_zh} {each.newest.reason_en}"
        yield "核准不报 Suppressed", words, each.newest.approval, each.sights, each.problems
    years = years_unplanned(centre.profile.calendar, period)
    if years:
        yield "工作日历 Calendar", " / ".join(gap_words(years)), "", None, None
