"""How times are kept: to be read by people, or to be compared by the million."""

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import BigInteger, DateTime, Dialect, TypeDecorator

from dispatch.clocks.micros import at_micros, micros

FOREVER: Final = datetime(9999, 1, 1, tzinfo=UTC)
"""Up to when what is still so is known."""


class Moment(TypeDecorator[datetime]):
    """An aware time, kept in UTC: SQLite has no zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware time into what the database keeps."""
        if value is None:
            return None
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn what the database kept into an aware time."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Micros(TypeDecorator[datetime]):
    """An aware time as microseconds since 1970: small, and quick to compare by the million."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 # SQLAlchemy calls it so
        """Turn an aware time into what the database keeps."""
        return None if value is None else micros(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 # SQLAlchemy calls it so
        """Turn what the database kept into an aware time."""
        return None if value is None else at_micros(value)
