"""A step of a case's history: what was decided, by whom, when, and why; never changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pydantic import JsonValue

from dispatch.case.transition import Action, Status
from dispatch.ids import PersonId
from dispatch.people.people import Person, Role

Grounds = Mapping[str, JsonValue]
"""Why a step was taken: rules, numbers and names, as JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Who decides something, when, with which words and on which grounds.

    Args:
        code: the reason as one of the city's codes; empty where it has none for the action.
        severity: how grave the person finds it, as a code of the class; empty where not said.
        seen: the version of the case that the person saw; None where nobody looked at it first.
    """

    by: Person
    at: datetime
    note: str = ""
    grounds: Grounds = field(default_factory=dict)
    code: str = ""
    severity: str = ""
    seen: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that happened to a case, sealed over the step before (`dispatch.case.audit`)."""

    number: int
    action: Action
    before: Status | None
    after: Status
    by: PersonId
    role: Role
    at: datetime
    note: str = ""
    grounds: Grounds = field(default_factory=dict)
    seal: str = ""

    def record(self) -> dict[str, JsonValue]:
        """Give what the seal covers."""
        return {
            "number": self.number,
            "action": self.action.value,
            "before": self.before.value if self.before else None,
            "after": self.after.value,
            "by": self.by,
            "role": self.role.value,
            "at": self.at.astimezone(UTC).isoformat(),
            "note": self.note,
            "grounds": dict(self.grounds),
        }
