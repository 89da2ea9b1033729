"""Times as microseconds since 1970: small, exact, and quick to compare by the million."""

from datetime import UTC, datetime, timedelta
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def micros(at: datetime) -> int:
    """Give an aware time as microseconds since 1970."""
    return (at - _EPOCH) // _MICROSECOND


def at_micros(value: int) -> datetime:
    """Give the time, in UTC, that is so many microseconds after 1970 began.

    Raises:
        OverflowError: no time is that far away.
    """
    return _EPOCH + value * _MICROSECOND
