"""A case's number as people say it: a day, the last characters, or both with a dash."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from dispatch.errors import DispatchError
from dispatch.ids import CaseId

_DAY: Final = timedelta(days=1)
_TELLING: Final = 4
_WRITTEN: Final = re.compile(r"^(?:(\d{8})-)?([0-9A-F]{1,8})?$")


class NotANumber(DispatchError):
    """A text is no part of a case's number."""

    def __init__(self, text: str) -> None:
        shown = text[:20]
        super().__init__(
            f"“{shown}”不是[案卷]编号；请输入日期（如 20261121）、末尾几位（如 99B6）或完整编号",
            f"'{shown}' is no part of a case's number: give its day (20261121), the characters "
            "after the dash (99B6), or all of it",
        )
        self.text = text


def number_of(case: CaseId, reported_at: datetime) -> str:
    """Give the number by which people name a case."""
    return f"{reported_at:%Y%m%d}-{end_of(case)}"


def end_of(case: CaseId) -> str:
    """Give what of the number tells it from others of its day."""
    return case[-8:].upper()


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberPart:
    """What is known of a number.

    Args:
        day: reported from this time on, for a day; None where no day is known.
        end: what the characters after the dash begin with.
    """

    day: datetime | None
    end: str

    @property
    def until(self) -> datetime | None:
        """Give when the day ends."""
        return None if self.day is None else self.day + _DAY

    @property
    def is_telling(self) -> bool:
        """Whether so much is known of it that few cases can be meant."""
        return len(self.end) >= _TELLING


def number_part(text: str) -> NumberPart:
    """Read what somebody typed of a number; eight digits that are a day are one.

    Raises:
        NotANumber: no number has this in it.
    """
    plain = text.strip().upper()
    found = _WRITTEN.match(plain)
    if not plain or found is None:
        raise NotANumber(text)
    written, end = found[1], found[2] or ""
    if written is None and (day := _day(plain)) is not None:
        return NumberPart(day=day, end="")
    if written is None:
        return NumberPart(day=None, end=end)
    day = _day(written)
    if day is None:
        raise NotANumber(text)
    return NumberPart(day=day, end=end)


def _day(written: str) -> datetime | None:
    if len(written) != 8 or not written.isdigit():
        return None
    try:
        return datetime.strptime(written, "%Y%m%d").replace(tzinfo=UTC)
    except ValueError:
        return None
