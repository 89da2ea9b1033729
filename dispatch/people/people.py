"""Who acts: people, their roles, and the two powers that no one person may hold together."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from dispatch.errors import DispatchError
from dispatch.ids import DepartmentId, PersonId
from dispatch.term import TERMS, Terms, plain


class Role(StrEnum):
    """What a person may do; the values are stable and stored."""

    COLLECTOR = "collector"
    ACCEPTOR = "acceptor"
    SUPERVISOR = "supervisor"
    DISPATCHER = "dispatcher"
    DEPARTMENT = "department"
    HANDLER = "handler"
    EVALUATOR = "evaluator"
    ADMINISTRATOR = "administrator"
    MACHINE = "machine"
    PUBLIC = "public"

    @property
    def zh(self) -> str:
        """Give the role's Chinese name."""
        return plain(TERMS[Terms.ROLES][self].zh)

    @property
    def marked(self) -> str:
        """Give its Chinese name as a sentence marks it, for a city's own word."""
        return f"[{self.zh}]"

    @property
    def marked_en(self) -> str:
        """Give its English name as a sentence marks it; the machine's is its id."""
        return self.value if self is Role.MACHINE else f"[{self.value}]"


class Power(StrEnum):
    """The side a role stands on: who watches is never who commands."""

    SUPERVISION = "supervision"
    COMMAND = "command"


POWER_OF: Final = {
    Role.COLLECTOR: Power.SUPERVISION,
    Role.ACCEPTOR: Power.SUPERVISION,
    Role.SUPERVISOR: Power.SUPERVISION,
    Role.MACHINE: Power.SUPERVISION,
    Role.DISPATCHER: Power.COMMAND,
    Role.DEPARTMENT: Power.COMMAND,
    Role.HANDLER: Power.COMMAND,
}


class MixedPowers(DispatchError):
    """One person would both supervise and command."""

    def __init__(self, person: PersonId, roles: Collection[Role]) -> None:
        names = "、".join(role.marked for role in sorted(roles))
        super().__init__(
            f"{person} 不能同时担任监督与指挥两方的岗位({names}),请分给两个人",
            f"{person} cannot hold roles of both supervision and command "
            f"({', '.join(role.marked_en for role in sorted(roles))}): give them to two people",
        )
        self.person, self.roles = person, frozenset(roles)


class NoDepartment(DispatchError):
    """Somebody who handles belongs to no department."""

    def __init__(self, person: PersonId) -> None:
        super().__init__(
            f"{person} 是[处置]方人员，请填写所属[专业部门]",
            f"{person} handles [cases]: name the [department] they belong to",
        )
        self.person = person


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    """An office responsible for handling."""

    id: DepartmentId
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who acts, and where.

    Args:
        area: leading digits of the grid ids this person may see; empty means the whole city.

    Raises:
        MixedPowers: the roles stand on both sides.
        NoDepartment: a handler or department desk without department.
    """

    id: PersonId
    name: str
    roles: frozenset[Role]
    department: DepartmentId | None = None
    area: str = ""
    active: bool = True

    def __post_init__(self) -> None:
        """Refuse a person who would check their own work."""
        powers = {POWER_OF[role] for role in self.roles if role in POWER_OF}
        if len(powers) > 1:
            raise MixedPowers(self.id, self.roles)
        if self.roles & {Role.DEPARTMENT, Role.HANDLER} and self.department is None:
            raise NoDepartment(self.id)


ACCOUNTLESS: Final = frozenset({Role.MACHINE, Role.PUBLIC})
"""Roles in which nobody signs in."""
PUBLIC: Final = Person(id=PersonId("public"), name="市民", roles=frozenset({Role.PUBLIC}))
"""Whoever reports without an account; which citizen it was is not kept with the case."""
MACHINE: Final = Person(id=PersonId("machine"), name="系统", roles=frozenset({Role.MACHINE}))
