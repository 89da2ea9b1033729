"""A step of a case's history: what was decided, by whom, when, and why; never changed."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Self

from pydantic import JsonValue

from dispatch.case import audit
from dispatch.case.transition import Action, Status
from dispatch.ids import DecisionId, PersonId
from dispatch.people.people import Person, Role

Grounds = Mapping[str, JsonValue]
"""Why a step was taken: rules, numbers and names, as JSON."""

SENT_AS: Final = "sent_as"
"""Where the grounds of a step keep the decision by which it was taken, as its sender named it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentAs:
    """A decision as its sender named it: where the answer was lost, the same one comes again.

    Args:
        said: SHA-256 of what was decided, in hex; the version that was seen is no part of it.
    """

    id: DecisionId
    said: str

    @classmethod
    def of(cls, id_: DecisionId, said: Mapping[str, JsonValue]) -> Self:
        """Name what was decided."""
        return cls(id=id_, said=hashlib.sha256(audit.canonical_bytes(said)).hexdigest())

    def written(self) -> dict[str, JsonValue]:
        """Give it as the grounds keep it."""
        return {"id": self.id, "said": self.said}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Who decides something, when, with which words and on which grounds.

    Args:
        code: the reason as one of the city's codes; empty where it has none for the action.
        severity: how grave the person finds it, as a code of the class; empty where not said.
        seen: the version of the case that the person saw; None where nobody looked at it first.
        sent_as: what its sender calls it; None where nobody would send it again.
    """

    by: Person
    at: datetime
    note: str = ""
    grounds: Grounds = field(default_factory=dict)
    code: str = ""
    severity: str = ""
    seen: int | None = None
    sent_as: SentAs | None = None


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

    @property
    def sent_as(self) -> SentAs | None:
        """Give the decision that it was taken by, where its sender named one."""
        kept = self.grounds.get(SENT_AS)
        if not isinstance(kept, Mapping):
            return None
        return SentAs(id=DecisionId(str(kept["id"])), said=str(kept["said"]))

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
