"""A precedent (先例): which department a person named where no rule said who is responsible."""

from dataclasses import dataclass
from datetime import datetime

from dispatch.ids import CaseId, DepartmentId


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What responsibility is asked for: a class, whose it is, and where.

    Args:
        owner: of the component, if it is known, and else of the ground; in the profile's words.
        grid: the unit grid of the case; empty outside every grid.
    """

    label: str
    owner: str
    grid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Precedent:
    """One case for which a person named the department, as long as that did not decline it."""

    case: CaseId
    ground: Ground
    department: DepartmentId
    at: datetime
