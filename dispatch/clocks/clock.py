"""A clock that runs on a case: its limit, when it is due, when it warned, when it stood still."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from pydantic import JsonValue

from dispatch.clocks.worktime import Limit

WARN_SHARE: Final = 0.8
"""The share of a limit after which it is shown in yellow."""


class Stage(StrEnum):
    """What is timed."""

    DISPATCH = "dispatch"
    HANDLING = "handling"
    CHECK = "check"
    WHOLE = "whole"
    REPLY = "reply"
    """The reply to a supervision; runs beside the other four."""


class Alarm(StrEnum):
    """How a clock stands: below 80 % of its limit, to 100 %, beyond."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One limit running.

    Args:
        original: the limit as first set; an extension adds it once more to `limit`.
        warn_at: when 80 % of the limit has passed.
        fired: the alarm that was last announced.
    """

    stage: Stage
    original: Limit
    limit: Limit
    started_at: datetime
    warn_at: datetime
    due_at: datetime
    paused_at: datetime | None = None
    stopped_at: datetime | None = None
    fired: Alarm = Alarm.GREEN

    @property
    def runs(self) -> bool:
        """Whether time passes on it."""
        return self.paused_at is None and self.stopped_at is None

    @property
    def rings_at(self) -> datetime | None:
        """Give the moment of its next alarm, or None if none is to come."""
        if not self.runs or self.fired is Alarm.RED:
            return None
        return self.warn_at if self.fired is Alarm.GREEN else self.due_at

    def written(self) -> dict[str, JsonValue]:
        """Give what a step's grounds say of it, as JSON: the limit, since when, until when."""
        return {
            "limit": self.limit.written,
            "started_at": self.started_at.isoformat(),
            "due_at": self.due_at.isoformat(),
        }

    def alarm(self, now: datetime) -> Alarm:
        """Say how the clock stands, at `now` or when it stopped or paused."""
        at = self.stopped_at or self.paused_at or now
        return _alarm(at, warn_at=self.warn_at, due_at=self.due_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The limit of a look on the spot that a report waits for.

    No clock: it neither rests nor is extended, and rings nobody but whoever was sent.
    """

    sent_at: datetime
    due_at: datetime

    def written(self) -> dict[str, JsonValue]:
        """Give what a step's grounds say of it, as JSON: since when, until when."""
        return {"started_at": self.sent_at.isoformat(), "due_at": self.due_at.isoformat()}

    def alarm(self, now: datetime) -> Alarm:
        """Say how it stands; the share that has passed is of all time, working or not."""
        warn_at = self.sent_at + WARN_SHARE * (self.due_at - self.sent_at)
        return _alarm(now, warn_at=warn_at, due_at=self.due_at)


def _alarm(at: datetime, *, warn_at: datetime, due_at: datetime) -> Alarm:
    if at > due_at:
        return Alarm.RED
    return Alarm.YELLOW if at >= warn_at else Alarm.GREEN
