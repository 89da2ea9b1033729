"""What was looked at, how it came out, and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum

from detect.errors import DetectError
from edge.errors import EdgeError


class Outcome(StrEnum):
    """How a check came out."""

    OK = "ok"
    WARN = "warn"
    """The device may go out, and somebody should see to it."""
    FAIL = "fail"
    """The device would inspect badly or not at all."""


_MARKS = {Outcome.OK: "✓", Outcome.WARN: "▲", Outcome.FAIL: "✗"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at."""

    name: str
    outcome: Outcome
    zh: str
    en: str

    def as_json(self) -> dict[str, object]:
        """Give it for a script."""
        return {
            "name": self.name,
            "outcome": self.outcome.value,
            "ok": self.outcome is not Outcome.FAIL,
            "zh": self.zh,
            "en": self.en,
        }

    def line(self) -> str:
        """Give it for a person."""
        return f"{_MARKS[self.outcome]} {self.zh} · {self.en}"


def passed(name: str, zh: str, en: str) -> Check:
    """Say that all is well."""
    return Check(name=name, outcome=Outcome.OK, zh=zh, en=en)


def warned(name: str, zh: str, en: str) -> Check:
    """Say that somebody should see to it."""
    return Check(name=name, outcome=Outcome.WARN, zh=zh, en=en)


def failed(name: str, zh: str, en: str) -> Check:
    """Say that the device should not go out so."""
    return Check(name=name, outcome=Outcome.FAIL, zh=zh, en=en)


def refused(name: str, error: EdgeError | DetectError) -> Check:
    """Say that a check met an error, which says itself what to do."""
    return failed(name, error.zh, error.en)
